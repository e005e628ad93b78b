/* What becomes of the child on its way to execve, and how it ended. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "kernel.h"
#include "shim.h"

static struct conn *creator(void)
{
	for (int i = 0; i < CONNECTIONS; i++)
		if (shim.conns[i].used && shim.conns[i].creator)
			return &shim.conns[i];
	return NULL;
}

/* The record comes first: whatever happens then, the exit is known. */
void keep_exit(unsigned code, unsigned signal)
{
	uint64_t now = wall_clock();

	record_exited(shim.record, code, signal, now);
	put32(shim.exit, code);
	put32(shim.exit + 4, signal);
	put64(shim.exit + 8, now);
	shim.exited = true;
}

/*
 * When shim and child began their ops, how long each op took, and what became of it: of a start that
 * succeeds, for who has asked for it.
 */
static void tell_times(struct conn *conn)
{
	const struct report *report = shim.report;
	unsigned count = shim.plan.count;
	uint8_t payload[16 + 5 * PLAN_OPS];

	put64(payload, shim.began);
	put64(payload + 8, report->began);
	for (unsigned i = 0; i < count; i++)
		put32(payload + 16 + 4 * i, report->nanoseconds[i]);
	memcpy(payload + 16 + 4 * count, report->did, count);
	conn_send(conn, FRAME_TIMES, payload, 16 + 5 * count);
}

void failed(unsigned index, unsigned code, int error, const char *detail)
{
	uint8_t payload[8 + DETAIL];
	struct conn *conn = creator();
	size_t length = strnlen(detail, DETAIL);

	/* Of a plan that was refused nothing was done. */
	if (conn && shim.began)
		tell_times(conn);
	put16(payload, (uint16_t)index);
	put16(payload + 2, (uint16_t)code);
	put32(payload + 4, (uint32_t)error);
	memcpy(payload + 8, detail, length);
	if (conn)
		conn_send(conn, FRAME_FAILED, payload, 8 + (uint32_t)length);
	shim.phase = ENDING;
}

int end_child(unsigned code)
{
	int status = 0;

	if (shim.pidfd < 0)
		return 0;
	kernel_pidfd_kill(shim.pidfd, SIGKILL);
	while (waitpid(shim.pid, &status, 0) < 0 && errno == EINTR)
		;
	close_fd(&shim.pidfd);
	keep_exit(code, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void started(void)
{
	struct report *report = shim.report;
	unsigned index = report->op;
	const struct op *op = &shim.plan.ops[index];
	struct conn *conn = creator();
	int signal;

	close_fd(&shim.sync);
	if (report->failed) {
		end_child(failure_code(op, report->error));
		failed(index, op->code, report->error, report->detail);
		return;
	}
	if (report->since)
		report->nanoseconds[index] = (uint32_t)(monotonic() - report->since);
	if (!report->executing) {
		signal = end_child(CODE_NOT_STARTED);
		failed(index, op->code, ECANCELED,
		       signal == SIGSYS ? "the filter of system calls ends it"
					: "the process was killed, perhaps for want of memory");
		return;
	}
	shim.phase = RUNNING;
	if (conn && conn->attached & ATTACH_TIMES)
		tell_times(conn);
	if (conn)
		conn_send(conn, FRAME_RUNNING, "", 0);
	plan_free(&shim.plan);
	free(shim.plan_bytes);
	munmap(shim.report, sizeof(*shim.report));
	shim.report = NULL;
}

/* Takes the terminal from the child's message. */
static void take_terminal(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);

	if (!header || header->cmsg_type != SCM_RIGHTS || shim.terminal >= 0)
		return;
	memcpy(&shim.terminal, CMSG_DATA(header), sizeof(int));
	fcntl(shim.terminal, F_SETFL, O_RDWR | O_NONBLOCK);
	shim.out[0] = shim.terminal;
	if (shim.in_open)
		shim.in = shim.terminal;
	resize();
}

bool hear_child(void)
{
	char byte;
	struct iovec iov = {&byte, 1};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.space),
	};
	ssize_t got;

	/* ECONNRESET: the child left a GO unread; it comes once, ahead of what it had sent. */
	do
		got = recvmsg(shim.sync, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == ECONNRESET);
	if (got == 1)
		take_terminal(&message);
	else if (got == 0 || errno != EAGAIN)
		started();
	return got == 1;
}
