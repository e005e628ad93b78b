#include "harness.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "kernel.h"

enum { PATIENCE = 20 * 1000 };

int check_failures;
char harness_home[32];
char harness_root[64];

static void die(const char *what)
{
	fprintf(stderr, "harness: %s: %s\n", what, strerror(errno));
	exit(3);
}

/* ---- plans ---- */

static void add16(struct bytes *bytes, uint16_t value)
{
	uint8_t raw[2];

	put16(raw, value);
	bytes_add(bytes, raw, sizeof(raw));
}

void builder_add(struct builder *builder, enum op_code code, size_t numbers, const uint64_t *n,
		 size_t strings, const char *const *s)
{
	struct bytes *bytes = &builder->bytes;
	uint8_t raw[8];

	if (!bytes_count(bytes))
		bytes_add(bytes, "TDPL\0\1\0\0", 8);
	builder->last = bytes_count(bytes);
	add16(bytes, (uint16_t)code);
	add16(bytes, (uint16_t)(numbers << 8));
	add16(bytes, (uint16_t)strings);
	for (size_t i = 0; i < numbers; i++) {
		put64(raw, n[i]);
		bytes_add(bytes, raw, 8);
	}
	for (size_t i = 0; i < strings; i++) {
		put32(raw, (uint32_t)strlen(s[i]));
		bytes_add(bytes, raw, 4);
		bytes_add(bytes, s[i], strlen(s[i]) + 1);
	}
	builder->count++;
}

void builder_cut(struct builder *builder)
{
	builder->bytes.end = builder->bytes.start + builder->last;
	builder->count--;
}

void builder_end(struct builder *builder)
{
	put16(bytes_first(&builder->bytes) + 6, (uint16_t)builder->count);
}

/* ---- the place ---- */

static void make_file(const char *directory, const char *name, const char *text, mode_t mode)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) || chmod(path, mode))
		die(path);
}

static void make_directory(const char *directory, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (mkdir(path, 0755))
		die(path);
}

static void copy_file(const char *from, const char *to)
{
	static char block[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	ssize_t got;

	if (in < 0 || out < 0)
		die(in < 0 ? from : to);
	while ((got = read(in, block, sizeof(block))) > 0)
		if (write(out, block, (size_t)got) != got)
			die(to);
	close(in);
	close(out);
}

static void make_link(const char *target, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", harness_root, name);
	if (symlink(target, path))
		die(path);
}

/* The machine this runs on, as ELF numbers it. */
static unsigned elf_machine(void)
{
	Elf64_Ehdr elf = {0};
	FILE *self = fopen("/proc/self/exe", "re");

	if (!self || fread(&elf, sizeof(elf), 1, self) != 1)
		die("/proc/self/exe");
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
		die(path);
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
	make_directory(harness_home, "rootfs");
	for (size_t i = 0; i < COUNT_OF(directories); i++)
		make_directory(harness_root, directories[i]);
	snprintf(path, sizeof(path), "%s/bin/busybox", harness_root);
	copy_file("/bin/busybox", path);
	for (size_t i = 0; i < COUNT_OF(applets); i++) {
		snprintf(path, sizeof(path), "%s/bin/%s", harness_root, applets[i]);
		if (symlink("busybox", path))
			die(path);
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
		die("cannot make the host read-only");
	close(root);
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		/* EINVAL: not a mount point on this host. */
		int fd = open(needed[i], O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0) {
			if (kernel_mount_setattr(fd, 0, &clear) && errno != EINVAL)
				die(needed[i]);
			close(fd);
		}
	}
}

void harness_begin(void)
{
	strcpy(harness_home, "/tmp/tiny-shim-test-XXXXXX");
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("cannot have a mount namespace (this takes root)");
	if (!mkdtemp(harness_home))
		die(harness_home);
	protect_host();
	if (mount("tmpfs", harness_home, "tmpfs", 0, "mode=755"))
		die(harness_home);
	make_root();
	make_file(harness_home, "host-file", "", 0644);
}

void harness_end(void)
{
	const struct kernel_mount_attr clear = {.attr_clr = KERNEL_MOUNT_ATTR_RDONLY};
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	umount2(harness_home, MNT_DETACH);
	if (kernel_mount_setattr(root, KERNEL_AT_RECURSIVE, &clear))
		die("cannot make the host writable again");
	close(root);
	if (rmdir(harness_home))
		die(harness_home);
}

/* ---- one shim ---- */

static void address(const struct drive *drive, struct sockaddr_un *to)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(to->sun_path, sizeof(to->sun_path), "%s/shim.sock", drive->directory);
}

int drive_connect(const struct drive *drive)
{
	struct sockaddr_un to;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address(drive, &to);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("cannot connect to the shim");
	return fd;
}

