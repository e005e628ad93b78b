/* What a process finds in a container, and what is said where it cannot be. On the real kernel. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "harness.h"
#include "kernel.h"

static const struct usual plain;

static void output_exit_code_record_and_log(void)
{
	struct drive drive;

	drive_run(&drive, &plain, S("sh", "-c", "echo hello; echo oops >&2; exit 7", NULL));
	CHECK_TEXT(drive_output(&drive, 0), "hello\n");
	CHECK_TEXT(drive_output(&drive, 1), "oops\n");
	CHECK_TEXT(drive.detail, "");
	CHECK(drive.pid > 0);
	CHECK(drive.exited);
	CHECK_NUMBER(drive.code, 7);
	CHECK_NUMBER(drive.signal, 0);
	CHECK_HOLDS(drive_file(&drive, "exit"), "exited 7 0 ");
	CHECK_NUMBER(strlen(drive_file(&drive, "exit")), 64);
	CHECK_HOLDS(drive_file(&drive, "log"), "Z stdout F hello\n");
	CHECK_HOLDS(drive_file(&drive, "log"), "Z stderr F oops\n");
	drive_close(&drive);
}

/* Runs a shell command with the usual ops; what it writes must be this. */
static void expect(const struct usual *usual, const char *command, const char *output)
{
	struct drive drive;

	drive_run(&drive, usual, S("sh", "-c", command, NULL));
	CHECK_TEXT(drive_output(&drive, 0), output);
	CHECK_TEXT(drive_output(&drive, 1), "");
	CHECK_TEXT(drive.detail, "");
	CHECK_NUMBER(drive.code, 0);
	drive_close(&drive);
}

static void every_op_is_timed(void)
{
	struct drive drive;
	struct builder builder = {0};

	drive_start(&drive);
	usual_plan(&builder, &drive, &plain, S("true", NULL));
	CHECK(builder.count > 20);
	unsigned count = builder.count;
	drive_plan(&drive, &builder);
	drive_attach(&drive, 8);
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until(&drive, FRAME_RUNNING));
	CHECK_NUMBER(drive.timed, count);
	CHECK_NUMBER(drive.last_timed, count - 1);
	drive_close(&drive);
}

static void process_is_alone(void)
{
	struct drive drive;

	expect(&plain, "echo $$; hostname; pwd; umask", "1\ntiny\n/\n0022\n");
	/* Nothing is open but the three; ls itself opens the directory as number 3. */
	expect(&plain, "ls /proc/self/fd", "0\n1\n2\n3\n");
	expect(&plain, "readlink /proc/self/fd/0; cat", "/dev/null\n");
	/* A shell changes its own: asked without one. */
	drive_run(&drive, &plain, S("grep", "-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status", NULL));
	CHECK_TEXT(drive_output(&drive, 0), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"
					    "SigCgt:\t0000000000000000\n");
	drive_close(&drive);
}

static void host_is_out_of_reach(void)
{
	struct drive drive;
	char path[128];

	snprintf(path, sizeof(path),
		 "test -e /../../../../..%s && echo seen; grep -c %s /proc/mounts", harness_home,
		 harness_home);
	drive_run(&drive, &plain, S("sh", "-c", path, NULL));
	CHECK_TEXT(drive_output(&drive, 0), "0\n");
	drive_close(&drive);
}

static void mounts_are_not_seen_outside(void)
{
	static char before[1 << 16], after[1 << 16];
	struct usual usual = {.overlay = true};
	FILE *file = fopen("/proc/self/mountinfo", "re");

	before[fread(before, 1, sizeof(before) - 1, file)] = 0;
	fclose(file);
	expect(&usual, "echo new > /tmp/file; cat /tmp/file", "new\n");
	file = fopen("/proc/self/mountinfo", "re");
	after[fread(after, 1, sizeof(after) - 1, file)] = 0;
	fclose(file);
	CHECK_TEXT(after, before);
}

static void root_has_the_capabilities_it_was_given(void)
{
	expect(&plain, "grep -E 'Cap|NoNewPrivs' /proc/self/status",
	       "CapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb\n"
	       "CapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\n");
}

