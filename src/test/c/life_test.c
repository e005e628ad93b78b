/* Who outlives whom: engines, shims, children, processes that join; and who may say what when. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "conn.h"
#include "harness.h"
#include "kernel.h"
#include "record.h"

static const struct usual plain;
static const struct usual waiting = {.await = true};
static const struct usual held = {.host = true};
static const struct usual reaping = {.init = true};
static const struct usual terminal = {.stdio = STDIO_TTY | STDIO_OPEN_STDIN};

static void send_plan(struct drive *drive, const struct usual *usual, const char *command)
{
	struct builder builder = {0};

	drive_start(drive);
	usual_plan(&builder, drive, usual, S("sh", "-c", command, NULL));
	drive_plan(drive, &builder);
	drive_attach(drive, 7);
}

static void begin(struct drive *drive, const struct usual *usual, const char *command)
{
	send_plan(drive, usual, command);
	drive_send(drive, FRAME_GO, "", 0);
	CHECK(drive_until(drive, FRAME_RUNNING));
	CHECK_TEXT(drive->detail, "");
}

/* Waits for the end of a process by its descriptor. */
static bool ends(int pidfd)
{
	struct pollfd wait = {pidfd, POLLIN, 0};
	bool ended = poll(&wait, 1, 20 * 1000) == 1;

	close(pidfd);
	return ended;
}

static void its_creator_dies(const struct usual *usual)
{
	struct drive drive;
	int child;

	send_plan(&drive, usual, "echo not here");
	CHECK(drive_until(&drive, FRAME_STARTED));
	child = kernel_pidfd_open(drive.pid);
	CHECK(child >= 0);
	close(drive.fd);
	drive.fd = -1;
	CHECK(ends(child));
	CHECK_NUMBER(drive_reap(&drive), 0);
	CHECK_HOLDS(drive_file(&drive, "exit"), "exited 137 0 ");
	CHECK_TEXT(drive_file(&drive, "log"), "");
	drive_close(&drive);
}

static void the_creator_that_dies_before_go_takes_all_along(void)
{
	its_creator_dies(&waiting);
}

static void the_creator_that_dies_before_host_takes_all_along(void)
{
	its_creator_dies(&held);
}

static void without_a_plan_the_shim_ends_with_its_creator(void)
{
	struct drive drive;

	drive_start(&drive);
	close(drive.fd);
	drive.fd = -1;
	CHECK_NUMBER(drive_reap(&drive), 0);
	drive_close(&drive);

	drive_start(&drive);
	drive_send(&drive, FRAME_PLAN, "TD", 2);
	CHECK(drive_until(&drive, FRAME_FAILED));
	CHECK_TEXT(drive.detail, "the plan is cut off");
	drive_close(&drive);
}

/* Whether a process is in recv(2), or gone. */
static bool waits_for_go(pid_t pid)
{
	char path[64];
	long call = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	file = fopen(path, "re");
	if (!file)
		return true;
	if (fscanf(file, "%ld", &call) != 1)
		call = -1;
	fclose(file);
	return call == SYS_recvfrom;
}

/* How many descriptors a process has. */
static int descriptors(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	int count = 0;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	if (directory)
		closedir(directory);
	return count;
}

static void go_is_waited_for(void)
{
	struct drive drive;
	struct pollfd wait;

	send_plan(&drive, &waiting, "echo gone");
	CHECK(drive_until(&drive, FRAME_STARTED));
	wait = (struct pollfd){drive.fd, POLLIN, 0};
	/* Stdio, the socket to the shim, the root, a null device, an empty directory; nothing else of the shim's. */
	for (int waited = 0; waited < 20 * 1000 && !waits_for_go(drive.pid); waited++)
		usleep(1000);
	CHECK_NUMBER(descriptors(drive.pid), 7);
	CHECK_NUMBER(poll(&wait, 1, 100), 0);
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "gone\n");
	drive_close(&drive);
}

static void host_is_waited_for(void)
{
	struct drive drive;
	struct pollfd wait;

	send_plan(&drive, &held, "echo gone");
	CHECK(drive_until(&drive, FRAME_STARTED));
	wait = (struct pollfd){drive.fd, POLLIN, 0};
	CHECK_NUMBER(poll(&wait, 1, 100), 0);
	CHECK_HOLDS(drive_file(&drive, "exit"), "running ");
	drive_send(&drive, FRAME_HOST, "", 0);
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "gone\n");
	drive_close(&drive);
}

