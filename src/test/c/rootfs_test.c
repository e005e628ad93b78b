/* Paths in a root whose links want out of it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "child.h"

int check_failures;

static char home[32];
static char root_path[64];
static int root;

static void in_root(char *path, const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", root_path, name);
}

static void link_in(const char *target, const char *name)
{
	char path[PATH_MAX];

	in_root(path, name);
	CHECK_NUMBER(symlink(target, path), 0);
}

static void make_tree(void)
{
	char path[PATH_MAX];

	strcpy(home, "/tmp/tiny-root-test-XXXXXX");
	CHECK(mkdtemp(home));
	snprintf(root_path, sizeof(root_path), "%s/root", home);
	CHECK_NUMBER(mkdir(root_path, 0755), 0);
	in_root(path, "etc");
	CHECK_NUMBER(mkdir(path, 0755), 0);
	in_root(path, "file");
	CHECK_NUMBER(mknod(path, S_IFREG | 0644, 0), 0);
	link_in("../../../../../..", "up");
	link_in("/", "abs");
	link_in("/etc", "abs-etc");
	link_in("loop", "loop");
	link_in("b", "a");
	link_in("a", "b");
	link_in("/new/target", "dangling");
	link_in("../../../../../new2/target", "etc/dangling-up");
	link_in("dangling", "chain");
	link_in("chain/deeper", "through");
	link_in("/proc/self/root", "magic");
	link_in(home, "to-host");
	root = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(root >= 0);
}

static void remove_tree(void)
{
	char command[128];

	close(root);
	snprintf(command, sizeof(command), "rm -rf '%s'", home);
	CHECK_NUMBER(system(command), 0);
}

/* Where a descriptor is, seen from the root. */
static const char *place(int fd)
{
	static char target[PATH_MAX];
	char link[64];
	ssize_t length;

	if (fd < 0)
		return strerror(errno);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	close(fd);
	if (length < 0)
		return "(unknown)";
	target[length] = 0;
	if (strncmp(target, root_path, strlen(root_path)))
		return target;
	return target[strlen(root_path)] ? target + strlen(root_path) : "/";
}

static void links_lead_nowhere_else(void)
{
	CHECK_TEXT(place(root_open(root, "/", O_PATH)), "/");
	CHECK_TEXT(place(root_open(root, "/../..", O_PATH)), "/");
	CHECK_TEXT(place(root_open(root, "etc", O_PATH)), "/etc");
	CHECK_TEXT(place(root_open(root, "/up", O_PATH)), "/");
	CHECK_TEXT(place(root_open(root, "/up/etc", O_PATH)), "/etc");
	CHECK_TEXT(place(root_open(root, "/abs/abs/abs-etc/..", O_PATH)), "/");
	CHECK_TEXT(place(root_open(root, "/loop", O_PATH)), strerror(ELOOP));
	CHECK_TEXT(place(root_open(root, "/a/x", O_PATH)), strerror(ELOOP));
	CHECK_TEXT(place(root_open(root, "/to-host", O_PATH)), strerror(ENOENT));
	CHECK_TEXT(place(root_open(root, "/file/x", O_PATH)), strerror(ENOTDIR));
	CHECK_TEXT(place(root_open(root, "", O_PATH)), strerror(ENOENT));
}

