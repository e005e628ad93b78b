/*
 * The user a container's process runs as. The files are read as plain text: no name service runs
 * in here, and a file may be anything an image's author thought of.
 */
#include "user.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"

enum { LINE = 16 << 10, FILE_LIMIT = 16 << 20, FIELDS = 7 };

struct lines {
	int fd;
	size_t total, start, end;
	char bytes[LINE];
};

/* The next line, or NULL at the end; lines that are longer than the buffer are left out. */
static char *next_line(struct lines *in)
{
	bool skip = false;

	for (;;) {
		char *line = in->bytes + in->start;
		char *end = memchr(line, '\n', in->end - in->start);
		ssize_t got;

		if (end) {
			in->start = (size_t)(end + 1 - in->bytes);
			*end = 0;
			if (!skip)
				return line;
			skip = false;
			continue;
		}
		memmove(in->bytes, line, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
		if (in->end == LINE - 1) {
			skip = true;
			in->end = 0;
		}
		got = in->total < FILE_LIMIT ? read(in->fd, in->bytes + in->end, LINE - 1 - in->end)
					     : 0;
		if (got <= 0) {
			bool rest = in->end > 0 && !skip;

			in->bytes[in->end] = 0;
			in->end = 0;
			return rest ? in->bytes : NULL;
		}
		in->total += (size_t)got;
		in->end += (size_t)got;
	}
}

/* Splits a line at its colons, in place; returns how many fields there are. */
static int split(char *line, char *fields[FIELDS])
{
	int count = 0;

	while (line && count < FIELDS) {
		fields[count++] = line;
		line = strchr(line, ':');
		if (line)
			*line++ = 0;
	}
	return count;
}

/* A user's or group's number, all digits; the highest is "no one" to the kernel. */
static bool parse_id(const char *text, uint32_t *id)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 10; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	if (i == 0 || text[i] || value >= UINT32_MAX)
		return false;
	*id = (uint32_t)value;
	return true;
}

static void copy(char to[ACCOUNT_TEXT], const char *from)
{
	if (strlen(from) < ACCOUNT_TEXT)
		strcpy(to, from);
}

/* The first line that has the user by name or number. */
static bool find_user(int fd, const char *user, struct account *account)
{
	struct lines in = {.fd = fd};
	char *fields[FIELDS], *line;
	uint32_t number = 0, uid, gid;
	bool numeric = parse_id(user, &number);

	while (fd >= 0 && (line = next_line(&in))) {
		if (split(line, fields) < 6 || !parse_id(fields[2], &uid) ||
		    !parse_id(fields[3], &gid))
			continue;
		if (strcmp(fields[0], user) && !(numeric && uid == number))
			continue;
		account->uid = uid;
		account->gid = gid;
		copy(account->name, fields[0]);
		copy(account->home, fields[5]);
		return true;
	}
	account->uid = number;
	return numeric;
}

static bool find_group(int fd, const char *group, gid_t *gid)
{
	struct lines in = {.fd = fd};
	char *fields[FIELDS], *line;
	uint32_t number = 0, id;
	bool numeric = parse_id(group, &number);

	while (fd >= 0 && (line = next_line(&in))) {
		if (split(line, fields) >= 3 && parse_id(fields[2], &id) &&
		    !strcmp(fields[0], group)) {
			*gid = id;
			return true;
		}
	}
	*gid = number;
	return numeric;
}

static bool is_member(char *members, const char *name)
{
	for (char *member = strtok(members, ","); member; member = strtok(NULL, ","))
		if (!strcmp(member, name))
			return true;
	return false;
}

/* Adds the groups that have the user as a member. */
static void find_groups(int fd, struct account *account)
{
	struct lines in = {.fd = fd};
	char *fields[FIELDS], *line;
	uint32_t id;

	while (fd >= 0 && account->count < ACCOUNT_GROUPS && (line = next_line(&in))) {
		if (split(line, fields) >= 4 && parse_id(fields[2], &id) && id != account->gid &&
		    is_member(fields[3], account->name))
			account->groups[account->count++] = id;
	}
}

int account_find(int passwd, int group, const char *user, struct account *account)
{
	const char *colon = strchr(user, ':');
	const char *group_name = colon && colon[1] ? colon + 1 : NULL;
	char user_name[ACCOUNT_TEXT];
	int length = colon ? (int)(colon - user) : (int)strlen(user);

	memset(account, 0, sizeof(*account));
	if (snprintf(user_name, sizeof(user_name), "%.*s", length, length ? user : "0") >=
	    ACCOUNT_TEXT)
		return fail(0, "the user's name is too long");
	if (length == 0)
		strcpy(user_name, "0");
	if (!find_user(passwd, user_name, account))
		return fail(0, "no user '%s' in /etc/passwd", user_name);
	if (group_name && !find_group(group, group_name, &account->gid))
		return fail(0, "no group '%s' in /etc/group", group_name);
	account->groups[account->count++] = account->gid;
	if (!group_name && account->name[0])
		find_groups(group, account);
	return 0;
}
