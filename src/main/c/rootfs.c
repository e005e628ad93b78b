/*
 * Work in the container's root. Its files are an image's, or a user's, and its links may lead
 * anywhere: every path is resolved by openat2(2) in the root and without the magic links of /proc,
 * and what is done, is done to the descriptor that came out of it.
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

enum { LINKS = 40, RACES = 32, PROC_PATH = 32 };

int root_open(int root, const char *path, uint64_t flags)
{
	struct kernel_open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = KERNEL_RESOLVE_IN_ROOT | KERNEL_RESOLVE_NO_MAGICLINKS,
	};
	int fd = -1;

	/* EAGAIN: something was renamed anywhere on the host while a ".." was looked up. */
	for (int i = 0; i < RACES; i++) {
		fd = kernel_openat2(root, path, &how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd;
}

/* Puts the target of a link that leads to nothing in the place of its name in path. */
static int follow_link(int directory, char path[PATH_MAX], size_t name, size_t end)
{
	char target[PATH_MAX], longer[PATH_MAX];
	ssize_t length = readlinkat(directory, path + name, target, sizeof(target) - 1);
	int keep;

	if (length < 0)
		return -1;
	target[length] = 0;
	keep = target[0] == '/' ? 0 : (int)name;
	if (snprintf(longer, sizeof(longer), "%.*s%s/%s", keep, path, target, path + end + 1) >=
	    PATH_MAX)
		return fail(ENAMETOOLONG, "a link makes the path too long");
	strcpy(path, longer);
	return 0;
}

/*
 * Walks a path and makes what is missing. Returns a descriptor, or -1, or -2 where the path led
 * over a link to nothing, which was put into path instead: to be walked again.
 */
static int walk(int root, char path[PATH_MAX], enum make make, mode_t mode)
{
	int directory = root_open(root, ".", O_PATH | O_DIRECTORY);
	size_t name = strspn(path, "/");

	while (directory >= 0 && path[name]) {
		size_t end = name + strcspn(path + name, "/");
		size_t next = end + strspn(path + end, "/");
		bool last = !path[next];
		char slash = path[end];
		uint64_t flags = O_PATH | (!last || make == MAKE_DIRECTORY ? O_DIRECTORY : 0);
		int fd;

		path[end] = 0;
		fd = root_open(root, path, flags);
		if (fd < 0 && errno == ENOENT) {
			int made = !last ? mkdirat(directory, path + name, 0755)
				   : make == MAKE_DIRECTORY
					   ? mkdirat(directory, path + name, mode)
					   : mknodat(directory, path + name, S_IFREG | mode, 0);

			if (made && errno == EEXIST) {
				if (!slash)
					path[end + 1] = 0;
				if (follow_link(directory, path, name, end) == 0) {
					close(directory);
					return -2;
				}
			}
			fd = made ? -1 : root_open(root, path, flags);
		}
		path[end] = slash;
		close(directory);
		directory = fd;
		name = next;
	}
	return directory;
}

int root_make(int root, const char *path, enum make make, mode_t mode)
{
	char rest[PATH_MAX + 1];
	int fd = root_open(root, path, O_PATH | (make == MAKE_DIRECTORY ? O_DIRECTORY : 0));

	if (fd >= 0 || errno != ENOENT || make == MAKE_NOTHING)
		return fd;
	if (strlen(path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(rest, path);
	for (int i = 0; i < LINKS; i++) {
		fd = walk(root, rest, make, mode);
		if (fd != -2)
			return fd;
	}
	errno = ELOOP;
	return -1;
}

int child_root(struct child *child)
{
	if (child->root < 0)
		child->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return child->root;
}

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

/* mount(2) on a descriptor, by the host's /proc: there is no other before pivot. */
static int mount_on(int target, const char *source, const char *type, unsigned long flags,
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
	if (mount_on(target, op->s[0].length ? op->s[0].bytes : NULL,
		     op->s[2].length ? op->s[2].bytes : NULL, (unsigned long)op->n[0],
		     op->s[3].length ? op->s[3].bytes : NULL))
		return -1;
	return close(target);
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
	 * What is mounted below may be of a kind that cannot: only the top has to. EPERM: it lies in
	 * what op idmap has mounted.
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
		return -1;
	close(target);
	return close(tree);
}

/*
 * A null device to cover files with. The container's own, because its root may change the device's
 * mode; the host's only behind a read-only mount. Nothing else will do: what stands in its place in
 * an image would be shown instead.
 */
static int null_device(struct child *child)
{
	struct stat st;

	if (child->null >= 0)
		return child->null;
	child->null = root_open(child->root, "/dev/null", O_PATH | O_NOFOLLOW);
	if (child->null >= 0 && !fstat(child->null, &st) && S_ISCHR(st.st_mode) &&
	    st.st_rdev == makedev(1, 3))
		return child->null;
	if (child->null >= 0)
		close(child->null);
	child->null = open("/dev/null", O_PATH | O_CLOEXEC);
	child->null_is_host = true;
	return child->null;
}

/* op_mask: s0 path. ENOENT, ENOTDIR: not there on this kernel, nothing to hide. */
int op_mask(struct child *child, const struct op *op)
{
	int target = root_open(child->root, op->s[0].bytes, O_PATH);
	struct stat st;

	if (target < 0)
		return errno == ENOENT || errno == ENOTDIR ? child_did(child, DID_NOTHING) : -1;
	if (fstat(target, &st))
		return -1;
	if (S_ISDIR(st.st_mode)) {
		if (mount_on(target, "tmpfs", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
			     "nr_blocks=1,nr_inodes=1"))
			return -1;
		child_did(child, DID_DIRECTORY);
	} else if (null_device(child) < 0 ||
		   bind_descriptor(child->null, target,
				   child->null_is_host ? KERNEL_MOUNT_ATTR_RDONLY : 0)) {
		return -1;
	} else if (child->null_is_host) {
		child_did(child, DID_HOST_NULL);
	}
	return close(target);
}

/* op_readonly: s0 path. The bind keeps nosuid, nodev and noexec of the mount it is taken from. */
int op_readonly(struct child *child, const struct op *op)
{
	int target = root_open(child->root, op->s[0].bytes, O_PATH);

	if (target < 0)
		return errno == ENOENT || errno == ENOTDIR ? child_did(child, DID_NOTHING) : -1;
	if (bind_descriptor(target, target, KERNEL_MOUNT_ATTR_RDONLY))
		return -1;
	return close(target);
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
