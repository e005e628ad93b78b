/* Standard input, output and error: credit, backpressure, the terminal, the log. */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "conn.h"
#include "harness.h"
#include "kernel.h"

static const struct usual plain;
static const struct usual open_stdin = {.stdio = STDIO_OPEN_STDIN};
static const struct usual once = {.stdio = STDIO_OPEN_STDIN | STDIO_STDIN_ONCE};
static const struct usual terminal = {
	.stdio = STDIO_TTY | STDIO_OPEN_STDIN, .rows = 30, .columns = 100};

/* Starts a usual plan with a command of the shell, attaches, and waits until it runs. */
static void begin(struct drive *drive, const struct usual *usual, uint8_t streams,
		  const char *command)
{
	struct builder builder = {0};

	drive_start(drive);
	usual_plan(&builder, drive, usual, S("sh", "-c", command, NULL));
	drive_plan(drive, &builder);
	if (streams)
		drive_attach(drive, streams);
	drive_send(drive, FRAME_GO, "", 0);
	CHECK(drive_until(drive, FRAME_RUNNING));
	CHECK_TEXT(drive->detail, "");
}

/* Sends so many bytes as standard input, never more than was credited. */
static void send_input(struct drive *drive, size_t count)
{
	static char block[CREDIT_WINDOW];

	memset(block, 'x', sizeof(block));
	while (count) {
		size_t piece = count < drive->credit ? count : drive->credit;

		if (piece == 0) {
			if (!drive_until(drive, FRAME_CREDIT))
				return;
			continue;
		}
		drive_send(drive, FRAME_STDIN, block, piece);
		drive->credit -= (uint32_t)piece;
		count -= piece;
	}
}

static void input_comes_back_with_credit(void)
{
	struct drive drive;
	const size_t much = 1000 * 1000;

	begin(&drive, &once, 7, "cat");
	if (!drive.credit)
		CHECK(drive_until(&drive, FRAME_CREDIT));
	CHECK_NUMBER(drive.credit, CREDIT_WINDOW);
	send_input(&drive, much);
	drive_send(&drive, FRAME_STDIN_EOF, "", 0);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(strlen(drive_output(&drive, 0)), much);
	CHECK_NUMBER(drive.code, 0);
	drive_close(&drive);
}

static void nobody_reads_input_that_is_not_open(void)
{
	struct drive drive;

	begin(&drive, &plain, 7, "cat; echo end");
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.credit, 0);
	CHECK_TEXT(drive_output(&drive, 0), "end\n");
	drive_close(&drive);
}

static void input_without_credit_ends_the_connection(void)
{
	static char block[FRAME_LIMIT];
	struct drive drive, other;

	begin(&drive, &open_stdin, 7, "sleep 100");
	drive_second(&drive, &other);
	if (!drive.credit)
		CHECK(drive_until(&drive, FRAME_CREDIT));
	/* The pipe takes the first, the second waits for it and is not credited again. */
	drive_send(&drive, FRAME_STDIN, block, CREDIT_WINDOW);
	CHECK(drive_until(&drive, FRAME_CREDIT));
	drive_send(&drive, FRAME_STDIN, block, CREDIT_WINDOW);
	drive_send(&drive, FRAME_STDIN, block, 1);
	CHECK(!drive_until(&drive, FRAME_EXITED));
	CHECK(drive.closed);
	/* The process is none the worse. */
	drive_send32(&other, FRAME_SIGNAL, SIGKILL);
	CHECK(drive_until(&other, FRAME_EXITED));
	CHECK_NUMBER(other.signal, SIGKILL);
	CHECK_NUMBER(other.code, 128 + SIGKILL);
	drive_close(&other);
	drive_close(&drive);
}

static void input_ends_with_its_first_client_where_asked(void)
{
	struct drive drive, other;

	begin(&drive, &once, 7, "cat; echo end");
	drive_second(&drive, &other);
	drive_attach(&other, ATTACH_STDOUT);
	if (!drive.credit)
		CHECK(drive_until(&drive, FRAME_CREDIT));
	drive_send(&drive, FRAME_STDIN, "last words\n", 11);
	close(drive.fd);
	drive.fd = -1;
	CHECK(drive_until(&other, FRAME_EXITED));
	CHECK_HOLDS(drive_file(&other, "log"), "stdout F last words\n");
	CHECK_HOLDS(drive_file(&other, "log"), "stdout F end\n");
	drive_close(&other);
	drive_close(&drive);
}

