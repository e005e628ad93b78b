/* The terminal of a container, pty(7); and the null device of one that reads nothing. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"

/* asm-generic/ioctls.h, Linux 4.13: opens the other end without a path that could be another's. */
#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

/* Sends the master to the shim, which holds it from now on. unix(7), SCM_RIGHTS. */
static int send_master(int sync, int master)
{
	char byte = 0;
	struct iovec iov = {&byte, 1};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &master, sizeof(int));
	return sendmsg(sync, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* Shows the terminal as /dev/console. */
static int bind_console(int root, int terminal)
{
	int target = root_make(root, "/dev/console", MAKE_FILE, 0600);

	if (target < 0 || bind_descriptor(terminal, target, 0))
		return fail(errno, "cannot bind the terminal on /dev/console");
	return close(target);
}

/*
 * op_console: the master is opened in the container's own devpts, so that the terminal has a name
 * in there. A process that joins a container's files leaves its /dev/console alone.
 */
int op_console(struct child *child, const struct op *op)
{
	struct winsize size = {.ws_row = child->rows, .ws_col = child->columns};
	const struct op *join = plan_find(child->plan, OP_JOIN);
	int root = child_root(child);
	int master, terminal, locked = 0;
	struct statfs fs;

	(void)op;
	if (root < 0)
		return -1;
	master = root_open(root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
	if (master < 0)
		return fail(errno, "no devpts on /dev/pts");
	if (fstatfs(master, &fs))
		return -1;
	if (fs.f_type != KERNEL_DEVPTS_MAGIC)
		return fail(EINVAL, "no devpts on /dev/pts");
	if (ioctl(master, TIOCSPTLCK, &locked))
		return -1;
	terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0)
		return -1;
	if (child->rows && child->columns && ioctl(master, TIOCSWINSZ, &size))
		return -1;
	if (!(join && join->n[2] & CLONE_NEWNS) && bind_console(root, terminal))
		return -1;
	/* EPERM: leads a session already, as every child does that has not forked since. */
	setsid();
	if (ioctl(terminal, TIOCSCTTY, 0) || dup2(terminal, 0) < 0 || dup2(terminal, 1) < 0 ||
	    dup2(terminal, 2) < 0 || close(terminal) || send_master(child->sync, master))
		return -1;
	return close(master);
}

/*
 * Nothing of the host stays with the process, not even /dev/null: by descriptor its mode can be
 * changed. Where the container has no such device, the end of an empty pipe reads the same.
 */
int stdin_null(struct child *child)
{
	int root, fd, pipes[2];

	if (child->stdio & (STDIO_OPEN_STDIN | STDIO_TTY))
		return 0;
	root = child_root(child);
	fd = root < 0 ? -1 : root_open(root, "/dev/null", O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (is_null_device(fd)) {
		fcntl(fd, F_SETFL, 0);
	} else {
		if (fd >= 0)
			close(fd);
		if (pipe(pipes))
			return -1;
		close(pipes[1]);
		fd = pipes[0];
	}
	return dup2(fd, 0) < 0 ? -1 : close(fd);
}
