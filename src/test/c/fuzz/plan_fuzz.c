/*
 * The decoder of plans, for libFuzzer: it mutates what is in the directory CORPUS, led by what the
 * decoder reaches, and the sanitizers end it where a byte is read that is not there. The directory
 * is begun with the plans of the vectors.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

enum { MOST = 4096, LINE = 1 << 16 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void keep(const char *directory, unsigned number, const uint8_t *bytes, size_t size)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/vector-%u", directory, number);
	out = fopen(path, "we");
	if (!out || fwrite(bytes, 1, size, out) != size || fclose(out)) {
		perror(path);
		exit(1);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *vectors = getenv("VECTORS"), *corpus = getenv("CORPUS");
	static char line[LINE];
	char path[512];
	unsigned count = 0;
	FILE *in;

	(void)argc;
	(void)argv;
	snprintf(path, sizeof(path), "%s/plans.txt", vectors ? vectors : ".");
	in = fopen(path, "re");
	while (in && corpus && fgets(line, sizeof(line), in)) {
		char *hex = line[0] == '#' ? NULL : strstr(line, " | ");
		uint8_t bytes[MOST];
		size_t size = 0;
		unsigned byte;

		for (hex = hex ? hex + 3 : NULL;
		     hex && isxdigit((unsigned char)*hex) && size < MOST; hex += 2)
			if (sscanf(hex, "%2x", &byte) == 1)
				bytes[size++] = (uint8_t)byte;
		if (hex)
			keep(corpus, count++, bytes, size);
	}
	if (!count) {
		fprintf(stderr, "plan_fuzz: no plans in '%s', or no CORPUS to put them in\n", path);
		exit(1);
	}
	fclose(in);
	return 0;
}

/* To be read is to be there. */
static volatile int first;

/* The bytes end where their memory does: libFuzzer copies each input. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct plan_error error;
	struct plan plan;

	if (plan_decode(bytes, size, &plan, &error) == 0) {
		const struct op *exec = plan_find(&plan, OP_EXEC);
		const uint8_t *at = exec ? exec->first : NULL;

		for (unsigned i = 0; exec && i < exec->strings; i++)
			first += plan_string(&at).bytes[0];
		plan_free(&plan);
	} else if (!memchr(error.detail, 0, sizeof(error.detail)) || plan.ops) {
		abort();
	}
	return 0;
}