static void go_before_host_ends_the_connection(void)
{
	struct drive drive;

	send_plan(&drive, &held, "echo not here");
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(!drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive_reap(&drive), 0);
	CHECK_TEXT(drive_file(&drive, "log"), "");
	drive_close(&drive);
}

static void after_go_the_process_outlives_its_creator(void)
{
	struct drive drive;

	send_plan(&drive, &terminal, "echo ready; read line; echo $line; exit 5");
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until_output(&drive, 0, "ready"));
	close(drive.fd);
	drive.fd = drive_connect(&drive);
	drive_attach(&drive, 7);
	drive_send(&drive, FRAME_STDIN, "again\n", 6);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 5);
	CHECK_HOLDS(drive_file(&drive, "log"), "stdout F again\r\n");
	drive_close(&drive);
}

static void without_anyone_connected_the_exit_is_recorded(void)
{
	struct drive drive;

	begin(&drive, &plain, "read x; echo done; exit 9");
	close(drive.fd);
	drive.fd = -1;
	CHECK_NUMBER(drive_reap(&drive), 0);
	CHECK_HOLDS(drive_file(&drive, "exit"), "exited 9 0 ");
	CHECK_HOLDS(drive_file(&drive, "log"), "stdout F done\n");
	drive_close(&drive);
}

static void the_record_says_who_runs(void)
{
	struct drive drive;
	char expected[64];

	begin(&drive, &plain, "sleep 100");
	snprintf(expected, sizeof(expected), "running %d %llu ", drive.pid,
		 (unsigned long long)process_start_time(drive.pid));
	CHECK_HOLDS(drive_file(&drive, "exit"), expected);
	drive_send32(&drive, FRAME_SIGNAL, SIGKILL);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 137);
	CHECK_NUMBER(drive.signal, 9);
	CHECK_HOLDS(drive_file(&drive, "exit"), "exited 137 9 ");
	drive_close(&drive);
}

static void the_process_dies_with_its_shim(void)
{
	static const struct usual users[] = {{0}, {.user = "bob"}, {.init = true, .user = "bob"}};

	for (size_t i = 0; i < COUNT_OF(users); i++) {
		struct drive drive;
		int child;

		begin(&drive, &users[i], "sleep 100");
		child = kernel_pidfd_open(drive.pid);
		CHECK(child >= 0);
		kill(drive.shim, SIGKILL);
		CHECK(ends(child));
		CHECK(WIFSIGNALED(drive_reap(&drive)));
		CHECK_HOLDS(drive_file(&drive, "exit"), "running ");
		drive_close(&drive);
	}
}

static void a_shim_is_not_disturbed_by_signals(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1, SIGTSTP};
	struct drive drive;

	begin(&drive, &terminal, "echo ready; read line; exit 3");
	for (size_t i = 0; i < COUNT_OF(signals); i++)
		kill(drive.shim, signals[i]);
	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 3);
	drive_close(&drive);
}

static void a_child_that_is_killed_early_has_failed(void)
{
	struct drive drive;

	send_plan(&drive, &waiting, "echo not here");
	CHECK(drive_until(&drive, FRAME_STARTED));
	kill(drive.pid, SIGKILL);
	CHECK(drive_until(&drive, FRAME_FAILED));
	CHECK_NUMBER(drive.failed_errno, ECANCELED);
	CHECK_TEXT(drive.detail, "the process was killed, perhaps for want of memory");
	drive_close(&drive);
}

static void init_reaps_and_passes_signals_on(void)
{
	struct drive drive;

	begin(&drive, &reaping,
	      "echo $$; cat /proc/1/comm; (sleep 0.05 & ) ; sleep 0.15; ps | grep -c '\\[sleep\\]';"
	      "trap 'echo term; exit 4' TERM; echo ready; while :; do sleep 0.05; done");
	CHECK(drive_until_output(&drive, 0, "ready"));
	CHECK_TEXT(drive_output(&drive, 0), "2\ntds:init\n0\nready\n");
	drive_send32(&drive, FRAME_SIGNAL, SIGTERM);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_HOLDS(drive_output(&drive, 0), "term\n");
	CHECK_NUMBER(drive.code, 4);
	drive_close(&drive);

	drive_run(&drive, &reaping, S("sh", "-c", "kill -9 $$", NULL));
	CHECK_NUMBER(drive.code, 137);
	drive_close(&drive);

	drive_run(&drive, &reaping, S("no-such-command", NULL));
	CHECK_NUMBER(drive.failed_errno, ENOENT);
	CHECK_HOLDS(drive_file(&drive, "exit"), "exited 127 0 ");
	drive_close(&drive);
}

