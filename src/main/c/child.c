/*
 * The child's half of a plan.
 *
 *   tds:shim ── clone3 ──▶ tds:child ── execve ──▶ the container's process
 *      │ waits for it         │
 *      └───── socket ─────────┘   GO, the terminal; closed by execve
 *
 * It ends in execve or in leave(); its parent reaps it. It is killed when the shim dies, at every
 * moment: by the parent-death signal, which is set again after each change of credentials that
 * clears it, and by a last look at the socket before execve.
 */
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"

/* s1 bytes. */
static int write_to(int fd, const struct op *op)
{
	ssize_t written = fd < 0 ? -1 : write(fd, op->s[1].bytes, op->s[1].length);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	if (written >= 0 && (size_t)written != op->s[1].length)
		return fail(EIO, "only %zd of %u bytes were taken", written, op->s[1].length);
	return written < 0 ? -1 : 0;
}

static int write_file(const struct op *op)
{
	return write_to(open(op->s[0].bytes, O_WRONLY | O_CLOEXEC), op);
}

/* op_write_in: openat2(2), write(2). s0 path, s1 bytes. */
static int op_write_in(struct child *child, const struct op *op)
{
	return write_to(root_open(child->root, op->s[0].bytes, O_WRONLY), op);
}

/*
 * op_write: open(2), write(2). s0 path, s1 bytes. EINTR cannot be: all signals are blocked. A
 * cgroup takes it of the host's root only, a setting of the container's namespaces of its own root.
 */
static int op_write(struct child *child, const struct op *op)
{
	if (!write_file(op))
		return 0;
	return errno == EACCES || errno == EPERM ? as_owner(child, write_file, op) : -1;
}

/* op_unshare: unshare(2). What was opened in another mount namespace stays there. */
static int op_unshare(struct child *child, const struct op *op)
{
	if (unshare((int)op->n[0]))
		return -1;
	if (op->n[0] & CLONE_NEWNS && child->root >= 0) {
		close(child->root);
		child->root = -1;
	}
	return 0;
}

static int op_directory(struct child *child, const struct op *op)
{
	(void)child;
	return chdir(op->s[0].bytes);
}

/* op_mount: mount(2). n0 MS_… flags, s0 source, s1 target, s2 type, s3 data. */
static int op_mount(struct child *child, const struct op *op)
{
	(void)child;
	return mount(text_or_null(op->s[0]), op->s[1].bytes, text_or_null(op->s[2]), (unsigned long)op->n[0],
		     text_or_null(op->s[3]));
}

static int op_hostname(struct child *child, const struct op *op)
{
	(void)child;
	return sethostname(op->s[0].bytes, op->s[0].length);
}

/* op_host, op_await: one byte each is HOST and GO; the end of the stream is the end of the shim. */
static int op_await(struct child *child, const struct op *op)
{
	char go;

	(void)op;
	if (recv(child->sync, &go, 1, 0) != 1)
		_exit(CODE_NOT_STARTED);
	return 0;
}

/*
 * op_rlimit: n0 resource, n1 soft, n2 hard. CAP_SYS_RESOURCE alone may raise a hard limit: clamped.
 */
static int op_rlimit(struct child *child, const struct op *op)
{
	struct rlimit now, wish = {(rlim_t)op->n[1], (rlim_t)op->n[2]};
	int resource = (int)op->n[0];

	(void)child;
	if (setrlimit(resource, &wish) == 0)
		return 0;
	if (errno != EPERM || getrlimit(resource, &now))
		return -1;
	if (wish.rlim_max > now.rlim_max)
		wish.rlim_max = now.rlim_max;
	if (wish.rlim_cur > wish.rlim_max)
		wish.rlim_cur = wish.rlim_max;
	return setrlimit(resource, &wish);
}

