/* A queue on both sides of a socket that never blocks. */
#include "conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 4 << 10 };

void conn_open(struct conn *conn, int fd, bool creator)
{
	*conn = (struct conn){.used = true, .fd = fd, .creator = creator};
}

void conn_close(struct conn *conn)
{
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
	bytes_free(&conn->in);
	bytes_free(&conn->out);
}

void conn_flush(struct conn *conn)
{
	while (conn->fd >= 0 && bytes_count(&conn->out)) {
		ssize_t sent = send(conn->fd, bytes_first(&conn->out), bytes_count(&conn->out),
				    MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent > 0)
			bytes_take(&conn->out, (size_t)sent);
		else if (errno == EAGAIN)
			return;
		else
			conn_close(conn);
	}
}

void conn_send(struct conn *conn, enum frame_type type, const void *payload, uint32_t length)
{
	uint8_t header[FRAME_HEADER];
	bool idle = bytes_count(&conn->out) == 0;

	if (conn->fd < 0)
		return;
	frame_header(header, type, length);
	if (!bytes_room(&conn->out, FRAME_HEADER + length) ||
	    !bytes_add(&conn->out, header, FRAME_HEADER) || !bytes_add(&conn->out, payload, length))
		conn_close(conn);
	else if (idle)
		conn_flush(conn);
}

void conn_send32(struct conn *conn, enum frame_type type, uint32_t value)
{
	uint8_t payload[4];

	put32(payload, value);
	conn_send(conn, type, payload, sizeof(payload));
}

bool conn_has_room(const struct conn *conn)
{
	return bytes_count(&conn->out) + FRAME_HEADER + CHUNK <= QUEUE;
}

bool conn_read(struct conn *conn)
{
	size_t have = bytes_count(&conn->in), wanted = READ_SIZE, size;
	struct frame frame;
	uint8_t *room;
	ssize_t got;

	/* As much as the frame that has begun needs. */
	if (frame_parse(bytes_first(&conn->in), have, &frame, &size) == 0 && size > have + wanted)
		wanted = size - have;
	room = bytes_room(&conn->in, wanted);
	if (!room)
		return false;
	got = recv(conn->fd, room, wanted, MSG_DONTWAIT);
	if (got > 0)
		conn->in.end += (size_t)got;
	return got > 0 || (got < 0 && errno == EAGAIN);
}

int conn_next(struct conn *conn, struct frame *frame, size_t *size)
{
	return frame_parse(bytes_first(&conn->in), bytes_count(&conn->in), frame, size);
}
