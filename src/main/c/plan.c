/*
 * Decodes and checks a plan. Nothing has been done yet when this runs, so that a plan is executed
 * either from its first op on or not at all.
 */
#include "plan.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "wire.h"

const struct op_kind op_kinds[OP_CODES] = {
	[OP_EXIT_RECORD] = {"exit_record", STAGE_SHIM, 0, 1, 0},
	[OP_LOG] = {"log", STAGE_SHIM, 2, 1, 0},
	[OP_STDIO] = {"stdio", STAGE_SHIM, 3, 0, 0},
	[OP_CLONE] = {"clone", STAGE_SHIM, 1, 1, 0},
	[OP_JOIN] = {"join", STAGE_SHIM | STAGE_CHILD, 3, 0, 0},
	[OP_USERS] = {"users", STAGE_SHIM, 1, 2, 0},
	[OP_OWNER] = {"owner", STAGE_CHILD, 2, 0, 0},
	[OP_IDMAP] = {"idmap", STAGE_CHILD, 0, 1, OP_REPEATS | OP_OF_USERS},
	[OP_DIRECTORY] = {"directory", STAGE_CHILD, 0, 1, 0},
	[OP_WRITE] = {"write", STAGE_CHILD, 0, 2, OP_REPEATS},
	[OP_UNSHARE] = {"unshare", STAGE_CHILD, 1, 0, OP_REPEATS},
	[OP_MOUNT] = {"mount", STAGE_CHILD, 1, 4, OP_REPEATS},
	[OP_ROOT] = {"root", STAGE_CHILD, 0, 1, 0},
	[OP_MKDIR] = {"mkdir", STAGE_CHILD, 1, 1, OP_REPEATS | OP_IN_ROOT},
	[OP_MOUNT_IN] = {"mount_in", STAGE_CHILD, 2, 4, OP_REPEATS | OP_IN_ROOT},
	[OP_BIND_IN] = {"bind_in", STAGE_CHILD, 4, 2, OP_REPEATS | OP_IN_ROOT},
	[OP_MASK] = {"mask", STAGE_CHILD, 0, 1, OP_REPEATS | OP_IN_ROOT},
	[OP_READONLY] = {"readonly", STAGE_CHILD, 0, 1, OP_REPEATS | OP_IN_ROOT},
	[OP_MKNOD] = {"mknod", STAGE_CHILD, 2, 1, OP_REPEATS | OP_IN_ROOT},
	[OP_SYMLINK] = {"symlink", STAGE_CHILD, 0, 2, OP_REPEATS | OP_IN_ROOT},
	[OP_NETLINK] = {"netlink", STAGE_CHILD, 0, 1, OP_REPEATS},
	[OP_HOSTNAME] = {"hostname", STAGE_CHILD, 0, 1, 0},
	[OP_PIVOT] = {"pivot", STAGE_CHILD, 0, 0, OP_IN_ROOT},
	[OP_AWAIT] = {"await", STAGE_CHILD, 0, 0, OP_REPEATS},
	[OP_RLIMIT] = {"rlimit", STAGE_CHILD, 3, 0, OP_REPEATS},
	[OP_CHDIR] = {"chdir", STAGE_CHILD, 1, 1, OP_REPEATS},
	[OP_CREDENTIALS] = {"credentials", STAGE_CHILD, 3, 1, 0},
	[OP_NO_NEW_PRIVS] = {"no_new_privs", STAGE_CHILD, 0, 0, 0},
	[OP_CONSOLE] = {"console", STAGE_CHILD, 0, 0, 0},
	[OP_INIT] = {"init", STAGE_CHILD, 0, 0, 0},
	[OP_REMOUNT_ROOT] = {"remount_root", STAGE_CHILD, 0, 0, OP_IN_ROOT},
	[OP_EXEC] = {"exec", STAGE_CHILD, 1, ANY, 0},
	[OP_HOST] = {"host", STAGE_CHILD, 0, 0, 0},
	[OP_ENTER] = {"enter", STAGE_CHILD, 0, 0, OP_OF_USERS},
	[OP_SECCOMP] = {"seccomp", STAGE_CHILD, 1, 1, 0},
	[OP_LANDLOCK] = {"landlock", STAGE_CHILD, 2, 1, 0},
	[OP_KEYRING] = {"keyring", STAGE_CHILD, 0, 0, 0},
	[OP_HOLD] = {"hold", STAGE_SHIM, 0, 0, 0},
	[OP_WRITE_IN] = {"write_in", STAGE_CHILD, 0, 2, OP_REPEATS | OP_IN_ROOT},
};

