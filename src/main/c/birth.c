/* The shim's own ops: streams, namespaces that are there already, and the birth of the child. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"
#include "shim.h"

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
		_exit(CODE_NOT_STARTED);
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
		.empty = -1,
		.stdio = shim.stdio,
		.rows = shim.rows,
		.columns = shim.columns,
	};

	for (int i = 0; i < 3; i++)
		if (shim.child_fds[i] >= 0 && dup2(shim.child_fds[i], i) < 0)
			_exit(CODE_NOT_STARTED);
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

int do_op(const struct op *op)
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
	case OP_HOLD:
		shim.hold = true;
		return 0;
	case OP_CLONE:
		return do_clone(op);
	default:
		errno = EINVAL;
		return -1;
	}
}

void hold_mounts(void)
{
	char path[PROC_PATH];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", shim.pid);
	open(path, O_RDONLY | O_CLOEXEC);
}
