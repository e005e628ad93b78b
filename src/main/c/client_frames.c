/*
 * The connection to the engine as a pair of pipes, for whoever is on another machine and comes
 * through ssh:
 *
 *   frames ─▶ standard input ─▶ tiny ─▶ engine ─▶ tiny ─▶ standard output ─▶ frames
 *
 * What passes is not looked at. The end of either side ends both: an engine takes that for a user
 * who hangs up.
 */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	CHUNK = 32 << 10,
};

/* Moves what there is to read; 0 where that side has ended. */
static int move(int from, int to)
{
	static char bytes[CHUNK];
	ssize_t count, written;

	do
		count = read(from, bytes, sizeof(bytes));
	while (count < 0 && errno == EINTR);
	for (ssize_t done = 0; done < count; done += written) {
		written = write(to, bytes + done, (size_t)(count - done));
		if (written < 0 && errno != EINTR)
			return 0;
		if (written < 0)
			written = 0;
	}
	return count > 0;
}

_Noreturn void frames_pass(int engine)
{
	for (;;) {
		struct pollfd wait[] = {
			{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = engine, .events = POLLIN},
		};

		if (wait_for(wait, sizeof(wait) / sizeof(wait[0])) < 0) {
			if (errno != EINTR && errno != EAGAIN)
				fail("wait for the engine: %s", errno_text(errno));
			continue;
		}
		if (wait[1].revents && !move(engine, STDOUT_FILENO))
			leave(0);
		if (wait[0].revents && !move(STDIN_FILENO, engine))
			leave(0);
	}
}
