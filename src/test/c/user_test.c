/* Users and groups, out of files that may be anything. */
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "report.h"
#include "user.h"

int check_failures;

static int memory_file(const char *text, size_t size)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	CHECK_NUMBER(write(fd, text, size), size);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int find(const char *passwd, const char *group, const char *user, struct account *account)
{
	int users = passwd ? memory_file(passwd, strlen(passwd)) : -1;
	int groups = group ? memory_file(group, strlen(group)) : -1;
	int result;

	fail_detail[0] = 0;
	result = account_find(users, groups, user, account);
	close(users);
	close(groups);
	return result;
}

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "bob:x:1000:1001:Bob:/home/bob:/bin/sh\n"
			     "1000:x:7:7:a number as a name:/seven:/bin/sh\n";
static const char group[] = "root:x:0:\n"
			    "video:x:44:alice,bob\n"
			    "bob:x:1001:bob\n"
			    "almost:x:45:bobby,bo\n";

static void by_name_and_number(void)
{
	struct account account;

	CHECK_NUMBER(find(passwd, group, "bob", &account), 0);
	CHECK_NUMBER(account.uid, 1000);
	CHECK_NUMBER(account.gid, 1001);
	CHECK_NUMBER(account.count, 2);
	CHECK_NUMBER(account.groups[0], 1001);
	CHECK_NUMBER(account.groups[1], 44);
	CHECK_TEXT(account.home, "/home/bob");

	CHECK_NUMBER(find(passwd, group, "", &account), 0);
	CHECK_NUMBER(account.uid, 0);
	CHECK_TEXT(account.name, "root");

	/* The first line that has it, by name or by number. */
	CHECK_NUMBER(find(passwd, group, "1000", &account), 0);
	CHECK_NUMBER(account.uid, 1000);
	CHECK_NUMBER(find(passwd, group, "7", &account), 0);
	CHECK_TEXT(account.home, "/seven");
}

static void explicit_groups(void)
{
	struct account account;

	CHECK_NUMBER(find(passwd, group, "bob:video", &account), 0);
	CHECK_NUMBER(account.gid, 44);
	CHECK_NUMBER(account.count, 1);
	CHECK_NUMBER(find(passwd, group, "4294967294:4294967294", &account), 0);
	CHECK_NUMBER(account.uid, 4294967294u);
	CHECK_NUMBER(account.gid, 4294967294u);
	CHECK_NUMBER(find(passwd, group, ":video", &account), 0);
	CHECK_NUMBER(account.uid, 0);
	CHECK_NUMBER(account.gid, 44);
}

static void who_is_not_there(void)
{
	static const char *const users[] = {"alice",  "-1",  "4294967295", "99999999999",
					    "0x10",   " 0",  "bob ",	   "bo",
					    "root:x", "1.5", "1000:1e3"};
	struct account account;

	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++) {
		CHECK_NUMBER(find(passwd, group, users[i], &account), -1);
		CHECK(fail_detail[0]);
	}
	CHECK_NUMBER(find(passwd, group, "alice", &account), -1);
	CHECK_TEXT(fail_detail, "no user 'alice' in /etc/passwd");
	CHECK_NUMBER(find(passwd, group, "bob:wheel", &account), -1);
	CHECK_TEXT(fail_detail, "no group 'wheel' in /etc/group");
}

static void without_files_numbers_do(void)
{
	struct account account;

	CHECK_NUMBER(find(NULL, NULL, "", &account), 0);
	CHECK_NUMBER(account.uid, 0);
	CHECK_NUMBER(account.gid, 0);
	CHECK_NUMBER(find(NULL, NULL, "12:34", &account), 0);
	CHECK_NUMBER(account.uid, 12);
	CHECK_NUMBER(account.gid, 34);
	CHECK_NUMBER(find(NULL, NULL, "root", &account), -1);
}

static void lines_that_are_none_are_left_out(void)
{
	struct account account;

	CHECK_NUMBER(find("\n:::::\nbob\nbob:x\nbob:x:1\nbob:x:a:b:c:d:e\nbob:x:1:2:c\n"
			  "bob:x:-1:2:c:/h:s\nbob:x:99999999999:2:c:/h:s\nbob:x:3:4::/late",
			  "::\nbob\nbob:x\nbob:x:y:bob\nok:x:9:,,bob,\n", "bob", &account),
		     0);
	CHECK_NUMBER(account.uid, 3);
	CHECK_NUMBER(account.gid, 4);
	CHECK_TEXT(account.home, "/late");
	CHECK_NUMBER(account.count, 2);
	CHECK_NUMBER(account.groups[1], 9);
}

/* A line of any length before, after and around the one that is looked for. */
static void long_lines_are_left_out(void)
{
	static char text[100 * 1000];
	static const size_t lengths[] = {1, 100, 16382, 16383, 16384, 16385, 32768, 49152, 90000};
	struct account account;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		size_t length = lengths[i];

		memset(text, 'x', length);
		strcpy(text + length, "\nbob:x:5:6::/home:\n");
		CHECK_NUMBER(find(text, "", "bob", &account), 0);
		CHECK_NUMBER(account.uid, 5);
		/* Its end looks like a line, but is none. */
		strcpy(text + length, "bob:x:5:6::/home:\n");
		if (length > 1)
			CHECK_NUMBER(find(text, "", "bob", &account), -1);
	}
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "bob:x:5:6::/home:", 17);
	CHECK_NUMBER(find(text, "", "bob", &account), -1);
}

static void more_groups_than_there_is_room_for(void)
{
	static char text[8192];
	struct account account;
	char *at = text;

	for (int i = 0; i < 100; i++)
		at += sprintf(at, "g%d:x:%d:bob\n", i, 2000 + i);
	CHECK_NUMBER(find(passwd, text, "bob", &account), 0);
	CHECK_NUMBER(account.count, ACCOUNT_GROUPS);
}

static void names_that_are_too_long(void)
{
	static char name[1000], text[4096];
	struct account account;

	memset(name, 'n', sizeof(name) - 1);
	CHECK_NUMBER(find(passwd, group, name, &account), -1);
	CHECK_TEXT(fail_detail, "the user's name is too long");
	snprintf(text, sizeof(text), "bob:x:1:2::/%s:\n", name);
	CHECK_NUMBER(find(text, group, "bob", &account), 0);
	CHECK_TEXT(account.home, "");
}

static const struct test tests[] = {
	TEST(by_name_and_number),
	TEST(explicit_groups),
	TEST(who_is_not_there),
	TEST(without_files_numbers_do),
	TEST(lines_that_are_none_are_left_out),
	TEST(long_lines_are_left_out),
	TEST(more_groups_than_there_is_room_for),
	TEST(names_that_are_too_long),
};

int main(int argc, char *argv[])
{
	return run_tests(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
