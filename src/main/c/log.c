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

enum { PREFIX = sizeof("2026-11-23T14:44:03.083457295Z stdout F ") - 1 };

/* What every line begins with: 2026-11-23T14:44:03.083457295Z stdout F, and a blank. */
static void format_prefix(char prefix[PREFIX + 1], int stream, uint64_t nanoseconds)
{
	static time_t cached = -1;
	static char date[24];
	time_t seconds = (time_t)(nanoseconds / 1000000000u);
	struct tm tm;

	/* The calendar is asked once a second. */
	if (seconds != cached) {
		gmtime_r(&seconds, &tm);
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
		cached = seconds;
	}
	snprintf(prefix, PREFIX + 1, "%.19s.%09uZ %s F ", date,
		 (unsigned)(nanoseconds % 1000000000u), stream ? "stderr" : "stdout");
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
	if (!log->error)
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

/* Adds one line to the batch, whose text is in two pieces; kind is F, or P for a part of one. */
static void add_line(struct log *log, const char *prefix, char kind, const char *first,
		     size_t first_size, const char *second, size_t second_size)
{
	size_t size = PREFIX + first_size + second_size + 1;
	char *at;

	if (log->used + size > sizeof(log->batch))
		flush(log);
	if (log->limit && log->size + log->used + size > log->limit && log->size + log->used > 0) {
		flush(log);
		if (log->size > 0 && log->size + size > log->limit && log->fd >= 0)
			rotate(log);
	}
	at = log->batch + log->used;
	memcpy(at, prefix, PREFIX);
	at[PREFIX - 2] = kind;
	memcpy(at + PREFIX, first, first_size);
	memcpy(at + PREFIX + first_size, second, second_size);
	at[size - 1] = '\n';
	log->used += size;
}

/* Tells that lines are missing, before the first one that is not. */
static void tell_lost(struct log *log, uint64_t nanoseconds)
{
	char prefix[PREFIX + 1], text[120];
	uint64_t lost = log->lost;
	int length;

	if (!lost || (log->fd < 0 && log_reopen(log)))
		return;
	length = snprintf(text, sizeof(text), "tiny-shim: %llu lines of the log were lost: %s",
			  (unsigned long long)lost, strerror(log->error));
	log->lost = 0;
	format_prefix(prefix, 1, nanoseconds);
	add_line(log, prefix, 'F', text, (size_t)length, "", 0);
	flush(log);
	/* This line itself is not one that was lost. */
	if (log->lost)
		log->lost = lost;
	else
		dprintf(2, "%s\n", text);
}

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
	char prefix[PREFIX + 1];

	if (!log->path)
		return;
	tell_lost(log, nanoseconds);
	format_prefix(prefix, stream, nanoseconds);
	while (count) {
		const char *newline = memchr(bytes, '\n', count);
		size_t length = newline ? (size_t)(newline - bytes) : count;
		size_t room = LOG_PART - held->used;
		bool part = length > room;

		if (part)
			length = room;
		if (part || newline) {
			add_line(log, prefix, part ? 'P' : 'F', held->part, held->used, bytes,
				 length);
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
	char prefix[PREFIX + 1];

	for (int i = 0; i < 2; i++) {
		struct log_stream *held = &log->streams[i];

		if (held->used) {
			format_prefix(prefix, i, nanoseconds);
			add_line(log, prefix, 'P', held->part, held->used, "", 0);
		}
		held->used = 0;
	}
	flush(log);
}
