/* Real containers on the real kernel. */
#include <signal.h>

#include "check.h"
#include "harness.h"

static const struct usual plain;

static void output_exit_code_record_and_log(void)
{
	struct drive drive;

	drive_run(&drive, &plain, S("sh", "-c", "echo hello; echo oops >&2; exit 7", NULL));
	CHECK_TEXT(drive_output(&drive, 0), "hello\n");
	CHECK_TEXT(drive_output(&drive, 1), "oops\n");
	CHECK_TEXT(drive.detail, "");
	CHECK(drive.exited);
	CHECK_NUMBER(drive.code, 7);
	CHECK_NUMBER(drive.signal, 0);
	CHECK_HOLDS(drive_file(&drive, "exit"), "exited 7 0 ");
	CHECK_NUMBER(strlen(drive_file(&drive, "exit")), 64);
	CHECK_HOLDS(drive_file(&drive, "log"), "Z stdout F hello\n");
	CHECK_HOLDS(drive_file(&drive, "log"), "Z stderr F oops\n");
	drive_close(&drive);
}

static const struct test tests[] = {
	TEST(output_exit_code_record_and_log),
};

int main(int argc, char *argv[])
{
	int code;

	harness_begin();
	code = run_tests(tests, COUNT_OF(tests), argc, argv);
	harness_end();
	return code;
}
