/*
 * tiny: the client. One process for each command a user gives:
 *
 *   user's shell ── fork ─▶ tiny ── REQUEST ─▶ engine
 *                            │  ◀── STDOUT, STDERR, CREDIT, RAW ──
 *                            │  ─── STDIN, RESIZE, SIGNAL ──▶
 *                            └─ ends with the status in EXIT
 *
 * It decides nothing: the words go to the engine as they are, and what comes back is written as it
 * is.
 */
#include "client.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A standard stream that is closed would be given to the next file that is opened. */
static void open_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL || *value != '/')
		fail("find the engine: %s is not set to an absolute path; "
		     "start 'tiny' by the launcher at the top of the project",
		     name);
	return value;
}

/*
 * Everybody on this host can read a process's words, proc(5). What is behind an equals sign may be
 * a secret; the request has it by now.
 */
static void hide(char **words)
{
	for (; *words; words++) {
		char *equals = strchr(*words, '=');

		if (equals)
			memset(equals + 1, 0, strlen(equals + 1));
	}
}

int main(int argc, char *argv[])
{
	static char *script[] = {"script", "-", NULL};
	char **words = argc > 0 ? argv + 1 : argv;
	struct session session;

	open_standard_streams();
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	signal(SIGPIPE, SIG_IGN);
	session.home = variable("TINY_HOME");
	session.run_root = variable("TINY_RUN_ROOT");
	session.data_root = variable("TINY_DATA_ROOT");
	if (*words == NULL) {
		if (isatty(STDIN_FILENO))
			engine_become(session.home, "shell");
		words = script;
	}
	if (strcmp(*words, "__frames") == 0)
		frames_pass(engine_connect(session.home, session.run_root));
	session.command = *words;
	session.request = request_encode(words, &session.request_length);
	if (words != script)
		hide(words);
	session_run(&session);
}
