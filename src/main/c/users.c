/*
 * User namespaces, user_namespaces(7). A container's is made before its process, by one that does
 * nothing else:
 *
 *   tds:shim ── clone ──▶ holder         lives in new user, network, UTS and IPC namespaces
 *      │ uid_map, gid_map   │
 *      │ setns ◀────────────┘            into the last three; the first is held by a descriptor
 *      └── clone3 ──▶ tds:child          still root of the host, who alone may mount an overlay;
 *                        │               what it makes belongs to the container's root: op owner
 *                        └── setns ──▶   root of the container: op enter
 *
 * The mount, PID and cgroup namespaces stay the host's: nothing in the container has power over
 * them, whatever capabilities it is given.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "child.h"
#include "kernel.h"
#include "shim.h"

enum { HOLDER_STACK = 16 << 10 };

/* Of the holder, as long as it is there. */
static int holder_fd = -1;
static int holder_flags;

/* The holder: shares the shim's memory, and has no business in it. */
static int hold(void *shim_pid)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != (pid_t)(intptr_t)shim_pid)
		return 0;
	for (;;)
		pause();
}

static int write_map(pid_t pid, const char *name, struct text map)
{
	char path[PROC_PATH];
	ssize_t written;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	written = write(fd, map.bytes, map.length);
	if (written != (ssize_t)map.length)
		return fail(written < 0 ? errno : EIO, "cannot write %s", name);
	return close(fd);
}

/* The namespaces without maps; a network namespace takes half a millisecond. */
static int make_users(int flags)
{
	static char stack[HOLDER_STACK] __attribute__((aligned(16)));
	char path[PROC_PATH];
	pid_t pid;

	pid = clone(hold, stack + sizeof(stack),
		    CLONE_NEWUSER | CLONE_VM | (int)KERNEL_CLONE_PIDFD | SIGCHLD | flags,
		    (void *)(intptr_t)getpid(), &holder_fd);
	if (pid < 0)
		return -1;
	shim.holder = pid;
	holder_flags = flags;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	shim.users = open(path, O_RDONLY | O_CLOEXEC);
	return shim.users < 0 ? -1 : 0;
}

/* Nothing of what was made is left. */
static void undo_users(void)
{
	reap_holder();
	close_fd(&shim.users);
}

void begin_users(uint64_t flags)
{
	if (make_users((int)flags))
		undo_users();
}

/* op_users: n0 CLONE_NEW… flags of what belongs to it, s0 uid_map, s1 gid_map. */
int do_users(const struct op *op)
{
	int flags = (int)op->n[0];

	if (shim.holder > 0 && holder_flags != flags)
		undo_users();
	if ((!shim.holder && make_users(flags)) || write_map(shim.holder, "uid_map", op->s[0]) ||
	    write_map(shim.holder, "gid_map", op->s[1]) || (flags && setns(holder_fd, flags)) ||
	    kernel_pidfd_kill(holder_fd, SIGKILL))
		return -1;
	close_fd(&holder_fd);
	return 0;
}

/* EINVAL, ENOSYS: there is no such thing here. All else may pass, or is of this path alone. */
static enum idmap_answer why_not(const char *never, const char *now)
{
	if (errno == EINVAL || errno == ENOSYS) {
		puts(never);
		return IDMAP_NEVER;
	}
	printf("%s: %s\n", now, strerror(errno));
	return IDMAP_NOT_NOW;
}

enum idmap_answer try_idmap(const char *path)
{
	struct op op = {
		.n = {0},
		.s = {{sizeof("0 1 1\n") - 1, "0 1 1\n"}, {sizeof("0 1 1\n") - 1, "0 1 1\n"}},
	};
	int tree;

	if (do_users(&op))
		return why_not("this kernel has no user namespaces",
			       "user namespaces cannot be made");
	tree = kernel_open_tree(AT_FDCWD, path, KERNEL_OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0) {
		printf("it cannot be shown: %s\n", strerror(errno));
		return IDMAP_NOT_NOW;
	}
	if (!idmap_tree(shim.users, tree, 0))
		return IDMAP_POSSIBLE;
	return why_not("its file system cannot show other owners", "it cannot show other owners");
}

/* The holder was killed, mostly; it is waited for when that takes no time any more. */
void reap_holder(void)
{
	if (holder_fd >= 0)
		kernel_pidfd_kill(holder_fd, SIGKILL);
	close_fd(&holder_fd);
	if (shim.holder > 0)
		waitpid(shim.holder, NULL, 0);
	shim.holder = 0;
}
