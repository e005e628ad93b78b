/*
 * What a container's process may do, and as whom it does it: capabilities, groups, user.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"
#include "user.h"

/* A file of the container, or -1 where there is none: a FIFO in its place must not hold us up. */
static int open_file(int root, const char *path)
{
	int fd = root_open(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The pipes and the terminal belong to the user, or /dev/stdout could not be opened. */
static void give_stdio(uid_t uid)
{
	struct stat st;

	for (int fd = 0; fd <= 2; fd++)
		if (!fstat(fd, &st) && (S_ISFIFO(st.st_mode) || isatty(fd)))
			fchown(fd, uid, (gid_t)-1);
}

static int set_capabilities(uint64_t mask, uint64_t inheritable)
{
	struct kernel_cap_header header = {KERNEL_CAPABILITY_VERSION_3, 0};
	struct kernel_cap_data data[2] = {
		{(uint32_t)mask, (uint32_t)mask, (uint32_t)inheritable},
		{(uint32_t)(mask >> 32), (uint32_t)(mask >> 32), (uint32_t)(inheritable >> 32)},
	};

	return (int)syscall(SYS_capset, &header, data);
}

/* What is ambient is what a process that is not root's has after execve(2), Linux 4.3. */
static int raise_ambient(uint64_t mask)
{
	for (unsigned long capability = 0; capability < 64; capability++)
		if ((mask >> capability & 1) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))
			return -1;
	return 0;
}

/* EINVAL: the kernel has no more capabilities. */
static int drop_bounding(uint64_t keep)
{
	for (unsigned capability = 0; capability < 64; capability++) {
		if (keep >> capability & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
			return errno == EINVAL ? 0 : -1;
	}
	return 0;
}

/* EINVAL: the user namespace has no such number. */
static int unmapped(const char *kind, uint32_t id)
{
	return errno == EINVAL ? fail(EINVAL, "the container has no %s %u", kind, id) : -1;
}

/* The kernel does not say which of them it lacks. */
static int set_groups(const struct account *account)
{
	if (!syscall(SYS_setgroups, account->count, account->groups))
		return 0;
	for (size_t i = 0; i < account->count; i++)
		if (syscall(SYS_setgroups, 1, &account->groups[i]))
			return unmapped("group", account->groups[i]);
	return -1;
}

static int set_ids(const struct account *account)
{
	if (set_groups(account))
		return -1;
	if (syscall(SYS_setresgid, account->gid, account->gid, account->gid))
		return unmapped("group", account->gid);
	if (syscall(SYS_setresuid, account->uid, account->uid, account->uid))
		return unmapped("user", account->uid);
	return 0;
}

/*
 * op_credentials: capabilities(7), setgroups(2), setresgid(2), setresuid(2), in an order in which
 * each step may still do the next. n0 bounding set, n1 permitted and effective set of root, n2 all
 * sets of another user, s0 user. The kernel takes all capabilities with the user number unless it
 * is told to keep them. The numbers are set for this one thread by system call; libc would look for
 * others.
 */
int op_credentials(struct child *child, const struct op *op)
{
	struct account account;
	int root = child_root(child);
	int passwd, group, result;
	uint64_t ambient;

	if (root < 0)
		return -1;
	passwd = open_file(root, "/etc/passwd");
	group = open_file(root, "/etc/group");
	result = account_find(passwd, group, op->s[0].bytes, &account);
	if (passwd >= 0)
		close(passwd);
	if (group >= 0)
		close(group);
	if (result)
		return -1;
	snprintf(child->home, sizeof(child->home), "%s", account.home);
	if (account.uid) {
		child_did(child, DID_USER);
		give_stdio(account.uid);
	}
	ambient = account.uid ? op->n[2] : 0;
	if (drop_bounding(op->n[0]) || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    (ambient && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)) || set_ids(&account) ||
	    set_capabilities(account.uid ? ambient : op->n[1], ambient) || raise_ambient(ambient))
		return -1;
	/* A change of user has cleared it. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL);
}