enum { PLAN_HEADER = 8, OP_HEADER = 6, LOG_FILES = 1000 };

struct reader {
	const uint8_t *at;
	size_t left;
	struct plan_error *error;
};

__attribute__((format(printf, 2, 3))) static int refuse(struct reader *in, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(in->error->detail, sizeof(in->error->detail), format, arguments);
	va_end(arguments);
	return -1;
}

/* The next bytes, or NULL where the plan is shorter. */
static const uint8_t *take(struct reader *in, size_t size)
{
	const uint8_t *bytes = in->at;

	if (in->left < size) {
		refuse(in, "the plan is cut off");
		return NULL;
	}
	in->at += size;
	in->left -= size;
	return bytes;
}

struct text plan_string(const uint8_t **at)
{
	struct text text = {get32(*at), (const char *)*at + 4};

	*at += 4 + (size_t)text.length + 1;
	return text;
}

static int decode_strings(struct reader *in, struct op *op)
{
	bool binary = op->code == OP_WRITE || op->code == OP_NETLINK || op->code == OP_SECCOMP;

	op->first = in->at;
	for (unsigned i = 0; i < op->strings; i++) {
		const uint8_t *length = take(in, 4);
		const uint8_t *bytes = length ? take(in, get32(length)) : NULL;
		const uint8_t *end = bytes ? take(in, 1) : NULL;

		if (!end)
			return -1;
		if (*end)
			return refuse(in, "string %u has no end", i);
		if (!(binary && i == op->strings - 1u) && memchr(bytes, 0, get32(length)))
			return refuse(in, "string %u holds a zero byte", i);
		if (i < PLAN_OPERANDS)
			op->s[i] = (struct text){get32(length), (const char *)bytes};
	}
	return 0;
}

static int decode_op(struct reader *in, struct op *op)
{
	const uint8_t *header = take(in, OP_HEADER);
	const struct op_kind *kind;
	const uint8_t *numbers;

	if (!header)
		return -1;
	op->code = in->error->code = get16(header);
	op->strings = get16(header + 4);
	kind = op->code < OP_CODES ? &op_kinds[op->code] : NULL;
	if (!kind || !kind->name)
		return refuse(in, "no op has the code %u", op->code);
	if (header[2] != kind->numbers || header[3] != 0)
		return refuse(in, "%s takes %d numbers", kind->name, kind->numbers);
	if (kind->strings != ANY && op->strings != kind->strings)
		return refuse(in, "%s takes %d strings", kind->name, kind->strings);
	numbers = take(in, 8u * header[2]);
	if (!numbers)
		return -1;
	for (int i = 0; i < kind->numbers; i++)
		op->n[i] = get64(numbers + 8 * i);
	return decode_strings(in, op);
}

/* Whether the numbers of an op are such as it can take. */
static bool in_range(const struct op *op)
{
	switch ((enum op_code)op->code) {
	case OP_OWNER:
		return op->n[0] < UINT32_MAX && op->n[1] < UINT32_MAX;
	case OP_LOG:
		return op->n[1] >= 1 && op->n[1] <= LOG_FILES;
	case OP_STDIO:
		return op->n[0] <= 7 && op->n[1] <= UINT16_MAX && op->n[2] <= UINT16_MAX;
	case OP_USERS:
	case OP_CLONE:
	case OP_UNSHARE:
		return !(op->n[0] & ~KERNEL_CLONE_NEW);
	case OP_JOIN:
		return op->n[0] >= 1 && op->n[0] <= INT_MAX && !(op->n[2] & ~KERNEL_CLONE_NEW);
	case OP_MOUNT_IN:
		return op->n[1] <= MAKE_FILE;
	case OP_BIND_IN:
		return op->n[1] <= 1 && op->n[2] <= MAKE_FILE;
	case OP_MKDIR:
		return op->n[0] <= 07777;
	case OP_MKNOD:
		return op->n[0] <= 0177777;
	case OP_RLIMIT:
		return op->n[0] <= INT_MAX;
	case OP_CHDIR:
		return op->n[0] <= 1;
	case OP_SECCOMP:
		return op->n[0] <= UINT32_MAX && op->s[0].length > 0 &&
		       op->s[0].length % KERNEL_INSTRUCTION == 0 &&
		       op->s[0].length <= KERNEL_INSTRUCTIONS * KERNEL_INSTRUCTION;
	case OP_LANDLOCK:
		return op->n[0] || op->n[1];
	case OP_EXEC:
		return op->n[0] >= 1 && op->n[0] <= op->strings;
	case OP_EXIT_RECORD:
	case OP_IDMAP:
	case OP_ENTER:
	case OP_DIRECTORY:
	case OP_WRITE:
	case OP_MOUNT:
	case OP_ROOT:
	case OP_MASK:
	case OP_READONLY:
	case OP_SYMLINK:
	case OP_NETLINK:
	case OP_HOSTNAME:
	case OP_PIVOT:
	case OP_AWAIT:
	case OP_HOST:
	case OP_CREDENTIALS:
	case OP_NO_NEW_PRIVS:
	case OP_CONSOLE:
	case OP_INIT:
	case OP_REMOUNT_ROOT:
	case OP_KEYRING:
	case OP_HOLD:
	case OP_WRITE_IN:
	case OP_CODES:
		return true;
	}
	return false;
}

