/* From the plan to the child: the order in which the shim does its ops, and how long each takes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "shim.h"

static int do_timed(const struct op *op)
{
	unsigned index = (unsigned)(op - shim.plan.ops);
	uint64_t now;
	int result, error;

	shim.report->op = index;
	result = do_op(op);
	error = errno;
	now = monotonic();
	shim.report->nanoseconds[index] = (uint32_t)(now - shim.since);
	shim.since = now;
	errno = error;
	return result;
}

/* Where a join is among those of the child, its first half comes before clone. */
static int do_shim_ops(void)
{
	const struct op *join = plan_find(&shim.plan, OP_JOIN);
	const struct op *clone = &shim.plan.ops[shim.plan.child - 1];

	for (const struct op *op = shim.plan.ops; op <= clone; op++) {
		if (op == clone && join && join > clone && do_timed(join))
			return -1;
		if (do_timed(op))
			return -1;
	}
	return 0;
}

/* From the first op to the birth of the child. */
static void go_on(struct conn *conn)
{
	const struct op *op;
	const char *text;
	int number;

	shim.began = shim.since = monotonic();
	if (do_shim_ops()) {
		number = errno;
		op = &shim.plan.ops[shim.report->op];
		text = fail_detail[0] ? fail_detail : hint(op, number);
		failed(shim.report->op, op->code, number, text ? text : "");
		return;
	}
	shim.phase = STARTING;
	conn_send32(conn, FRAME_STARTED, (uint32_t)shim.pid);
	record_running(shim.record, shim.pid, process_start_time(shim.pid));
	if (shim.hold)
		hold_mounts();
}

void tell_child(void)
{
	if (shim.sync >= 0)
		send(shim.sync, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void start(struct conn *conn, const struct frame *frame)
{
	struct plan_error error;

	shim.plan_bytes = malloc(frame->length + 1u);
	shim.report = mmap(NULL, sizeof(*shim.report), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!shim.plan_bytes || shim.report == MAP_FAILED)
		die("no memory for the plan");
	memcpy(shim.plan_bytes, frame->payload, frame->length);
	if (plan_decode(shim.plan_bytes, frame->length, &shim.plan, &error)) {
		failed(error.index, error.code, EINVAL, error.detail);
		return;
	}
	shim.held = plan_find(&shim.plan, OP_HOST);
	go_on(conn);
}
