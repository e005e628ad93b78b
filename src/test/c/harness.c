/* The place that tests are in: a tmpfs, the root of their containers, a host that is read-only. */
#include "harness.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "kernel.h"

int check_failures;
char harness_home[32];
char harness_root[64];

void harness_die(const char *what)
{
	fprintf(stderr, "harness: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void make_file(const char *directory, const char *name, const char *text, mode_t mode)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) || chmod(path, mode))
		harness_die(path);
}

void harness_directory(const char *directory, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (mkdir(path, 0755))
		harness_die(path);
}

static void copy_file(const char *from, const char *to)
{
	static char block[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	ssize_t got;

	if (in < 0 || out < 0)
		harness_die(in < 0 ? from : to);
	while ((got = read(in, block, sizeof(block))) > 0)
		if (write(out, block, (size_t)got) != got)
			harness_die(to);
	close(in);
	close(out);
}

static void make_link(const char *target, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", harness_root, name);
	if (symlink(target, path))
		harness_die(path);
}

/* The machine this runs on, as ELF numbers it. */
static unsigned elf_machine(void)
{
	Elf64_Ehdr elf = {0};
	FILE *self = fopen("/proc/self/exe", "re");

	if (!self || fread(&elf, sizeof(elf), 1, self) != 1)
		harness_die("/proc/self/exe");
	fclose(self);
	return elf.e_machine;
}

/* A program of a machine that asks for a loader, and nothing else. */
static void make_elf(const char *name, unsigned machine, const char *loader)
{
	struct {
		Elf64_Ehdr elf;
		Elf64_Phdr segment;
		char loader[64];
	} file = {
		.elf = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			.e_type = ET_EXEC,
			.e_machine = (uint16_t)machine,
			.e_version = EV_CURRENT,
			.e_phoff = sizeof(Elf64_Ehdr),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 1},
		.segment = {.p_type = PT_INTERP,
			    .p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
			    .p_filesz = strlen(loader) + 1},
	};
	char path[256];
	FILE *out;

	strcpy(file.loader, loader);
	snprintf(path, sizeof(path), "%s/%s", harness_root, name);
	out = fopen(path, "we");
	if (!out || fwrite(&file, sizeof(file), 1, out) != 1 || fclose(out) || chmod(path, 0755))
		harness_die(path);
}

static void make_root(void)
{
	static const char *const directories[] = {"bin", "etc", "proc", "dev",
						  "sys", "tmp", "root"};
	static const char *const applets[] = {
		"sh",	"cat",	"echo",	 "ls",	  "id",	   "stty",     "tty",	   "sleep", "kill",
		"true", "env",	"mount", "touch", "mkdir", "readlink", "hostname", "pwd",   "stat",
		"head", "grep", "wc",	 "ps",	  "yes",   "seq",      "ulimit",   "rm",    "dd",
	};
	char path[128];

	snprintf(harness_root, sizeof(harness_root), "%s/rootfs", harness_home);
	harness_directory(harness_home, "rootfs");
	for (size_t i = 0; i < COUNT_OF(directories); i++)
		harness_directory(harness_root, directories[i]);
	snprintf(path, sizeof(path), "%s/bin/busybox", harness_root);
	copy_file("/bin/busybox", path);
	for (size_t i = 0; i < COUNT_OF(applets); i++) {
		snprintf(path, sizeof(path), "%s/bin/%s", harness_root, applets[i]);
		if (symlink("busybox", path))
			harness_die(path);
	}
	make_file(harness_root, "etc/passwd",
		  "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1000:Bob:/home/bob:/bin/sh\n", 0644);
	make_file(harness_root, "etc/group",
		  "root:x:0:\nwheel:x:10:root,bob\nbob:x:1000:\nvideo:x:44:alice,bob\n", 0644);
	make_file(harness_root, "bin/script", "#!/bin/sh\necho script $1\n", 0755);
	make_file(harness_root, "bin/orphan", "#!/no/such/interpreter\n", 0755);
	make_file(harness_root, "bin/plain", "just text\n", 0644);
	make_file(harness_root, "bin/text", "just text\n", 0755);
	make_file(harness_root, "bin/dos", "#!/bin/sh\r\necho\r\n", 0755);
	make_elf("bin/dynamic", elf_machine(), "/no/such/loader");
	make_elf("bin/foreign", EM_SPARC, "/no/such/loader");
	make_link("../../../..", "etc/up");
	make_link("/tmp", "bin/abs");
	make_link("/run/deep/file", "etc/dangling");
}

const char *harness_file(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/host-file", harness_home);
	return path;
}

/*
 * A shim that is broken may do to the host what it should do to a container. In this mount
 * namespace, all of the host is read-only while the tests run, but what they need.
 */
static void protect_host(void)
{
	static const char *const needed[] = {"/proc", "/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	const struct kernel_mount_attr set = {.attr_set = KERNEL_MOUNT_ATTR_RDONLY};
	const struct kernel_mount_attr clear = {.attr_clr = KERNEL_MOUNT_ATTR_RDONLY};
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0 || kernel_mount_setattr(root, KERNEL_AT_RECURSIVE, &set))
		harness_die("cannot make the host read-only");
	close(root);
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		/* EINVAL: not a mount point on this host. */
		int fd = open(needed[i], O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0) {
			if (kernel_mount_setattr(fd, 0, &clear) && errno != EINVAL)
				harness_die(needed[i]);
			close(fd);
		}
	}
}

void harness_begin(void)
{
	strcpy(harness_home, "/tmp/tiny-shim-test-XXXXXX");
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		harness_die("cannot have a mount namespace (this takes root)");
	if (!mkdtemp(harness_home))
		harness_die(harness_home);
	protect_host();
	if (mount("tmpfs", harness_home, "tmpfs", 0, "mode=755"))
		harness_die(harness_home);
	make_root();
	make_file(harness_home, "host-file", "", 0644);
}

void harness_end(void)
{
	const struct kernel_mount_attr clear = {.attr_clr = KERNEL_MOUNT_ATTR_RDONLY};
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	umount2(harness_home, MNT_DETACH);
	if (kernel_mount_setattr(root, KERNEL_AT_RECURSIVE, &clear))
		harness_die("cannot make the host writable again");
	close(root);
	if (rmdir(harness_home))
		harness_die(harness_home);
}
