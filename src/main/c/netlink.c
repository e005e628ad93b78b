/*
 * rtnetlink(7) from inside the container's network namespace. What is sent is the plan's; this
 * counts the messages, numbers them, and waits until each is acknowledged.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"

/* linux/netlink.h: in the order of the host's bytes. */
struct message {
	uint32_t length;
	uint16_t type, flags;
	uint32_t sequence, port;
};
struct acknowledgement {
	int32_t error; /* negative errno, or 0 */
	struct message request;
};
struct attribute {
	uint16_t length, type;
};
struct netlink_address {
	uint16_t family, pad;
	uint32_t port, groups;
};
enum {
	NETLINK_ROUTE_ = 0,
	SOL_NETLINK_ = 270,
	NETLINK_CAP_ACK_ = 10,
	NETLINK_EXT_ACK_ = 11,
	MESSAGE_ERROR = 2,
	FLAG_REQUEST = 1,
	FLAG_ACK = 4,
	FLAG_ACK_TLVS = 0x200,
	ATTRIBUTE_MESSAGE = 1,
};

static size_t align(size_t length)
{
	return (length + 3) & ~(size_t)3;
}

/* Numbers the messages from 1 on; returns how many there are, or -1. */
static int number(uint8_t *bytes, size_t size)
{
	struct message message;
	size_t at = 0;
	int count = 0;

	while (at < size) {
		if (size - at < sizeof(message))
			return fail(EINVAL, "netlink message %d is cut off", count);
		memcpy(&message, bytes + at, sizeof(message));
		if (message.length < sizeof(message) || message.length > size - at)
			return fail(EINVAL, "netlink message %d is cut off", count);
		message.flags |= FLAG_REQUEST | FLAG_ACK;
		message.sequence = (uint32_t)++count;
		message.port = 0;
		memcpy(bytes + at, &message, sizeof(message));
		at += align(message.length);
	}
	return count;
}

/* What the kernel says in words, where it does; inside the bytes. */
static const char *kernel_words(const uint8_t *bytes, size_t size)
{
	size_t at = sizeof(struct message) + sizeof(struct acknowledgement);
	struct attribute attribute;

	while (at + sizeof(attribute) < size) {
		memcpy(&attribute, bytes + at, sizeof(attribute));
		if (attribute.length < sizeof(attribute) || attribute.length > size - at)
			break;
		if (attribute.type == ATTRIBUTE_MESSAGE && !bytes[at + attribute.length - 1])
			return (const char *)bytes + at + sizeof(attribute);
		at += align(attribute.length);
	}
	return "";
}

/* Receives one datagram; returns how many messages it acknowledges. */
static int receive(int fd)
{
	static uint8_t bytes[8192];
	struct acknowledgement ack;
	struct message message;
	int count = 0;
	ssize_t got = recv(fd, bytes, sizeof(bytes), 0);

	if (got < 0)
		return -1;
	for (size_t at = 0, size = (size_t)got; size - at >= sizeof(message) + sizeof(ack.error);) {
		memcpy(&message, bytes + at, sizeof(message));
		if (message.length < sizeof(message) || message.length > size - at)
			break;
		if (message.type == MESSAGE_ERROR) {
			memcpy(&ack.error, bytes + at + sizeof(message), sizeof(ack.error));
			count++;
			if (ack.error)
				return fail(-ack.error, "netlink message %u%s%s", message.sequence,
					    message.flags & FLAG_ACK_TLVS ? ": " : "",
					    message.flags & FLAG_ACK_TLVS
						    ? kernel_words(bytes + at, message.length)
						    : "");
		}
		at += align(message.length);
		if (at > size)
			break;
	}
	return count;
}

int op_netlink(struct child *child, const struct op *op)
{
	struct netlink_address kernel = {.family = AF_NETLINK};
	uint8_t *bytes = malloc(op->s[0].length + 1u);
	int fd, count, got, on = 1;

	(void)child;
	if (!bytes)
		return -1;
	memcpy(bytes, op->s[0].bytes, op->s[0].length);
	count = number(bytes, op->s[0].length);
	if (count < 0)
		return -1;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE_);
	if (fd < 0)
		return -1;
	/* An older kernel does without its words. */
	setsockopt(fd, SOL_NETLINK_, NETLINK_EXT_ACK_, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK_, NETLINK_CAP_ACK_, &on, sizeof(on));
	if (count &&
	    sendto(fd, bytes, op->s[0].length, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -1;
	for (; count > 0; count -= got) {
		got = receive(fd);
		if (got < 0)
			return -1;
	}
	free(bytes);
	return close(fd);
}
