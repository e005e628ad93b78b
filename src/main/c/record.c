/* The exit record: written in place, so that neither a full disk nor a crash leaves half of one. */
#include "record.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int record_write(int fd, const char *text)
{
	char record[EXIT_RECORD + 1];

	snprintf(record, sizeof(record), "%-*s\n", EXIT_RECORD - 1, text);
	return pwrite(fd, record, EXIT_RECORD, 0) == EXIT_RECORD ? 0 : -1;
}

int record_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd >= 0 && record_write(fd, "")) {
		close(fd);
		return -1;
	}
	return fd;
}

void record_running(int fd, pid_t pid, uint64_t start_time)
{
	char text[EXIT_RECORD];

	snprintf(text, sizeof(text), "running %d %llu", pid, (unsigned long long)start_time);
	if (fd >= 0 && record_write(fd, text))
		dprintf(2, "tiny-shim: cannot write the exit record: %m\n");
}

void record_exited(int fd, unsigned code, unsigned signal, uint64_t nanoseconds)
{
	char text[EXIT_RECORD];

	snprintf(text, sizeof(text), "exited %u %u %llu", code, signal,
		 (unsigned long long)nanoseconds);
	if (fd >= 0 && record_write(fd, text))
		dprintf(2, "tiny-shim: cannot write the exit record: %m\n");
}

uint64_t process_start_time(pid_t pid)
{
	char path[PROC_PATH], text[512];
	const char *at;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got <= 0)
		return 0;
	text[got] = 0;
	/*
	 * The second field is the name in parentheses, and may hold blanks and parentheses itself.
	 */
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

uint64_t wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
