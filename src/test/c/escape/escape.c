/*
 * Tries one way out of a container: exits with 0 where it got through, with 1 where it was refused,
 * and says how. Whatever it does where it gets through is harmless to the host.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* The value that is there already: to be able to write is all there is to see. */
static int rewrite(const char *path)
{
	char value[4096];
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, value, sizeof(value));

	if (length < 0)
		return -1;
	close(fd);
	fd = open(path, O_WRONLY);
	return fd < 0 || write(fd, value, (size_t)length) < 0 ? -1 : 0;
}

static int core_pattern(void)
{
	return rewrite("/proc/sys/kernel/core_pattern");
}

static int release_agent(void)
{
	if (mkdir("/tmp/cg", 0755) && errno != EEXIST)
		return -1;
	if (mount("cgroup", "/tmp/cg", "cgroup", 0, "memory") &&
	    mount("cgroup2", "/tmp/cg", "cgroup2", 0, NULL))
		return -1;
	return umount2("/tmp/cg", MNT_DETACH);
}

/* Help on the keys, in the kernel's log. */
static int sysrq(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	return fd < 0 || write(fd, "h", 1) != 1 ? -1 : 0;
}

static int keys(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) < 0 ? -1 : 0;
}

static int device(void)
{
	int fd;

	unlink("/dev/own");
	if (mknod("/dev/own", S_IFCHR | 0600, makedev(1, 11)))
		return -1;
	fd = open("/dev/own", O_RDONLY | O_NONBLOCK);
	return fd < 0 ? -1 : 0;
}

static int root_of_one(void)
{
	if (mkdir("/tmp/one", 0755) && errno != EEXIST)
		return -1;
	if (mount("/proc/1/root", "/tmp/one", NULL, MS_BIND, NULL))
		return -1;
	return umount2("/tmp/one", MNT_DETACH);
}

static int unshare_and_mount(void)
{
	if (unshare(CLONE_NEWNS) || mount("tmpfs", "/tmp", "tmpfs", 0, NULL))
		return -1;
	return 0;
}

static int users_of_its_own(void)
{
	return unshare(CLONE_NEWUSER);
}

static int remount(void)
{
	return mount(NULL, "/dev", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL);
}

static int unmount(void)
{
	return umount2("/dev/shm", MNT_DETACH);
}

/* A file by its handle: whatever lies on that file system, below the root or not. open_by_handle_at(2). */
static int handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[MAX_HANDLE_SZ];
	} file = {.head = {.handle_bytes = MAX_HANDLE_SZ}};
	int mounted, fd, at = open("/etc/hosts", O_RDONLY);

	if (at < 0 || name_to_handle_at(AT_FDCWD, "/etc/hosts", &file.head, &mounted, 0))
		return -1;
	fd = open_by_handle_at(at, &file.head, O_RDONLY);
	return fd < 0 ? -1 : 0;
}

static int kernel_log(void)
{
	return syscall(SYS_syslog, 2, "", 0) < 0 ? -1 : 0;
}

static int clock_of_all(void)
{
	struct timespec now;

	return clock_gettime(CLOCK_REALTIME, &now) || clock_settime(CLOCK_REALTIME, &now) ? -1 : 0;
}

static int bpf(void)
{
	char attributes[128] = {2, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1};

	return syscall(SYS_bpf, 0, attributes, sizeof(attributes)) < 0 ? -1 : 0;
}

static const char *victim;

static int trace(void)
{
	return ptrace(PTRACE_SEIZE, atoi(victim), NULL, NULL) ? -1 : 0;
}

static int signal_out(void)
{
	return kill(atoi(victim), 0);
}

static int typed(void)
{
	int fd = open("/dev/tty", O_RDWR);

	if (fd < 0)
		fd = open("/dev/console", O_RDWR);
	return fd < 0 ? -1 : ioctl(fd, TIOCSTI, "x");
}

static const struct {
	const char *name;
	int (*attempt)(void);
} attempts[] = {
	{"core_pattern", core_pattern},
	{"release_agent", release_agent},
	{"sysrq", sysrq},
	{"keyctl", keys},
	{"mknod", device},
	{"proc_1_root", root_of_one},
	{"unshare_mount", unshare_and_mount},
	{"unshare_users", users_of_its_own},
	{"remount", remount},
	{"umount", unmount},
	{"open_by_handle", handle},
	{"syslog", kernel_log},
	{"settime", clock_of_all},
	{"bpf", bpf},
	{"ptrace", trace},
	{"kill", signal_out},
	{"tiocsti", typed},
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc > 1 && i < sizeof(attempts) / sizeof(*attempts); i++) {
		if (strcmp(attempts[i].name, argv[1]))
			continue;
		victim = argc > 2 ? argv[2] : "0";
		if (attempts[i].attempt()) {
			printf("refused: %s\n", strerror(errno));
			return 1;
		}
		puts("through");
		return 0;
	}
	fputs("usage: escape ATTEMPT [PID]\n", stderr);
	return 2;
}
