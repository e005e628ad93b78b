/*
 * The client, against an engine that this program plays: it listens, reads the request, and answers
 * as each test wants. CLIENT is the program's path.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "wire.h"

enum {
	TEST_SECONDS = 120,
	NOBODY = 65534,
	BEFORE = 5 * 1000 * 1000, /* ns that a late one takes before it is executed */
};

/* A client, its standard streams and the connection to it. */
struct play {
	char directory[32]; /* run root, data root and home */
	pid_t client;
	int listener, fd;
	int in, out, err; /* our ends of its pipes; with a terminal all three are its master */
	bool terminal, unprivileged, late;
	uint8_t bytes[FRAME_HEADER + FRAME_LIMIT_LONG];
	size_t length, taken;
};

static struct play play;

static void path(char result[128], const char *name)
{
	snprintf(result, 128, "%s/%s", play.directory, name);
}

static void directory(void)
{
	strcpy(play.directory, "/tmp/tdc.XXXXXX");
	CHECK(mkdtemp(play.directory) != NULL);
	play.listener = play.fd = play.in = play.out = play.err = -1;
	play.length = play.taken = 0;
	play.terminal = play.unprivileged = false;
}

static void listen_here(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/engine.sock", play.directory);
	play.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(bind(play.listener, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(play.listener, 16) == 0);
}

static int64_t nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void become_client(const int fds[3], char *const argv[])
{
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			dup2(fds[i], i);
		else
			close(i);
	for (int fd = 3; fd < 64; fd++)
		if (fd != 9)
			close(fd);
	setenv("TINY_HOME", play.directory, 1);
	setenv("TINY_RUN_ROOT", play.directory, 1);
	setenv("TINY_DATA_ROOT", play.directory, 1);
	if (play.unprivileged && setuid(NOBODY) < 0)
		_exit(99);
	while (play.late && nanoseconds(CLOCK_PROCESS_CPUTIME_ID) < BEFORE)
		;
	execv(getenv("CLIENT"), argv);
	_exit(98);
}

/* Starts a client with words; each of its streams is a pipe, or all are one terminal. */
static void start(char *const argv[])
{
	int fds[3], ours[3] = {-1, -1, -1};

	if (play.terminal) {
		int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

		CHECK(grantpt(master) == 0 && unlockpt(master) == 0);
		fds[0] = fds[1] = fds[2] = open(ptsname(master), O_RDWR | O_NOCTTY);
		ours[0] = ours[1] = ours[2] = master;
	} else {
		for (int i = 0; i < 3; i++) {
			int ends[2];

			CHECK(pipe2(ends, O_CLOEXEC) == 0);
			fds[i] = ends[i != 0];
			ours[i] = ends[i == 0];
		}
	}
	play.in = ours[0];
	play.out = ours[1];
	play.err = ours[2];
	play.client = fork();
	if (play.client == 0)
		become_client(fds, argv);
	for (int i = 0; i < 3; i++)
		if (i == 0 || fds[i] != fds[0])
			close(fds[i]);
}

static bool readable(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	return poll(&entry, 1, 20000) == 1;
}

static void accept_client(void)
{
	CHECK(readable(play.listener));
	play.fd = accept4(play.listener, NULL, NULL, SOCK_CLOEXEC);
	CHECK(play.fd >= 0);
}

/* The next frame from the client; false where it has hung up. */
static bool hear(struct frame *frame)
{
	size_t size;

	memmove(play.bytes, play.bytes + play.taken, play.length - play.taken);
	play.length -= play.taken;
	play.taken = 0;
	for (;;) {
		int found = frame_parse(play.bytes, play.length, frame, &size);
		ssize_t count;

		CHECK(found >= 0);
		if (found != 0) {
			play.taken = size;
			return found > 0;
		}
		if (!readable(play.fd))
			return false;
		count = read(play.fd, play.bytes + play.length, sizeof(play.bytes) - play.length);
		if (count <= 0)
			return false;
		play.length += (size_t)count;
	}
}

static void expect(enum frame_type type, const void *payload, size_t length)
{
	struct frame frame = {0};

	CHECK(hear(&frame));
	CHECK_NUMBER(frame.type, type);
	CHECK_NUMBER(frame.length, length);
	CHECK(frame.length == length && memcmp(frame.payload, payload, length) == 0);
}

static void expect32(enum frame_type type, uint32_t value)
{
	uint8_t payload[4];

	put32(payload, value);
	expect(type, payload, sizeof(payload));
}

static void say(enum frame_type type, const void *payload, size_t length)
{
	uint8_t header[FRAME_HEADER];

	frame_header(header, type, (uint32_t)length);
	CHECK(send(play.fd, header, sizeof(header), MSG_NOSIGNAL) == (ssize_t)sizeof(header));
	if (length > 0)
		CHECK(send(play.fd, payload, length, MSG_NOSIGNAL) == (ssize_t)length);
}

static void say32(enum frame_type type, uint32_t value)
{
	uint8_t payload[4];

	put32(payload, value);
	say(type, payload, sizeof(payload));
}

/* The payload of the request, as text. */
static const char *request(void)
{
	static char text[1 << 16];
	struct frame frame = {0};

	CHECK(hear(&frame));
	CHECK_NUMBER(frame.type, FRAME_REQUEST);
	CHECK(frame.length < sizeof(text));
	memcpy(text, frame.payload, frame.length);
	text[frame.length] = '\0';
	return text;
}

/* A client whose request has been read. */
static void begin(char *const argv[])
{
	listen_here();
	start(argv);
	accept_client();
	request();
}

static const char *all_of(int fd)
{
	static char text[8192];
	size_t length = 0;
	ssize_t count;

	while (length < sizeof(text) - 1 &&
	       (count = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)count;
	text[length] = '\0';
	return text;
}

static void hang_up(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* How the client has ended: its exit code, or minus the signal. */
static int ended(void)
{
	int status = 0;

	CHECK(waitpid(play.client, &status, 0) == play.client);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void end(void)
{
	char command[64];

	hang_up(&play.fd);
	hang_up(&play.listener);
	hang_up(&play.in);
	if (!play.terminal) {
		hang_up(&play.out);
		hang_up(&play.err);
	}
	snprintf(command, sizeof(command), "rm -rf %s", play.directory);
	CHECK(system(command) == 0);
}

#define WORDS(...)                                                                                 \
	(char *const[])                                                                            \
	{                                                                                          \
		"tiny", __VA_ARGS__, NULL                                                          \
	}

static void request_carries_words_directory_environment_and_terminal(void)
{
	const char *text;
	char cwd[512], part[600];

	directory();
	setenv("CLIENT_TEST", "a=b c", 1);
	listen_here();
	start(WORDS("run", "", "a b", "--x=1"));
	accept_client();
	text = request();
	CHECK_HOLDS(text, "{\"v\":1,\"argv\":[\"run\",\"\",\"a b\",\"--x=1\"],\"cwd\":");
	snprintf(part, sizeof(part), "\"cwd\":\"%s\",", getcwd(cwd, sizeof(cwd)));
	CHECK_HOLDS(text, part);
	CHECK_HOLDS(text, "\"CLIENT_TEST\":\"a=b c\"");
	CHECK_HOLDS(text, "\"tty\":{\"in\":false,\"out\":false,\"err\":false,\"rows\":0,\"cols\":0}"
			  ",\"since\":");
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void it_was_called_before_it_was_executed(void)
{
	const char *since;

	directory();
	listen_here();
	play.late = true;
	start(WORDS("version"));
	accept_client();
	since = strstr(request(), "\"since\":");
	CHECK(since != NULL);
	CHECK(strtoll(since + 8, NULL, 10) <= nanoseconds(CLOCK_MONOTONIC) - BEFORE);
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void json_escapes_and_replaces_what_is_no_utf8(void)
{
	directory();
	listen_here();
	start(WORDS("q\"b\\n\n\x7f", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb3",
		    "\xff\xc3(\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80", "\xe2\x82"));
	accept_client();
	CHECK_HOLDS(request(),
		    "[\"q\\u0022b\\u005cn\\u000a\x7f\",\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb3\","
		    "\"\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
		    "\"\xef\xbf\xbd\xef\xbf\xbd\"]");
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

/* Before it is connected, so that it is so for as long as the client waits for anybody. */
static void what_is_told_to_a_process_is_not_in_the_list_of_processes(void)
{
	char file[64], words[256] = {0};
	int fd;

	directory();
	listen_here();
	start(WORDS("run", "-e", "PASSWORD=hidden", "--env=TOKEN=hidden", "-lx=hidden", "busybox"));
	accept_client();
	CHECK(strstr(request(), "\"PASSWORD=hidden\",\"--env=TOKEN=hidden\",\"-lx=hidden\"") !=
	      NULL);
	snprintf(file, sizeof(file), "/proc/%d/cmdline", play.client);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	CHECK(read(fd, words, sizeof(words)) > 0);
	close(fd);
	CHECK(memmem(words, sizeof(words), "PASSWORD=", 9) != NULL);
	CHECK(memmem(words, sizeof(words), "busybox", 7) != NULL);
	CHECK(memmem(words, sizeof(words), "hidden", 6) == NULL);
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void no_words_are_a_script(void)
{
	directory();
	listen_here();
	start((char *const[]){"tiny", NULL});
	accept_client();
	CHECK_HOLDS(request(), "\"argv\":[\"script\",\"-\"]");
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void output_goes_where_it_belongs_and_the_code_comes_back(void)
{
	directory();
	begin(WORDS("x"));
	say(FRAME_STDOUT, "out", 3);
	say(FRAME_STDERR, "err", 3);
	say(FRAME_STDOUT, "", 0);
	say(FRAME_STDOUT, "more", 4);
	say32(FRAME_EXIT, 137);
	CHECK_NUMBER(ended(), 137);
	CHECK_TEXT(all_of(play.out), "outmore");
	CHECK_TEXT(all_of(play.err), "err");
	end();
}

static void frames_of_another_machine_pass_as_they_are(void)
{
	uint8_t header[FRAME_HEADER], back[FRAME_HEADER + 2];

	directory();
	listen_here();
	start(WORDS("__frames"));
	accept_client();
	frame_header(header, FRAME_PING, 2);
	CHECK(write(play.in, header, sizeof(header)) == (ssize_t)sizeof(header));
	CHECK(write(play.in, "\0\xff", 2) == 2);
	expect(FRAME_PING, "\0\xff", 2);
	say(FRAME_PING, "\0\xff", 2);
	for (size_t have = 0; have < sizeof(back);) {
		ssize_t count =
			readable(play.out) ? read(play.out, back + have, sizeof(back) - have) : 0;

		CHECK(count > 0);
		if (count <= 0)
			break;
		have += (size_t)count;
	}
	CHECK(memcmp(back, header, sizeof(header)) == 0 &&
	      memcmp(back + FRAME_HEADER, "\0\xff", 2) == 0);
	/* Whoever is there hangs up: so does the client. */
	hang_up(&play.in);
	CHECK_NUMBER(ended(), 0);
	CHECK(readable(play.fd) && read(play.fd, back, 1) == 0);
	end();
}

static int waiting_in_stdin(void)
{
	int count = -1;

	CHECK(ioctl(play.in, FIONREAD, &count) == 0);
	return count;
}

static void input_is_read_only_as_far_as_it_is_credited(void)
{
	char byte;

	directory();
	begin(WORDS("x"));
	CHECK(write(play.in, "abc", 3) == 3);
	/* Once this is there, the client has been through its loop with bytes to read. */
	say(FRAME_STDOUT, "1", 1);
	CHECK(read(play.out, &byte, 1) == 1);
	CHECK_NUMBER(waiting_in_stdin(), 3);
	say32(FRAME_CREDIT, 2);
	expect(FRAME_STDIN, "ab", 2);
	CHECK_NUMBER(waiting_in_stdin(), 1);
	say32(FRAME_CREDIT, 100);
	expect(FRAME_STDIN, "c", 1);
	hang_up(&play.in);
	expect(FRAME_STDIN_EOF, "", 0);
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void signals_arrive_while_output_is_held_back(void)
{
	static uint8_t block[FRAME_LIMIT];
	size_t total = 0;

	directory();
	begin(WORDS("x"));
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)(i * 7);
	/* More than the client's pipe takes, less than socket and client together. */
	say(FRAME_STDOUT, block, sizeof(block));
	say(FRAME_STDOUT, block, sizeof(block));
	CHECK(kill(play.client, SIGINT) == 0);
	expect32(FRAME_SIGNAL, 2);
	say32(FRAME_EXIT, 3);
	while (total < 2 * sizeof(block)) {
		static uint8_t bytes[FRAME_LIMIT];
		ssize_t count = read(play.out, bytes, sizeof(bytes));

		if (count <= 0)
			break;
		for (ssize_t i = 0; i < count; i++)
			CHECK(bytes[i] == block[(total + (size_t)i) % sizeof(block)]);
		total += (size_t)count;
	}
	CHECK_NUMBER(total, 2 * sizeof(block));
	CHECK_NUMBER(ended(), 3);
	end();
}

static void signals_go_to_a_container_by_their_linux_numbers(void)
{
	static const struct {
		int here;
		uint32_t number;
	} all[] = {{SIGHUP, 1},	  {SIGINT, 2},	 {SIGQUIT, 3},	{SIGUSR1, 10},
		   {SIGUSR2, 12}, {SIGTERM, 15}, {SIGCONT, 18}, {SIGTSTP, 20}};
	char byte;

	directory();
	begin(WORDS("x"));
	say(FRAME_RAW, "\0", 1);
	say(FRAME_STDOUT, "1", 1);
	CHECK(read(play.out, &byte, 1) == 1);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		CHECK(kill(play.client, all[i].here) == 0);
		expect32(FRAME_SIGNAL, all[i].number);
	}
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void the_stop_key_stops_a_client_without_a_container(void)
{
	int status = 0;
	char byte;

	directory();
	begin(WORDS("logs", "-f", "web"));
	say(FRAME_STDOUT, "1", 1);
	CHECK(read(play.out, &byte, 1) == 1);
	CHECK(kill(play.client, SIGTSTP) == 0);
	CHECK(waitpid(play.client, &status, WUNTRACED) == play.client);
	CHECK(WIFSTOPPED(status));
	CHECK(kill(play.client, SIGCONT) == 0);
	say32(FRAME_EXIT, 4);
	CHECK_NUMBER(ended(), 4);
	end();
}

static void ignored_signals_stay_ignored(void)
{
	char byte;

	directory();
	signal(SIGHUP, SIG_IGN);
	begin(WORDS("x"));
	signal(SIGHUP, SIG_DFL);
	say(FRAME_STDOUT, "1", 1);
	CHECK(read(play.out, &byte, 1) == 1);
	CHECK(kill(play.client, SIGHUP) == 0);
	CHECK(kill(play.client, SIGTERM) == 0);
	expect32(FRAME_SIGNAL, 15);
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static bool is_raw(void)
{
	struct termios settings;

	CHECK(tcgetattr(play.in, &settings) == 0);
	return !(settings.c_lflag & (ICANON | ECHO | ISIG)) && !(settings.c_iflag & ICRNL) &&
	       !(settings.c_oflag & OPOST);
}

static void set_size(uint16_t rows, uint16_t columns)
{
	struct winsize size = {.ws_row = rows, .ws_col = columns};

	CHECK(ioctl(play.in, TIOCSWINSZ, &size) == 0);
}

/* A client at a terminal whose terminal is raw; what it wrote has been read. */
static void begin_raw(void)
{
	char byte;

	play.terminal = true;
	begin(WORDS("run", "-it", "busybox"));
	CHECK(!is_raw());
	say(FRAME_RAW, "\1", 1);
	say(FRAME_STDOUT, "1", 1);
	CHECK(read(play.out, &byte, 1) == 1);
	CHECK(is_raw());
}

static void the_terminal_is_raw_while_a_container_has_it(void)
{
	char byte;

	directory();
	begin_raw();
	say32(FRAME_CREDIT, 100);
	CHECK(write(play.in, "\003\r", 2) == 2);
	expect(FRAME_STDIN, "\003\r", 2);
	set_size(50, 132);
	CHECK(kill(play.client, SIGWINCH) == 0);
	expect(FRAME_RESIZE, "\0\062\0\204", 4);
	say(FRAME_RAW, "\0", 1);
	say(FRAME_STDOUT, "2", 1);
	CHECK(read(play.out, &byte, 1) == 1);
	CHECK(!is_raw());
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	end();
}

static void the_terminal_is_restored_however_the_client_ends(void)
{
	directory();
	begin_raw();
	say32(FRAME_EXIT, 5);
	CHECK_NUMBER(ended(), 5);
	CHECK(!is_raw());
	end();

	directory();
	begin_raw();
	hang_up(&play.fd);
	CHECK_NUMBER(ended(), 125);
	CHECK(!is_raw());
	end();
}

static void a_closed_pipe_ends_the_client_as_any_filter(void)
{
	directory();
	begin(WORDS("logs", "web"));
	hang_up(&play.out);
	say(FRAME_STDOUT, "x", 1);
	CHECK_NUMBER(ended(), -SIGPIPE);
	CHECK_TEXT(all_of(play.err), "");
	end();
}

static void closed_standard_streams_do_no_harm(void)
{
	const int none[3] = {-1, -1, -1};

	directory();
	listen_here();
	play.client = fork();
	if (play.client == 0)
		become_client(none, WORDS("x"));
	accept_client();
	request();
	say(FRAME_STDOUT, "lost", 4);
	say(FRAME_STDERR, "lost", 4);
	say32(FRAME_CREDIT, 10);
	expect(FRAME_STDIN_EOF, "", 0);
	say32(FRAME_EXIT, 6);
	CHECK_NUMBER(ended(), 6);
	end();
}

static void an_engine_that_goes_away_is_said(void)
{
	char text[256];

	directory();
	begin(WORDS("ps", "-a"));
	hang_up(&play.fd);
	CHECK_NUMBER(ended(), 125);
	snprintf(text, sizeof(text),
		 "cannot run 'tiny ps': the engine ended unexpectedly; see '%s/engine.log'\n",
		 play.directory);
	CHECK_TEXT(all_of(play.err), text);
	end();
}

static void a_request_that_no_engine_took_goes_to_the_next(void)
{
	char name[128], hidden[128];
	int old;

	directory();
	listen_here();
	start(WORDS("ps"));
	CHECK(readable(play.listener));
	/* The next engine is there before the old one ends with a client in its queue. */
	old = play.listener;
	path(name, "engine.sock");
	path(hidden, "old");
	CHECK(rename(name, hidden) == 0);
	listen_here();
	close(old);
	accept_client();
	CHECK_HOLDS(request(), "\"argv\":[\"ps\"]");
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	CHECK_TEXT(all_of(play.err), "");
	end();
}

static void a_request_that_was_taken_is_not_repeated(void)
{
	uint8_t unread[4] = {0};

	directory();
	begin(WORDS("ps"));
	/* What the client says later stays unread, so that it hears of a reset as well. */
	CHECK(kill(play.client, SIGTERM) == 0);
	CHECK(readable(play.fd));
	CHECK(recv(play.fd, unread, 1, MSG_PEEK) == 1);
	hang_up(&play.fd);
	CHECK_NUMBER(ended(), 125);
	CHECK_HOLDS(all_of(play.err), "the engine ended unexpectedly");
	end();
}

static void a_frame_nobody_knows_ends_the_client(void)
{
	directory();
	begin(WORDS("x"));
	say(99, "", 0);
	CHECK_NUMBER(ended(), 125);
	CHECK_HOLDS(all_of(play.err), "cannot understand the engine: a frame of type 99");
	end();

	directory();
	begin(WORDS("x"));
	say(FRAME_EXIT, "\0", 1);
	CHECK_NUMBER(ended(), 125);
	CHECK_HOLDS(all_of(play.err),
		    "cannot understand the engine: a frame of type 8 and 1 bytes");
	end();
}

/* A script in the place of the one that starts the JVM. */
static void write_engine(const char *script)
{
	static const char *const parts[] = {"src", "src/main", "src/main/sh"};
	char name[128];
	FILE *file;

	for (size_t i = 0; i < 3; i++) {
		path(name, parts[i]);
		CHECK(mkdir(name, 0755) == 0);
	}
	path(name, "src/main/sh/engine");
	file = fopen(name, "w");
	fprintf(file, "#!/bin/sh\nexec 2>/dev/null\n%s\n", script);
	fclose(file);
	CHECK(chmod(name, 0755) == 0);
}

static void check_refusal(const char *script, const char *said)
{
	directory();
	write_engine(script);
	start(WORDS("ps"));
	CHECK_NUMBER(ended(), 125);
	CHECK_TEXT(all_of(play.err), said);
	end();
}

static void why_an_engine_does_not_start_is_one_line(void)
{
	check_refusal("echo noise; echo 'cannot use the record: full; free some space'; exit 125",
		      "cannot use the record: full; free some space\n");
	check_refusal("echo; echo 'Unrecognized option: -Xyz'; echo more; exit 1",
		      "cannot start the engine: Unrecognized option: -Xyz\n");
	check_refusal("printf '#\\n# A fatal error has been detected:\\n#\\n#  SIGILL (0x4) at pc=0x1\\n#\\n'; exit 134",
		      "cannot start the engine: SIGILL (0x4) at pc=0x1\n");
	check_refusal("exit 1", "cannot start the engine: it ended without a word\n");
}

static const char *content(const char *name)
{
	char full[128];
	const char *text;
	int fd;

	path(full, name);
	fd = open(full, O_RDONLY | O_CLOEXEC);
	text = fd < 0 ? "" : all_of(fd);
	if (fd >= 0)
		close(fd);
	return text;
}

/* The engine of this script is there once this program listens. */
static const char *const wait_for_us =
	"echo $1 >>$TINY_RUN_ROOT/started\n"
	"ls /proc/self/fd >$TINY_RUN_ROOT/open\n"
	"while ! [ -S $TINY_RUN_ROOT/engine.sock ]; do sleep 0.02; done\n"
	"echo ready\n";

static void several_clients_start_one_engine(void)
{
	enum { CLIENTS = 5 };
	pid_t clients[CLIENTS];
	struct pollfd none = {.fd = -1};

	directory();
	write_engine(wait_for_us);
	/* A descriptor as a shell's loop or a test runner leaves it open: the engine must not keep it. */
	dup3(STDERR_FILENO, 9, 0);
	for (int i = 0; i < CLIENTS; i++) {
		hang_up(&play.in);
		hang_up(&play.out);
		hang_up(&play.err);
		start(WORDS("ps"));
		clients[i] = play.client;
	}
	close(9);
	while (*content("open") == '\0')
		poll(&none, 1, 10);
	listen_here();
	for (int i = 0; i < CLIENTS; i++) {
		play.length = play.taken = 0;
		accept_client();
		request();
		say32(FRAME_EXIT, 0);
		hang_up(&play.fd);
	}
	for (int i = 0; i < CLIENTS; i++) {
		play.client = clients[i];
		CHECK_NUMBER(ended(), 0);
	}
	CHECK_TEXT(content("started"), "background\n");
	CHECK(strstr(content("open"), "9") == NULL);
	end();
}

/* One that has idled away before anybody was there, and then one that is there once this program listens. */
static const char *const gone_at_first =
	"echo $1 >>$TINY_RUN_ROOT/started\n"
	"[ $(wc -l <$TINY_RUN_ROOT/started) -gt 1 ] || { echo ready; exit; }\n"
	"while ! [ -S $TINY_RUN_ROOT/engine.sock ]; do sleep 0.02; done\n"
	"echo ready\n";

static void an_engine_that_is_gone_at_once_is_started_again(void)
{
	struct pollfd none = {.fd = -1};

	directory();
	write_engine(gone_at_first);
	start(WORDS("ps"));
	while (strlen(content("started")) < 2 * strlen("background\n"))
		poll(&none, 1, 10);
	listen_here();
	accept_client();
	request();
	say32(FRAME_EXIT, 0);
	CHECK_NUMBER(ended(), 0);
	CHECK_TEXT(content("started"), "background\nbackground\n");
	end();
}

static void a_socket_nobody_listens_on_is_no_engine(void)
{
	char name[128];

	directory();
	listen_here();
	hang_up(&play.listener);
	path(name, "engine.sock");
	write_engine("rm $TINY_RUN_ROOT/engine.sock; echo 'cannot go on: tried'; exit 1");
	start(WORDS("ps"));
	CHECK_NUMBER(ended(), 125);
	CHECK_TEXT(all_of(play.err), "cannot go on: tried\n");
	CHECK(access(name, F_OK) < 0);
	end();
}

static void who_is_not_root_is_told_what_to_do(void)
{
	char text[512];

	directory();
	CHECK(chmod(play.directory, 0755) == 0);
	play.unprivileged = true;
	start(WORDS("ps"));
	CHECK_NUMBER(ended(), 125);
	CHECK_HOLDS(all_of(play.err), "cannot start the engine: it needs root; use sudo");
	end();

	directory();
	listen_here();
	play.unprivileged = true;
	start(WORDS("ps"));
	CHECK_NUMBER(ended(), 125);
	snprintf(text, sizeof(text),
		 "cannot connect to the engine: '%s/engine.sock': EACCES (Permission denied); use "
		 "sudo",
		 play.directory);
	CHECK_HOLDS(all_of(play.err), text);
	end();
}

static const struct test tests[] = {
	TEST(request_carries_words_directory_environment_and_terminal),
	TEST(it_was_called_before_it_was_executed),
	TEST(json_escapes_and_replaces_what_is_no_utf8),
	TEST(what_is_told_to_a_process_is_not_in_the_list_of_processes),
	TEST(no_words_are_a_script),
	TEST(frames_of_another_machine_pass_as_they_are),
	TEST(output_goes_where_it_belongs_and_the_code_comes_back),
	TEST(input_is_read_only_as_far_as_it_is_credited),
	TEST(signals_arrive_while_output_is_held_back),
	TEST(signals_go_to_a_container_by_their_linux_numbers),
	TEST(the_stop_key_stops_a_client_without_a_container),
	TEST(ignored_signals_stay_ignored),
	TEST(the_terminal_is_raw_while_a_container_has_it),
	TEST(the_terminal_is_restored_however_the_client_ends),
	TEST(a_closed_pipe_ends_the_client_as_any_filter),
	TEST(closed_standard_streams_do_no_harm),
	TEST(an_engine_that_goes_away_is_said),
	TEST(a_request_that_no_engine_took_goes_to_the_next),
	TEST(a_request_that_was_taken_is_not_repeated),
	TEST(a_frame_nobody_knows_ends_the_client),
	TEST(why_an_engine_does_not_start_is_one_line),
	TEST(several_clients_start_one_engine),
	TEST(an_engine_that_is_gone_at_once_is_started_again),
	TEST(a_socket_nobody_listens_on_is_no_engine),
	TEST(who_is_not_root_is_told_what_to_do),
};

int main(int argc, char *argv[])
{
	alarm(TEST_SECONDS);
	return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
