/* From the plan to execve: the shim's own ops, the birth of the child, and what becomes of it. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
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

/* Tells the creator which op failed and why; nothing follows. */
static void failed(unsigned index, unsigned code, int error, const char *detail)
{
	uint8_t payload[8 + DETAIL];
	struct conn *conn = creator();
	size_t length = strnlen(detail, DETAIL);

	put16(payload, (uint16_t)index);
	put16(payload + 2, (uint16_t)code);
	put32(payload + 4, (uint32_t)error);
	memcpy(payload + 8, detail, length);
	if (conn)
		conn_send(conn, FRAME_FAILED, payload, 8 + (uint32_t)length);
	shim.phase = ENDING;
}

void end_child(unsigned code)
{
	if (shim.pidfd < 0)
		return;
	kernel_pidfd_kill(shim.pidfd, SIGKILL);
	while (waitpid(shim.pid, NULL, 0) < 0 && errno == EINTR)
		;
	close_fd(&shim.pidfd);
	keep_exit(code, 0);
}

static int make_pipe(int *ours, int *child, bool we_write)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	*ours = ends[we_write];
	*child = ends[!we_write];
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

/* n0 flags, n1 rows, n2 columns. A terminal is opened by the child, in the container. */
static int do_stdio(const struct op *op)
{
	shim.stdio = op->n[0];
	shim.rows = (uint16_t)op->n[1];
	shim.columns = (uint16_t)op->n[2];
	shim.in_open = shim.stdio & STDIO_OPEN_STDIN;
	if (shim.stdio & STDIO_TTY)
		return 0;
	if (shim.in_open && make_pipe(&shim.in, &shim.child_fds[0], true))
		return -1;
	if (make_pipe(&shim.out[0], &shim.child_fds[1], false))
		return -1;
	return make_pipe(&shim.out[1], &shim.child_fds[2], false);
}

/*
 * n0 pid, n1 start time, n2 flags. The descriptor is opened first and the start time read then: as
 * long as they belong together, the number cannot have gone to another process in between. The PID
 * namespace is that of children to come; all others are joined by the child itself.
 */
static int do_join(const struct op *op)
{
	shim.join = kernel_pidfd_open((pid_t)op->n[0]);
	if (shim.join < 0)
		return -1;
	if (process_start_time((pid_t)op->n[0]) != op->n[1]) {
		errno = ESRCH;
		return -1;
	}
	return op->n[2] & CLONE_NEWPID ? setns(shim.join, CLONE_NEWPID) : 0;
}

/* Moves a descriptor to its place, which is empty where there is none. */
static void put_descriptor(int from, int to)
{
	if (from < 0)
		close(to);
	else if (from != to && dup3(from, to, O_CLOEXEC) < 0)
		_exit(125);
}

/* In the child: nothing of the shim or its engine stays open but what it needs. */
static _Noreturn void begin_child(int sync)
{
	struct child child = {
		.plan = &shim.plan,
		.report = shim.report,
		.sync = CHILD_SYNC,
		.root = -1,
		.pidfd = shim.join >= 0 ? CHILD_PIDFD : -1,
		.users = shim.users >= 0 ? CHILD_USERS : -1,
		.null = -1,
		.stdio = shim.stdio,
		.rows = shim.rows,
		.columns = shim.columns,
	};

	for (int i = 0; i < 3; i++)
		if (shim.child_fds[i] >= 0 && dup2(shim.child_fds[i], i) < 0)
			_exit(125);
	put_descriptor(sync, CHILD_SYNC);
	put_descriptor(shim.join, CHILD_PIDFD);
	put_descriptor(shim.users, CHILD_USERS);
	kernel_close_range(CHILD_USERS + 1, ~0u);
	child_run(&child);
}

