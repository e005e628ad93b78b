/*
 * tiny-shim: executes the container's half of a plan, and then holds what the process has.
 *
 *   engine ──── frames ────▶ tds:shim ── clone3 ──▶ tds:child ── execve ──▶ the process
 *   (comes and goes)            │  ▲                                          │  │
 *                               │  └──────────── pipes or a terminal ─────────┘  │
 *                               ├──▶ log, exit record                            │
 *                               └────────────── waits for, signals ──────────────┘
 *
 * One thread, one loop over poll(2). All signals are blocked: whoever dies around it, the shim goes on
 * until its process has ended and everyone who is connected has been told. docs/wire.md is the contract.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "conn.h"
#include "kernel.h"
#include "record.h"

enum {
	LISTENER = 3,
	PATIENCE = 60 * 1000, /* for the plan, in ms: an engine may die before it connects */
	DRAIN = 64 << 10,     /* read after the end from a terminal, whoever still writes to it */
};

enum phase {
	PLANLESS, /* no plan has come */
	STARTING, /* the child is on its way to execve */
	RUNNING,
	DRAINING, /* the process has ended, what it wrote is still to be read */
	ENDING,	  /* all is said; the connections are to take it */
};

static struct {
	enum phase phase;
	struct conn conns[CONNECTIONS];
	bool had_creator;

	struct plan plan;
	uint8_t *plan_bytes;
	struct report *report;
	struct log log;
	int record;
	pid_t pid;
	int pidfd;
	int join; /* pidfd of the process to join, or -1 */
	int sync; /* socket to the child until execve, or -1 */
	bool go;

	uint64_t stdio; /* enum stdio_flag, or-ed */
	uint16_t rows, columns;
	int terminal; /* the master, or -1 */
	int in;	      /* where standard input goes, or -1 */
	bool in_open;
	int out[2];	 /* where standard output and error come from, or -1 */
	size_t drain[2]; /* what is read of them after the end, at most */
	int child_fds[3];

	bool exited;
	uint8_t exit[16]; /* the payload of EXITED */
} shim = {.record = -1,
	  .pidfd = -1,
	  .join = -1,
	  .sync = -1,
	  .terminal = -1,
	  .in = -1,
	  .out = {-1, -1},
	  .child_fds = {-1, -1, -1},
	  .log = {.fd = -1}};

static char chunk[CHUNK];

