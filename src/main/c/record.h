/* What is kept on disk about a process: that it runs, how it ended, what it wrote. */
#ifndef TINY_RECORD_H
#define TINY_RECORD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { EXIT_RECORD = 64, LOG_PART = 16 << 10 };

/* The exit record: 64 bytes that are there before they are needed. record.c */
int record_open(const char *path);
void record_running(int fd, pid_t pid, uint64_t start_time);
void record_exited(int fd, unsigned code, unsigned signal, uint64_t nanoseconds);

enum { PROC_PATH = 64 }; /* room for /proc/PID/… */

/* When a process started, field 22 of /proc/PID/stat; 0 where it is gone. */
uint64_t process_start_time(pid_t pid);

/* CLOCK_REALTIME in nanoseconds. */
uint64_t wall_clock(void);

/* The log. log.c */
struct log_stream {
	size_t used;
	char part[LOG_PART]; /* of a line that has not ended */
};

struct log {
	int fd;		/* or -1 */
	char *path;	/* or NULL, where there is no log */
	uint64_t limit; /* bytes of a file, or 0 for any number */
	unsigned files;
	uint64_t size; /* of the file, whole lines only */
	uint64_t lost; /* lines that could not be written */
	int error;     /* of the last write, or 0 */
	size_t used;
	char batch[2 * LOG_PART];
	struct log_stream streams[2]; /* stdout, stderr */
};

/* Opens or continues a log. Returns 0, or -1. */
int log_open(struct log *log, const char *path, uint64_t limit, unsigned files);

/*
 * Logs what was read from a stream, 0 for stdout, 1 for stderr. Nothing that fails in here fails.
 */
void log_add(struct log *log, int stream, const char *bytes, size_t count, uint64_t nanoseconds);

/* Logs the lines that have not ended, at the end of the streams. */
void log_end(struct log *log, uint64_t nanoseconds);

#endif