static void another_user_has_the_ambient_capabilities(void)
{
	struct usual usual = {.user = "bob", .ambient = 0x2400};

	expect(&usual, "grep -E 'Cap' /proc/self/status",
	       "CapInh:\t0000000000002400\nCapPrm:\t0000000000002400\nCapEff:\t0000000000002400\n"
	       "CapBnd:\t00000000a80425fb\nCapAmb:\t0000000000002400\n");
	usual.user = "root";
	expect(&usual, "grep -E 'Cap(Inh|Eff|Amb)' /proc/self/status",
	       "CapInh:\t0000000000000000\nCapEff:\t00000000a80425fb\nCapAmb:\t0000000000000000\n");
}

static void users_are_the_containers_own(void)
{
	static const struct {
		const char *user, *output;
	} cases[] = {
		{"", "uid=0(root) gid=0(root) groups=0(root),10(wheel) /root\n"},
		{"root", "uid=0(root) gid=0(root) groups=0(root),10(wheel) /root\n"},
		{"bob",
		 "uid=1000(bob) gid=1000(bob) groups=10(wheel),44(video),1000(bob) /home/bob\n"},
		{"1000",
		 "uid=1000(bob) gid=1000(bob) groups=10(wheel),44(video),1000(bob) /home/bob\n"},
		{"bob:video", "uid=1000(bob) gid=44(video) groups=44(video) /home/bob\n"},
		{"bob:",
		 "uid=1000(bob) gid=1000(bob) groups=10(wheel),44(video),1000(bob) /home/bob\n"},
		{"4321", "uid=4321 gid=0(root) groups=0(root) /\n"},
		{"4321:8765", "uid=4321 gid=8765 groups=8765 /\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct usual usual = {.user = cases[i].user};

		expect(&usual, "echo $(id) $HOME", cases[i].output);
	}
}

static void a_user_keeps_no_capability_and_has_its_stdio(void)
{
	struct usual usual = {.user = "bob"};

	expect(&usual, "grep -E 'Cap(Inh|Prm|Eff|Amb)' /proc/self/status; echo me > /dev/stdout",
	       "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
	       "CapAmb:\t0000000000000000\nme\n");
}

static void kernel_files_are_masked_and_read_only(void)
{
	expect(&plain,
	       "wc -c < /proc/version; ls /proc/tty 2>/dev/null | wc -l;"
	       "echo x > /proc/version && echo taken;"
	       "echo 1 2>/dev/null > /proc/sys/vm/swappiness || echo refused;"
	       "grep ' /proc/sys ' /proc/mounts",
	       "0\n0\ntaken\nrefused\nproc /proc/sys proc ro,nosuid,nodev,noexec,relatime 0 0\n");
	/* The null device that covers a file is the container's, not the host's. */
	expect(&plain, "chmod 600 /proc/version && stat -c %a /dev/null", "600\n");
	CHECK_NUMBER(access("/dev/null", W_OK), 0);
	/* One file system covers all directories, and takes nothing. */
	expect(&plain,
	       "ls /proc/fs | wc -l; mkdir /proc/fs/new 2>/dev/null || echo refused;"
	       "[ $(stat -c %d /proc/fs) = $(stat -c %d /proc/tty) ] && echo the same;"
	       "grep -c 'tmpfs /proc/fs tmpfs ro,nosuid,nodev,noexec,' /proc/mounts",
	       "0\nrefused\nthe same\n1\n");
	struct stat st;

	CHECK_NUMBER(stat("/dev/null", &st), 0);
	CHECK_NUMBER(st.st_mode & 0777, 0666);
}

/* What is told about a command that cannot be executed. */
static void commands_that_cannot_be_executed(void)
{
	static const struct {
		const char *command;
		int error;
		unsigned code;
		const char *detail;
	} cases[] = {
		{"no-such-command", ENOENT, 127, "not found in PATH=/no/such/directory:/bin"},
		{"/bin/no-such-command", ENOENT, 127, ""},
		{"", ENOENT, 127, "the command is empty"},
		{"orphan", ENOENT, 127,
		 "its interpreter '/no/such/interpreter' is missing or cannot be executed"},
		{"plain", EACCES, 126, "its mode is 0644, which lets nobody execute it"},
		{"/bin", EACCES, 126, "it is a directory"},
		{"text", ENOEXEC, 126, "it is no program and has no #! line"},
		{"dos", ENOENT, 127, "its lines end in CR LF"},
		{"dynamic", ENOENT, 127, "its loader '/no/such/loader' is missing"},
		{"foreign", ENOEXEC, 126,
		 "it is a program for another architecture (ELF machine 2)"},
		{"/bin/true/x", ENOTDIR, 126, ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct drive drive;
		char record[32];

		drive_run(&drive, &plain, S(cases[i].command, NULL));
		CHECK(drive.failed);
		CHECK_NUMBER(drive.failed_code, OP_EXEC);
		CHECK_NUMBER(drive.failed_errno, cases[i].error);
		CHECK_TEXT(drive.detail, cases[i].detail);
		CHECK(!drive.running);
		CHECK(!drive.exited);
		snprintf(record, sizeof(record), "exited %u 0 ", cases[i].code);
		CHECK_HOLDS(drive_file(&drive, "exit"), record);
		drive_close(&drive);
	}
}

static void scripts_are_executed(void)
{
	struct drive drive;

	drive_run(&drive, &plain, S("script", "one", NULL));
	CHECK_TEXT(drive_output(&drive, 0), "script one\n");
	drive_close(&drive);
}

/* A plan of which one op, put before the usual process or in the place of the root, fails. */
static void expect_failure(struct builder *builder, struct drive *drive, enum op_code code,
			   unsigned index, int error, const char *detail)
{
	usual_process(builder, &plain, S("true", NULL));
	unsigned count = builder->count;

	drive_plan(drive, builder);
	drive_send(drive, FRAME_GO, "", 0);
	CHECK(drive_until(drive, FRAME_FAILED));
	CHECK_NUMBER(drive->failed_code, code);
	CHECK_NUMBER(drive->failed_index, index);
	CHECK_NUMBER(drive->failed_errno, error);
	CHECK_TEXT(drive->detail, detail);
	/* What was done before, and it, took time; what comes after did not. */
	CHECK_NUMBER(drive->timed, count);
	CHECK_NUMBER(drive->last_timed, index);
	drive_close(drive);
}

/* A whole plan, after which a process has written this to its output. */
static void expect_output(struct builder *builder, struct drive *drive, const char *output)
{
	drive_plan(drive, builder);
	drive_attach(drive, 7);
	drive_send(drive, FRAME_GO, "", 0);
	CHECK(drive_until(drive, FRAME_EXITED));
	CHECK_TEXT(drive->detail, "");
	CHECK_TEXT(drive_output(drive, 0), output);
	drive_close(drive);
}

static void failures_name_the_op_and_the_cause(void)
{
	struct builder builder = {0};
	struct drive drive;
	struct usual nobody = {.user = "nobody-there"};
	struct usual no_group = {.user = "bob:no-such-group"};

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	ADD(&builder, OP_MOUNT, N(0), S("x", harness_home, "no-such-type", ""));
	expect_failure(&builder, &drive, OP_MOUNT, 4, ENODEV,
		       "this kernel has no such file system");

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	ADD_S(&builder, OP_MASK, S("/etc/passwd"));
	ADD(&builder, OP_BIND_IN, N(0, 0, MAKE_FILE, 0), S("/no/such/source", "/tmp/x"));
	expect_failure(&builder, &drive, OP_BIND_IN, builder.count - 1, ENOENT,
		       "the source is missing");

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	ADD(&builder, OP_BIND_IN, N(0, 0, MAKE_NOTHING, 0), S("/etc/passwd", "/tmp"));
	expect_failure(&builder, &drive, OP_BIND_IN, builder.count - 1, EINVAL,
		       "of source and target, only one is a directory");

	drive_run(&drive, &nobody, S("true", NULL));
	CHECK_NUMBER(drive.failed_code, OP_CREDENTIALS);
	CHECK_NUMBER(drive.failed_errno, 0);
	CHECK_TEXT(drive.detail, "no user 'nobody-there' in /etc/passwd");
	drive_close(&drive);

	drive_run(&drive, &no_group, S("true", NULL));
	CHECK_TEXT(drive.detail, "no group 'no-such-group' in /etc/group");
	drive_close(&drive);
}

static void overlay_on_overlay_is_explained(void)
{
	struct builder builder = {0};
	struct drive drive;
	char data[512], over[96];

	/* /proc takes no xattrs and no files: as unfit an upperdir as any. */
	drive_start(&drive);
	snprintf(over, sizeof(over), "%s/over", drive.directory);
	CHECK_NUMBER(mkdir(over, 0755), 0);
	usual_shim(&builder, &drive, &plain);
	snprintf(data, sizeof(data), "lowerdir=%s,upperdir=/proc,workdir=/proc/1", harness_root);
	ADD(&builder, OP_MOUNT, N(0), S("overlay", over, "overlay", data));
	expect_failure(&builder, &drive, OP_MOUNT, 4, EINVAL,
		       "upperdir may be on overlayfs, or on a file system without xattrs");
}

static void limits_are_set_as_far_as_they_go(void)
{
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	ADD_N(&builder, OP_RLIMIT, N(RLIMIT_NOFILE, 64, 128));
	ADD_N(&builder, OP_RLIMIT, N(RLIMIT_CORE, 0, 0));
	ADD_N(&builder, OP_RLIMIT, N(RLIMIT_NPROC, 1ull << 40, 1ull << 40));
	usual_process(&builder, &plain, S("sh", "-c", "ulimit -n; ulimit -Hn; ulimit -c", NULL));
	expect_output(&builder, &drive, "64\n128\n0\n");
}

/* RTM_NEWLINK that sets IFF_UP; in the order of the host's bytes. */
struct link_up {
	uint32_t length;
	uint16_t type, flags;
	uint32_t sequence, port;
	uint8_t family, pad;
	uint16_t kind;
	int32_t index;
	uint32_t set, change;
};

static void add_link_up(struct builder *builder, const struct link_up *messages, size_t count)
{
	uint8_t head[] = {0, OP_NETLINK, 0, 0, 0, 1, 0, 0, 0, 0};

	put32(head + 6, (uint32_t)(count * sizeof(*messages)));
	bytes_add(&builder->bytes, head, sizeof(head));
	bytes_add(&builder->bytes, messages, count * sizeof(*messages));
	bytes_add(&builder->bytes, "", 1);
	builder->count++;
}

static void netlink_messages_are_acknowledged(void)
{
	struct link_up up[2] = {
		{.length = 32, .type = 16, .index = 1, .set = 1, .change = 1},
		{.length = 32, .type = 16, .index = 99, .set = 1, .change = 1},
	};
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	add_link_up(&builder, up, 1);
	usual_process(&builder, &plain, S("sh", "-c", "cat /sys/class/net/lo/flags", NULL));
	expect_output(&builder, &drive, "0x9\n");

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	add_link_up(&builder, up, 2);
	usual_process(&builder, &plain, S("true", NULL));
	drive_plan(&drive, &builder);
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until(&drive, FRAME_FAILED));
	CHECK_NUMBER(drive.failed_code, OP_NETLINK);
	CHECK_NUMBER(drive.failed_errno, ENODEV);
	CHECK_HOLDS(drive.detail, "netlink message 2");
	drive_close(&drive);
}

/* Puts one bind of /etc/hostname-to-be into an image whose links lead everywhere. */
static void expect_bind(const char *target, enum make make, const char *seen_at)
{
	struct usual usual = {.overlay = true};
	struct builder builder = {0};
	struct drive drive;
	char source[96], command[128];

	drive_start(&drive);
	snprintf(source, sizeof(source), "%s/source", drive.directory);
	if (make == MAKE_DIRECTORY) {
		CHECK_NUMBER(mkdir(source, 0755), 0);
		strcat(source, "/file");
	}
	FILE *file = fopen(source, "we");

	fputs("bound\n", file);
	fclose(file);
	if (make == MAKE_DIRECTORY)
		*strrchr(source, '/') = 0;
	usual_shim(&builder, &drive, &usual);
	usual_root(&builder, &drive, &usual);
	/* After pivot, the root is still the root. */
	builder_cut(&builder);
	ADD(&builder, OP_BIND_IN, N(KERNEL_MOUNT_ATTR_RDONLY, 1, make, MS_PRIVATE),
	    S(source, target));
	ADD_(&builder, OP_PIVOT);
	snprintf(command, sizeof(command), "cat %s; echo x 2>/dev/null > %s || echo refused",
		 seen_at, seen_at);
	usual_process(&builder, &usual, S("sh", "-c", command, NULL));
	expect_output(&builder, &drive, "bound\nrefused\n");
}

static void binds_stay_in_the_root(void)
{
	expect_bind("/etc/hosts", MAKE_FILE, "/etc/hosts");
	expect_bind("/new/deep/file", MAKE_FILE, "/new/deep/file");
	expect_bind("/new/directory", MAKE_DIRECTORY, "/new/directory/file");
	/* etc/up -> ../../../.., bin/abs -> /tmp, etc/dangling -> /run/deep/file */
	expect_bind("/etc/up/etc/hosts", MAKE_FILE, "/etc/hosts");
	expect_bind("/etc/up/new", MAKE_DIRECTORY, "/new/file");
	expect_bind("/bin/abs/file", MAKE_FILE, "/tmp/file");
	expect_bind("/etc/dangling", MAKE_FILE, "/run/deep/file");
}

static void working_directory_is_made_in_the_root(void)
{
	struct usual usual = {.overlay = true};
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &usual);
	usual_root(&builder, &drive, &usual);
	usual_process(&builder, &usual, S("sh", "-c", "pwd", NULL));
	builder_cut(&builder);
	ADD(&builder, OP_CHDIR, N(1), S("/etc/up/work/dir"));
	ADD(&builder, OP_EXEC, N(1), S("pwd", "PATH=/bin"));
	expect_output(&builder, &drive, "/work/dir\n");
}

