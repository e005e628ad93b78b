/* Who is connected to the shim: what they may ask and when, what their coming and going mean. */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel.h"
#include "shim.h"

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
	case FRAME_HOST:
		/* A child that has failed is not there to be told. */
		if (!conn->creator || (!shim.held && shim.phase != ENDING) || length != 0)
			return false;
		shim.held = false;
		tell_child();
		return true;
	case FRAME_GO:
		if (!conn->creator || shim.go || shim.held || length != 0)
			return false;
		shim.go = true;
		tell_child();
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
		return length == 1 && payload[0] <= 15 && attach(conn, payload[0]);
	case FRAME_REQUEST:
	case FRAME_STDOUT:
	case FRAME_STDERR:
	case FRAME_EXIT:
	case FRAME_CREDIT:
	case FRAME_RAW:
	case FRAME_PING:
	case FRAME_STARTED:
	case FRAME_RUNNING:
	case FRAME_FAILED:
	case FRAME_EXITED:
	case FRAME_TIMES:
		break;
	}
	return false;
}

void listen_to(struct conn *conn)
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

void forget(struct conn *conn)
{
	if (conn->creator && !shim.go && shim.phase != ENDING) {
		end_child(CODE_SIGNALLED + SIGKILL);
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

void take_connection(void)
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

void hang_up(struct conn *conn)
{
	char rest[4096];

	while (recv(conn->fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		;
	conn_close(conn);
}
