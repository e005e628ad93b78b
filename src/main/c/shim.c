/*
 * tiny-shim: executes the container's half of a plan, and then holds what the process has.
 *
 *   engine ──── frames ────▶ tds:shim ── clone3 ──▶ tds:child ── execve ──▶ the process
 *   (comes and goes)            │  ▲                                          │  │
 *                               │  └──────────── pipes or a terminal ─────────┘  │
 *                               ├──▶ log, exit record                            │
 *                               └────────────── waits for, signals ──────────────┘
 *
 * One thread, one loop over poll(2). All signals are blocked: whoever dies around it, the shim goes
 * on until its process has ended and everyone who is connected has been told. docs/wire.md is the
 * contract.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "shim.h"

enum {
	SIGNALS = 64,
	PATIENCE = 60 * 1000, /* for the plan, in ms: an engine may die before it connects */
};

struct shim shim;

void die(const char *format, ...)
{
	va_list arguments;

	fputs("tiny-shim: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Tells everyone how it ended, once everything before is queued. */
static void finish(void)
{
	log_end(&shim.log, wall_clock());
	close_stdin();
	for (int i = 0; i < CONNECTIONS; i++)
		conn_send(&shim.conns[i], FRAME_EXITED, shim.exit, sizeof(shim.exit));
	shim.phase = ENDING;
}

static void reap(void)
{
	siginfo_t end = {0};

	/* Kept while the process is still there: an engine that finds none finds how it ended. */
	while (waitid(P_PID, (id_t)shim.pid, &end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	if (end.si_code == CLD_EXITED)
		keep_exit((unsigned)end.si_status, 0);
	else
		keep_exit(CODE_SIGNALLED + (unsigned)end.si_status, (unsigned)end.si_status);
	while (waitpid(shim.pid, NULL, 0) < 0 && errno == EINTR)
		;
	close_fd(&shim.pidfd);
	begin_drain();
	shim.phase = DRAINING;
}

static void child_ended(void)
{
	if (shim.phase == STARTING) {
		while (hear_child())
			;
		if (shim.phase == STARTING)
			started();
	}
	if (shim.phase == RUNNING)
		reap();
}

static short wanted_of(const struct conn *conn)
{
	return (short)(POLLIN | (bytes_count(&conn->out) ? POLLOUT : 0));
}

static bool has_stdin(void)
{
	for (int i = 0; i < CONNECTIONS; i++)
		if (bytes_count(&shim.conns[i].stdin_bytes))
			return true;
	return false;
}

/*
 * Nothing is read before GO: whoever attached before it gets all of the output, also of a process
 * that did not wait.
 */
static bool may_read(void)
{
	return shim.go && (shim.phase == RUNNING || shim.phase == DRAINING);
}

/* What is waited for, in the order of turn(). */
enum {
	WAIT_LISTENER,
	WAIT_CHILD,
	WAIT_END,
	WAIT_OUT, /* standard output and error */
	WAIT_IN = WAIT_OUT + 2,
	WAIT_CONNS,
	WAITS = WAIT_CONNS + CONNECTIONS,
};

/* Waits until something can be done, and does it. */
static void turn(void)
{
	bool reading = may_read();
	bool listening = !shim.had_creator || shim.phase != PLANLESS;
	/* poll(2) leaves out what is negative. */
	struct pollfd fds[WAITS] = {
		[WAIT_LISTENER] = {listening ? LISTENER : -1, POLLIN, 0},
		[WAIT_CHILD] = {shim.sync, POLLIN, 0},
		[WAIT_END] = {shim.pidfd, POLLIN, 0},
		[WAIT_OUT] = {reading && has_room(0) ? shim.out[0] : -1, POLLIN, 0},
		[WAIT_OUT + 1] = {reading && has_room(1) ? shim.out[1] : -1, POLLIN, 0},
		[WAIT_IN] = {has_stdin() ? shim.in : -1, POLLOUT, 0},
	};
	int ready;

	for (int i = 0; i < CONNECTIONS; i++)
		fds[WAIT_CONNS + i] = (struct pollfd){shim.conns[i].used ? shim.conns[i].fd : -1,
						      wanted_of(&shim.conns[i]), 0};
	ready = poll(fds, WAITS, shim.phase == PLANLESS ? PATIENCE : -1);
	if (ready == 0)
		die("no plan came");
	if (ready < 0)
		return;
	if (fds[WAIT_CHILD].revents)
		hear_child();
	for (int i = 0; i < 2; i++)
		if (fds[WAIT_OUT + i].revents && shim.out[i] >= 0)
			pump(i);
	if (fds[WAIT_END].revents && shim.pidfd >= 0)
		child_ended();
	for (int i = 0; i < CONNECTIONS; i++) {
		struct conn *conn = &shim.conns[i];
		short events = fds[WAIT_CONNS + i].revents;

		if (fds[WAIT_IN].revents)
			feed(conn);
		if (events & POLLOUT)
			conn_flush(conn);
		if (events & ~POLLOUT && conn->fd >= 0)
			listen_to(conn);
	}
	if (fds[WAIT_LISTENER].revents)
		take_connection();
}

static void run(void)
{
	for (;;) {
		bool anyone = false;

		for (int i = 0; i < 2 && shim.phase == DRAINING && shim.go; i++)
			while (shim.out[i] >= 0 && has_room(i))
				pump(i);
		if (shim.phase == DRAINING && shim.out[0] < 0 && shim.out[1] < 0)
			finish();
		for (int i = 0; i < CONNECTIONS; i++) {
			struct conn *conn = &shim.conns[i];

			if (shim.phase == ENDING && conn->fd >= 0 && !bytes_count(&conn->out))
				hang_up(conn);
			if (conn->used && conn->fd < 0)
				forget(conn);
			anyone |= conn->used;
		}
		if (shim.phase == ENDING && !anyone)
			return;
		turn();
	}
}

/* Blocks all signals, and undoes what an engine may have ignored: the child would inherit it. */
static void set_signals(void)
{
	/* No handler, no flags, as the kernel reads it; libc would keep some signals to itself. */
	static const uint64_t none[8];
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (long i = 1; i <= SIGNALS; i++)
		syscall(SYS_rt_sigaction, i, none, NULL, SIGNALS / 8);
}

/* All descriptors there may be are there not. */
static void begin(void)
{
	shim.record = shim.pidfd = shim.join = shim.users = shim.sync = shim.terminal = shim.in =
		shim.log.fd = -1;
	for (int i = 0; i < 2; i++)
		shim.out[i] = -1;
	for (int i = 0; i < 3; i++)
		shim.child_fds[i] = -1;
	for (int i = 0; i < CONNECTIONS; i++)
		shim.conns[i].fd = -1;
}

int main(int argc, char *argv[])
{
	uint64_t ahead = 0;
	int listening = 0;
	socklen_t size = sizeof(listening);

	if (argc == 2 && !strcmp(argv[1], "--ops")) {
		print_ops();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--abi")) {
		print_abi();
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "--idmap")) {
		enum idmap_answer answer = try_idmap(argv[2]);

		reap_holder();
		return (int)answer;
	}
	if (argc == 3 && !strcmp(argv[1], "--ahead")) {
		ahead = strtoull(argv[2], NULL, 10);
		argc = 1;
	}
	if (argc > 1 || ahead & ~KERNEL_CLONE_NEW ||
	    getsockopt(LISTENER, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) || !listening) {
		fputs("usage: tiny-shim [--ops | --abi | --idmap PATH]; else started by the "
		      "engine, with a listening socket as descriptor 3 and perhaps "
		      "--ahead FLAGS, the namespaces that its plan will want\n",
		      stderr);
		return 2;
	}
	begin();
	prctl(PR_SET_NAME, "tds:shim");
	set_signals();
	setsid();
	if (chdir("/"))
		die("cannot go to '/': %s", strerror(errno));
	kernel_close_range(LISTENER + 1, ~0u);
	fcntl(LISTENER, F_SETFD, FD_CLOEXEC);
	fcntl(LISTENER, F_SETFL, O_NONBLOCK);
	if (ahead)
		begin_users(ahead);
	run();
	return 0;
}