static void read_only_root(void)
{
	struct usual usual = {.overlay = true};
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &usual);
	usual_root(&builder, &drive, &usual);
	ADD_(&builder, OP_REMOUNT_ROOT);
	usual_process(&builder, &usual,
		      S("sh", "-c",
			"touch /x 2>/dev/null || echo refused; echo y > /dev/y && echo ok", NULL));
	expect_output(&builder, &drive, "refused\nok\n");
}

/* Version 2 of cgroups may be without controllers here; being in one needs none. */
static void born_in_its_cgroup(void)
{
	static const char *const mounts[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};
	struct builder builder = {0};
	struct drive drive;
	char cgroup[128] = "", path[160];
	/* In the cgroup namespace of the host, to see where it is. */
	struct usual usual = {
		.clone_flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWNET,
		.cgroup = cgroup,
	};

	for (size_t i = 0; i < COUNT_OF(mounts) && !cgroup[0]; i++) {
		snprintf(path, sizeof(path), "%s/cgroup.procs", mounts[i]);
		if (access(path, F_OK) == 0)
			snprintf(cgroup, sizeof(cgroup), "%s/tiny-shim-test-%d", mounts[i],
				 getpid());
	}
	CHECK(cgroup[0]);
	CHECK_NUMBER(mkdir(cgroup, 0755), 0);
	drive_start(&drive);
	usual_shim(&builder, &drive, &usual);
	usual_root(&builder, &drive, &usual);
	usual_process(&builder, &usual, S("grep", "0::", "/proc/self/cgroup", NULL));
	snprintf(path, sizeof(path), "0::%s\n", strrchr(cgroup, '/'));
	expect_output(&builder, &drive, path);
	CHECK_NUMBER(rmdir(cgroup), 0);
}

