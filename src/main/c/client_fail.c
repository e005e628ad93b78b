/* How the client ends: with the terminal as it was, and a line where something went wrong. */
#include "client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void leave(int status)
{
	terminal_raw(0);
	exit(status);
}

void fail(const char *format, ...)
{
	va_list arguments;

	terminal_raw(0);
	fputs("cannot ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	leave(STATUS_RUNTIME_FAILED);
}

const char *errno_text(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{EACCES, "EACCES"}, {EAGAIN, "EAGAIN"}, {ECONNREFUSED, "ECONNREFUSED"},
		{EIO, "EIO"},	    {EMFILE, "EMFILE"}, {ENAMETOOLONG, "ENAMETOOLONG"},
		{ENFILE, "ENFILE"}, {ENOENT, "ENOENT"}, {ENOEXEC, "ENOEXEC"},
		{ENOMEM, "ENOMEM"}, {ENOSPC, "ENOSPC"}, {ENOTDIR, "ENOTDIR"},
		{EPERM, "EPERM"},   {EROFS, "EROFS"},
	};
	static char text[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == number) {
			snprintf(text, sizeof(text), "%s (%s)", names[i].name, strerror(number));
			return text;
		}
	}
	snprintf(text, sizeof(text), "errno %d (%s)", number, strerror(number));
	return text;
}
