/* Plans as the engine writes them, and that of the usual container. */
#include "harness.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

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
		harness_directory(drive->directory, "upper");
		harness_directory(drive->directory, "work");
		harness_directory(drive->directory, "merged");
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