void drive_second(const struct drive *drive, struct drive *second)
{
	*second = (struct drive){
		.shim = -1,
		.fd = drive_connect(drive),
		.running = drive->running,
		.failures = check_failures,
	};
	strcpy(second->directory, drive->directory);
}

void drive_start(struct drive *drive)
{
	drive_start_ahead(drive, NULL);
}

void drive_start_ahead(struct drive *drive, const char *flags)
{
	static unsigned number;
	const char *program = getenv("SHIM");
	struct sockaddr_un at;
	char log[96], *argv[] = {"tiny-shim", flags ? "--ahead" : NULL, (char *)flags, NULL};
	int listener;

	memset(drive, 0, sizeof(*drive));
	snprintf(drive->directory, sizeof(drive->directory), "%s/%u", harness_home, number++);
	snprintf(log, sizeof(log), "%s/shim.log", drive->directory);
	if (!program || mkdir(drive->directory, 0755))
		die("the environment names no SHIM");
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address(drive, &at);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(listener, 64))
		die("cannot listen");
	drive->shim = fork();
	if (drive->shim < 0)
		die("cannot fork");
	if (drive->shim == 0) {
		/* An engine that was started by nohup ignores some; the container must not. */
		signal(SIGHUP, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		/* A JVM's descriptors are not close-on-exec. */
		dup2(listener, 77);
		if (dup2(open("/dev/null", O_RDWR), 0) < 0 || dup2(0, 1) < 0 ||
		    dup2(open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), 2) < 0 ||
		    dup2(listener, 3) < 0)
			_exit(3);
		if (listener == 3)
			fcntl(3, F_SETFD, 0);
		execv(program, argv);
		_exit(3);
	}
	close(listener);
	drive->fd = drive_connect(drive);
	drive->failures = check_failures;
}

void drive_send(struct drive *drive, enum frame_type type, const void *payload, size_t length)
{
	struct bytes frame = {0};
	uint8_t header[FRAME_HEADER];
	size_t sent = 0;

	frame_header(header, type, (uint32_t)length);
	bytes_add(&frame, header, sizeof(header));
	bytes_add(&frame, payload, length);
	while (sent < bytes_count(&frame)) {
		ssize_t n = send(drive->fd, bytes_first(&frame) + sent, bytes_count(&frame) - sent,
				 MSG_NOSIGNAL);

		if (n < 0)
			break;
		sent += (size_t)n;
	}
	bytes_free(&frame);
}

void drive_send32(struct drive *drive, enum frame_type type, uint32_t value)
{
	uint8_t payload[4];

	put32(payload, value);
	drive_send(drive, type, payload, sizeof(payload));
}

void drive_plan(struct drive *drive, struct builder *builder)
{
	builder_end(builder);
	drive_send(drive, FRAME_PLAN, bytes_first(&builder->bytes), bytes_count(&builder->bytes));
	bytes_free(&builder->bytes);
	builder->count = 0;
}

void drive_attach(struct drive *drive, uint8_t streams)
{
	drive_send(drive, FRAME_ATTACH, &streams, 1);
}

static void keep_output(struct bytes *output, const struct frame *frame)
{
	if (bytes_count(output))
		output->end--;
	bytes_add(output, frame->payload, frame->length);
	bytes_add(output, "", 1);
}

static void hear(struct drive *drive, const struct frame *frame)
{
	const uint8_t *payload = frame->payload;

	switch ((enum frame_type)frame->type) {
	case FRAME_STDOUT:
	case FRAME_STDERR:
		CHECK(drive->running);
		CHECK(!drive->exited);
		keep_output(&drive->output[frame->type == FRAME_STDERR], frame);
		break;
	case FRAME_CREDIT:
		drive->credit += get32(payload);
		break;
	case FRAME_STARTED:
		drive->pid = (pid_t)get32(payload);
		break;
	case FRAME_RUNNING:
		drive->running = frame->length / 4;
		break;
	case FRAME_FAILED:
		drive->failed = true;
		drive->failed_index = get16(payload);
		drive->failed_code = get16(payload + 2);
		drive->failed_errno = (int)get32(payload + 4);
		snprintf(drive->detail, sizeof(drive->detail), "%.*s", (int)frame->length - 8,
			 (const char *)payload + 8);
		break;
	case FRAME_EXITED:
		CHECK(!drive->exited);
		drive->exited = true;
		drive->code = get32(payload);
		drive->signal = get32(payload + 4);
		CHECK(get64(payload + 8) / 1000000000u > 1700000000u);
		break;
	case FRAME_TIMES:
	case FRAME_HOST:
	case FRAME_REQUEST:
	case FRAME_STDIN:
	case FRAME_STDIN_EOF:
	case FRAME_RESIZE:
	case FRAME_SIGNAL:
	case FRAME_EXIT:
	case FRAME_RAW:
	case FRAME_PING:
	case FRAME_PLAN:
	case FRAME_GO:
	case FRAME_ATTACH:
		CHECK(!"a frame that a shim does not send");
	}
}

