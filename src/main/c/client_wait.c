/* Waits for descriptors: the client's one place where nothing happens. */
#include "client.h"

#include <errno.h>
#include <sys/select.h>

#if defined(__APPLE__) || defined(WAIT_BY_SELECT)
/*
 * poll(2) of macOS knows no devices: /dev/tty is POLLNVAL at once, and who reads it then waits for
 * a key, deaf to the engine. select(2) there knows them.
 */
int wait_for(struct pollfd wait[], size_t count)
{
	fd_set in, out;
	int highest = -1, found;

	FD_ZERO(&in);
	FD_ZERO(&out);
	for (size_t i = 0; i < count; i++) {
		wait[i].revents = 0;
		if (wait[i].fd >= FD_SETSIZE) {
			errno = EINVAL;
			return -1;
		}
		if (wait[i].fd >= 0)
			FD_SET(wait[i].fd, wait[i].events == POLLOUT ? &out : &in);
		if (wait[i].fd > highest)
			highest = wait[i].fd;
	}
	found = select(highest + 1, &in, &out, NULL, NULL);
	for (size_t i = 0; found > 0 && i < count; i++)
		if (wait[i].fd >= 0 &&
		    FD_ISSET(wait[i].fd, wait[i].events == POLLOUT ? &out : &in))
			wait[i].revents = wait[i].events;
	return found;
}
#else
int wait_for(struct pollfd wait[], size_t count)
{
	return poll(wait, (nfds_t)count, -1);
}
#endif