/* Writes to files of the host as the child, which is how it joins a cgroup of version 1. */
static void writes_to_files_of_the_host(void)
{
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	ADD_S(&builder, OP_WRITE, S("/proc/self/oom_score_adj", "321"));
	usual_root(&builder, &drive, &plain);
	usual_process(&builder, &plain, S("cat", "/proc/self/oom_score_adj", NULL));
	expect_output(&builder, &drive, "321\n");

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	ADD_S(&builder, OP_WRITE, S("/no/such/file", "0"));
	usual_root(&builder, &drive, &plain);
	expect_failure(&builder, &drive, OP_WRITE, 4, ENOENT, "");
}

static void writes_to_files_in_the_root(void)
{
	const char *file = "/proc/self/oom_score_adj";
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	ADD_S(&builder, OP_WRITE_IN, S(file, "321"));
	usual_process(&builder, &plain, S("cat", file, NULL));
	expect_output(&builder, &drive, "321\n");
}

static void without_a_null_device_input_is_empty(void)
{
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	ADD(&builder, OP_MOUNT, N(MS_REC | MS_PRIVATE), S("none", "/", "", ""));
	ADD(&builder, OP_MOUNT, N(MS_BIND | MS_REC), S(harness_root, harness_root, "", ""));
	ADD_S(&builder, OP_ROOT, S(harness_root));
	ADD(&builder, OP_MOUNT_IN, N(0, MAKE_DIRECTORY), S("proc", "/proc", "proc", ""));
	ADD_S(&builder, OP_MASK, S("/proc/version"));
	ADD_(&builder, OP_PIVOT);
	usual_process(
		&builder, &plain,
		S("sh", "-c", "wc -c; wc -c < /proc/version; chmod 0 /proc/version 2>&1", NULL));
	expect_output(&builder, &drive, "0\n0\nchmod: /proc/version: Read-only file system\n");
}