static void init_holds_no_descriptor(void)
{
	struct drive drive;
	char path[64];

	begin(&drive, &reaping, "exec 1>&- 2>&-; sleep 100");
	snprintf(path, sizeof(path), "/proc/%d/fd/0", drive.pid);
	CHECK(access(path, F_OK) != 0 && errno == ENOENT);
	drive_send32(&drive, FRAME_SIGNAL, SIGTERM);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 128 + SIGTERM);
	drive_close(&drive);
}

static void everyone_is_told_of_the_end(void)
{
	struct drive drive, others[CONNECTIONS - 1];
	char byte;
	int late;

	begin(&drive, &terminal, "echo ready; read line; exit 6");
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		drive_second(&drive, &others[i]);
		drive_attach(&others[i], ATTACH_STDIN);
		CHECK(drive_until(&others[i], FRAME_CREDIT));
	}
	/* One more than there is room for. */
	late = drive_connect(&drive);
	CHECK_NUMBER(recv(late, &byte, 1, 0), 0);
	close(late);
	drive_send(&others[3], FRAME_STDIN, "\n", 1);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		CHECK(drive_until(&others[i], FRAME_EXITED));
		CHECK_NUMBER(others[i].code, 6);
		CHECK(!drive_until(&others[i], FRAME_EXITED));
		drive_close(&others[i]);
	}
	drive_close(&drive);
	CHECK_NUMBER(drive.code, 6);
}

static void what_may_not_be_said_ends_the_connection(void)
{
	static const struct {
		const char *bytes;
		size_t size;
	} cases[] = {
		{"\0\0\0\0\0", 5},	       /* no type */
		{"\xff\0\0\0\0", 5},	       /* no type */
		{"\x02\0\1\0\1", 5},	       /* STDIN of 64 KiB and one */
		{"\x10\0\0\0\0", 5},	       /* a second PLAN */
		{"\x11\0\0\0\0", 5},	       /* GO, but not from the creator */
		{"\x18\0\0\0\0", 5},	       /* HOST, which nobody waits for */
		{"\x04\0\0\0\0", 5},	       /* STDOUT is the shim's to send */
		{"\x07\0\0\0\4\0\0\0\0", 9},   /* signal 0 */
		{"\x07\0\0\0\4\0\0\0\x41", 9}, /* signal 65 */
		{"\x07\0\0\0\1\x09", 6},       /* a signal of one byte */
		{"\x06\0\0\0\2\0\1", 7},       /* half a size */
		{"\x15\0\0\0\1\x10", 6},       /* no such stream */
		{"\x02\0\0\0\1x", 6},	       /* input without credit */
	};
	struct drive drive;

	begin(&drive, &terminal, "read line; exit 2");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int fd = drive_connect(&drive);
		char byte;

		CHECK_NUMBER(send(fd, cases[i].bytes, cases[i].size, MSG_NOSIGNAL), cases[i].size);
		CHECK(recv(fd, &byte, 1, 0) <= 0);
		close(fd);
	}
	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 2);
	drive_close(&drive);
}

