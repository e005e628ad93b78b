/* What of the container's files is hidden, or may not be written. */
#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"

/*
 * A null device to cover files with. The container's own, because its root may change the device's
 * mode; the host's only behind a read-only mount. Nothing else will do: what stands in its place in
 * an image would be shown instead.
 */
static int null_device(struct child *child)
{
	if (child->null >= 0)
		return child->null;
	child->null = root_open(child->root, "/dev/null", O_PATH | O_NOFOLLOW);
	if (is_null_device(child->null))
		return child->null;
	if (child->null >= 0)
		close(child->null);
	child->null = open("/dev/null", O_PATH | O_CLOEXEC);
	child->null_is_host = true;
	return child->null;
}

/*
 * Covers a directory with an empty one that cannot be written to: a new file system, and for later
 * ones the same again. Every file system that a host has makes the end of a memory cgroup dearer.
 */
static int cover_directory(struct child *child, const char *path, int target)
{
	if (child->empty >= 0) {
		child_did(child, DID_DIRECTORY_AGAIN);
		return bind_descriptor(child->empty, target, 0);
	}
	if (mount_on(target, "tmpfs", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     "nr_blocks=1,nr_inodes=1"))
		return -1;
	child_did(child, DID_DIRECTORY);
	child->empty = root_open(child->root, path, O_PATH | O_DIRECTORY);
	return child->empty < 0 ? -1 : 0;
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
		if (cover_directory(child, op->s[0].bytes, target))
			return -1;
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