/* n0 CLONE_NEW… flags, s0 cgroup directory. */
static int do_clone(const struct op *op)
{
	struct kernel_clone_args args = {
		.flags = op->n[0] | KERNEL_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&shim.pidfd,
		.exit_signal = SIGCHLD,
	};
	int sync[2], cgroup = -1;

	if (op->s[0].length) {
		cgroup = open(op->s[0].bytes, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (cgroup < 0)
			return fail(errno, "cannot open the cgroup");
		args.flags |= KERNEL_CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sync))
		return -1;
	shim.pid = (pid_t)syscall(NR_clone3, &args, sizeof(args));
	if (shim.pid == 0)
		begin_child(sync[1]);
	if (shim.pid < 0) {
		shim.pidfd = -1;
		return -1;
	}
	close(sync[1]);
	shim.sync = sync[0];
	close_fd(&cgroup);
	close_fd(&shim.join);
	close_fd(&shim.users);
	reap_holder();
	for (int i = 0; i < 3; i++)
		close_fd(&shim.child_fds[i]);
	return 0;
}

static int do_op(const struct op *op)
{
	switch (op->code) {
	case OP_EXIT_RECORD:
		shim.record = record_open(op->s[0].bytes);
		return shim.record < 0 ? -1 : 0;
	case OP_LOG:
		return log_open(&shim.log, op->s[0].bytes, op->n[0], (unsigned)op->n[1]);
	case OP_STDIO:
		return do_stdio(op);
	case OP_JOIN:
		return do_join(op);
	case OP_USERS:
		return do_users(op);
	case OP_CLONE:
		return do_clone(op);
	default:
		errno = EINVAL;
		return -1;
	}
}

static int do_timed(const struct op *op)
{
	unsigned index = (unsigned)(op - shim.plan.ops);
	uint64_t since = monotonic();

	shim.report->op = index;
	if (do_op(op))
		return -1;
	shim.report->nanoseconds[index] = (uint32_t)(monotonic() - since);
	return 0;
}

/*
 * Does the shim's ops. Where a join is among those of the child, its first half comes before clone.
 */
static int do_shim_ops(void)
{
	const struct op *join = plan_find(&shim.plan, OP_JOIN);
	const struct op *clone = &shim.plan.ops[shim.plan.child - 1];

	shim.began = monotonic();
	for (const struct op *op = shim.plan.ops; op <= clone; op++) {
		if (op == clone && join && join > clone && do_timed(join))
			return -1;
		if (do_timed(op))
			return -1;
	}
	return 0;
}

void send_go(void)
{
	if (shim.go && shim.sync >= 0)
		send(shim.sync, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void start(struct conn *conn, const struct frame *frame)
{
	struct plan_error error;
	const struct op *op;
	const char *text;
	int number;

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
}

/* When shim and child began their ops, and what became of each: for who has asked for it. */
static void tell_times(struct conn *conn)
{
	uint8_t payload[16 + PLAN_OPS];

	put64(payload, shim.began);
	put64(payload + 8, shim.report->began);
	memcpy(payload + 16, shim.report->did, shim.plan.count);
	conn_send(conn, FRAME_TIMES, payload, 16 + shim.plan.count);
}

void started(void)
{
	struct report *report = shim.report;
	unsigned index = report->op;
	const struct op *op = &shim.plan.ops[index];
	struct conn *conn = creator();
	uint8_t *payload;

	close_fd(&shim.sync);
	if (report->failed) {
		end_child(failure_code(op, report->error));
		failed(index, op->code, report->error, report->detail);
		return;
	}
	if (!report->executing) {
		end_child(125);
		failed(index, op->code, ECANCELED,
		       "the process was killed, perhaps for want of memory");
		return;
	}
	report->nanoseconds[index] = (uint32_t)(monotonic() - report->since);
	shim.phase = RUNNING;
	payload = malloc(4u * shim.plan.count);
	for (unsigned i = 0; payload && i < shim.plan.count; i++)
		put32(payload + 4u * i, report->nanoseconds[i]);
	if (conn && conn->attached & ATTACH_TIMES)
		tell_times(conn);
	if (conn && payload)
		conn_send(conn, FRAME_RUNNING, payload, 4 * shim.plan.count);
	free(payload);
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
