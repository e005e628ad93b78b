/*
 * What goes between the engine and the user's streams, from the request to the exit status. One
 * loop waits for the socket, standard input, room on standard output, and signals; nothing in it
 * blocks but a terminal's own output. Standard input is read only as far as the engine has
 * credited.
 */
#include "client.h"
#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	STDIN_CHUNK = 32 << 10,
	/* What a pipe takes without blocking once poll(2) says it is writable; 512 at least. */
	WRITE_CHUNK = PIPE_BUF,
};

static struct session session;

static int engine = -1;
/* Readable where a signal has come. */
static int signalled;

/* Once anything else has been said or heard, the request may have been obeyed. */
static int is_only_asked;
static int attempts_left = 5;

/* Bytes from the engine: whole frames are taken from the front. */
static uint8_t received[FRAME_HEADER + FRAME_LIMIT];
static size_t received_length;

/* What is left to write of the frame at the front. */
static const uint8_t *output;
static size_t output_left;
static size_t output_frame;
static int output_fd;

static uint32_t credit;
static int stdin_ended;
/* A container has the terminal: all signals are for it. */
static int attached;

static _Noreturn void engine_is_gone(void)
{
	fail("run 'tiny%s%s': the engine ended unexpectedly; see '%s/engine.log'",
	     *session.command ? " " : "", session.command, session.data_root);
}

static void send_frame(enum frame_type type, const void *payload, size_t length)
{
	uint8_t small[FRAME_HEADER + 8];
	const uint8_t *parts[] = {small, payload};
	size_t sizes[] = {FRAME_HEADER, length};

	frame_header(small, type, (uint32_t)length);
	if (type != FRAME_REQUEST)
		is_only_asked = 0;
	/* In one piece where it is short: the engine wakes up once. */
	if (length <= sizeof(small) - FRAME_HEADER) {
		if (length > 0)
			memcpy(small + FRAME_HEADER, payload, length);
		sizes[0] += length;
		sizes[1] = 0;
	}
	for (int i = 0; i < 2; i++) {
		while (sizes[i] > 0) {
			ssize_t count = write(engine, parts[i], sizes[i]);

			if (count < 0 && errno == EINTR)
				continue;
			/* What the engine said before it closed is still to be read. */
			if (count < 0)
				return;
			parts[i] += count;
			sizes[i] -= (size_t)count;
		}
	}
}

/*
 * An engine that ends resets the connections it has not taken a whole request from: it goes to the
 * next.
 */
static void ask(void)
{
	is_only_asked = 1;
	send_frame(FRAME_REQUEST, session.request, session.request_length);
}

static void send_size(void)
{
	uint16_t rows, columns;
	uint8_t payload[4];

	terminal_size(&rows, &columns);
	put16(payload, rows);
	put16(payload + 2, columns);
	send_frame(FRAME_RESIZE, payload, sizeof(payload));
}

static void send_signal(int number)
{
	uint8_t payload[4];

	if (number == SIGTSTP && !attached) {
		raise(SIGSTOP);
		return;
	}
	put32(payload, signals_on_wire(number));
	send_frame(FRAME_SIGNAL, payload, sizeof(payload));
}

static void take_signals(void)
{
	int number;

	while ((number = signals_next()) != 0) {
		if (number == SIGWINCH)
			send_size();
		else
			send_signal(number);
	}
}

static void take_input(void)
{
	static uint8_t bytes[STDIN_CHUNK];
	ssize_t count = read(STDIN_FILENO, bytes, credit < sizeof(bytes) ? credit : sizeof(bytes));

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (count <= 0) {
		stdin_ended = 1;
		send_frame(FRAME_STDIN_EOF, NULL, 0);
		return;
	}
	credit -= (uint32_t)count;
	send_frame(FRAME_STDIN, bytes, (size_t)count);
}

/* Takes the frame at the front of the buffer away. */
static void drop_frame(size_t size)
{
	received_length -= size;
	memmove(received, received + size, received_length);
}

