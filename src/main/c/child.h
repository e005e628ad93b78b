/*
 * The child: a copy of the shim in the container's namespaces, until execve makes it the
 * container's process.
 */
#ifndef TINY_CHILD_H
#define TINY_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan.h"
#include "report.h"

struct child {
	const struct plan *plan;
	struct report *report;
	int sync;  /* socket to the shim: GO comes, the terminal goes; EOF at either end is news */
	int root;  /* O_PATH of the container's root, or -1 */
	int pidfd; /* of the process to join, or -1 */
	int users; /* the user namespace to enter, or -1 */
	int null;  /* O_PATH of a null device to cover files with, or -1 */
	bool null_is_host;
	int empty;	/* O_PATH of an empty directory to cover directories with, or -1 */
	uint64_t stdio; /* enum stdio_flag, or-ed */
	uint16_t rows, columns;
	char home[256]; /* of the user, or empty */
};

/* The child's descriptors besides 0, 1 and 2. */
enum { CHILD_SYNC = 3, CHILD_PIDFD = 4, CHILD_USERS = 5 };

/* Does the child's ops, the last of which is exec. child.c */
_Noreturn void child_run(struct child *child);

/* Notes what became of the op that is being done; returns 0. */
int child_did(struct child *child, enum did did);

/* An op: 0, or -1 with errno set, and with the detail where there is more to say. */
typedef int op_function(struct child *child, const struct op *op);

/* rootfs.c: in the root. */
op_function op_root, op_mkdir, op_mount_in, op_bind_in, op_mknod, op_symlink;
op_function op_pivot, op_remount_root, op_chdir;

/* mount(2) on a descriptor, by the host's /proc: there is no other before pivot. */
int mount_on(int target, const char *source, const char *type, unsigned long flags,
	     const char *data);

/* Binds what a descriptor names on what another names, with MOUNT_ATTR_… set. */
int bind_descriptor(int source, int target, uint64_t attributes);

/* mask.c: what is hidden of it. */
op_function op_mask, op_readonly;

/* walk.c: paths in the root. */

/*
 * A descriptor of a path that is resolved in the root, or -1. Where nothing is there and make asks
 * for it, the path is made, with its parents.
 */
int root_open(int root, const char *path, uint64_t flags);
int root_make(int root, const char *path, enum make make, mode_t mode);

/* The container's root, also before root and after pivot; -1 where it cannot be opened. */
int child_root(struct child *child);

/* Whether a descriptor, which may be -1, is of a null device: anything may stand in its place. */
bool is_null_device(int fd);

/* owner.c: user namespaces. */
op_function op_owner, op_idmap, op_enter;

/*
 * Acts as whom op owner has named, by the effective user too: only the root of an IPC namespace
 * sets what it has for itself. A network namespace asks for the capability instead, so all are
 * kept.
 */
int as_owner(struct child *child, int (*act)(const struct op *op), const struct op *op);

/* Shows and keeps the owners that a user namespace says in a detached tree. */
int idmap_tree(int users, int tree, unsigned recursive);

/* Root of the user namespace that was just entered. */
int become_root(void);

/* credentials.c */
op_function op_credentials;

/* netlink.c */
op_function op_netlink;

/* console.c */
op_function op_console;

/* Gives standard input that is not open a null device, one that the container may as well break. */
int stdin_null(struct child *child);

/* exec.c */
op_function op_init, op_exec;

#endif