static void input_stays_open_for_the_next_client(void)
{
	struct drive drive, other;

	begin(&drive, &open_stdin, 7, "read a; read b; echo $a $b");
	drive_send(&drive, FRAME_STDIN, "one\n", 4);
	drive_send(&drive, FRAME_STDIN_EOF, "", 0);
	drive_second(&drive, &other);
	close(drive.fd);
	drive.fd = -1;
	drive_attach(&other, 7);
	CHECK(drive_until(&other, FRAME_CREDIT));
	drive_send(&other, FRAME_STDIN, "two\n", 4);
	CHECK(drive_until(&other, FRAME_EXITED));
	CHECK_TEXT(drive_output(&other, 0), "one two\n");
	drive_close(&other);
	drive_close(&drive);
}

static void input_that_nobody_takes_does_no_harm(void)
{
	struct drive drive;

	begin(&drive, &once, 7, "exec 0<&-; echo closed; sleep 0.1");
	CHECK(drive_until_output(&drive, 0, "closed"));
	drive_send(&drive, FRAME_STDIN, "x", 1);
	drive_send(&drive, FRAME_STDIN, "y", 1);
	drive_send(&drive, FRAME_STDIN_EOF, "", 0);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 0);
	drive_close(&drive);
}

/* Whether there is something to hear now. */
static bool has_news(const struct drive *drive)
{
	struct pollfd wait = {drive->fd, POLLIN, 0};

	return poll(&wait, 1, 0) == 1;
}

static unsigned long process_state(pid_t pid, char *state)
{
	char path[64], text[512] = "";
	unsigned long cpu = 0, system = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file) {
		text[fread(text, 1, sizeof(text) - 1, file)] = 0;
		fclose(file);
		sscanf(strrchr(text, ')'), ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
		       state, &cpu, &system);
	}
	return cpu + system;
}

static void a_reader_that_stops_holds_the_writer_back(void)
{
	struct drive drive;
	const size_t much = 3 << 20;
	size_t heard;
	char command[64], state = 0;
	struct stat st;
	char log[96];
	off_t size = -1;

	snprintf(command, sizeof(command), "head -c %zu /dev/zero", much);
	begin(&drive, &plain, 7, command);
	/* Without a reader, the log stands still once all queues are full, and the writer sleeps. */
	snprintf(log, sizeof(log), "%s/log", drive.directory);
	for (int same = 0; same < 20; usleep(10000)) {
		CHECK_NUMBER(stat(log, &st), 0);
		process_state(drive.pid, &state);
		same = st.st_size == size && state == 'S' ? same + 1 : 0;
		size = st.st_size;
	}
	CHECK((size_t)size < much / 4);
	CHECK(has_news(&drive));
	CHECK(drive_until(&drive, FRAME_EXITED));
	heard = bytes_count(&drive.output[0]) - 1;
	CHECK_NUMBER(heard, much);
	drive_close(&drive);
}

static void output_of_a_container_without_a_client_goes_to_the_log(void)
{
	struct drive drive;

	begin(&drive, &plain, 0, "seq 1000; echo -n no end");
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "");
	CHECK_HOLDS(drive_file(&drive, "log"), " stdout F 1000\n");
	CHECK_HOLDS(drive_file(&drive, "log"), " stdout P no end\n");
	drive_close(&drive);
}

static void who_attaches_before_go_gets_all(void)
{
	struct builder builder = {0};
	struct drive drive;
	int pidfd;
	struct pollfd wait;

	drive_start(&drive);
	usual_plan(&builder, &drive, &plain, S("echo", "early", NULL));
	drive_plan(&drive, &builder);
	CHECK(drive_until(&drive, FRAME_STARTED));
	pidfd = kernel_pidfd_open(drive.pid);
	/* ESRCH: it has ended and is reaped. */
	wait = (struct pollfd){pidfd, POLLIN, 0};
	if (pidfd >= 0)
		CHECK_NUMBER(poll(&wait, 1, 20 * 1000), 1);
	close(pidfd);
	drive_attach(&drive, 7);
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "early\n");
	drive_close(&drive);
}

static void streams_are_attached_one_by_one(void)
{
	struct drive drive;

	begin(&drive, &plain, ATTACH_STDERR, "echo out; echo err >&2");
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "");
	CHECK_TEXT(drive_output(&drive, 1), "err\n");
	drive_close(&drive);
}

