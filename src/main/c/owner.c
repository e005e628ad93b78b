/*
 * The child's half of a user namespace: for whom it works before it is in there, and how it gets
 * there. users.c draws the whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"

/* All that it may have; a change of the user for file accesses has taken some of it. */
static int raise_capabilities(void)
{
	struct kernel_cap_header header = {KERNEL_CAPABILITY_VERSION_3, 0};
	struct kernel_cap_data data[2];

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].effective = data[0].permitted;
	data[1].effective = data[1].permitted;
	return (int)syscall(SYS_capset, &header, data);
}

/* A change of credentials has cleared both. */
static int still_the_shims(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	return prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/*
 * op_owner: setfsuid(2), setfsgid(2). n0 user, n1 group, as the host numbers them: whom the pipes
 * belong to, and what is made from here on. An overlay works with the rights of who mounts it.
 */
int op_owner(struct child *child, const struct op *op)
{
	uid_t uid = (uid_t)op->n[0];
	gid_t gid = (gid_t)op->n[1];
	struct stat st;

	(void)child;
	for (int fd = 0; fd <= 2; fd++)
		if (!fstat(fd, &st) && S_ISFIFO(st.st_mode) && fchown(fd, uid, gid))
			return -1;
	syscall(SYS_setfsgid, gid);
	syscall(SYS_setfsuid, uid);
	/* They return the former one, whatever happens. */
	if ((uid_t)syscall(SYS_setfsuid, -1) != uid || (gid_t)syscall(SYS_setfsgid, -1) != gid)
		return fail(EPERM, "it cannot act for user %u and group %u", uid, gid);
	return raise_capabilities() ? -1 : still_the_shims();
}

int as_owner(struct child *child, int (*act)(const struct op *op), const struct op *op)
{
	uid_t uid = (uid_t)syscall(SYS_setfsuid, -1);
	int result, error;

	if (uid == geteuid())
		return act(op);
	child_did(child, DID_AS_OWNER);
	if (syscall(SYS_setresuid, -1, uid, -1) || raise_capabilities())
		return -1;
	result = act(op);
	error = errno;
	if (syscall(SYS_setresuid, -1, 0, -1))
		return -1;
	syscall(SYS_setfsuid, uid);
	if (raise_capabilities() || still_the_shims())
		return -1;
	errno = error;
	return result;
}

int idmap_tree(int users, int tree, unsigned recursive)
{
	struct kernel_mount_attr attr = {
		.attr_set = KERNEL_MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)users,
	};

	return kernel_mount_setattr(tree, recursive, &attr);
}

/* op_idmap: mounts a directory on itself so that it shows the container's owners. s0 path. */
int op_idmap(struct child *child, const struct op *op)
{
	int tree = kernel_open_tree(AT_FDCWD, op->s[0].bytes, KERNEL_OPEN_TREE_CLONE | O_CLOEXEC);
	int target = open(op->s[0].bytes, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (tree < 0 || target < 0 || idmap_tree(child->users, tree, 0) ||
	    kernel_move_mount(tree, target))
		return -1;
	close(target);
	return close(tree);
}

/* Root of the user namespace it is in by now, with all capabilities there. */
int become_root(void)
{
	if (syscall(SYS_setresgid, 0, 0, 0) || syscall(SYS_setresuid, 0, 0, 0) ||
	    syscall(SYS_setgroups, 0, NULL))
		return -1;
	return still_the_shims();
}

/* op_enter: setns(2) into the user namespace; the host is out of reach from here on. */
int op_enter(struct child *child, const struct op *op)
{
	(void)op;
	if (setns(child->users, CLONE_NEWUSER))
		return -1;
	close(child->users);
	child->users = -1;
	return become_root();
}
