/*
 * Finding the engine, and starting it where nobody answers:
 *
 *   client ── start.lock ──▶ connects again: another client may have been quicker
 *      │
 *      └─ fork ─▶ setsid ─▶ src/main/sh/engine background ─▶ exec java
 *           ◀── pipe ── "ready", or one line that says why not, or end of file
 *
 * The engine is nobody's child: the client does not wait for it, init reaps it. start.lock is held
 * by the client alone and only while it starts one, so two clients never start two JVMs.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	PATH_SIZE = 4096,
	HIGHEST_DESCRIPTOR = 65536,
	MOST_STARTS = 3,
};

static void join(char path[PATH_SIZE], const char *directory, const char *name)
{
	if (snprintf(path, PATH_SIZE, "%s/%s", directory, name) >= PATH_SIZE)
		fail("find the engine: '%s' is too long", directory);
}

/* A connected socket, or -1 and errno. */
static int try_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, saved;

	if (strlen(path) >= sizeof(address.sun_path))
		fail("connect to the engine: '%s' is longer than the %zu bytes a socket's path may "
		     "have; choose a shorter tiny.run.root",
		     path, sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		if (errno == EINTR)
			continue;
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static int is_absent(int number)
{
	return number == ENOENT || number == ECONNREFUSED;
}

/* Where this host is no Linux, what the client starts is the way to an engine: the user's own. */
static int is_way_to_engine(void)
{
	const char *host = getenv("TINY_HOST");

	return host != NULL && strcmp(host, "darwin") == 0;
}

static _Noreturn void refuse(const char *path, int number)
{
	if (number == EACCES || number == EPERM)
		fail("connect to the engine: '%s': %s; "
		     "use sudo, or let root name a group of yours as tiny.socket.group",
		     path, errno_text(number));
	fail("connect to the engine: '%s': %s", path, errno_text(number));
}

static void make_directories(const char *path)
{
	char part[PATH_SIZE];

	join(part, path, "");
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		/* The last one is the engine's own; it gives it to the configured group. */
		if (mkdir(part, slash[1] == '\0' ? 0750 : 0755) < 0 && errno != EEXIST)
			fail("make the directory '%s': %s; change tiny.run.root, or make it", part,
			     errno_text(errno));
		*slash = '/';
	}
}

static int lock_start(const char *run_root)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_SIZE];
	int fd;

	join(path, run_root, "start.lock");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		fail("start the engine: '%s': %s", path, errno_text(errno));
	while (fcntl(fd, F_SETLKW, &lock) < 0)
		if (errno != EINTR)
			fail("start the engine: lock '%s': %s", path, errno_text(errno));
	return fd;
}

/* In the child: a session of its own, and none of the descriptors the user's shell may wait on. */
static _Noreturn void become_background(const char *home, int report)
{
	long highest = sysconf(_SC_OPEN_MAX);
	int null = open("/dev/null", O_RDWR);

	setsid();
	dup2(null, STDIN_FILENO);
	dup2(report, STDOUT_FILENO);
	dup2(report, STDERR_FILENO);
	if (highest < 0 || highest > HIGHEST_DESCRIPTOR)
		highest = HIGHEST_DESCRIPTOR;
	for (int fd = STDERR_FILENO + 1; fd < highest; fd++)
		close(fd);
	if (chdir("/") < 0)
		_exit(STATUS_RUNTIME_FAILED);
	engine_become(home, "background");
}

/*
 * Tells the user why the engine did not start: its own line, or the first that the JVM or a shell
 * said. A JVM that crashes draws a frame of signs around that, under a heading that ends with a
 * colon.
 */
static _Noreturn void report_failure(char *said)
{
	const char *first = NULL;

	for (char *line = strtok(said, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (strncmp(line, "cannot ", strlen("cannot ")) == 0)
			fail("%s", line + strlen("cannot "));
		line += strspn(line, "# ");
		if (first == NULL && *line != '\0' && line[strlen(line) - 1] != ':')
			first = line;
	}
	fail("start the engine: %s", first != NULL ? first : "it ended without a word");
}

/* Waits for "ready", which the engine writes once it listens. */
static void await_ready(int report)
{
	char said[8192];
	size_t length = 0;

	for (;;) {
		ssize_t count = read(report, said + length, sizeof(said) - 1 - length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count > 0)
			length += (size_t)count;
		said[length] = '\0';
		if (strncmp(said, "ready\n", 6) == 0 || strstr(said, "\nready\n") != NULL)
			return;
		if (count <= 0)
			report_failure(said);
		/* Of very much, the end is kept: what matters comes last. */
		if (length == sizeof(said) - 1) {
			length /= 2;
			memmove(said, said + sizeof(said) - 1 - length, length);
		}
	}
}

static void start(const char *home)
{
	int report[2];
	pid_t pid;

	if (pipe(report) < 0)
		fail("start the engine: pipe: %s", errno_text(errno));
	pid = fork();
	if (pid < 0)
		fail("start the engine: fork: %s", errno_text(errno));
	if (pid == 0)
		become_background(home, report[1]);
	close(report[1]);
	await_ready(report[0]);
	close(report[0]);
}

int engine_connect(const char *home, const char *run_root)
{
	char path[PATH_SIZE];
	int fd, lock;

	join(path, run_root, "engine.sock");
	fd = try_connect(path);
	if (fd >= 0)
		return fd;
	if (!is_absent(errno))
		refuse(path, errno);
	if (geteuid() != 0 && !is_way_to_engine())
		fail("start the engine: it needs root; use sudo, or let root run 'tiny serve' "
		     "with a group of yours as tiny.socket.group");
	make_directories(run_root);
	lock = lock_start(run_root);
	fd = try_connect(path);
	/* One that does not wait for long may have ended again before this process was there. */
	for (int starts = 0; fd < 0 && is_absent(errno) && starts < MOST_STARTS; starts++) {
		start(home);
		fd = try_connect(path);
	}
	if (fd < 0)
		refuse(path, errno);
	close(lock);
	return fd;
}

void engine_become(const char *home, const char *mode)
{
	char program[PATH_SIZE];

	join(program, home, "src/main/sh/engine");
	signal(SIGPIPE, SIG_DFL);
	execl(program, program, mode, (char *)NULL);
	fail("start the engine: '%s': %s", program, errno_text(errno));
}