static void the_log_is_rotated(void)
{
	struct usual usual = {.log_limit = 4096, .log_files = 3};
	struct drive drive;
	struct stat st;
	char path[128];

	begin(&drive, &usual, 0, "seq 10000 11000");
	CHECK(drive_until(&drive, FRAME_EXITED));
	for (int i = 0; i < 3; i++) {
		const char *text;

		snprintf(path, sizeof(path), i ? "log.%d" : "log", i);
		text = drive_file(&drive, path);
		CHECK(strlen(text) > 0);
		CHECK(strlen(text) <= 4096);
		CHECK(text[strlen(text) - 1] == '\n');
		CHECK_HOLDS(text, " stdout F ");
		if (i == 0)
			CHECK_HOLDS(text, " F 11000\n");
	}
	snprintf(path, sizeof(path), "%s/log.3", drive.directory);
	CHECK(stat(path, &st) != 0);
	drive_close(&drive);
}

static void a_full_disk_costs_lines_and_nothing_else(void)
{
	struct builder builder = {0};
	struct drive drive;
	char small[96], log[128], filler[128];
	static char zeros[4096];
	int fd;

	drive_start(&drive);
	snprintf(small, sizeof(small), "%s/small", drive.directory);
	snprintf(log, sizeof(log), "%s/log", small);
	snprintf(filler, sizeof(filler), "%s/filler", small);
	CHECK_NUMBER(mkdir(small, 0755), 0);
	CHECK_NUMBER(mount("tmpfs", small, "tmpfs", 0, "size=64k"), 0);
	fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 14; i++)
		CHECK_NUMBER(write(fd, zeros, sizeof(zeros)), sizeof(zeros));
	close(fd);
	ADD(&builder, OP_LOG, N(0, 1), S(log));
	ADD_N(&builder, OP_STDIO, N(STDIO_OPEN_STDIN, 0, 0));
	ADD(&builder, OP_CLONE, N(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWNET), S(""));
	usual_root(&builder, &drive, &plain);
	usual_process(&builder, &plain, S("sh", "-c", "seq 2000; read x; echo after", NULL));
	drive_plan(&drive, &builder);
	drive_attach(&drive, 7);
	drive_send(&drive, FRAME_GO, "", 0);
	CHECK(drive_until_output(&drive, 0, "\n2000\n"));
	CHECK_NUMBER(unlink(filler), 0);
	drive_send(&drive, FRAME_STDIN, "\n", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_HOLDS(drive_output(&drive, 0), "\nafter\n");
	CHECK_HOLDS(drive_file(&drive, "small/log"), " stdout F 1\n");
	CHECK_HOLDS(drive_file(&drive, "small/log"), " stderr F tiny-shim: ");
	CHECK_HOLDS(drive_file(&drive, "small/log"),
		    " lines of the log were lost: No space left on device\n");
	CHECK_HOLDS(drive_file(&drive, "small/log"), " stdout F after\n");
	CHECK_HOLDS(drive_file(&drive, "shim.log"), "tiny-shim: cannot write the log: ");
	/* Every line is a whole one: kept and lost are all there were. */
	const char *text = drive_file(&drive, "small/log");
	unsigned kept = 0, lost = 0;

	for (const char *at = text; *at; at = strchr(at, '\n') + 1) {
		CHECK(strstr(at, " stdout F ") || strstr(at, " stderr F "));
		kept++;
	}
	sscanf(strstr(text, "tiny-shim: "), "tiny-shim: %u", &lost);
	CHECK_NUMBER(kept - 2 + lost, 2000);
	CHECK(lost > 0);
	drive_forget_words(&drive);
	umount2(small, MNT_DETACH);
	drive_close(&drive);
}

static void terminal_has_a_size_and_a_name(void)
{
	struct drive drive;

	begin(&drive, &terminal, 7,
	      "tty; stty size; test -t 0 && test -t 1 && test -t 2 && echo all;"
	      "echo here > /dev/console; echo there > /dev/tty");
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "/dev/pts/0\r\n30 100\r\nall\r\nhere\r\nthere\r\n");
	CHECK_TEXT(drive_output(&drive, 1), "");
	CHECK_HOLDS(drive_file(&drive, "log"), " stdout F 30 100\r\n");
	CHECK_NUMBER(drive.code, 0);
	drive_close(&drive);
}

