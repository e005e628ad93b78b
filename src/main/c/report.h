/* How an op tells why it failed, and the page in which the child tells the shim. */
#ifndef TINY_REPORT_H
#define TINY_REPORT_H

#include <errno.h>
#include <stdint.h>

#include "plan.h"

enum { DETAIL = 400 };

/* What an op came to, where the plan cannot know it. */
enum did {
	DID_ALL = 0,
	DID_NOTHING = 1,	 /* there is nothing on this kernel to do it to */
	DID_DIRECTORY = 2,	 /* it was a directory that was masked */
	DID_HOST_NULL = 3,	 /* the file was masked with the host's null device */
	DID_USER = 4,		 /* the user is not root */
	DID_SHOWN_BEFORE = 5,	 /* its owners are those of the container already */
	DID_AS_OWNER = 6,	 /* by the user that op owner has named, for that moment */
	DID_DIRECTORY_AGAIN = 7, /* it was a directory, masked with the one of the first */
};

/*
 * Shared between shim and child, so that the child's last words need no system call and outlive it.
 * The shim reads it once the child's end of the socket is closed.
 */
struct report {
	uint32_t op;   /* the op that is being done */
	int32_t error; /* errno of the op that failed */
	uint8_t failed;
	uint8_t executing;   /* the op is exec, and everything before execve is done */
	uint64_t since;	     /* when the child's op began, CLOCK_MONOTONIC */
	char detail[DETAIL]; /* what else there is to say */
	uint32_t nanoseconds[PLAN_OPS];
	uint64_t began;	       /* when the child began its first op */
	uint8_t did[PLAN_OPS]; /* enum did */
};

/* Where fail() puts its words; DETAIL bytes. */
extern char *fail_detail;

/*
 * Says why, sets errno, and returns -1. An errno of 0 says that the words are all there is to know.
 * The words of the first call stay: who is nearest to the cause knows best.
 */
__attribute__((format(printf, 2, 3))) int fail(int error, const char *format, ...);

/* What an errno of an op most likely means, where it misleads; else NULL. */
const char *hint(const struct op *op, int error);

/* Exit codes of a process that never came to be what it was to be, as Docker has them. */
enum {
	CODE_NOT_STARTED = 125,
	CODE_NOT_EXECUTABLE = 126,
	CODE_NOT_FOUND = 127,
	CODE_SIGNALLED = 128, /* and the signal's number */
};

/* That of a process that an op kept from being. */
static inline unsigned failure_code(const struct op *op, int error)
{
	if (op->code != OP_EXEC)
		return CODE_NOT_STARTED;
	return error == ENOENT ? CODE_NOT_FOUND : CODE_NOT_EXECUTABLE;
}

/* Ends this process, where a filter of system calls does not let it go either: by a trap. */
_Noreturn void leave(int code);

uint64_t monotonic(void);

#endif