static void write_output(void)
{
	size_t size = output_left < WRITE_CHUNK ? output_left : WRITE_CHUNK;
	ssize_t count = write(output_fd, output, size);

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (count < 0 && output_fd == STDOUT_FILENO) {
		if (errno != EPIPE)
			fail("write to standard output: %s", errno_text(errno));
		/* Whoever read our output has enough: end as any filter does. */
		terminal_raw(0);
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	/* Nobody can be told that standard error is broken; the command goes on. */
	count = count < 0 ? (ssize_t)output_left : count;
	output += count;
	output_left -= (size_t)count;
	if (output_left == 0)
		drop_frame(output_frame);
}

static void begin_output(int fd, const struct frame *frame, size_t size)
{
	if (frame->length == 0) {
		drop_frame(size);
		return;
	}
	output_fd = fd;
	output = frame->payload;
	output_left = frame->length;
	output_frame = size;
}

static _Noreturn void bad_frame(const struct frame *frame)
{
	fail("understand the engine: a frame of type %d and %lu bytes; "
	     "was it built from other sources? end it with 'kill $(cat %s/engine.lock)'",
	     frame->type, (unsigned long)frame->length, session.run_root);
}

static void take_frame(const struct frame *frame, size_t size)
{
	static const uint8_t least[] = {[FRAME_EXIT] = 4, [FRAME_CREDIT] = 4, [FRAME_RAW] = 1};

	if (frame->type < sizeof(least) && frame->length < least[frame->type])
		bad_frame(frame);
	switch (frame->type) {
	case FRAME_STDOUT:
		begin_output(STDOUT_FILENO, frame, size);
		return;
	case FRAME_STDERR:
		begin_output(STDERR_FILENO, frame, size);
		return;
	case FRAME_CREDIT:
		credit += get32(frame->payload);
		break;
	case FRAME_RAW:
		attached = 1;
		terminal_raw(frame->payload[0] != 0);
		break;
	case FRAME_EXIT:
		leave((int)(get32(frame->payload) & 0xff));
	default:
		bad_frame(frame);
	}
	drop_frame(size);
}

/* Takes whole frames until output has to be written first, or more bytes are needed. */
static void take_frames(void)
{
	while (output_left == 0) {
		struct frame frame = {.type = received[0], .length = 0};
		size_t size;
		int found = frame_parse(received, received_length, &frame, &size);

		if (found < 0)
			bad_frame(&frame);
		if (found == 0)
			return;
		take_frame(&frame, size);
	}
}

static void receive(void)
{
	ssize_t count =
		read(engine, received + received_length, sizeof(received) - received_length);

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (count < 0 && errno == ECONNRESET && is_only_asked && attempts_left-- > 0) {
		close(engine);
		engine = engine_connect(session.home, session.run_root);
		ask();
		return;
	}
	if (count <= 0)
		engine_is_gone();
	is_only_asked = 0;
	received_length += (size_t)count;
}

static _Noreturn void pump(void)
{
	for (;;) {
		struct pollfd wait[] = {
			{.fd = signalled, .events = POLLIN},
			{.fd = output_left > 0 ? -1 : engine, .events = POLLIN},
			{.fd = output_left > 0 ? output_fd : -1, .events = POLLOUT},
			{.fd = credit > 0 && !stdin_ended ? STDIN_FILENO : -1, .events = POLLIN},
		};

		if (wait_for(wait, sizeof(wait) / sizeof(wait[0])) < 0) {
			if (errno != EINTR && errno != EAGAIN)
				fail("wait for the engine: %s", errno_text(errno));
			continue;
		}
		/* A new size goes before keys that came after it, though poll(2) saw only these. */
		if (wait[0].revents || wait[3].revents)
			take_signals();
		if (wait[1].revents)
			receive();
		if (wait[2].revents)
			write_output();
		if (wait[3].revents)
			take_input();
		take_frames();
	}
}

void session_run(const struct session *asked)
{
	session = *asked;
	engine = engine_connect(session.home, session.run_root);
	/* Before the request: what comes after it is for the engine to hear. */
	signalled = signals_catch();
	ask();
	pump();
}