static void refused_plans_have_no_effect(void)
{
	struct builder builder = {0};
	struct drive drive;

	drive_start(&drive);
	drive_send(&drive, FRAME_PLAN, "TDPL\0\2\0\1", 8);
	CHECK(drive_until(&drive, FRAME_FAILED));
	CHECK_NUMBER(drive.failed_errno, EINVAL);
	CHECK_TEXT(drive.detail, "the plan has version 2, this program knows 1");
	CHECK_NUMBER(drive.timed, 0);
	drive_close(&drive);

	drive_start(&drive);
	usual_shim(&builder, &drive, &plain);
	usual_root(&builder, &drive, &plain);
	ADD_(&builder, OP_PIVOT);
	unsigned index = builder.count - 1;

	usual_process(&builder, &plain, S("true", NULL));
	drive_plan(&drive, &builder);
	CHECK(drive_until(&drive, FRAME_FAILED));
	CHECK_NUMBER(drive.failed_index, index);
	CHECK_NUMBER(drive.failed_code, OP_PIVOT);
	CHECK_NUMBER(drive.failed_errno, EINVAL);
	CHECK_TEXT(drive.detail, "pivot is there twice");
	CHECK_TEXT(drive_file(&drive, "exit"), "(missing)");
	CHECK_TEXT(drive_file(&drive, "log"), "(missing)");
	drive_close(&drive);
}

