/* A queue of bytes that takes little memory while it is empty. */
#ifndef TINY_BYTES_H
#define TINY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t start, end, size;
};

static inline size_t bytes_count(const struct bytes *bytes)
{
	return bytes->end - bytes->start;
}

static inline uint8_t *bytes_first(const struct bytes *bytes)
{
	return bytes->data + bytes->start;
}

/* Makes room for so many bytes at the end, which is returned; NULL where there is no memory. */
uint8_t *bytes_room(struct bytes *bytes, size_t count);

bool bytes_add(struct bytes *bytes, const void *data, size_t count);

/* Removes bytes from the start. */
void bytes_take(struct bytes *bytes, size_t count);

void bytes_free(struct bytes *bytes);

#endif
