/* A plan: the list of operations that make a container, as docs/wire.md numbers and draws them. */
#ifndef TINY_PLAN_H
#define TINY_PLAN_H

#include <stddef.h>
#include <stdint.h>

enum op_code {
	OP_EXIT_RECORD = 1,
	OP_LOG = 2,
	OP_STDIO = 3,
	OP_CLONE = 4,
	OP_JOIN = 5,
	OP_USERS = 6,
	OP_OWNER = 7,
	OP_IDMAP = 8,
	OP_DIRECTORY = 9,
	OP_WRITE = 10,
	OP_UNSHARE = 11,
	OP_MOUNT = 12,
	OP_ROOT = 13,
	OP_MKDIR = 14,
	OP_MOUNT_IN = 15,
	OP_BIND_IN = 16,
	OP_MASK = 17,
	OP_READONLY = 18,
	OP_MKNOD = 19,
	OP_SYMLINK = 20,
	OP_NETLINK = 21,
	OP_HOSTNAME = 22,
	OP_PIVOT = 23,
	OP_AWAIT = 24,
	OP_RLIMIT = 25,
	OP_CHDIR = 26,
	OP_CREDENTIALS = 27,
	OP_NO_NEW_PRIVS = 28,
	OP_CONSOLE = 29,
	OP_INIT = 30,
	OP_REMOUNT_ROOT = 31,
	OP_EXEC = 32,
	OP_HOST = 33,
	OP_ENTER = 36,
	OP_SECCOMP = 37,
	OP_LANDLOCK = 38,
	OP_KEYRING = 39,
	OP_HOLD = 40,
	OP_WRITE_IN = 41,
	OP_CODES,
};

enum {
	PLAN_VERSION = 1,
	PLAN_OPS = 1024,   /* the most ops of a plan */
	PLAN_OPERANDS = 4, /* the most numbers of an op, and strings but those of exec */
	ANY = -1,
};

enum stage {
	STAGE_SHIM = 1,
	STAGE_CHILD = 2,
};

/* What is made where a target is missing. */
enum make {
	MAKE_NOTHING = 0,
	MAKE_DIRECTORY = 1,
	MAKE_FILE = 2,
};

enum stdio_flag {
	STDIO_TTY = 1,
	STDIO_OPEN_STDIN = 2,
	STDIO_STDIN_ONCE = 4,
};

enum op_flag {
	OP_REPEATS = 1,	 /* may be there more than once */
	OP_IN_ROOT = 2,	 /* works in the directory that the op root opened */
	OP_OF_USERS = 4, /* works with the user namespace that the op users made */
};

struct op_kind {
	const char *name; /* NULL where there is no op of that code */
	int stages;	  /* enum stage, or-ed */
	int numbers;
	int strings; /* or ANY */
	int flags;   /* enum op_flag, or-ed */
};

extern const struct op_kind op_kinds[OP_CODES];

/* A string of a plan. A zero byte follows it; only those of write, netlink and seccomp may. */
struct text {
	uint32_t length;
	const char *bytes;
};

/* As system calls take what is not there. */
static inline const char *text_or_null(struct text text)
{
	return text.length ? text.bytes : NULL;
}

struct op {
	uint16_t code;
	uint16_t strings;
	uint64_t n[PLAN_OPERANDS];
	struct text s[PLAN_OPERANDS]; /* the first strings */
	const uint8_t *first;	      /* all strings, as on the wire */
};

/* A decoded plan; points into the bytes it was decoded from. */
struct plan {
	unsigned count;
	unsigned child; /* index of the first op of the child */
	struct op *ops;
};

/* Why a plan was refused. */
struct plan_error {
	unsigned index;
	uint16_t code; /* of the op, or 0 */
	char detail[120];
};

/*
 * Decodes a plan and checks all of it. Returns 0, or -1 with the error filled in; plan_free() is
 * needed in the first case only.
 */
int plan_decode(const uint8_t *bytes, size_t size, struct plan *plan, struct plan_error *error);

void plan_free(struct plan *plan);

/* The only op of a code, or NULL. */
const struct op *plan_find(const struct plan *plan, enum op_code code);

/* The string at *at, which then names the next one; begin with op->first. */
struct text plan_string(const uint8_t **at);

#endif
