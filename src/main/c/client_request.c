/*
 * The REQUEST frame's JSON: argv, directory, environment, terminal, time. JSON is Unicode and what
 * the kernel hands us is bytes, so each byte that is no part of valid UTF-8 becomes U+FFFD.
 */
#include "client.h"
#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* In ns of the processor; a shell that executes this program after a few steps is within that. */
#define LONGEST_START 20000000

extern char **environ;

struct text {
	char *bytes;
	size_t length;
	size_t room;
};

static void append(struct text *text, const char *bytes, size_t length)
{
	if (text->length + length > FRAME_LIMIT_LONG)
		fail("send the command: arguments and environment take more than %d MiB; "
		     "unset what the command does not need",
		     FRAME_LIMIT_LONG >> 20);
	if (text->length + length > text->room) {
		text->room = 2 * (text->length + length);
		text->bytes = realloc(text->bytes, text->room);
		if (text->bytes == NULL)
			fail("send the command: %s", errno_text(ENOMEM));
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static void literal(struct text *text, const char *s)
{
	append(text, s, strlen(s));
}

/* How long the UTF-8 sequence is that begins with a byte; 0 where none does. */
static size_t utf8_expected(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

/*
 * The length of the valid UTF-8 sequence at p, or 0. Surrogates, overlong forms and what is above
 * U+10FFFF are not valid.
 */
static size_t utf8_length(const unsigned char *p, size_t left)
{
	size_t length = utf8_expected(p[0]);
	unsigned low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;

	if (length == 0 || length > left)
		return 0;
	if (length > 1 && (p[1] < low || p[1] > high))
		return 0;
	for (size_t i = 2; i < length; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return length;
}

static void string(struct text *text, const char *s, size_t length)
{
	literal(text, "\"");
	while (length > 0) {
		unsigned char c = (unsigned char)*s;
		size_t size = utf8_length((const unsigned char *)s, length);

		if (size == 0) {
			literal(text, "\xef\xbf\xbd");
			size = 1;
		} else if (c < ' ' || c == '"' || c == '\\') {
			char escaped[8];

			snprintf(escaped, sizeof(escaped), "\\u%04x", c);
			literal(text, escaped);
		} else {
			append(text, s, size);
		}
		s += size;
		length -= size;
	}
	literal(text, "\"");
}

static void directory(struct text *text)
{
	char path[PATH_MAX];

	/* A directory that was removed has no name; paths relative to it cannot be found anyway. */
	if (getcwd(path, sizeof(path)) == NULL)
		strcpy(path, "/");
	string(text, path, strlen(path));
}

static void environment(struct text *text)
{
	const char *separator = "";

	literal(text, "{");
	for (char **entry = environ; *entry != NULL; entry++) {
		const char *equals = strchr(*entry, '=');

		if (equals == NULL)
			continue;
		literal(text, separator);
		string(text, *entry, (size_t)(equals - *entry));
		literal(text, ":");
		string(text, equals + 1, strlen(equals + 1));
		separator = ",";
	}
	literal(text, "}");
}

static void terminal(struct text *text)
{
	static const char *const words[] = {"false", "true"};
	uint16_t rows, columns;
	char buffer[96];

	terminal_size(&rows, &columns);
	snprintf(buffer, sizeof(buffer),
		 "{\"in\":%s,\"out\":%s,\"err\":%s,\"rows\":%u,\"cols\":%u}",
		 words[isatty(STDIN_FILENO)], words[isatty(STDOUT_FILENO)],
		 words[isatty(STDERR_FILENO)], rows, columns);
	literal(text, buffer);
}

/*
 * When the user asked, by the clock that an engine on the same machine has too: now, less what this
 * process has taken of the processor since it was forked, most of it in execve. Where that is much,
 * it was for another program before this one.
 */
static int64_t asked(void)
{
	struct timespec now = {0}, taken = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &taken);
	if (taken.tv_sec > 0 || taken.tv_nsec > LONGEST_START)
		taken.tv_nsec = 0;
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec - taken.tv_nsec;
}

static void since(struct text *text, int64_t nanoseconds)
{
	char buffer[32];

	snprintf(buffer, sizeof(buffer), "%lld", (long long)nanoseconds);
	literal(text, buffer);
}

uint8_t *request_encode(char *const argv[], size_t *length)
{
	struct text text = {0};
	int64_t begin = asked();

	literal(&text, "{\"v\":1,\"argv\":[");
	for (size_t i = 0; argv[i] != NULL; i++) {
		literal(&text, i == 0 ? "" : ",");
		string(&text, argv[i], strlen(argv[i]));
	}
	literal(&text, "],\"cwd\":");
	directory(&text);
	literal(&text, ",\"env\":");
	environment(&text);
	literal(&text, ",\"tty\":");
	terminal(&text);
	literal(&text, ",\"since\":");
	since(&text, begin);
	literal(&text, "}");
	*length = text.length;
	return (uint8_t *)text.bytes;
}