static void magic_links_are_refused(void)
{
	int host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[64];

	/* Even where the root is the host's and has a real /proc. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/etc", root);
	CHECK_TEXT(place(root_open(host, path, O_PATH)), strerror(ELOOP));
	CHECK_TEXT(place(root_open(host, "/proc/self/root", O_PATH)), strerror(ELOOP));
	close(host);
}

static mode_t mode_of(const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	in_root(path, name);
	return lstat(path, &st) ? 0 : st.st_mode;
}

static void what_is_missing_is_made(void)
{
	CHECK_TEXT(place(root_make(root, "/d/e/f", MAKE_DIRECTORY, 01777)), "/d/e/f");
	CHECK_NUMBER(mode_of("d/e/f"), S_IFDIR | 01777);
	CHECK_NUMBER(mode_of("d/e"), S_IFDIR | 0755);
	CHECK_TEXT(place(root_make(root, "/d/g/file", MAKE_FILE, 0640)), "/d/g/file");
	CHECK_NUMBER(mode_of("d/g/file"), S_IFREG | 0640);
	CHECK_TEXT(place(root_make(root, "//d///slashes//", MAKE_DIRECTORY, 0755)), "/d/slashes");
	CHECK_TEXT(place(root_make(root, "d/relative", MAKE_DIRECTORY, 0755)), "/d/relative");
	CHECK_TEXT(place(root_make(root, "/d/./h/../i", MAKE_DIRECTORY, 0755)), "/d/i");
	CHECK_TEXT(place(root_make(root, "/../../j", MAKE_FILE, 0644)), "/j");
	CHECK_TEXT(place(root_make(root, "/k/l", MAKE_NOTHING, 0755)), strerror(ENOENT));
	CHECK_NUMBER(mode_of("k"), 0);
}

static void what_is_there_is_kept(void)
{
	CHECK_TEXT(place(root_make(root, "/etc", MAKE_DIRECTORY, 0700)), "/etc");
	CHECK_NUMBER(mode_of("etc"), S_IFDIR | 0755);
	CHECK_TEXT(place(root_make(root, "/file", MAKE_FILE, 0600)), "/file");
	CHECK_NUMBER(mode_of("file"), S_IFREG | 0644);
	CHECK_TEXT(place(root_make(root, "/file", MAKE_DIRECTORY, 0755)), strerror(ENOTDIR));
	CHECK_TEXT(place(root_make(root, "/file/x", MAKE_FILE, 0644)), strerror(ENOTDIR));
	CHECK_TEXT(place(root_make(root, "/", MAKE_DIRECTORY, 0755)), "/");
}

static void links_to_nothing_are_followed_in_the_root(void)
{
	CHECK_TEXT(place(root_make(root, "/dangling", MAKE_FILE, 0644)), "/new/target");
	CHECK_TEXT(place(root_make(root, "/etc/dangling-up", MAKE_DIRECTORY, 0755)),
		   "/new2/target");
	/* A path of the host is one in the root, where nothing of it is there. */
	char inside[64];
	struct stat st;

	snprintf(inside, sizeof(inside), "%s/x", home);
	CHECK_TEXT(place(root_make(root, "/to-host/x", MAKE_FILE, 0644)), inside);
	CHECK(stat(inside, &st) != 0);
}

static void links_in_links(void)
{
	CHECK_TEXT(place(root_make(root, "/up/m/n", MAKE_DIRECTORY, 0755)), "/m/n");
	CHECK_TEXT(place(root_make(root, "/abs-etc/o/p", MAKE_FILE, 0644)), "/etc/o/p");
	CHECK_TEXT(place(root_make(root, "/loop/x", MAKE_DIRECTORY, 0755)), strerror(ELOOP));
	CHECK_TEXT(place(root_make(root, "/through", MAKE_DIRECTORY, 0755)), strerror(ENOTDIR));
	CHECK_TEXT(place(root_make(root, "/magic/x", MAKE_FILE, 0644)), "/proc/self/root/x");
}

static void paths_may_be_too_long(void)
{
	static char path[3 * PATH_MAX];

	memset(path, 'x', sizeof(path) - 1);
	CHECK_TEXT(place(root_make(root, path, MAKE_FILE, 0644)), strerror(ENAMETOOLONG));
	for (size_t i = 0; i + 2 < sizeof(path); i += 2)
		memcpy(path + i, "/y", 2);
	CHECK_TEXT(place(root_make(root, path, MAKE_FILE, 0644)), strerror(ENAMETOOLONG));
	/* Just short enough, and no part of it is there. */
	path[2 * (PATH_MAX / 2 - 1)] = 0;
	CHECK(root_make(root, path, MAKE_DIRECTORY, 0755) >= 0);
}

static const struct test tests[] = {
	TEST(links_lead_nowhere_else),
	TEST(magic_links_are_refused),
	TEST(what_is_missing_is_made),
	TEST(what_is_there_is_kept),
	TEST(links_to_nothing_are_followed_in_the_root),
	TEST(links_in_links),
	TEST(paths_may_be_too_long),
};

int main(int argc, char *argv[])
{
	int code;

	umask(0);
	make_tree();
	code = run_tests(tests, sizeof(tests) / sizeof(*tests), argc, argv);
	remove_tree();
	return code;
}