/* A plan that joins a container. */
static void join(struct drive *drive, pid_t pid, uint64_t start_time, uint64_t stdio, bool early,
		 const char *command)
{
	const uint64_t namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC |
				    CLONE_NEWCGROUP | CLONE_NEWNET;
	struct usual usual = {.stdio = stdio};
	struct builder builder = {0};
	char record[96];

	/* Looking for leaks takes a thread that sees its parent: not from another PID namespace. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	drive_start(drive);
	unsetenv("ASAN_OPTIONS");
	snprintf(record, sizeof(record), "%s/exit", drive->directory);
	ADD_S(&builder, OP_EXIT_RECORD, S(record));
	ADD_N(&builder, OP_STDIO, N(stdio, 24, 80));
	if (early)
		ADD_N(&builder, OP_JOIN, N((uint64_t)pid, start_time, namespaces));
	ADD(&builder, OP_CLONE, N(0), S(""));
	ADD_S(&builder, OP_WRITE, S(early ? "/proc/self/comm" : harness_file(), "1"));
	if (!early)
		ADD_N(&builder, OP_JOIN, N((uint64_t)pid, start_time, namespaces));
	usual_process(&builder, &usual, S("sh", "-c", command, NULL));
	drive_plan(drive, &builder);
	drive_attach(drive, 7);
	drive_send(drive, FRAME_GO, "", 0);
}

static void a_process_joins_a_container(void)
{
	struct drive drive, other;
	uint64_t start_time;

	begin(&drive, &terminal, "echo ready; read line");
	CHECK(drive_until_output(&drive, 0, "ready"));
	start_time = process_start_time(drive.pid);
	for (int early = 0; early < 2; early++) {
		join(&other, drive.pid, start_time, 0, early,
		     "echo $$ $PPID; hostname; cat; ls /proc/self/fd; cat /proc/1/comm; exit 8");
		CHECK(drive_until(&other, FRAME_EXITED));
		CHECK_TEXT(other.detail, "");
		CHECK_HOLDS(drive_output(&other, 0), " 0\ntiny\n0\n1\n2\n3\nsh\n");
		CHECK_TEXT(drive_output(&other, 1), "");
		CHECK_NUMBER(other.code, 8);
		drive_close(&other);
	}

	join(&other, drive.pid, start_time, STDIO_TTY | STDIO_OPEN_STDIN, false,
	     "tty; stty size; read x");
	CHECK(drive_until_output(&other, 0, "24 80"));
	CHECK_HOLDS(drive_output(&other, 0), "/dev/pts/1\r\n");
	drive_send(&other, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&other, FRAME_EXITED));
	CHECK_NUMBER(other.code, 0);
	drive_close(&other);

	join(&other, drive.pid, start_time + 1, 0, false, "true");
	CHECK(drive_until(&other, FRAME_FAILED));
	CHECK_NUMBER(other.failed_errno, ESRCH);
	CHECK_NUMBER(other.failed_code, OP_JOIN);
	CHECK_TEXT(other.detail, "the container's process is gone");
	drive_close(&other);

	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	drive_close(&drive);
}

/* What a process left in a container holds its pipes; its end is told all the same. */
static void the_end_does_not_wait_for_who_was_left_behind(void)
{
	struct drive drive, other;

	begin(&drive, &terminal, "echo ready; read line");
	CHECK(drive_until_output(&drive, 0, "ready"));
	join(&other, drive.pid, process_start_time(drive.pid), 0, false,
	     "sleep 100 & yes & echo started; exit 1");
	CHECK(drive_until(&other, FRAME_EXITED));
	CHECK_HOLDS(drive_output(&other, 0), "started\n");
	CHECK_NUMBER(other.code, 1);
	drive_close(&other);
	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	drive_close(&drive);
}

/* The process of an exec, too, dies with its shim, though not with the PID namespace. */
static void who_joined_dies_with_its_shim(void)
{
	struct drive drive, other;
	int child;

	begin(&drive, &terminal, "echo ready; read line");
	CHECK(drive_until_output(&drive, 0, "ready"));
	join(&other, drive.pid, process_start_time(drive.pid), 0, false, "exec sleep 100");
	CHECK(drive_until(&other, FRAME_RUNNING));
	child = kernel_pidfd_open(other.pid);
	kill(other.shim, SIGKILL);
	CHECK(ends(child));
	drive_reap(&other);
	drive_close(&other);
	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	drive_close(&drive);
}

static long resident_kib(pid_t pid)
{
	char path[64], line[128];
	long size = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %ld", &size) == 1)
			break;
	if (file)
		fclose(file);
	return size;
}

/* After much output, too. The sanitizers' shadow is as large as they like. */
/* Whether one of a process's descriptors is what a link of another one's names. */
static bool holds(pid_t holder, pid_t pid, const char *link)
{
	char path[64], wanted[64] = "", found[64];
	bool found_it = false;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, link);
	CHECK(readlink(path, wanted, sizeof(wanted) - 1) > 0);
	for (int fd = 0; fd < 64 && !found_it; fd++) {
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", holder, fd);
		length = readlink(path, found, sizeof(found) - 1);
		found_it = length > 0 && (size_t)length == strlen(wanted) &&
			   !memcmp(found, wanted, (size_t)length);
	}
	return found_it;
}

static void mounts_are_held_where_the_plan_says_so(void)
{
	static const struct usual holding = {.hold = true};
	const struct usual *const plans[] = {&plain, &holding};
	struct drive drive;

	for (int i = 0; i < 2; i++) {
		begin(&drive, plans[i], "echo ready; exec sleep 1000");
		CHECK(drive_until_output(&drive, 0, "ready"));
		CHECK_NUMBER(holds(drive.shim, drive.pid, "ns/mnt"), i);
		kill(drive.pid, SIGKILL);
		CHECK(drive_until(&drive, FRAME_EXITED));
		CHECK_NUMBER(drive.code, 137);
		drive_close(&drive);
	}
}

