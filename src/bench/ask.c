/* ask: how long an engine takes to answer, without the start of a client:  ask SOCKET COUNT WORD…
 *
 * COUNT times it connects, sends a REQUEST of these words and reads frames until EXIT, see docs/wire.md. Prints the milliseconds of
 * each; fails where the command does. With the one word - it sends a PING instead: what a connection and one answer take.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST = 1, EXIT = 8, PING = 11 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fail(const char *what)
{
	fprintf(stderr, "ask: %s: %m\n", what);
	exit(1);
}

static void take(int fd, void *to, size_t size)
{
	for (char *at = to; size > 0;) {
		ssize_t got = read(fd, at, size);

		if (got <= 0)
			fail("read");
		at += got;
		size -= (size_t)got;
	}
}

/* The payload of the next frame; its type is returned. */
static int frame(int fd, char *payload, size_t room)
{
	unsigned char header[5];
	uint32_t length;

	take(fd, header, sizeof(header));
	memcpy(&length, header + 1, sizeof(length));
	length = ntohl(length);
	if (length > room)
		fail("a frame too long");
	take(fd, payload, length);
	return header[0];
}

/* What the way into a virtual machine needs to know of a user, and nothing that has to be escaped. */
static const char *environment(void)
{
	static const char *const names[] = { "PATH", "HOME", "LIMA_HOME", "LIMACTL" };
	static char text[2048];
	size_t length = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && length < sizeof(text); i++)
		if (getenv(names[i]))
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s\"%s\":\"%s\"",
				length > 0 ? "," : "", names[i], getenv(names[i]));
	if (length >= sizeof(text))
		fail("an environment too long");
	return text;
}

int main(int argc, char **argv)
{
	static char said[65536];
	char out[4096] = { 0 };
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int ping = argc == 4 && !strcmp(argv[3], "-");
	size_t length;
	uint32_t size;

	if (argc < 4 || strlen(argv[1]) >= sizeof(to.sun_path)) {
		fprintf(stderr, "usage: ask SOCKET COUNT WORD...\n");
		return 2;
	}
	strcpy(to.sun_path, argv[1]);
	length = 5 + (size_t)sprintf(out + 5, ping ? "ping" : "{\"v\":1,\"cwd\":\"/\",\"env\":{%s},\"tty\":{\"in\":false,"
		"\"out\":false,\"err\":false,\"rows\":0,\"cols\":0},\"argv\":[", environment());
	for (int i = 3; i < argc && !ping; i++)
		length += (size_t)snprintf(out + length, sizeof(out) - length, "\"%s\"%s", argv[i], i + 1 < argc ? "," : "]}");
	out[0] = ping ? PING : REQUEST;
	size = htonl((uint32_t)length - 5);
	memcpy(out + 1, &size, sizeof(size));
	for (int left = atoi(argv[2]); left > 0; left--) {
		double before = now();
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) || write(fd, out, length) != (ssize_t)length)
			fail(argv[1]);
		while (frame(fd, said, sizeof(said)) != (ping ? PING : EXIT))
			;
		if (!ping && (said[0] | said[1] | said[2] | said[3]) != 0)
			fail("the command");
		printf("%.3f\n", now() - before);
		close(fd);
	}
	return 0;
}
