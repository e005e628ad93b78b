/*
 * Paths in the container's root. Its files are an image's, or a user's, and its links may lead
 * anywhere: every path is resolved by openat2(2) in the root and without the magic links of /proc.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"

enum { LINKS = 40, RACES = 32 };

int root_open(int root, const char *path, uint64_t flags)
{
	struct kernel_open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = KERNEL_RESOLVE_IN_ROOT | KERNEL_RESOLVE_NO_MAGICLINKS,
	};
	int fd = -1;

	/* EAGAIN: something was renamed anywhere on the host while a ".." was looked up. */
	for (int i = 0; i < RACES; i++) {
		fd = kernel_openat2(root, path, &how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd;
}

/* Puts the target of a link that leads to nothing in the place of its name in path. */
static int follow_link(int directory, char path[PATH_MAX], size_t name, size_t end)
{
	char target[PATH_MAX], longer[PATH_MAX];
	ssize_t length = readlinkat(directory, path + name, target, sizeof(target) - 1);
	int keep;

	if (length < 0)
		return -1;
	target[length] = 0;
	keep = target[0] == '/' ? 0 : (int)name;
	if (snprintf(longer, sizeof(longer), "%.*s%s/%s", keep, path, target, path + end + 1) >=
	    PATH_MAX)
		return fail(ENAMETOOLONG, "a link makes the path too long");
	strcpy(path, longer);
	return 0;
}

/* Makes a directory, or an empty file. */
static int make_name(int directory, const char *name, enum make make, mode_t mode)
{
	return make == MAKE_DIRECTORY ? mkdirat(directory, name, mode)
				      : mknodat(directory, name, S_IFREG | mode, 0);
}

/* How what is made is opened: a directory has to be one, whoever changes it meanwhile. */
static uint64_t flags_of(enum make make)
{
	return O_PATH | (make == MAKE_DIRECTORY ? O_DIRECTORY : 0);
}

/*
 * Walks a path and makes what is missing. Returns a descriptor, or -1, or -2 where the path led
 * over a link to nothing, which was put into path instead: to be walked again.
 */
static int walk(int root, char path[PATH_MAX], enum make make, mode_t mode)
{
	int directory = root_open(root, ".", O_PATH | O_DIRECTORY);
	size_t name = strspn(path, "/");

	while (directory >= 0 && path[name]) {
		size_t end = name + strcspn(path + name, "/");
		size_t next = end + strspn(path + end, "/");
		bool last = !path[next];
		char slash = path[end];
		enum make kind = last ? make : MAKE_DIRECTORY;
		uint64_t flags = flags_of(kind);
		int fd;

		path[end] = 0;
		fd = root_open(root, path, flags);
		if (fd < 0 && errno == ENOENT) {
			int made = make_name(directory, path + name, kind, last ? mode : 0755);

			if (made && errno == EEXIST) {
				if (!slash)
					path[end + 1] = 0;
				if (follow_link(directory, path, name, end) == 0) {
					close(directory);
					return -2;
				}
			}
			fd = made ? -1 : root_open(root, path, flags);
		}
		path[end] = slash;
		close(directory);
		directory = fd;
		name = next;
	}
	return directory;
}

/*
 * Makes what is missing where that is the last name only, as it mostly is; -1 where it is more, or
 * a link that leads to nothing.
 */
static int make_last(int root, const char *path, enum make make, mode_t mode)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int directory, made;

	if (!slash || !slash[1])
		return -1;
	sprintf(parent, "%.*s/", (int)(slash - path), path);
	directory = root_open(root, parent, O_PATH | O_DIRECTORY);
	if (directory < 0)
		return -1;
	made = make_name(directory, slash + 1, make, mode);
	close(directory);
	return made ? -1 : root_open(root, path, flags_of(make));
}

int root_make(int root, const char *path, enum make make, mode_t mode)
{
	char rest[PATH_MAX + 1];
	int fd = root_open(root, path, flags_of(make));

	if (fd >= 0 || errno != ENOENT || make == MAKE_NOTHING)
		return fd;
	if (strlen(path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = make_last(root, path, make, mode);
	if (fd >= 0)
		return fd;
	strcpy(rest, path);
	for (int i = 0; i < LINKS; i++) {
		fd = walk(root, rest, make, mode);
		if (fd != -2)
			return fd;
	}
	errno = ELOOP;
	return -1;
}

bool is_null_device(int fd)
{
	struct stat st;

	return fd >= 0 && !fstat(fd, &st) && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

int child_root(struct child *child)
{
	if (child->root < 0)
		child->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return child->root;
}