static int op_no_new_privs(struct child *child, const struct op *op)
{
	(void)child;
	(void)op;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* op_seccomp: seccomp(2). n0 SECCOMP_FILTER_FLAG_…, s0 instructions of classic BPF. */
static int op_seccomp(struct child *child, const struct op *op)
{
	struct kernel_filter filter = {(uint16_t)(op->s[0].length / KERNEL_INSTRUCTION),
				       op->s[0].bytes};

	(void)child;
	return (int)syscall(SYS_seccomp, KERNEL_SET_MODE_FILTER, (unsigned)op->n[0], &filter);
}

/* Allows what a ruleset handles below a directory. */
static int allow_below(int rules, uint64_t access, int directory)
{
	struct kernel_landlock_path path = {access, directory};

	return (int)syscall(NR_landlock_add_rule, rules, KERNEL_RULE_PATH_BENEATH, &path, 0);
}

/*
 * op_landlock: landlock(7), Linux 5.13. n0 LANDLOCK_ACCESS_FS_…, allowed below the root and nowhere
 * else; n1 LANDLOCK_SCOPE_…; s0 a directory whose files are reached by no path too, mq_overview(7).
 * What is open already stays open.
 */
static int op_landlock(struct child *child, const struct op *op)
{
	struct kernel_landlock_ruleset handled = {.handled_access_fs = op->n[0],
						  .scoped = op->n[1]};
	int rules = (int)syscall(NR_landlock_create_ruleset, &handled, sizeof(handled), 0);
	int root = child_root(child), queues;

	if (rules < 0 || root < 0)
		return -1;
	if (op->n[0]) {
		queues = root_open(root, op->s[0].bytes, O_PATH | O_DIRECTORY);
		if (allow_below(rules, op->n[0], root) ||
		    (queues >= 0 && (allow_below(rules, op->n[0], queues) || close(queues))))
			return -1;
	}
	if (syscall(NR_landlock_restrict_self, rules, 0))
		return -1;
	return close(rules);
}

/* op_keyring: keyctl(2). What the engine's session has in its keyring stays there. */
static int op_keyring(struct child *child, const struct op *op)
{
	(void)op;
	if (syscall(SYS_keyctl, KERNEL_JOIN_SESSION_KEYRING, NULL) >= 0)
		return 0;
	/* A kernel without keys. */
	return errno == ENOSYS ? child_did(child, DID_NOTHING) : -1;
}

/*
 * op_join: setns(2) with a process descriptor, Linux 5.8: all namespaces at once, of one process.
 * The PID namespace was joined by the shim, before the fork. The file system is the container's
 * from here on: a container that runs, and may be hostile.
 */
static int op_join(struct child *child, const struct op *op)
{
	int flags = (int)op->n[2] & ~CLONE_NEWPID;

	if (flags && setns(child->pidfd, flags))
		return -1;
	close(child->pidfd);
	if (flags & CLONE_NEWUSER && become_root())
		return -1;
	return flags & CLONE_NEWNS ? stdin_null(child) : 0;
}

static op_function *const functions[OP_CODES] = {
	[OP_JOIN] = op_join,
	[OP_OWNER] = op_owner,
	[OP_IDMAP] = op_idmap,
	[OP_DIRECTORY] = op_directory,
	[OP_WRITE] = op_write,
	[OP_WRITE_IN] = op_write_in,
	[OP_UNSHARE] = op_unshare,
	[OP_MOUNT] = op_mount,
	[OP_ROOT] = op_root,
	[OP_MKDIR] = op_mkdir,
	[OP_MOUNT_IN] = op_mount_in,
	[OP_BIND_IN] = op_bind_in,
	[OP_MASK] = op_mask,
	[OP_READONLY] = op_readonly,
	[OP_MKNOD] = op_mknod,
	[OP_SYMLINK] = op_symlink,
	[OP_NETLINK] = op_netlink,
	[OP_HOSTNAME] = op_hostname,
	[OP_PIVOT] = op_pivot,
	[OP_HOST] = op_await,
	[OP_AWAIT] = op_await,
	[OP_RLIMIT] = op_rlimit,
	[OP_CHDIR] = op_chdir,
	[OP_CREDENTIALS] = op_credentials,
	[OP_NO_NEW_PRIVS] = op_no_new_privs,
	[OP_CONSOLE] = op_console,
	[OP_INIT] = op_init,
	[OP_REMOUNT_ROOT] = op_remount_root,
	[OP_EXEC] = op_exec,
	[OP_ENTER] = op_enter,
	[OP_SECCOMP] = op_seccomp,
	[OP_LANDLOCK] = op_landlock,
	[OP_KEYRING] = op_keyring,
};

static _Noreturn void child_fail(struct child *child, const struct op *op, int error)
{
	struct report *report = child->report;
	const char *text = report->detail[0] ? NULL : hint(op, error);

	if (text)
		snprintf(report->detail, sizeof(report->detail), "%s", text);
	report->nanoseconds[report->op] = (uint32_t)(monotonic() - report->since);
	report->error = error;
	report->failed = 1;
	leave((int)failure_code(op, error));
}

int child_did(struct child *child, enum did did)
{
	child->report->did[child->report->op] = did;
	return 0;
}

static void child_do(struct child *child, unsigned index)
{
	const struct op *op = &child->plan->ops[index];
	struct report *report = child->report;
	uint64_t now;

	report->op = index;
	if (functions[op->code](child, op))
		child_fail(child, op, errno);
	now = monotonic();
	report->nanoseconds[index] = (uint32_t)(now - report->since);
	report->since = now;
}

void child_run(struct child *child)
{
	const struct op *join = plan_find(child->plan, OP_JOIN);

	prctl(PR_SET_NAME, "tds:child");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* What runs in the container may see this process, not look into it. execve ends that. */
	prctl(PR_SET_DUMPABLE, 0);
	fail_detail = child->report->detail;
	child->report->since = monotonic();
	child->report->began = child->report->since;
	setsid();
	umask(0);
	if (join && join < &child->plan->ops[child->plan->child])
		child_do(child, (unsigned)(join - child->plan->ops));
	for (unsigned i = child->plan->child; i < child->plan->count; i++)
		child_do(child, i);
	leave(CODE_NOT_STARTED);
}
