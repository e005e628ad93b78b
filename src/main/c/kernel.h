/*
 * What the kernel offers and libc does not name: numbers and structures of system calls, written
 * down here so that neither kernel headers nor a recent libc are needed to build.
 */
#ifndef TINY_KERNEL_H
#define TINY_KERNEL_H

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* These have the same numbers on every architecture. */
enum {
	NR_pidfd_send_signal = 424,
	NR_open_tree = 428,
	NR_move_mount = 429,
	NR_pidfd_open = 434,
	NR_clone3 = 435,
	NR_close_range = 436,
	NR_openat2 = 437,
	NR_mount_setattr = 442,
};

/* clone3(2) */
struct kernel_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
		set_tid_size, cgroup;
};
#define KERNEL_CLONE_PIDFD	 0x1000ull
#define KERNEL_CLONE_INTO_CGROUP 0x200000000ull
#define KERNEL_CLONE_NEW                                                                           \
	(0x20000ull | 0x2000000ull | 0x4000000ull | 0x8000000ull | 0x10000000ull | 0x20000000ull | \
	 0x40000000ull)

/* openat2(2) */
struct kernel_open_how {
	uint64_t flags, mode, resolve;
};
#define KERNEL_RESOLVE_NO_MAGICLINKS 0x02
#define KERNEL_RESOLVE_IN_ROOT	     0x10

/* open_tree(2), mount_setattr(2), move_mount(2) */
struct kernel_mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
#define KERNEL_OPEN_TREE_CLONE	       1
#define KERNEL_AT_RECURSIVE	       0x8000
#define KERNEL_AT_EMPTY_PATH	       0x1000
#define KERNEL_MOVE_MOUNT_F_EMPTY_PATH 0x04
#define KERNEL_MOVE_MOUNT_T_EMPTY_PATH 0x40
#define KERNEL_MOUNT_ATTR_RDONLY       0x01
#define KERNEL_MOUNT_ATTR_NOSUID       0x02
#define KERNEL_MOUNT_ATTR_NODEV	       0x04
#define KERNEL_MOUNT_ATTR_NOEXEC       0x08
#define KERNEL_MOUNT_ATTR_IDMAP	       0x100000

/* statfs(2) */
#define KERNEL_DEVPTS_MAGIC 0x1cd1

/* seccomp(2) */
struct kernel_filter {
	uint16_t count;
	const void *instructions;
};
enum { KERNEL_INSTRUCTION = 8, KERNEL_INSTRUCTIONS = 4096, KERNEL_SET_MODE_FILTER = 1 };

/* landlock(7); the same numbers on every architecture */
enum {
	NR_landlock_create_ruleset = 444,
	NR_landlock_add_rule = 445,
	NR_landlock_restrict_self = 446,
	KERNEL_RULE_PATH_BENEATH = 1,
};
struct kernel_landlock_ruleset {
	uint64_t handled_access_fs, handled_access_net, scoped;
};
struct kernel_landlock_path {
	uint64_t allowed_access;
	int32_t parent;
} __attribute__((packed));

/* keyctl(2) */
enum { KERNEL_JOIN_SESSION_KEYRING = 1 };

/* capget(2) */
struct kernel_cap_header {
	uint32_t version;
	int pid;
};
struct kernel_cap_data {
	uint32_t effective, permitted, inheritable;
};
#define KERNEL_CAPABILITY_VERSION_3 0x20080522

static inline int kernel_openat2(int directory, const char *path, const struct kernel_open_how *how)
{
	return (int)syscall(NR_openat2, directory, path, how, sizeof(*how));
}

static inline int kernel_open_tree(int directory, const char *path, unsigned flags)
{
	return (int)syscall(NR_open_tree, directory, path, flags);
}

static inline int kernel_mount_setattr(int directory, unsigned flags,
				       const struct kernel_mount_attr *attributes)
{
	return (int)syscall(NR_mount_setattr, directory, "", flags | KERNEL_AT_EMPTY_PATH,
			    attributes, sizeof(*attributes));
}

/* Puts a detached tree on what a descriptor names. */
static inline int kernel_move_mount(int tree, int target)
{
	return (int)syscall(NR_move_mount, tree, "", target, "",
			    KERNEL_MOVE_MOUNT_F_EMPTY_PATH | KERNEL_MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int kernel_close_range(unsigned first, unsigned last)
{
	return (int)syscall(NR_close_range, first, last, 0);
}

static inline int kernel_pidfd_open(pid_t pid)
{
	return (int)syscall(NR_pidfd_open, pid, 0);
}

static inline int kernel_pidfd_kill(int pidfd, int signal)
{
	return (int)syscall(NR_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static inline int kernel_pivot_root(const char *root, const char *old)
{
	return (int)syscall(SYS_pivot_root, root, old);
}

#endif