static const struct test tests[] = {
	TEST(output_exit_code_record_and_log),
	TEST(every_op_is_timed),
	TEST(process_is_alone),
	TEST(host_is_out_of_reach),
	TEST(mounts_are_not_seen_outside),
	TEST(root_has_the_capabilities_it_was_given),
	TEST(another_user_has_the_ambient_capabilities),
	TEST(users_are_the_containers_own),
	TEST(a_user_keeps_no_capability_and_has_its_stdio),
	TEST(kernel_files_are_masked_and_read_only),
	TEST(commands_that_cannot_be_executed),
	TEST(scripts_are_executed),
	TEST(failures_name_the_op_and_the_cause),
	TEST(overlay_on_overlay_is_explained),
	TEST(limits_are_set_as_far_as_they_go),
	TEST(netlink_messages_are_acknowledged),
	TEST(binds_stay_in_the_root),
	TEST(working_directory_is_made_in_the_root),
	TEST(read_only_root),
	TEST(born_in_its_cgroup),
	TEST(writes_to_files_of_the_host),
	TEST(writes_to_files_in_the_root),
	TEST(without_a_null_device_input_is_empty),
	TEST(refused_plans_have_no_effect),
};

int main(int argc, char *argv[])
{
	int code;

	harness_begin();
	code = run_tests(tests, COUNT_OF(tests), argc, argv);
	harness_end();
	return code;
}