/* Whether the ops are in an order that can be executed. */
static int check_order(struct reader *in, struct plan *plan)
{
	bool seen[OP_CODES] = {false};

	for (unsigned i = 0; i < plan->count; i++) {
		const struct op *op = &plan->ops[i];
		const struct op_kind *kind = &op_kinds[op->code];
		enum stage stage = seen[OP_CLONE] ? STAGE_CHILD : STAGE_SHIM;

		in->error->index = i;
		in->error->code = op->code;
		if (!in_range(op))
			return refuse(in, "a number of %s is out of range", kind->name);
		if (!(kind->stages & stage))
			return refuse(in, "%s is not in its place, %s clone", kind->name,
				      stage == STAGE_CHILD ? "before" : "after");
		if (seen[op->code] && !(kind->flags & OP_REPEATS))
			return refuse(in, "%s is there twice", kind->name);
		if ((kind->flags & OP_IN_ROOT) && !seen[OP_ROOT])
			return refuse(in, "%s is before root", kind->name);
		if ((kind->flags & OP_OF_USERS) && !seen[OP_USERS])
			return refuse(in, "%s is without users", kind->name);
		if (seen[OP_EXEC])
			return refuse(in, "%s is after exec", kind->name);
		seen[op->code] = true;
		if (op->code == OP_CLONE)
			plan->child = i + 1;
	}
	if (!seen[OP_STDIO] || !seen[OP_EXEC])
		return refuse(in, "there is no %s", seen[OP_STDIO] ? "exec" : "stdio");
	if (!(plan_find(plan, OP_STDIO)->n[0] & STDIO_TTY) == seen[OP_CONSOLE])
		return refuse(in, "a terminal takes both stdio and console");
	return 0;
}

static int decode(struct reader *in, struct plan *plan)
{
	const uint8_t *header = take(in, PLAN_HEADER);

	if (!header)
		return -1;
	if (memcmp(header, "TDPL", 4))
		return refuse(in, "these bytes are no plan");
	if (get16(header + 4) != PLAN_VERSION)
		return refuse(in, "the plan has version %u, this program knows %d",
			      get16(header + 4), PLAN_VERSION);
	plan->count = get16(header + 6);
	if (plan->count == 0 || plan->count > PLAN_OPS)
		return refuse(in, "a plan has 1 to %d ops, this one %u", PLAN_OPS, plan->count);
	plan->ops = calloc(plan->count, sizeof(*plan->ops));
	if (!plan->ops)
		return refuse(in, "no memory for the plan");
	for (unsigned i = 0; i < plan->count; i++) {
		in->error->index = i;
		in->error->code = 0;
		if (decode_op(in, &plan->ops[i]))
			return -1;
	}
	if (in->left)
		return refuse(in, "%zu bytes follow the last op", in->left);
	return check_order(in, plan);
}

int plan_decode(const uint8_t *bytes, size_t size, struct plan *plan, struct plan_error *error)
{
	struct reader in = {bytes, size, error};

	memset(plan, 0, sizeof(*plan));
	memset(error, 0, sizeof(*error));
	if (decode(&in, plan)) {
		plan_free(plan);
		return -1;
	}
	return 0;
}

void plan_free(struct plan *plan)
{
	free(plan->ops);
	plan->ops = NULL;
}

const struct op *plan_find(const struct plan *plan, enum op_code code)
{
	for (unsigned i = 0; i < plan->count; i++)
		if (plan->ops[i].code == code)
			return &plan->ops[i];
	return NULL;
}
