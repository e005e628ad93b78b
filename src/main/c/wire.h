/*
 * Frames, as docs/wire.md draws them: one byte of type, four of length, the payload; big-endian.
 * Portable C: the client is built from this file too, on systems that are not Linux.
 */
#ifndef TINY_WIRE_H
#define TINY_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum frame_type {
	FRAME_REQUEST = 1,
	FRAME_STDIN = 2,
	FRAME_STDIN_EOF = 3,
	FRAME_STDOUT = 4,
	FRAME_STDERR = 5,
	FRAME_RESIZE = 6,
	FRAME_SIGNAL = 7,
	FRAME_EXIT = 8,
	FRAME_CREDIT = 9,
	FRAME_RAW = 10,
	FRAME_PING = 11,
	FRAME_PLAN = 16,
	FRAME_GO = 17,
	FRAME_STARTED = 18,
	FRAME_RUNNING = 19,
	FRAME_FAILED = 20,
	FRAME_ATTACH = 21,
	FRAME_EXITED = 22,
	FRAME_TIMES = 23,
	FRAME_HOST = 24,
};

enum {
	FRAME_HEADER = 5,
	FRAME_LIMIT = 64 << 10,	    /* the longest payload but of REQUEST and PLAN */
	FRAME_LIMIT_LONG = 4 << 20, /* the longest payload of those two */
};

/* A frame that was found in a buffer; the payload stays in that buffer. */
struct frame {
	uint8_t type; /* one of enum frame_type */
	uint32_t length;
	const uint8_t *payload;
};

/* Writes the header of a frame; the payload follows it. */
void frame_header(uint8_t header[FRAME_HEADER], enum frame_type type, uint32_t length);

/*
 * Looks for a frame at the start of a buffer. Returns 1 where a whole one is there, 0 where more
 * bytes are needed, -1 where the bytes are no frame. size is set to the whole length of the frame,
 * header included, or to FRAME_HEADER as long as it is not known.
 */
int frame_parse(const uint8_t *bytes, size_t have, struct frame *frame, size_t *size);

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static inline uint64_t get64(const uint8_t *p)
{
	return (uint64_t)get32(p) << 32 | get32(p + 4);
}

static inline void put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static inline void put32(uint8_t *p, uint32_t value)
{
	put16(p, (uint16_t)(value >> 16));
	put16(p + 2, (uint16_t)value);
}

static inline void put64(uint8_t *p, uint64_t value)
{
	put32(p, (uint32_t)(value >> 32));
	put32(p + 4, (uint32_t)value);
}

#endif
