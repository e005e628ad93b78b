/*
 * The log in the CRI format: `TIME stdout|stderr F|P TEXT`, a line each. Only whole lines are in a
 * file at any time, also where the disk is full, and also over a rotation. A log that cannot be
 * written never holds the container back: its lines are counted instead, and the count is told in
 * the log once there is room again.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

enum { TIME_TEXT = 30 };

/* Writes a time as 2026-11-23T14:44:03.083457295Z; the calendar is asked once a second. */
static void format_time(char text[TIME_TEXT + 1], uint64_t nanoseconds)
{
	static time_t cached = -1;
	static char date[24];
	time_t seconds = (time_t)(nanoseconds / 1000000000u);
	struct tm tm;

	if (seconds != cached) {
		gmtime_r(&seconds, &tm);
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
		cached = seconds;
	}
	snprintf(text, TIME_TEXT + 1, "%.19s.%09uZ", date, (unsigned)(nanoseconds % 1000000000u));
}

static uint64_t count_lines(const char *bytes, size_t size)
{
	uint64_t lines = 0;

	for (const char *at = bytes; (at = memchr(at, '\n', size - (size_t)(at - bytes))); at++)
		lines++;
	return lines;
}

static int log_reopen(struct log *log)
{
	struct stat st;

	log->fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (log->fd < 0 || fstat(log->fd, &st))
		return -1;
	log->size = (uint64_t)st.st_size;
	return 0;
}

/* Writes the batch as one; what does not go in whole is cut off again and counted. */
static void flush(struct log *log)
{
	ssize_t written;
	size_t whole;

	if (!log->used)
		return;
	written = log->fd < 0 ? -1 : write(log->fd, log->batch, log->used);
	if (written == (ssize_t)log->used) {
		log->size += log->used;
		log->used = 0;
		log->error = 0;
		return;
	}
	if (!log->error || log->fd < 0)
		dprintf(2, "tiny-shim: cannot write the log: %s\n",
			written < 0 ? strerror(errno) : "no room left");
	log->error = written < 0 ? errno : ENOSPC;
	whole = written < 0 ? 0 : (size_t)written;
	while (whole && log->batch[whole - 1] != '\n')
		whole--;
	if (written > 0 && ftruncate(log->fd, (off_t)(log->size + whole)))
		dprintf(2, "tiny-shim: cannot cut off half a line of the log: %m\n");
	log->size += whole;
	log->lost += count_lines(log->batch + whole, log->used - whole);
	log->used = 0;
}

/* path.N is renamed to path.N+1, the oldest is replaced, path becomes path.1 and is made anew. */
static void rotate(struct log *log)
{
	char from[PATH_MAX], to[PATH_MAX];

	close(log->fd);
	if (log->files == 1)
		unlink(log->path);
	for (unsigned i = log->files - 1; i > 0; i--) {
		if (i == 1)
			snprintf(from, sizeof(from), "%s", log->path);
		else
			snprintf(from, sizeof(from), "%s.%u", log->path, i - 1);
		snprintf(to, sizeof(to), "%s.%u", log->path, i);
		if (rename(from, to) && errno != ENOENT)
			dprintf(2, "tiny-shim: cannot rename '%s': %m\n", from);
	}
	if (log_reopen(log))
		dprintf(2, "tiny-shim: cannot make '%s': %m\n", log->path);
}

/* Adds one record to the batch. */
static void record(struct log *log, const char *stream, char kind, const char *first,
		   size_t first_size, const char *second, size_t second_size, const char *time)
{
	size_t size = TIME_TEXT + strlen(stream) + 4 + first_size + second_size + 1;
	uint64_t after = log->size + log->used + size;
	char *at;

	if (log->used + size > sizeof(log->batch))
		flush(log);
	if (log->limit && after > log->limit && log->size + log->used > 0) {
		flush(log);
		if (log->size + size > log->limit && log->size > 0 && log->fd >= 0)
			rotate(log);
	}
	at = log->batch + log->used;
	at += sprintf(at, "%s %s %c ", time, stream, kind);
	memcpy(at, first, first_size);
	memcpy(at + first_size, second, second_size);
	at[first_size + second_size] = '\n';
	log->used += size;
}

/* Tells that lines are missing, before the first one that is not. */
static void tell_lost(struct log *log, const char *time)
{
	char text[120];
	uint64_t lost = log->lost;
	int length;

	if (!lost || (log->fd < 0 && log_reopen(log)))
		return;
	length = snprintf(text, sizeof(text), "tiny-shim: %llu lines of the log were lost: %s",
			  (unsigned long long)lost, strerror(log->error));
	log->lost = 0;
	record(log, "stderr", 'F', text, (size_t)length, "", 0, time);
	flush(log);
	/* This line itself is not one that was lost. */
	if (log->lost)
		log->lost = lost;
	else
		dprintf(2, "%s\n", text);
}

static const char *const names[] = {"stdout", "stderr"};

int log_open(struct log *log, const char *path, uint64_t limit, unsigned files)
{
	log->path = strdup(path);
	log->limit = limit;
	log->files = files;
	return log->path ? log_reopen(log) : -1;
}

void log_add(struct log *log, int stream, const char *bytes, size_t count, uint64_t nanoseconds)
{
	struct log_stream *held = &log->streams[stream];
	char time[TIME_TEXT + 1];

	if (!log->path)
		return;
	format_time(time, nanoseconds);
	tell_lost(log, time);
	while (count) {
		const char *newline = memchr(bytes, '\n', count);
		size_t length = newline ? (size_t)(newline - bytes) : count;
		size_t room = LOG_PART - held->used;
		bool part = length > room;

		if (part)
			length = room;
		if (part || newline) {
			record(log, names[stream], part ? 'P' : 'F', held->part, held->used, bytes,
			       length, time);
			held->used = 0;
		} else {
			memcpy(held->part + held->used, bytes, length);
			held->used += length;
		}
		if (newline && !part)
			length++;
		bytes += length;
		count -= length;
	}
	flush(log);
}

void log_end(struct log *log, uint64_t nanoseconds)
{
	char time[TIME_TEXT + 1];

	format_time(time, nanoseconds);
	for (int i = 0; i < 2; i++) {
		struct log_stream *held = &log->streams[i];

		if (held->used)
			record(log, names[i], 'P', held->part, held->used, "", 0, time);
		held->used = 0;
	}
	flush(log);
}