/* Hears one frame; returns its type, or 0 at the end. */
static int hear_one(struct drive *drive)
{
	struct frame frame;
	size_t size;
	int found;

	while ((found = frame_parse(bytes_first(&drive->in), bytes_count(&drive->in), &frame,
				    &size)) == 0) {
		struct pollfd wait = {drive->fd, POLLIN, 0};
		uint8_t *room = bytes_room(&drive->in, 1 << 16);
		ssize_t got;

		if (poll(&wait, 1, PATIENCE) != 1) {
			CHECK(!"the shim says nothing");
			return 0;
		}
		got = recv(drive->fd, room, 1 << 16, 0);
		if (got <= 0) {
			drive->closed = true;
			return 0;
		}
		drive->in.end += (size_t)got;
	}
	if (found < 0) {
		CHECK(!"these bytes are no frame");
		return 0;
	}
	hear(drive, &frame);
	bytes_take(&drive->in, size);
	return frame.type;
}

bool drive_until(struct drive *drive, enum frame_type type)
{
	int heard;

	do
		heard = hear_one(drive);
	while (heard && heard != (int)type);
	return heard == (int)type;
}

bool drive_until_output(struct drive *drive, int stream, const char *text)
{
	while (!strstr(drive_output(drive, stream), text))
		if (!hear_one(drive))
			return false;
	return true;
}

const char *drive_output(struct drive *drive, int stream)
{
	return bytes_count(&drive->output[stream]) ? (char *)bytes_first(&drive->output[stream])
						   : "";
}

int drive_reap(struct drive *drive)
{
	int status = -1;

	for (int waited = 0; waited < PATIENCE && waitpid(drive->shim, &status, WNOHANG) == 0;
	     waited++)
		usleep(1000);
	if (status == -1) {
		CHECK(!"the shim has not ended");
		kill(drive->shim, SIGKILL);
		waitpid(drive->shim, &status, 0);
	}
	drive->shim = -1;
	return status;
}

void drive_close(struct drive *drive)
{
	if (drive->fd >= 0) {
		while (!drive->closed && hear_one(drive))
			;
		close(drive->fd);
	}
	drive->fd = -1;
	if (drive->shim > 0)
		CHECK_NUMBER(drive_reap(drive), 0);
	CHECK_TEXT(drive_file(drive, "shim.log"), "");
	if (check_failures > drive->failures)
		fprintf(stderr,
			"exited %d with %u, signal %u; failed %d, op %u errno %d '%s'; %s\n",
			drive->exited, drive->code, drive->signal, drive->failed,
			drive->failed_index, drive->failed_errno, drive->detail,
			drive_file(drive, "exit"));
	bytes_free(&drive->in);
	bytes_free(&drive->output[0]);
	bytes_free(&drive->output[1]);
}

void drive_forget_words(struct drive *drive)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/shim.log", drive->directory);
	if (truncate(path, 0))
		die(path);
}

const char *drive_file(struct drive *drive, const char *name)
{
	static char text[1 << 20];
	char path[128];
	FILE *file;
	size_t got = 0;

	snprintf(path, sizeof(path), "%s/%s", drive->directory, name);
	file = fopen(path, "re");
	if (file) {
		got = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
	}
	text[got] = 0;
	return file ? text : "(missing)";
}

/* ---- the usual container ---- */

void usual_shim(struct builder *builder, const struct drive *drive, const struct usual *usual)
{
	char record[96], log[96];

	snprintf(record, sizeof(record), "%s/exit", drive->directory);
	snprintf(log, sizeof(log), "%s/log", drive->directory);
	ADD_S(builder, OP_EXIT_RECORD, S(record));
	if (!usual->no_log)
		ADD(builder, OP_LOG, N(usual->log_limit, usual->log_files ? usual->log_files : 1),
		    S(log));
	ADD_N(builder, OP_STDIO, N(usual->stdio, usual->rows, usual->columns));
	if (usual->users)
		ADD(builder, OP_USERS, N(usual->users), S("0 0 1\n", "0 0 1\n"));
	if (usual->hold)
		ADD_(builder, OP_HOLD);
	ADD(builder, OP_CLONE,
	    N(usual->clone_flags ? usual->clone_flags
				 : CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC |
					   CLONE_NEWCGROUP | CLONE_NEWNET),
	    S(usual->cgroup ? usual->cgroup : ""));
}

