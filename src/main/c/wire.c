/* The frame codec of client and shim. */
#include "wire.h"

/* The longest payload of a type, or -1 where there is no such type. */
static long frame_limit(unsigned type)
{
	switch (type) {
	case FRAME_REQUEST:
	case FRAME_PLAN:
		return FRAME_LIMIT_LONG;
	case FRAME_STDIN:
	case FRAME_STDIN_EOF:
	case FRAME_STDOUT:
	case FRAME_STDERR:
	case FRAME_RESIZE:
	case FRAME_SIGNAL:
	case FRAME_EXIT:
	case FRAME_CREDIT:
	case FRAME_RAW:
	case FRAME_PING:
	case FRAME_GO:
	case FRAME_STARTED:
	case FRAME_RUNNING:
	case FRAME_FAILED:
	case FRAME_ATTACH:
	case FRAME_EXITED:
	case FRAME_TIMES:
	case FRAME_HOST:
		return FRAME_LIMIT;
	default:
		return -1;
	}
}

void frame_header(uint8_t header[FRAME_HEADER], enum frame_type type, uint32_t length)
{
	header[0] = (uint8_t)type;
	put32(header + 1, length);
}

int frame_parse(const uint8_t *bytes, size_t have, struct frame *frame, size_t *size)
{
	long limit;

	*size = FRAME_HEADER;
	if (have == 0)
		return 0;
	limit = frame_limit(bytes[0]);
	if (limit < 0)
		return -1;
	if (have < FRAME_HEADER)
		return 0;
	frame->type = bytes[0];
	frame->length = get32(bytes + 1);
	frame->payload = bytes + FRAME_HEADER;
	if (frame->length > (uint32_t)limit)
		return -1;
	*size += frame->length;
	return have >= *size;
}
