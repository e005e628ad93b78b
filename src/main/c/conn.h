/*
 * The connections of a shim: frames in, a bounded queue of frames out, standard input that waits.
 */
#ifndef TINY_CONN_H
#define TINY_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"
#include "wire.h"

enum {
	CONNECTIONS = 16,
	CHUNK = 16 << 10,	  /* the most that is read from a stream at once */
	CREDIT_WINDOW = 64 << 10, /* of standard input, for each connection */
	QUEUE = 128 << 10,	  /* of output, for each connection */
};

enum attach {
	ATTACH_STDIN = 1,
	ATTACH_STDOUT = 2,
	ATTACH_STDERR = 4,
	ATTACH_TIMES = 8,
};

struct conn {
	bool used; /* also while standard input of a closed one waits to be taken */
	int fd;	   /* or -1 once closed */
	bool creator;
	unsigned attached; /* enum attach, or-ed */
	bool stdin_eof;	   /* STDIN_EOF came after what is in stdin_bytes */
	uint32_t credit;   /* what it may still send */
	uint32_t owed;	   /* what was taken and not yet credited again */
	struct bytes in, out, stdin_bytes;
};

/* Prepares an accepted socket. */
void conn_open(struct conn *conn, int fd, bool creator);

/* Closes the socket; what came from it as standard input stays. */
void conn_close(struct conn *conn);

/* Queues a frame and sends what the other side takes now. A connection that fails is closed. */
void conn_send(struct conn *conn, enum frame_type type, const void *payload, uint32_t length);
void conn_send32(struct conn *conn, enum frame_type type, uint32_t value);

/* Sends on. */
void conn_flush(struct conn *conn);

/* Whether the queue takes one more chunk of a stream. */
bool conn_has_room(const struct conn *conn);

/* Reads once; false at the end of the connection, or where it fails. */
bool conn_read(struct conn *conn);

/* The next whole frame: 1, 0 where there is none yet, -1 where the bytes are no frame. */
int conn_next(struct conn *conn, struct frame *frame, size_t *size);

#endif
