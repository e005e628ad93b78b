/*
 * Standard input, output and error, between the connections and the pipes or the terminal of the
 * process. Nothing is dropped in either direction: what has no room waits where it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shim.h"

enum { DRAIN = 64 << 10 }; /* of a terminal, which does not tell */

static char chunk[CHUNK];

void close_stdin(void)
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

void feed(struct conn *conn)
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

void resize(void)
{
	struct winsize size = {.ws_row = shim.rows, .ws_col = shim.columns};

	if (shim.terminal >= 0 && shim.rows && shim.columns)
		ioctl(shim.terminal, TIOCSWINSZ, &size);
}

static bool is_attached(const struct conn *conn, int stream)
{
	return conn->fd >= 0 && conn->attached & (stream ? ATTACH_STDERR : ATTACH_STDOUT);
}

bool has_room(int stream)
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

/* EIO is the end of a terminal. */
void pump(int stream)
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

void begin_drain(void)
{
	for (int i = 0; i < 2; i++) {
		int size = shim.out[i] >= 0 ? fcntl(shim.out[i], F_GETPIPE_SZ) : 0;

		shim.drain[i] = size > 0 ? (size_t)size : DRAIN;
	}
}