__attribute__((format(printf, 1, 2))) static _Noreturn void die(const char *format, ...)
{
	va_list arguments;

	fputs("tiny-shim: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

static struct conn *creator(void)
{
	for (int i = 0; i < CONNECTIONS; i++)
		if (shim.conns[i].used && shim.conns[i].creator)
			return &shim.conns[i];
	return NULL;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- standard input ---- */

static void close_stdin(void)
{
	shim.in_open = false;
	for (int i = 0; i < CONNECTIONS; i++) {
		bytes_free(&shim.conns[i].stdin_bytes);
		shim.conns[i].stdin_eof = false;
	}
	if (shim.terminal < 0)
		close_fd(&shim.in);
	shim.in = -1;
}

/* Passes on what one connection sent, and lets it send as much again. */
static void feed(struct conn *conn)
{
	while (shim.in >= 0 && bytes_count(&conn->stdin_bytes)) {
		ssize_t written = write(shim.in, bytes_first(&conn->stdin_bytes),
					bytes_count(&conn->stdin_bytes));

		if (written < 0 && errno == EAGAIN)
			break;
		/* EPIPE, EIO: nobody will ever read it; the connection gets no credit any more. */
		if (written < 0) {
			close_stdin();
			return;
		}
		bytes_take(&conn->stdin_bytes, (size_t)written);
		conn->owed += (uint32_t)written;
	}
	if (conn->owed >= CREDIT_WINDOW / 4) {
		conn->credit += conn->owed;
		conn_send32(conn, FRAME_CREDIT, conn->owed);
		conn->owed = 0;
	}
	if (conn->stdin_eof && shim.in >= 0 && !bytes_count(&conn->stdin_bytes)) {
		conn->stdin_eof = false;
		/* A terminal has no end of input of its own: who types it sends it. */
		if (shim.stdio & STDIO_STDIN_ONCE && shim.terminal < 0)
			close_stdin();
	}
}

static void resize(void)
{
	struct winsize size = {.ws_row = shim.rows, .ws_col = shim.columns};

	if (shim.terminal >= 0 && shim.rows && shim.columns)
		ioctl(shim.terminal, TIOCSWINSZ, &size);
}

/* ---- standard output ---- */

static bool is_attached(const struct conn *conn, int stream)
{
	return conn->fd >= 0 && conn->attached & (stream ? ATTACH_STDERR : ATTACH_STDOUT);
}

/* Whether everyone who listens to a stream can take more of it: the slowest one sets the pace. */
static bool has_room(int stream)
{
	for (int i = 0; i < CONNECTIONS; i++)
		if (is_attached(&shim.conns[i], stream) && !conn_has_room(&shim.conns[i]))
			return false;
	return true;
}

/* Closes a stream; a terminal stays, as closing it hangs up whoever uses it. */
static void close_out(int stream)
{
	if (shim.out[stream] != shim.terminal)
		close(shim.out[stream]);
	shim.out[stream] = -1;
}

/* Reads once from a stream: first into the log, then to everyone attached. EIO is a terminal's end. */
static void pump(int stream)
{
	bool ended = shim.phase == DRAINING;
	size_t most = ended && shim.drain[stream] < CHUNK ? shim.drain[stream] : CHUNK;
	ssize_t got = read(shim.out[stream], chunk, most);

	if (got <= 0) {
		if (got == 0 || errno != EAGAIN || ended)
			close_out(stream);
		return;
	}
	log_add(&shim.log, stream, chunk, (size_t)got, wall_clock());
	for (int i = 0; i < CONNECTIONS; i++)
		if (is_attached(&shim.conns[i], stream))
			conn_send(&shim.conns[i], stream ? FRAME_STDERR : FRAME_STDOUT, chunk,
				  (uint32_t)got);
	if (ended)
		shim.drain[stream] -= (size_t)got;
}

/* ---- the end ---- */

/* Tells everyone how it ended, once everything before is queued. */
static void finish(void)
{
	log_end(&shim.log, wall_clock());
	close_stdin();
	for (int i = 0; i < CONNECTIONS; i++)
		conn_send(&shim.conns[i], FRAME_EXITED, shim.exit, sizeof(shim.exit));
	shim.phase = ENDING;
}

/* The record comes first: whatever happens then, the exit is known. */
static void keep_exit(unsigned code, unsigned signal)
{
	uint64_t now = wall_clock();

	record_exited(shim.record, code, signal, now);
	put32(shim.exit, code);
	put32(shim.exit + 4, signal);
	put64(shim.exit + 8, now);
	shim.exited = true;
}

static void reap(void)
{
	int status = 0, size;

	while (waitpid(shim.pid, &status, 0) < 0 && errno == EINTR)
		;
	close_fd(&shim.pidfd);
	if (WIFSIGNALED(status))
		keep_exit(128 + (unsigned)WTERMSIG(status), (unsigned)WTERMSIG(status));
	else
		keep_exit((unsigned)WEXITSTATUS(status), 0);
	for (int i = 0; i < 2; i++) {
		size = shim.out[i] >= 0 ? fcntl(shim.out[i], F_GETPIPE_SZ) : 0;
		shim.drain[i] = size > 0 ? (size_t)size : DRAIN;
	}
	shim.phase = DRAINING;
}

/* Tells the creator which op failed and why; nothing follows. */
static void failed(unsigned index, unsigned code, int error, const char *detail)
{
	uint8_t payload[8 + DETAIL];
	struct conn *conn = creator();
	size_t length = strnlen(detail, DETAIL);

	put16(payload, (uint16_t)index);
	put16(payload + 2, (uint16_t)code);
	put32(payload + 4, (uint32_t)error);
	memcpy(payload + 8, detail, length);
	if (conn)
		conn_send(conn, FRAME_FAILED, payload, 8 + (uint32_t)length);
	shim.phase = ENDING;
}

/* Ends a child that did not come to be the container's process. */
static void end_child(unsigned code)
{
	if (shim.pidfd < 0)
		return;
	kernel_pidfd_kill(shim.pidfd, SIGKILL);
	while (waitpid(shim.pid, NULL, 0) < 0 && errno == EINTR)
		;
	close_fd(&shim.pidfd);
	keep_exit(code, 0);
}

/* ---- the start ---- */

static int make_pipe(int *ours, int *child, bool we_write)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	*ours = ends[we_write];
	*child = ends[!we_write];
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

/* n0 flags, n1 rows, n2 columns. A terminal is opened by the child, in the container. */
static int do_stdio(const struct op *op)
{
	shim.stdio = op->n[0];
	shim.rows = (uint16_t)op->n[1];
	shim.columns = (uint16_t)op->n[2];
	shim.in_open = shim.stdio & STDIO_OPEN_STDIN;
	if (shim.stdio & STDIO_TTY)
		return 0;
	if (shim.in_open && make_pipe(&shim.in, &shim.child_fds[0], true))
		return -1;
	if (make_pipe(&shim.out[0], &shim.child_fds[1], false))
		return -1;
	return make_pipe(&shim.out[1], &shim.child_fds[2], false);
}

/*
 * n0 pid, n1 start time, n2 flags. The descriptor is opened first and the start time read then: as long
 * as they belong together, the number cannot have gone to another process in between. The PID namespace
 * is that of children to come; all others are joined by the child itself.
 */
static int do_join(const struct op *op)
{
	shim.join = kernel_pidfd_open((pid_t)op->n[0]);
	if (shim.join < 0)
		return -1;
	if (process_start_time((pid_t)op->n[0]) != op->n[1]) {
		errno = ESRCH;
		return -1;
	}
	return op->n[2] & CLONE_NEWPID ? setns(shim.join, CLONE_NEWPID) : 0;
}

/* In the child: nothing of the shim or its engine stays open but what it needs. */
static _Noreturn void begin_child(int sync)
{
	struct child child = {
		.plan = &shim.plan,
		.report = shim.report,
		.sync = CHILD_SYNC,
		.root = -1,
		.pidfd = shim.join >= 0 ? CHILD_PIDFD : -1,
		.null = -1,
		.stdio = shim.stdio,
		.rows = shim.rows,
		.columns = shim.columns,
	};

	for (int i = 0; i < 3; i++)
		if (shim.child_fds[i] >= 0 && dup2(shim.child_fds[i], i) < 0)
			_exit(125);
	if (dup3(sync, CHILD_SYNC, O_CLOEXEC) < 0)
		_exit(125);
	if (shim.join >= 0 && shim.join != CHILD_PIDFD &&
	    dup3(shim.join, CHILD_PIDFD, O_CLOEXEC) < 0)
		_exit(125);
	kernel_close_range(shim.join >= 0 ? CHILD_PIDFD + 1 : CHILD_SYNC + 1, ~0u);
	child_run(&child);
}

/* n0 CLONE_NEW… flags, s0 cgroup directory. */
static int do_clone(const struct op *op)
{
	struct kernel_clone_args args = {
		.flags = op->n[0] | KERNEL_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&shim.pidfd,
		.exit_signal = SIGCHLD,
	};
	int sync[2], cgroup = -1;

	if (op->s[0].length) {
		cgroup = open(op->s[0].bytes, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (cgroup < 0)
			return fail(errno, "cannot open the cgroup");
		args.flags |= KERNEL_CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sync))
		return -1;
	shim.pid = (pid_t)syscall(NR_clone3, &args, sizeof(args));
	if (shim.pid == 0)
		begin_child(sync[1]);
	if (shim.pid < 0) {
		shim.pidfd = -1;
		return -1;
	}
	close(sync[1]);
	shim.sync = sync[0];
	close_fd(&cgroup);
	close_fd(&shim.join);
	for (int i = 0; i < 3; i++)
		close_fd(&shim.child_fds[i]);
	return 0;
}

static int do_op(const struct op *op)
{
	switch (op->code) {
	case OP_EXIT_RECORD:
		shim.record = record_open(op->s[0].bytes);
		return shim.record < 0 ? -1 : 0;
	case OP_LOG:
		return log_open(&shim.log, op->s[0].bytes, op->n[0], (unsigned)op->n[1]);
	case OP_STDIO:
		return do_stdio(op);
	case OP_JOIN:
		return do_join(op);
	case OP_CLONE:
		return do_clone(op);
	default:
		errno = EINVAL;
		return -1;
	}
}

static int do_timed(const struct op *op)
{
	unsigned index = (unsigned)(op - shim.plan.ops);
	uint64_t now;

	shim.report->op = index;
	if (do_op(op))
		return -1;
	now = monotonic();
	shim.report->nanoseconds[index] = (uint32_t)(now - shim.report->since);
	return 0;
}

/* Does the shim's ops. Where a join is among those of the child, its first half comes before clone. */
static int do_shim_ops(void)
{
	const struct op *join = plan_find(&shim.plan, OP_JOIN);
	const struct op *clone = &shim.plan.ops[shim.plan.child - 1];

	for (const struct op *op = shim.plan.ops; op <= clone; op++) {
		shim.report->since = monotonic();
		if (op == clone && join && join > clone && do_timed(join))
			return -1;
		if (do_timed(op))
			return -1;
	}
	return 0;
}

static void send_go(void)
{
	if (shim.go && shim.sync >= 0)
		send(shim.sync, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void start(struct conn *conn, const struct frame *frame)
{
	struct plan_error error;
	const struct op *op;
	const char *text;
	int number;

	shim.plan_bytes = malloc(frame->length + 1u);
	shim.report = mmap(NULL, sizeof(*shim.report), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!shim.plan_bytes || shim.report == MAP_FAILED)
		die("no memory for the plan");
	memcpy(shim.plan_bytes, frame->payload, frame->length);
	if (plan_decode(shim.plan_bytes, frame->length, &shim.plan, &error)) {
		failed(error.index, error.code, EINVAL, error.detail);
		return;
	}
	if (do_shim_ops()) {
		number = errno;
		op = &shim.plan.ops[shim.report->op];
		text = fail_detail[0] ? fail_detail : hint(op, number);
		failed(shim.report->op, op->code, number, text ? text : "");
		return;
	}
	shim.phase = STARTING;
	conn_send32(conn, FRAME_STARTED, (uint32_t)shim.pid);
	record_running(shim.record, shim.pid, process_start_time(shim.pid));
}

/* The child's end of the socket is closed: it has become the container's process, or it has failed. */
static void started(void)
{
	struct report *report = shim.report;
	unsigned index = report->op;
	const struct op *op = &shim.plan.ops[index];
	struct conn *conn = creator();
	uint8_t *payload;

	close_fd(&shim.sync);
	if (report->failed) {
		end_child(failure_code(op, report->error));
		failed(index, op->code, report->error, report->detail);
		return;
	}
	if (!report->executing) {
		end_child(125);
		failed(index, op->code, ECANCELED,
		       "the process was killed, perhaps for want of memory");
		return;
	}
	report->nanoseconds[index] = (uint32_t)(monotonic() - report->since);
	shim.phase = RUNNING;
	payload = malloc(4u * shim.plan.count);
	for (unsigned i = 0; payload && i < shim.plan.count; i++)
		put32(payload + 4u * i, report->nanoseconds[i]);
	if (conn && payload)
		conn_send(conn, FRAME_RUNNING, payload, 4 * shim.plan.count);
	free(payload);
	/* The path of the log is in the plan. */
	if (!shim.log.path) {
		plan_free(&shim.plan);
		free(shim.plan_bytes);
	}
	munmap(shim.report, sizeof(*shim.report));
	shim.report = NULL;
}

/* Takes the terminal from the child's message. */
static void take_terminal(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);

	if (!header || header->cmsg_type != SCM_RIGHTS || shim.terminal >= 0)
		return;
	memcpy(&shim.terminal, CMSG_DATA(header), sizeof(int));
	fcntl(shim.terminal, F_SETFL, O_RDWR | O_NONBLOCK);
	shim.out[0] = shim.terminal;
	if (shim.in_open)
		shim.in = shim.terminal;
	resize();
}

/* Reads one message of the child; false where there is none yet, or no more. */
static bool hear_child(void)
{
	char byte;
	struct iovec iov = {&byte, 1};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.space),
	};
	ssize_t got = recvmsg(shim.sync, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (got == 1)
		take_terminal(&message);
	else if (got == 0 || errno != EAGAIN)
		started();
	return got == 1;
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

/* ---- connections ---- */

static bool attach(struct conn *conn, unsigned streams)
{
	bool input = streams & ATTACH_STDIN && !(conn->attached & ATTACH_STDIN);

	conn->attached |= streams;
	if (input && shim.in_open) {
		conn->credit = CREDIT_WINDOW;
		conn_send32(conn, FRAME_CREDIT, CREDIT_WINDOW);
	}
	return true;
}

/* Does what a frame asks; false where it is not one that may come now. */
static bool obey(struct conn *conn, const struct frame *frame)
{
	const uint8_t *payload = frame->payload;
	uint32_t length = frame->length;

	if (shim.phase == PLANLESS && frame->type != FRAME_PLAN)
		return false;
	switch ((enum frame_type)frame->type) {
	case FRAME_PLAN:
		if (shim.phase != PLANLESS)
			return false;
		start(conn, frame);
		return true;
	case FRAME_GO:
		if (!conn->creator || shim.go || length != 0)
			return false;
		shim.go = true;
		send_go();
		return true;
	case FRAME_STDIN:
		if (length > conn->credit)
			return false;
		conn->credit -= length;
		if (!shim.in_open)
			return true;
		if (!bytes_add(&conn->stdin_bytes, payload, length))
			return false;
		feed(conn);
		return true;
	case FRAME_STDIN_EOF:
		if (!shim.in_open || !(conn->attached & ATTACH_STDIN))
			return length == 0;
		conn->stdin_eof = true;
		conn->credit = 0;
		feed(conn);
		return length == 0;
	case FRAME_RESIZE:
		if (length != 4)
			return false;
		shim.rows = get16(payload);
		shim.columns = get16(payload + 2);
		resize();
		return true;
	case FRAME_SIGNAL:
		if (length != 4 || get32(payload) < 1 || get32(payload) > 64)
			return false;
		if (shim.pidfd >= 0)
			kernel_pidfd_kill(shim.pidfd, (int)get32(payload));
		return true;
	case FRAME_ATTACH:
		return length == 1 && payload[0] <= 7 && attach(conn, payload[0]);
	case FRAME_REQUEST:
	case FRAME_STDOUT:
	case FRAME_STDERR:
	case FRAME_EXIT:
	case FRAME_CREDIT:
	case FRAME_RAW:
	case FRAME_STARTED:
	case FRAME_RUNNING:
	case FRAME_FAILED:
	case FRAME_EXITED:
		break;
	}
	return false;
}

static void listen_to(struct conn *conn)
{
	bool open = conn_read(conn);
	struct frame frame;
	size_t size;
	int found = 0;

	while (conn->fd >= 0 && (found = conn_next(conn, &frame, &size)) > 0) {
		if (!obey(conn, &frame))
			found = -1;
		if (found < 0)
			break;
		if (conn->fd >= 0)
			bytes_take(&conn->in, size);
	}
	if (!open || found < 0)
		conn_close(conn);
}

/* A connection is closed. Before GO, the creator's end is the container's; after, it lives on. */
static void forget(struct conn *conn)
{
	if (conn->creator && !shim.go && shim.phase <= STARTING) {
		end_child(137);
		exit(0);
	}
	if (conn->attached & ATTACH_STDIN && shim.in_open && !conn->stdin_eof)
		conn->stdin_eof = true;
	conn->attached = 0;
	feed(conn);
	if (!shim.in_open || !bytes_count(&conn->stdin_bytes)) {
		bytes_free(&conn->stdin_bytes);
		conn->used = false;
	}
}

static void take_connection(void)
{
	int fd = accept4(LISTENER, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int i = 0;

	if (fd < 0)
		return;
	while (i < CONNECTIONS && shim.conns[i].used)
		i++;
	if (i == CONNECTIONS) {
		close(fd);
		return;
	}
	conn_open(&shim.conns[i], fd, !shim.had_creator);
	shim.had_creator = true;
	if (shim.phase == ENDING && shim.exited)
		conn_send(&shim.conns[i], FRAME_EXITED, shim.exit, sizeof(shim.exit));
}

/* Closes a connection that has taken all; what it sent and nobody read would make it an error. */
static void hang_up(struct conn *conn)
{
	while (recv(conn->fd, chunk, sizeof(chunk), MSG_DONTWAIT) > 0)
		;
	conn_close(conn);
}

/* ---- the loop ---- */

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

/* Waits until something can be done, and does it. */
static void turn(void)
{
	bool reading = shim.phase == RUNNING || shim.phase == DRAINING;
	bool listening = !shim.had_creator || shim.phase != PLANLESS;
	/* poll(2) leaves out what is negative. */
	struct pollfd fds[6 + CONNECTIONS] = {
		{listening ? LISTENER : -1, POLLIN, 0},
		{shim.sync, POLLIN, 0},
		{shim.pidfd, POLLIN, 0},
		{reading && has_room(0) ? shim.out[0] : -1, POLLIN, 0},
		{reading && has_room(1) ? shim.out[1] : -1, POLLIN, 0},
		{has_stdin() ? shim.in : -1, POLLOUT, 0},
	};
	int ready;

	for (int i = 0; i < CONNECTIONS; i++)
		fds[6 + i] = (struct pollfd){shim.conns[i].used ? shim.conns[i].fd : -1,
					     wanted_of(&shim.conns[i]), 0};
	ready = poll(fds, 6 + CONNECTIONS, shim.phase == PLANLESS ? PATIENCE : -1);
	if (ready == 0)
		die("no plan came");
	if (ready < 0)
		return;
	if (fds[1].revents)
		hear_child();
	for (int i = 0; i < 2; i++)
		if (fds[3 + i].revents && shim.out[i] >= 0)
			pump(i);
	if (fds[2].revents && shim.pidfd >= 0)
		child_ended();
	for (int i = 0; i < CONNECTIONS; i++) {
		struct conn *conn = &shim.conns[i];

		if (fds[5].revents)
			feed(conn);
		if (fds[6 + i].revents & POLLOUT)
			conn_flush(conn);
		if (fds[6 + i].revents & ~POLLOUT && conn->fd >= 0)
			listen_to(conn);
	}
	if (fds[0].revents)
		take_connection();
}

static void run(void)
{
	for (;;) {
		bool anyone = false;

		for (int i = 0; i < 2 && shim.phase == DRAINING; i++)
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
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
}

static void print_ops(void)
{
	for (int i = 0; i < OP_CODES; i++) {
		const struct op_kind *kind = &op_kinds[i];

		if (!kind->name)
			continue;
		printf("%d %s %s%s%s %d ", i, kind->name, kind->stages & STAGE_SHIM ? "shim" : "",
		       kind->stages == (STAGE_SHIM | STAGE_CHILD) ? "," : "",
		       kind->stages & STAGE_CHILD ? "child" : "", kind->numbers);
		if (kind->strings == ANY)
			puts("*");
		else
			printf("%d\n", kind->strings);
	}
}

/* What other programs must know the same way, NAME VALUE in a line each. */
static void print_abi(void)
{
#define PRINT(name) printf("%s %lld\n", #name, (long long)(name))
	PRINT(FRAME_HEADER);
	PRINT(FRAME_LIMIT);
	PRINT(FRAME_LIMIT_LONG);
	PRINT(PLAN_VERSION);
	PRINT(PLAN_OPS);
	PRINT(EXIT_RECORD);
	PRINT(LOG_PART);
	PRINT(CONNECTIONS);
	PRINT(CREDIT_WINDOW);
	PRINT(CLONE_NEWNS);
	PRINT(CLONE_NEWCGROUP);
	PRINT(CLONE_NEWUTS);
	PRINT(CLONE_NEWIPC);
	PRINT(CLONE_NEWUSER);
	PRINT(CLONE_NEWPID);
	PRINT(CLONE_NEWNET);
	PRINT(MS_RDONLY);
	PRINT(MS_NOSUID);
	PRINT(MS_NODEV);
	PRINT(MS_NOEXEC);
	PRINT(MS_REMOUNT);
	PRINT(MS_BIND);
	PRINT(MS_REC);
	PRINT(MS_PRIVATE);
	PRINT(MS_SLAVE);
	PRINT(MS_SHARED);
	PRINT(MS_STRICTATIME);
	printf("MOUNT_ATTR_RDONLY %d\n", KERNEL_MOUNT_ATTR_RDONLY);
	printf("MOUNT_ATTR_NOSUID %d\n", KERNEL_MOUNT_ATTR_NOSUID);
	printf("MOUNT_ATTR_NODEV %d\n", KERNEL_MOUNT_ATTR_NODEV);
	printf("MOUNT_ATTR_NOEXEC %d\n", KERNEL_MOUNT_ATTR_NOEXEC);
}

int main(int argc, char *argv[])
{
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
	if (argc > 1 || getsockopt(LISTENER, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) ||
	    !listening) {
		fputs("usage: tiny-shim [--ops | --abi]; else started by the engine, with a "
		      "listening "
		      "socket as descriptor 3\n",
		      stderr);
		return 2;
	}
	prctl(PR_SET_NAME, "tds:shim");
	set_signals();
	setsid();
	if (chdir("/"))
		die("cannot go to '/': %s", strerror(errno));
	kernel_close_range(LISTENER + 1, ~0u);
	fcntl(LISTENER, F_SETFD, FD_CLOEXEC);
	fcntl(LISTENER, F_SETFL, O_NONBLOCK);
	run();
	return 0;
}