void usual_root(struct builder *builder, const struct drive *drive, const struct usual *usual)
{
	static const struct {
		const char *path;
		unsigned minor;
	} devices[] = {{"/dev/null", 3}, {"/dev/zero", 5}, {"/dev/full", 7}, {"/dev/urandom", 9}};
	char root[96], data[512];

	ADD(builder, OP_MOUNT, N(MS_REC | MS_PRIVATE), S("none", "/", "", ""));
	if (usual->host)
		ADD_(builder, OP_HOST);
	if (usual->overlay) {
		snprintf(root, sizeof(root), "%s/merged", drive->directory);
		snprintf(data, sizeof(data), "lowerdir=%s,upperdir=upper,workdir=work",
			 harness_root);
		make_directory(drive->directory, "upper");
		make_directory(drive->directory, "work");
		make_directory(drive->directory, "merged");
		ADD_S(builder, OP_DIRECTORY, S(drive->directory));
		ADD(builder, OP_MOUNT, N(0), S("overlay", root, "overlay", data));
	} else {
		snprintf(root, sizeof(root), "%s", harness_root);
		ADD(builder, OP_MOUNT, N(MS_BIND | MS_REC), S(root, root, "", ""));
	}
	ADD_S(builder, OP_ROOT, S(root));
	ADD(builder, OP_MOUNT_IN, N(MS_NOSUID | MS_NODEV | MS_NOEXEC, MAKE_DIRECTORY),
	    S("proc", "/proc", "proc", ""));
	ADD(builder, OP_MOUNT_IN, N(MS_NOSUID, MAKE_DIRECTORY),
	    S("tmpfs", "/dev", "tmpfs", "mode=755,size=65536k"));
	for (size_t i = 0; i < COUNT_OF(devices); i++)
		ADD(builder, OP_MKNOD, N(S_IFCHR | 0666, makedev(1, devices[i].minor)),
		    S(devices[i].path));
	ADD(builder, OP_MKNOD, N(S_IFCHR | 0666, makedev(5, 0)), S("/dev/tty"));
	ADD_S(builder, OP_SYMLINK, S("/proc/self/fd/1", "/dev/stdout"));
	ADD(builder, OP_MOUNT_IN, N(MS_NOSUID | MS_NOEXEC, MAKE_DIRECTORY),
	    S("devpts", "/dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=0620"));
	ADD(builder, OP_MOUNT_IN, N(MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, MAKE_DIRECTORY),
	    S("sysfs", "/sys", "sysfs", ""));
	ADD_S(builder, OP_MASK, S("/proc/version"));
	ADD_S(builder, OP_MASK, S("/proc/tty"));
	ADD_S(builder, OP_MASK, S("/proc/fs"));
	ADD_S(builder, OP_MASK, S("/proc/no-such-file"));
	ADD_S(builder, OP_READONLY, S("/proc/sys"));
	ADD_S(builder, OP_READONLY, S("/proc/no-such-file"));
	ADD_S(builder, OP_HOSTNAME, S("tiny"));
	ADD_(builder, OP_PIVOT);
}

void usual_process(struct builder *builder, const struct usual *usual, const char *const argv[])
{
	const char *strings[32];
	uint64_t count = 0;
	size_t total;

	if (usual->stdio & STDIO_TTY)
		ADD_(builder, OP_CONSOLE);
	ADD(builder, OP_CHDIR, N(1), S("/"));
	ADD(builder, OP_CREDENTIALS, N(0xa80425fb, 0xa80425fb, usual->ambient),
	    S(usual->user ? usual->user : ""));
	ADD_(builder, OP_NO_NEW_PRIVS);
	if (usual->init)
		ADD_(builder, OP_INIT);
	if (usual->await)
		ADD_(builder, OP_AWAIT);
	for (; argv[count]; count++)
		strings[count] = argv[count];
	total = count;
	strings[total++] = "PATH=/no/such/directory:/bin";
	strings[total++] = "TERM=xterm";
	builder_add(builder, OP_EXEC, 1, &count, total, strings);
}

void usual_plan(struct builder *builder, const struct drive *drive, const struct usual *usual,
		const char *const argv[])
{
	usual_shim(builder, drive, usual);
	usual_root(builder, drive, usual);
	usual_process(builder, usual, argv);
}

void drive_run(struct drive *drive, const struct usual *usual, const char *const argv[])
{
	struct builder builder = {0};

	drive_start(drive);
	usual_plan(&builder, drive, usual, argv);
	drive_plan(drive, &builder);
	drive_attach(drive, 7);
	drive_send(drive, FRAME_GO, "", 0);
	while (!drive->closed && hear_one(drive))
		;
}
