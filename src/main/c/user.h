/* Who a user is, by the container's own /etc/passwd and /etc/group. */
#ifndef TINY_USER_H
#define TINY_USER_H

#include <stddef.h>
#include <sys/types.h>

enum { ACCOUNT_GROUPS = 64, ACCOUNT_TEXT = 256 };

struct account {
	uid_t uid;
	gid_t gid;
	gid_t groups[ACCOUNT_GROUPS]; /* the primary one first */
	size_t count;
	char name[ACCOUNT_TEXT]; /* empty where /etc/passwd does not have the user */
	char home[ACCOUNT_TEXT]; /* as name */
};

/*
 * Looks up a user as NAME|UID[:GROUP|GID], or root where the text is empty. passwd and group are
 * descriptors of the files at their start, or -1 where there are none. Returns 0, or -1 after
 * fail().
 */
int account_find(int passwd, int group, const char *user, struct account *account);

#endif
