/*
 * Work in the container's root: what is done, is done to the descriptor that walk.c finds.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"
#include "record.h"

/* Opens the directory that a path is in; name is the path's last part. */
static int open_parent(int root, struct text path, const char **name)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path.bytes, '/');
	size_t length = slash ? (size_t)(slash - path.bytes) : 0;

	*name = slash ? slash + 1 : path.bytes;
	if (!**name || !strcmp(*name, ".") || !strcmp(*name, ".."))
		return fail(EINVAL, "the path ends in no name");
	if (length >= sizeof(parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	sprintf(parent, "%.*s/", (int)length, path.bytes);
	return root_make(root, parent, MAKE_DIRECTORY, 0755);
}

int bind_descriptor(int source, int target, uint64_t attributes)
{
	struct kernel_mount_attr attr = {.attr_set = attributes};
	unsigned flags = KERNEL_AT_EMPTY_PATH | KERNEL_AT_RECURSIVE | KERNEL_OPEN_TREE_CLONE;
	int tree = kernel_open_tree(source, "", flags | O_CLOEXEC);

	if (tree < 0)
		return -1;
	if (attributes && kernel_mount_setattr(tree, KERNEL_AT_RECURSIVE, &attr))
		return -1;
	if (kernel_move_mount(tree, target))
		return -1;
	return close(tree);
}

int mount_on(int target, const char *source, const char *type, unsigned long flags,
	     const char *data)
{
	char path[PROC_PATH];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", target);
	return mount(source, path, type, flags, data);
}

int op_root(struct child *child, const struct op *op)
{
	child->root = open(op->s[0].bytes, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return child->root < 0 ? -1 : 0;
}

/* op_mkdir: n0 mode, s0 path. */
int op_mkdir(struct child *child, const struct op *op)
{
	int fd = root_make(child->root, op->s[0].bytes, MAKE_DIRECTORY, (mode_t)op->n[0]);

	return fd < 0 ? -1 : close(fd);
}

/* op_mount_in: n0 MS_… flags, n1 make, s0 source, s1 target, s2 type, s3 data. */
int op_mount_in(struct child *child, const struct op *op)
{
	enum make make = (enum make)op->n[1];
	int target = root_make(child->root, op->s[1].bytes, make, make == MAKE_FILE ? 0644 : 0755);

	if (target < 0)
		return fail(errno, "no place to mount on");
	if (mount_on(target, text_or_null(op->s[0]), text_or_null(op->s[2]),
		     (unsigned long)op->n[0], text_or_null(op->s[3])))
		return -1;
	return close(target);
}

/* Whether one of two descriptors is of a directory, and the other is not. */
static bool differ(int one, int other)
{
	struct stat a, b;

	return !fstat(one, &a) && !fstat(other, &b) && S_ISDIR(a.st_mode) != S_ISDIR(b.st_mode);
}

/*
 * op_bind_in: n0 attributes, n1 recursive, n2 make, n3 propagation, s0 source on the host, s1
 * target.
 */
int op_bind_in(struct child *child, const struct op *op)
{
	struct kernel_mount_attr attr = {
		.attr_set = op->n[0] & ~(uint64_t)KERNEL_MOUNT_ATTR_IDMAP,
		.propagation = op->n[3],
	};
	unsigned recursive = op->n[1] ? KERNEL_AT_RECURSIVE : 0;
	enum make make = (enum make)op->n[2];
	int tree, target;

	tree = kernel_open_tree(AT_FDCWD, op->s[0].bytes,
				KERNEL_OPEN_TREE_CLONE | O_CLOEXEC | recursive);
	if (tree < 0)
		return errno == ENOENT ? fail(errno, "the source is missing") : -1;
	if ((attr.attr_set || attr.propagation) && kernel_mount_setattr(tree, recursive, &attr))
		return -1;
	/*
	 * What is mounted below may be of a kind that cannot: only the top has to. EPERM: it lies
	 * in what op idmap has mounted.
	 */
	if (op->n[0] & KERNEL_MOUNT_ATTR_IDMAP && idmap_tree(child->users, tree, recursive) &&
	    (!recursive || idmap_tree(child->users, tree, 0))) {
		if (errno != EPERM)
			return fail(errno, "it cannot show the container's owners");
		child_did(child, DID_SHOWN_BEFORE);
	}
	target = root_make(child->root, op->s[1].bytes, make, make == MAKE_FILE ? 0644 : 0755);
	if (target < 0)
		return fail(errno, "no place to mount on");
	if (kernel_move_mount(tree, target))
		return errno == EINVAL && differ(tree, target)
			       ? fail(EINVAL, "of source and target, only one is a directory")
			       : -1;
	close(target);
	return close(tree);
}

/* op_mknod: n0 mode with type, n1 device, s0 path. */
int op_mknod(struct child *child, const struct op *op)
{
	const char *name;
	int parent = open_parent(child->root, op->s[0], &name);

	if (parent < 0 || mknodat(parent, name, (mode_t)op->n[0], (dev_t)op->n[1]))
		return -1;
	return close(parent);
}

/* op_symlink: s0 target, s1 path. EEXIST: an image may bring its own. */
int op_symlink(struct child *child, const struct op *op)
{
	const char *name;
	int parent = open_parent(child->root, op->s[1], &name);

	if (parent < 0 || (symlinkat(op->s[0].bytes, parent, name) && errno != EEXIST))
		return -1;
	return close(parent);
}

/*
 * op_pivot: pivot_root(2) with both arguments the same stacks the old root on the new one, from
 * where it is detached: no directory is needed to put it into.
 */
int op_pivot(struct child *child, const struct op *op)
{
	(void)op;
	if (fchdir(child->root) || kernel_pivot_root(".", ".") || umount2(".", MNT_DETACH) ||
	    chdir("/"))
		return -1;
	return stdin_null(child);
}

int op_remount_root(struct child *child, const struct op *op)
{
	struct kernel_mount_attr attr = {.attr_set = KERNEL_MOUNT_ATTR_RDONLY};

	(void)op;
	return kernel_mount_setattr(child->root, 0, &attr);
}

/*
 * op_chdir: n0 make, s0 path. In the root, without magic links: a working directory of
 * /proc/self/fd/N could be the host's.
 */
int op_chdir(struct child *child, const struct op *op)
{
	int root = child_root(child);
	int fd;

	if (root < 0)
		return -1;
	if (op->n[0])
		fd = root_make(root, op->s[0].bytes, MAKE_DIRECTORY, 0755);
	else
		fd = root_open(root, op->s[0].bytes, O_PATH | O_DIRECTORY);
	return fd < 0 || fchdir(fd) ? -1 : close(fd);
}
