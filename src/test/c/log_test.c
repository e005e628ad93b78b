/* The log's lines, parts and files. */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "record.h"

int check_failures;

static char directory[32];
static char path[64];

static struct log *open_log(uint64_t limit, unsigned files)
{
	struct log *log = calloc(1, sizeof(*log));

	log->fd = -1;
	CHECK_NUMBER(log_open(log, path, limit, files), 0);
	return log;
}

static void close_log(struct log *log)
{
	close(log->fd);
	free(log->path);
	free(log);
}

static const char *content(const char *suffix)
{
	static char text[1 << 20];
	char name[96];
	FILE *file;
	size_t got = 0;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	file = fopen(name, "re");
	if (!file)
		return "(missing)";
	got = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[got] = 0;
	return text;
}

static void remove_all(void)
{
	static const char *const suffixes[] = {"", ".1", ".2", ".3"};
	char name[96];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

static const uint64_t now = 1795444000083457295u;
#define TIME "2026-11-23T14:26:40.083457295Z "

static void lines_have_time_stream_and_kind(void)
{
	struct log *log = open_log(0, 1);

	log_add(log, 0, "one\ntwo\n\n", 9, now);
	log_add(log, 1, "err\r\n", 5, now);
	CHECK_TEXT(content(""), TIME "stdout F one\n" TIME "stdout F two\n" TIME "stdout F \n" TIME
				     "stderr F err\r\n");
	close_log(log);
	remove_all();
}

static void a_line_is_written_once_it_ends(void)
{
	struct log *log = open_log(0, 1);

	log_add(log, 0, "hel", 3, now);
	log_add(log, 1, "er", 2, now);
	CHECK_TEXT(content(""), "");
	log_add(log, 0, "lo\nrest", 7, now);
	CHECK_TEXT(content(""), TIME "stdout F hello\n");
	log_end(log, now);
	CHECK_TEXT(content(""),
		   TIME "stdout F hello\n" TIME "stdout P rest\n" TIME "stderr P er\n");
	log_end(log, now);
	CHECK_NUMBER(strlen(content("")), 3 * strlen(TIME "stdout F ") + 5 + 4 + 2 + 3);
	close_log(log);
	remove_all();
}

/* A line of this length, in pieces of that size, is so many parts and then its end. */
static void check_long(size_t length, size_t piece, size_t parts)
{
	struct log *log = open_log(0, 1);
	char *line = malloc(length + 1);
	const char *text;
	size_t seen = 0, bytes = 0;

	memset(line, 'x', length);
	line[length] = '\n';
	for (size_t at = 0; at <= length; at += piece)
		log_add(log, 0, line + at, at + piece <= length + 1 ? piece : length + 1 - at, now);
	text = content("");
	for (const char *at = text; *at; at = strchr(at, '\n') + 1) {
		size_t size = strcspn(at, "\n") - strlen(TIME "stdout F ");

		CHECK(!strncmp(at, TIME "stdout ", strlen(TIME "stdout ")));
		CHECK_NUMBER(at[strlen(TIME "stdout ")], seen < parts ? 'P' : 'F');
		if (seen < parts)
			CHECK_NUMBER(size, LOG_PART);
		bytes += size;
		seen++;
	}
	CHECK_NUMBER(seen, parts + 1);
	CHECK_NUMBER(bytes, length);
	free(line);
	close_log(log);
	remove_all();
}

static void long_lines_come_in_parts(void)
{
	static const size_t pieces[] = {1000, 4096, LOG_PART};

	for (size_t i = 0; i < 3; i++) {
		check_long(LOG_PART - 1, pieces[i], 0);
		check_long(LOG_PART, pieces[i], 0);
		check_long(LOG_PART + 1, pieces[i], 1);
		check_long(2 * LOG_PART, pieces[i], 1);
		check_long(2 * LOG_PART + 1, pieces[i], 2);
		check_long(100000, pieces[i], 6);
	}
}

static void files_are_rotated_before_they_are_full(void)
{
	/* Room for two lines of 50 bytes, not for a third. */
	struct log *log = open_log(120, 3);
	char line[32];
	struct stat st;
	char oldest[96];

	for (int i = 1; i <= 9; i++) {
		snprintf(line, sizeof(line), "line %04d\n", i);
		log_add(log, 0, line, strlen(line), now);
	}
	CHECK_TEXT(content(""), TIME "stdout F line 0009\n");
	CHECK_TEXT(content(".1"), TIME "stdout F line 0007\n" TIME "stdout F line 0008\n");
	CHECK_TEXT(content(".2"), TIME "stdout F line 0005\n" TIME "stdout F line 0006\n");
	snprintf(oldest, sizeof(oldest), "%s.3", path);
	CHECK(stat(oldest, &st) != 0);
	close_log(log);

	/* The next shim goes on where this one ended, also within one batch. */
	log = open_log(120, 3);
	log_add(log, 0, "line 0010\nline 0011\n", 20, now);
	CHECK_TEXT(content(""), TIME "stdout F line 0011\n");
	CHECK_TEXT(content(".1"), TIME "stdout F line 0009\n" TIME "stdout F line 0010\n");
	close_log(log);
	remove_all();
}

/* Where a new file cannot be made; what is said of it is on a disk that nobody bounds. */
static void a_log_that_is_lost_is_told_once(void)
{
	struct log *log = open_log(60, 1);
	FILE *said = tmpfile();
	int kept = dup(STDERR_FILENO), lines = 0;
	char away[40];

	snprintf(away, sizeof(away), "%s-away", directory);
	log_add(log, 0, "line 0001\n", 10, now);
	CHECK(!rename(directory, away));
	dup2(fileno(said), STDERR_FILENO);
	for (int i = 0; i < 100; i++)
		log_add(log, 0, "line 0002\n", 10, now);
	dup2(kept, STDERR_FILENO);
	close(kept);
	CHECK(!rename(away, directory));
	rewind(said);
	for (int c = getc(said); c != EOF; c = getc(said))
		lines += c == '\n';
	fclose(said);
	CHECK_NUMBER(lines, 2);
	CHECK_NUMBER(log->lost, 100);
	free(log->path);
	free(log);
	remove_all();
}

static void one_file_begins_anew(void)
{
	struct log *log = open_log(60, 1);

	log_add(log, 0, "line 0001\nline 0002\n", 20, now);
	CHECK_TEXT(content(""), TIME "stdout F line 0002\n");
	CHECK_TEXT(content(".1"), "(missing)");
	close_log(log);
	remove_all();
}

static void a_line_longer_than_a_file_is_written_all_the_same(void)
{
	struct log *log = open_log(20, 2);

	log_add(log, 0, "a\nb\n", 4, now);
	CHECK_TEXT(content(""), TIME "stdout F b\n");
	CHECK_TEXT(content(".1"), TIME "stdout F a\n");
	close_log(log);
	remove_all();
}

static void a_batch_keeps_every_line(void)
{
	static char text[LOG_PART];
	struct log *log = open_log(0, 1);
	size_t lines = 0;

	memset(text, '\n', sizeof(text));
	log_add(log, 0, text, sizeof(text), now);
	for (const char *at = content(""); *at; at = strchr(at, '\n') + 1) {
		lines++;
		CHECK(!strncmp(at, TIME "stdout F \n", strlen(TIME "stdout F \n")));
	}
	CHECK_NUMBER(lines, sizeof(text));
	close_log(log);
	remove_all();
}

static void the_exit_record_keeps_its_size(void)
{
	int fd = record_open(path);

	CHECK_NUMBER(strlen(content("")), 64);
	CHECK_NUMBER(strspn(content(""), " "), 63);
	record_running(fd, 4711, 18446744073709551615u);
	CHECK_NUMBER(strlen(content("")), 64);
	CHECK_HOLDS(content(""), "running 4711 18446744073709551615 ");
	record_exited(fd, 137, 9, 18446744073709551615u);
	CHECK_NUMBER(strlen(content("")), 64);
	CHECK_HOLDS(content(""), "exited 137 9 18446744073709551615 ");
	close(fd);
	/* A second start keeps the file. */
	fd = record_open(path);
	CHECK_NUMBER(strspn(content(""), " "), 63);
	CHECK_NUMBER(strlen(content("")), 64);
	close(fd);
	CHECK(process_start_time(getpid()) > 0);
	CHECK_NUMBER(process_start_time(-1), 0);
	remove_all();
}

static const struct test tests[] = {
	TEST(lines_have_time_stream_and_kind),
	TEST(a_line_is_written_once_it_ends),
	TEST(long_lines_come_in_parts),
	TEST(files_are_rotated_before_they_are_full),
	TEST(a_log_that_is_lost_is_told_once),
	TEST(one_file_begins_anew),
	TEST(a_line_longer_than_a_file_is_written_all_the_same),
	TEST(a_batch_keeps_every_line),
	TEST(the_exit_record_keeps_its_size),
};

int main(int argc, char *argv[])
{
	int code;

	strcpy(directory, "/tmp/tiny-log-test-XXXXXX");
	if (!mkdtemp(directory))
		return 3;
	snprintf(path, sizeof(path), "%s/log", directory);
	code = run_tests(tests, sizeof(tests) / sizeof(*tests), argc, argv);
	return rmdir(directory) ? 3 : code;
}
