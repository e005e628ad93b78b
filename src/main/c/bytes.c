/* Bytes are moved to the front only when there is no room behind them. */
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

enum { KEEP = 32 << 10 };

uint8_t *bytes_room(struct bytes *bytes, size_t count)
{
	size_t used = bytes_count(bytes);
	uint8_t *data;

	if (bytes->size - bytes->end >= count && bytes->data)
		return bytes->data + bytes->end;
	if (used)
		memmove(bytes->data, bytes_first(bytes), used);
	bytes->start = 0;
	bytes->end = used;
	if (bytes->size - used < count || !bytes->data) {
		data = realloc(bytes->data, used + count);
		if (!data)
			return NULL;
		bytes->data = data;
		bytes->size = used + count;
	}
	return bytes->data + used;
}

bool bytes_add(struct bytes *bytes, const void *data, size_t count)
{
	uint8_t *end = bytes_room(bytes, count);

	if (!end)
		return false;
	if (count)
		memcpy(end, data, count);
	bytes->end += count;
	return true;
}

void bytes_take(struct bytes *bytes, size_t count)
{
	bytes->start += count;
	if (bytes->start < bytes->end)
		return;
	/* What a stream needs from moment to moment is kept: to ask for it each time is slow. */
	bytes->start = bytes->end = 0;
	if (bytes->size > KEEP)
		bytes_free(bytes);
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){0};
}