static void terminal_is_typed_into_and_resized(void)
{
	struct drive drive;
	uint8_t size[4] = {0, 50, 0, 120};

	begin(&drive, &terminal, 7,
	      "trap 'stty size; exit 3' WINCH; echo ready; read line; echo got $line; read more");
	CHECK(drive_until_output(&drive, 0, "ready"));
	drive_send(&drive, FRAME_STDIN, "word\n", 5);
	CHECK(drive_until_output(&drive, 0, "got word"));
	drive_send(&drive, FRAME_RESIZE, size, sizeof(size));
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_HOLDS(drive_output(&drive, 0), "50 120\r\n");
	CHECK_NUMBER(drive.code, 3);
	drive_close(&drive);
}

static void terminal_interrupts(void)
{
	struct drive drive;
	const struct usual usual = {.stdio = STDIO_TTY | STDIO_OPEN_STDIN, .init = true};

	begin(&drive, &usual, 7, "echo ready; sleep 100; echo not here");
	CHECK(drive_until_output(&drive, 0, "ready"));
	drive_send(&drive, FRAME_STDIN, "\003", 1);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_NUMBER(drive.code, 128 + SIGINT);
	drive_close(&drive);
}

static void a_typed_interrupt_comes_once(void)
{
	struct drive drive;
	const struct usual usual = {.stdio = STDIO_TTY | STDIO_OPEN_STDIN, .init = true};

	begin(&drive, &usual, 7,
	      "ps -o pid,pgid | grep '^ *2 ';"
	      "trap 'n=$((n+1))' INT; echo ready; read a; read b; echo interrupts: $n");
	CHECK(drive_until_output(&drive, 0, "ready"));
	/* Two that come at once may be seen as one: process 1 is in another group for certain. */
	CHECK_HOLDS(drive_output(&drive, 0), "    2     2\r\n");
	drive_send(&drive, FRAME_STDIN, "\003", 1);
	drive_send(&drive, FRAME_STDIN, "a\nb\nc\n", 6);
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_HOLDS(drive_output(&drive, 0), "interrupts: 1\r\n");
	drive_close(&drive);
}

static void a_user_owns_the_terminal(void)
{
	struct drive drive;
	struct usual usual = terminal;

	usual.user = "bob";
	begin(&drive, &usual, 7, "id -u; echo mine > /dev/pts/0; echo console > /dev/console");
	CHECK(drive_until(&drive, FRAME_EXITED));
	CHECK_TEXT(drive_output(&drive, 0), "1000\r\nmine\r\nconsole\r\n");
	drive_close(&drive);
}

static void much_output_of_a_terminal_is_whole(void)
{
	struct drive drive;
	char last[16];

	begin(&drive, &terminal, 7, "seq 20000");
	CHECK(drive_until(&drive, FRAME_EXITED));
	snprintf(last, sizeof(last), "\n%d\r\n", 20000);
	CHECK_HOLDS(drive_output(&drive, 0), last);
	CHECK_HOLDS(drive_output(&drive, 0), "\n19999\r\n");
	drive_close(&drive);
}

static const struct test tests[] = {
	TEST(input_comes_back_with_credit),
	TEST(nobody_reads_input_that_is_not_open),
	TEST(input_without_credit_ends_the_connection),
	TEST(input_ends_with_its_first_client_where_asked),
	TEST(input_stays_open_for_the_next_client),
	TEST(input_that_nobody_takes_does_no_harm),
	TEST(a_reader_that_stops_holds_the_writer_back),
	TEST(output_of_a_container_without_a_client_goes_to_the_log),
	TEST(who_attaches_before_go_gets_all),
	TEST(streams_are_attached_one_by_one),
	TEST(the_log_is_rotated),
	TEST(a_full_disk_costs_lines_and_nothing_else),
	TEST(terminal_has_a_size_and_a_name),
	TEST(terminal_is_typed_into_and_resized),
	TEST(terminal_interrupts),
	TEST(a_typed_interrupt_comes_once),
	TEST(a_user_owns_the_terminal),
	TEST(much_output_of_a_terminal_is_whole),
};

int main(int argc, char *argv[])
{
	int code;

	harness_begin();
	code = run_tests(tests, COUNT_OF(tests), argc, argv);
	harness_end();
	return code;
}
