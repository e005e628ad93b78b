/* Why an op failed: its own words, or else what its errno usually means. */
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static char own_detail[DETAIL];

char *fail_detail = own_detail;

int fail(int error, const char *format, ...)
{
	va_list arguments;

	if (!fail_detail[0]) {
		va_start(arguments, format);
		vsnprintf(fail_detail, DETAIL, format, arguments);
		va_end(arguments);
	}
	errno = error;
	return -1;
}

/* In the order in which they are tried; the code 0 stands for every op. */
static const struct {
	uint16_t code;
	int error;
	const char *type; /* of the file system, or NULL for any */
	const char *text;
} hints[] = {
	{OP_CLONE, EINVAL, NULL, "this kernel lacks one of the namespaces"},
	{OP_CLONE, ENOSPC, NULL, "no more namespaces are allowed, see /proc/sys/user"},
	{OP_CLONE, EUSERS, NULL, "namespaces are nested too deeply"},
	{OP_CLONE, EAGAIN, NULL, "the limit of processes is reached"},
	{OP_CLONE, EPERM, NULL, "this takes root"},
	{OP_CLONE, EBUSY, NULL, "the cgroup passes its controllers on and takes no process"},
	{OP_CLONE, EOPNOTSUPP, NULL, "the cgroup is in an invalid domain"},
	{OP_JOIN, ESRCH, NULL, "the container's process is gone"},
	{OP_JOIN, EINVAL, NULL, "setns takes a process descriptor from Linux 5.8 on"},
	{OP_UNSHARE, EINVAL, NULL, "this kernel lacks one of the namespaces"},
	{OP_UNSHARE, ENOSPC, NULL, "no more namespaces are allowed, see /proc/sys/user"},
	{OP_MOUNT, EINVAL, "overlay",
	 "upperdir may be on overlayfs, or on a file system without xattrs"},
	{OP_MOUNT, ENODEV, "overlay", "this kernel has no overlayfs, try 'modprobe overlay'"},
	{OP_MOUNT, ELOOP, "overlay", "overlay on overlay is too deep"},
	{OP_MOUNT, EBUSY, "overlay", "another overlay uses upperdir or workdir"},
	{OP_MOUNT, ENOENT, "overlay", "the target, lowerdir, upperdir or workdir is missing"},
	{OP_MOUNT, ESTALE, "overlay", "upperdir belongs to another lowerdir"},
	{OP_MOUNT, EINVAL, NULL, "a mount option is wrong, or the target is no mount point"},
	{OP_MOUNT, ENODEV, NULL, "this kernel has no such file system"},
	{OP_MOUNT_IN, EINVAL, NULL, "a mount option is wrong"},
	{OP_MOUNT_IN, ENODEV, NULL, "this kernel has no such file system"},
	{OP_MOUNT_IN, EPERM, "sysfs", "a network namespace of its own is needed"},
	{OP_BIND_IN, EINVAL, NULL, "the source is in another mount namespace, or unbindable"},
	{OP_PIVOT, EINVAL, NULL, "the root is no mount point, or its propagation is shared"},
	{OP_PIVOT, EBUSY, NULL, "the root is the current root"},
	{OP_WRITE, ENOSPC, NULL, "cpuset.cpus or cpuset.mems of the cgroup may be empty"},
	{OP_HOSTNAME, EINVAL, NULL, "a host name has at most 64 bytes"},
	{OP_HOSTNAME, EPERM, NULL, "this takes a UTS namespace of its own"},
	{OP_RLIMIT, EINVAL, NULL, "the soft limit is above the hard one"},
	{OP_CREDENTIALS, EPERM, NULL, "a capability that is to be given is not there to give"},
	{OP_SECCOMP, EINVAL, NULL,
	 "this kernel filters no system calls, or these are no instructions"},
	{OP_SECCOMP, EACCES, NULL, "it takes no_new_privs, or CAP_SYS_ADMIN"},
	{OP_LANDLOCK, EPERM, NULL, "it takes no_new_privs, or CAP_SYS_ADMIN"},
	{OP_LANDLOCK, EINVAL, NULL, "this kernel has an older Landlock"},
	{OP_LANDLOCK, EOPNOTSUPP, NULL, "Landlock is not among this kernel's security modules"},
	{OP_KEYRING, EDQUOT, NULL,
	 "there are as many keys as kernel.keys.root_maxkeys lets root have"},
	{OP_EXEC, EPERM, NULL, "a filter of system calls or a security module may refuse it"},
	{OP_EXEC, E2BIG, NULL, "arguments and environment are too long"},
	{OP_EXEC, ETXTBSY, NULL, "the file is open for writing"},
	{OP_EXEC, ELOOP, NULL, "links or interpreters lead in a circle"},
	{OP_EXEC, ENOMEM, NULL, "the memory limit may be too small"},
	{0, ENOSYS, NULL, "this needs Linux 5.12, or a sandbox forbids it"},
	{0, ELOOP, NULL, "symbolic links lead in a circle, or out through /proc"},
	{0, ENOMEM, NULL, "the memory limit may be too small"},
};

const char *hint(const struct op *op, int error)
{
	int type = op->code == OP_MOUNT || op->code == OP_MOUNT_IN ? 2 : -1;

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++) {
		if (hints[i].error != error || (hints[i].code && hints[i].code != op->code))
			continue;
		if (!hints[i].type || (type >= 0 && !strcmp(op->s[type].bytes, hints[i].type)))
			return hints[i].text;
	}
	return NULL;
}

/* _exit(2) of a libc tries for ever. A trap ends process 1 of a PID namespace too, also blocked. */
void leave(int code)
{
	syscall(SYS_exit_group, code);
	__builtin_trap();
}

uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
