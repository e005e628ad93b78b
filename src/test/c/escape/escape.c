/*
 * Tries one way out of a container: exits with 0 where it got through, with 1 where it was refused,
 * and says how. Whatever it does where it gets through is harmless to the host.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
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

/* The host's system console, which every host has. */
static int console(void)
{
	int fd;

	unlink("/dev/system");
	if (mknod("/dev/system", S_IFCHR | 0600, makedev(5, 1)))
		return -1;
	fd = open("/dev/system", O_RDONLY | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -1 : close(fd);
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

static const char *victim;

/* The host's disk, MAJOR:MINOR: its bytes by a node of one's own, and its files by mounting that. */
static int disk(void)
{
	unsigned int major, minor;
	char sector[512];
	int fd;

	if (sscanf(victim, "%u:%u", &major, &minor) != 2)
		return -1;
	unlink("/dev/disk");
	if (!mknod("/dev/disk", S_IFBLK | 0600, makedev(major, minor))) {
		fd = open("/dev/disk", O_RDONLY);
		if (fd >= 0 && read(fd, sector, sizeof(sector)) == sizeof(sector))
			return 0;
	}
	if (unshare(CLONE_NEWNS) && unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -1;
	return mount("/dev/disk", "/tmp", "ext4", MS_RDONLY, NULL);
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

static uint16_t checksum(const uint16_t *words, size_t count)
{
	uint32_t sum = 0;

	while (count--)
		sum += *words++;
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

/* A datagram as no socket of its own would send it, FROM>TO:PORT, to whoever is on the link. packet(7) */
static int raw(void)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
		char text[4];
	} packet = {.ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP},
		    .text = "raw"};
	struct sockaddr_ll link = {.sll_family = AF_PACKET,
				   .sll_protocol = htons(ETH_P_IP),
				   .sll_halen = ETH_ALEN,
				   .sll_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
	char from[16], to[16];
	uint16_t port;
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));

	if (fd < 0 || sscanf(victim, "%15[^>]>%15[^:]:%hu", from, to, &port) != 3 ||
	    inet_pton(AF_INET, from, &packet.ip.saddr) != 1 ||
	    inet_pton(AF_INET, to, &packet.ip.daddr) != 1)
		return -1;
	link.sll_ifindex = (int)if_nametoindex("eth0");
	packet.ip.tot_len = htons(sizeof(packet));
	packet.ip.check = checksum((uint16_t *)&packet.ip, sizeof(packet.ip) / 2);
	packet.udp.source = packet.udp.dest = htons(port);
	packet.udp.len = htons(sizeof(packet) - sizeof(packet.ip));
	return sendto(fd, &packet, sizeof(packet), 0, (struct sockaddr *)&link, sizeof(link)) < 0
		       ? -1
		       : 0;
}

/* Users, and a mount namespace of their own: what is refused behind the filter of system calls. */
static int nested_mount(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -1;
	return mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
}

static int unix_socket(const char *name, struct sockaddr_un *address, socklen_t *length)
{
	size_t size = strlen(name);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, name, size < sizeof(address->sun_path) ? size : 0);
	/* An at sign stands for the zero byte of abstract names, unix(7). */
	if (name[0] == '@')
		address->sun_path[0] = 0;
	*length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int knock(void)
{
	struct sockaddr_un address;
	socklen_t length;
	int fd = unix_socket(victim, &address, &length);

	return fd < 0 || connect(fd, (struct sockaddr *)&address, length) ? -1 : fd;
}

union rights {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

/* On the host: gives a descriptor of the host's root to who connects first. */
static int give(void)
{
	struct sockaddr_un address;
	socklen_t length;
	int fd = unix_socket(victim, &address, &length), root = open("/", O_PATH | O_DIRECTORY), to;
	struct iovec iov = {"", 1};
	union rights control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
					   .cmsg_level = SOL_SOCKET,
					   .cmsg_type = SCM_RIGHTS}};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control.space)};

	memcpy(CMSG_DATA(&control.header), &root, sizeof(root));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) || listen(fd, 1) ||
	    (address.sun_path[0] && chmod(address.sun_path, 0666)))
		return -1;
	puts("listening");
	fflush(stdout);
	to = accept(fd, NULL, NULL);
	return to < 0 || sendmsg(to, &message, 0) != 1 ? -1 : 0;
}

/* A directory of the host's, as if it had been left open: is there a way from it to the host's files? */
static int descriptor(void)
{
	char byte;
	struct iovec iov = {&byte, 1};
	union rights control;
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control.space)};
	int fd = knock(), root;

	if (fd < 0 || recvmsg(fd, &message, 0) != 1) {
		perror("no descriptor came");
		exit(2);
	}
	memcpy(&root, CMSG_DATA(&control.header), sizeof(root));
	return openat(root, "etc/passwd", O_RDONLY) < 0 ? -1 : 0;
}

/* No way out, but what a program may do: files that have no path, and one moved between directories. */
static int usual(void)
{
	char path[64];
	int memory = memfd_create("memory", 0), pipes[2];
	mqd_t queue = mq_open("/escape", O_CREAT | O_RDWR, 0600, NULL);

	if (memory < 0 || queue < 0 || mq_unlink("/escape") || pipe(pipes))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	if (open(path, O_RDWR) < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pipes[1]);
	if (open(path, O_WRONLY) < 0 || open("/proc/self/ns/net", O_RDONLY) < 0)
		return -1;
	mkdir("/tmp/from", 0755);
	mkdir("/tmp/to", 0755);
	return open("/tmp/from/file", O_CREAT | O_RDWR | O_TRUNC, 0644) < 0 ||
			       rename("/tmp/from/file", "/tmp/to/file") ||
			       link("/tmp/to/file", "/tmp/from/file") || unlink("/tmp/from/file")
		       ? -1
		       : 0;
}

/*
 * Puts a link out of the root in the place of a directory and back, again and again, for as long as
 * the file that is named beside them is there. renameat2(2), RENAME_EXCHANGE.
 */
static int swap(void)
{
	char link[512], directory[512], stop[512];

	snprintf(link, sizeof(link), "%s/link", victim);
	snprintf(directory, sizeof(directory), "%s/place", victim);
	snprintf(stop, sizeof(stop), "%s/go", victim);
	while (!access(stop, F_OK))
		for (int i = 0; i < 1000; i++)
			if (syscall(SYS_renameat2, AT_FDCWD, link, AT_FDCWD, directory, 2))
				return -1;
	return 0;
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
	{"console", console},
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
	{"disk", disk},
	{"raw", raw},
	{"tiocsti", typed},
	{"nested_mount", nested_mount},
	{"abstract", knock},
	{"give", give},
	{"descriptor", descriptor},
	{"usual", usual},
	{"swap", swap},
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc > 1 && i < sizeof(attempts) / sizeof(*attempts); i++) {
		if (strcmp(attempts[i].name, argv[1]))
			continue;
		victim = argc > 2 ? argv[2] : "0";
		if (attempts[i].attempt() < 0) {
			printf("refused: %s\n", strerror(errno));
			return 1;
		}
		puts("through");
		return 0;
	}
	fputs("usage: escape ATTEMPT [PID|SOCKET|DIRECTORY|DISK|PACKET]\n", stderr);
	return 2;
}
