/* answer: what wrk(1) asks in src/bench/network. Listens on port 80 and answers every request with the same few bytes, on
 * connections that stay open, from one thread: the network is to be measured, and no server. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

static int listening(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 128)) {
		perror("answer");
		_exit(1);
	}
	return fd;
}

/* A request of wrk's is one segment, and no other comes before its answer. */
static int serve(int fd)
{
	char request[4096];
	ssize_t got = read(fd, request, sizeof(request));

	if (got <= 0 || !memmem(request, (size_t)got, "\r\n\r\n", 4))
		return 0;
	return write(fd, answer, sizeof(answer) - 1) == (ssize_t)sizeof(answer) - 1;
}

int main(void)
{
	int door = listening(), poll = epoll_create1(0), on = 1;
	struct epoll_event ready[64], event = { .events = EPOLLIN, .data.fd = door };

	epoll_ctl(poll, EPOLL_CTL_ADD, door, &event);
	for (;;) {
		int count = epoll_wait(poll, ready, 64, -1);

		for (int i = 0; i < count; i++) {
			int fd = ready[i].data.fd;

			if (fd == door) {
				event.data.fd = accept(door, NULL, NULL);
				setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
				epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
			} else if (!serve(fd)) {
				close(fd);
			}
		}
	}
}