/* The only child of a process, once it has one. */
static pid_t child_of(pid_t parent)
{
	char path[64];
	pid_t pid = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	for (int i = 0; i < 20 * 1000 && !pid; i++) {
		FILE *file = fopen(path, "re");

		if (!file || fscanf(file, "%d", &pid) != 1)
			poll(NULL, 0, 1);
		if (file)
			fclose(file);
	}
	return pid;
}

/* The network namespace that was made ahead is the process's, unless the plan wants others than were. */
static void namespaces_made_ahead_are_taken(void)
{
	static const uint64_t wanted[] = {CLONE_NEWUTS | CLONE_NEWNET, CLONE_NEWNET};
	char flags[32], path[64], ahead[64] = "";
	struct drive drive;

	snprintf(flags, sizeof(flags), "%llu", (unsigned long long)wanted[0]);
	for (int i = 0; i < 2; i++) {
		struct usual usual = {.users = wanted[i],
				      .clone_flags = CLONE_NEWNS | CLONE_NEWPID};
		struct builder builder = {0};

		drive_start_ahead(&drive, flags);
		snprintf(path, sizeof(path), "/proc/%d/ns/net", child_of(drive.shim));
		CHECK(readlink(path, ahead, sizeof(ahead) - 1) > 0);
		usual_plan(&builder, &drive, &usual, S("readlink", "/proc/self/ns/net", NULL));
		drive_plan(&drive, &builder);
		drive_attach(&drive, 7);
		drive_send(&drive, FRAME_GO, "", 0);
		CHECK(drive_until(&drive, FRAME_EXITED));
		CHECK_NUMBER(drive.code, 0);
		CHECK_NUMBER(strncmp(drive_output(&drive, 0), ahead, strlen(ahead)) == 0, i == 0);
		drive_close(&drive);
	}
}

static void what_was_made_ahead_ends_with_the_creator(void)
{
	struct drive drive;
	int holder;

	drive_start_ahead(&drive, "67108864");
	holder = kernel_pidfd_open(child_of(drive.shim));
	CHECK(holder >= 0);
	close(drive.fd);
	drive.fd = -1;
	CHECK_NUMBER(drive_reap(&drive), 0);
	CHECK(ends(holder));
	drive_close(&drive);
}

static void a_shim_is_small(void)
{
	struct drive drive;
	bool sanitized = strstr(getenv("SHIM"), "/test/") != NULL;

	begin(&drive, &terminal, "seq 100000; echo ready; read line");
	CHECK(drive_until_output(&drive, 0, "ready"));
	CHECK(resident_kib(drive.shim) > 0);
	CHECK(sanitized || resident_kib(drive.shim) < 1536);
	if (!sanitized)
		fprintf(stderr, "one shim takes %ld KiB\n", resident_kib(drive.shim));
	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	drive_close(&drive);
}

static const struct test tests[] = {
	TEST(the_creator_that_dies_before_go_takes_all_along),
	TEST(the_creator_that_dies_before_host_takes_all_along),
	TEST(without_a_plan_the_shim_ends_with_its_creator),
	TEST(go_is_waited_for),
	TEST(host_is_waited_for),
	TEST(go_before_host_ends_the_connection),
	TEST(after_go_the_process_outlives_its_creator),
	TEST(without_anyone_connected_the_exit_is_recorded),
	TEST(the_record_says_who_runs),
	TEST(the_process_dies_with_its_shim),
	TEST(a_shim_is_not_disturbed_by_signals),
	TEST(a_child_that_is_killed_early_has_failed),
	TEST(init_reaps_and_passes_signals_on),
	TEST(init_holds_no_descriptor),
	TEST(everyone_is_told_of_the_end),
	TEST(what_may_not_be_said_ends_the_connection),
	TEST(a_process_joins_a_container),
	TEST(the_end_does_not_wait_for_who_was_left_behind),
	TEST(who_joined_dies_with_its_shim),
	TEST(mounts_are_held_where_the_plan_says_so),
	TEST(namespaces_made_ahead_are_taken),
	TEST(what_was_made_ahead_ends_with_the_creator),
	TEST(a_shim_is_small),
};

int main(int argc, char *argv[])
{
	int code;

	harness_begin();
	code = run_tests(tests, COUNT_OF(tests), argc, argv);
	harness_end();
	return code;
}
