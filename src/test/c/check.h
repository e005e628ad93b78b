/* What every test program is made of: checks that tell where they failed, and a list of tests. */
#ifndef TINY_CHECK_H
#define TINY_CHECK_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int check_failures;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not %s\n", __FILE__, __LINE__, #condition);        \
			check_failures++;                                                          \
		}                                                                                  \
	} while (0)

#define CHECK_NUMBER(actual, expected)                                                             \
	do {                                                                                       \
		long long a_ = (long long)(actual), e_ = (long long)(expected);                    \
		if (a_ != e_) {                                                                    \
			fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__,       \
				#actual, a_, e_);                                                  \
			check_failures++;                                                          \
		}                                                                                  \
	} while (0)

#define CHECK_TEXT(actual, expected)                                                               \
	do {                                                                                       \
		const char *a_ = (actual), *e_ = (expected);                                       \
		if (strcmp(a_, e_)) {                                                              \
			fprintf(stderr, "%s:%d: %s is '%s', not '%s'\n", __FILE__, __LINE__,       \
				#actual, a_, e_);                                                  \
			check_failures++;                                                          \
		}                                                                                  \
	} while (0)

#define CHECK_HOLDS(actual, part)                                                                  \
	do {                                                                                       \
		const char *a_ = (actual), *p_ = (part);                                           \
		if (!strstr(a_, p_)) {                                                             \
			fprintf(stderr, "%s:%d: %s is '%s', without '%s'\n", __FILE__, __LINE__,   \
				#actual, a_, p_);                                                  \
			check_failures++;                                                          \
		}                                                                                  \
	} while (0)

struct test {
	const char *name;
	void (*run)(void);
};

#define TEST(function)                                                                             \
	{                                                                                          \
#function, function                                                                \
	}

/* Runs the tests, or those whose names are arguments; returns the exit code. */
static inline int run_tests(const struct test *tests, size_t count, int argc, char *argv[])
{
	int run = 0, failed = 0;

	/* Who starts the tests in the background of a script ignores the keys' signals for them. */
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	for (size_t i = 0; i < count; i++) {
		int before = check_failures, wanted = argc < 2;

		for (int j = 1; j < argc; j++)
			wanted |= !strcmp(argv[j], tests[i].name);
		if (!wanted)
			continue;
		tests[i].run();
		run++;
		if (check_failures > before) {
			fprintf(stderr, "FAILED %s\n", tests[i].name);
			failed++;
		}
	}
	fprintf(stderr, "%s: %d tests, %d failed\n", argv[0], run, failed);
	return failed > 0 || run == 0;
}

#endif
