/* Frames and plans against the vectors that the other side's tests read too, and against noise. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>

#include "check.h"
#include "plan.h"
#include "wire.h"

int check_failures;

enum { BYTES = 8192, FUZZ_ROUNDS = 200 * 1000 };

/* One line of a file of vectors: name | bytes in hex | meaning. */
struct vector {
	char name[128];
	char meaning[4096];
	uint8_t bytes[BYTES];
	size_t size;
};

static bool parse_vector(char *line, struct vector *vector)
{
	char *hex = strstr(line, " | ");
	char *meaning = hex ? strstr(hex + 3, " | ") : NULL;

	if (line[0] == '#' || line[0] == '\n')
		return false;
	CHECK(meaning);
	if (!meaning)
		return false;
	snprintf(vector->name, sizeof(vector->name), "%.*s", (int)(hex - line), line);
	meaning[strcspn(meaning, "\n")] = 0;
	snprintf(vector->meaning, sizeof(vector->meaning), "%s", meaning + 3);
	vector->size = 0;
	for (hex += 3; isxdigit((unsigned char)*hex); hex += 2) {
		unsigned byte;

		CHECK(sscanf(hex, "%2x", &byte) == 1 && vector->size < BYTES);
		vector->bytes[vector->size++] = (uint8_t)byte;
	}
	return true;
}

/* Calls a function for each vector of a file; there must be some. */
static void each_vector(const char *file, void (*check)(const struct vector *))
{
	static char line[1 << 16];
	static struct vector vector;
	const char *directory = getenv("VECTORS");
	char path[512];
	FILE *in;
	int count = 0;

	snprintf(path, sizeof(path), "%s/%s", directory ? directory : "../../test/vectors", file);
	in = fopen(path, "re");
	CHECK(in);
	while (in && fgets(line, sizeof(line), in)) {
		int before = check_failures;

		if (!parse_vector(line, &vector))
			continue;
		check(&vector);
		count++;
		if (check_failures > before)
			fprintf(stderr, "in %s: %s\n", file, vector.name);
	}
	CHECK(count > 20);
	if (in)
		fclose(in);
}

static const char *const names[] = {
	[FRAME_REQUEST] = "REQUEST", [FRAME_STDIN] = "STDIN",	  [FRAME_STDIN_EOF] = "STDIN_EOF",
	[FRAME_STDOUT] = "STDOUT",   [FRAME_STDERR] = "STDERR",	  [FRAME_RESIZE] = "RESIZE",
	[FRAME_SIGNAL] = "SIGNAL",   [FRAME_EXIT] = "EXIT",	  [FRAME_CREDIT] = "CREDIT",
	[FRAME_RAW] = "RAW",	     [FRAME_PLAN] = "PLAN",	  [FRAME_GO] = "GO",
	[FRAME_STARTED] = "STARTED", [FRAME_RUNNING] = "RUNNING", [FRAME_FAILED] = "FAILED",
	[FRAME_ATTACH] = "ATTACH",   [FRAME_EXITED] = "EXITED",	  [FRAME_TIMES] = "TIMES",
	[FRAME_HOST] = "HOST",	     [FRAME_PING] = "PING",
};

/* The bytes in memory of exactly their size, where the sanitizer sees every step beyond. */
static uint8_t *exactly(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (size)
		memcpy(copy, bytes, size);
	return copy;
}

static void check_frame(const struct vector *vector)
{
	uint8_t *bytes = exactly(vector->bytes, vector->size);
	uint8_t header[FRAME_HEADER];
	char text[4096] = "";
	struct frame frame;
	size_t size;
	int found = frame_parse(bytes, vector->size, &frame, &size);

	if (found <= 0) {
		CHECK_TEXT(found ? "bad" : "more", vector->meaning);
		free(bytes);
		return;
	}
	sprintf(text, "%s %s", names[frame.type], frame.length ? "" : "-");
	for (size_t i = 0; i < frame.length; i++)
		sprintf(text + strlen(text), "%02x", frame.payload[i]);
	CHECK_TEXT(text, vector->meaning);
	CHECK_NUMBER(size, vector->size);
	frame_header(header, (enum frame_type)frame.type, frame.length);
	CHECK(!memcmp(header, bytes, sizeof(header)));
	/* However it is cut, it is the start of a frame. */
	for (size_t have = 0; have < vector->size; have++)
		CHECK_NUMBER(frame_parse(bytes, have, &frame, &size), 0);
	free(bytes);
}

static void frames_are_as_agreed(void)
{
	each_vector("frames.txt", check_frame);
}

static void describe(const struct plan *plan, char *text)
{
	text += sprintf(text, "ok");
	for (unsigned i = 0; i < plan->count; i++) {
		const struct op *op = &plan->ops[i];
		const uint8_t *at = op->first;

		text += sprintf(text, "%s %s", i ? ";" : "", op_kinds[op->code].name);
		for (int n = 0; n < op_kinds[op->code].numbers; n++)
			text += sprintf(text, " %llu", (unsigned long long)op->n[n]);
		for (unsigned s = 0; s < op->strings; s++) {
			struct text string = plan_string(&at);

			if (s < PLAN_OPERANDS)
				CHECK(string.bytes == op->s[s].bytes);
			text += sprintf(text, " '");
			for (uint32_t c = 0; c < string.length; c++) {
				unsigned char byte = (unsigned char)string.bytes[c];

				text += sprintf(text, byte < ' ' || byte > '~' ? "\\x%02x" : "%c",
						byte);
			}
			text += sprintf(text, "'");
		}
	}
}

static void check_plan(const struct vector *vector)
{
	uint8_t *bytes = exactly(vector->bytes, vector->size);
	char text[4096];
	struct plan plan;
	struct plan_error error;

	if (plan_decode(bytes, vector->size, &plan, &error)) {
		snprintf(text, sizeof(text), "bad %u %s", error.index, error.detail);
		CHECK_TEXT(text, vector->meaning);
		CHECK(!plan.ops);
	} else {
		describe(&plan, text);
		CHECK_TEXT(text, vector->meaning);
		plan_free(&plan);
	}
	free(bytes);
}

static void plans_are_as_agreed(void)
{
	each_vector("plans.txt", check_plan);
}

/* xorshift: the same noise in each run. */
static uint32_t noise(void)
{
	static uint32_t state = 20261123;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static struct vector seeds[8];
static size_t seed_count;

static void keep_seed(const struct vector *vector)
{
	if (!strncmp(vector->meaning, "ok", 2) && seed_count < 8)
		seeds[seed_count++] = *vector;
}

static unsigned decoded, refused;

/* Decodes what may be anything, and reads all that came out of it. */
static void decode_noise(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = exactly(bytes, size);
	struct plan plan;
	struct plan_error error;

	if (plan_decode(copy, size, &plan, &error)) {
		CHECK(error.detail[0]);
		CHECK(strlen(error.detail) < sizeof(error.detail));
		refused++;
	} else {
		for (unsigned i = 0; i < plan.count; i++) {
			const uint8_t *at = plan.ops[i].first;

			for (unsigned s = 0; s < plan.ops[i].strings; s++) {
				struct text text = plan_string(&at);

				CHECK(text.bytes[text.length] == 0);
			}
		}
		CHECK(plan.child > 0 && plan.child < plan.count);
		plan_free(&plan);
		decoded++;
	}
	free(copy);
}

static void noise_is_refused_or_decoded(void)
{
	static uint8_t bytes[BYTES + 8];

	each_vector("plans.txt", keep_seed);
	CHECK(seed_count >= 4);
	for (size_t s = 0; s < seed_count; s++)
		for (size_t size = 0; size < seeds[s].size; size++)
			decode_noise(seeds[s].bytes, size);
	CHECK_NUMBER(decoded, 0);
	for (int round = 0; round < FUZZ_ROUNDS; round++) {
		const struct vector *seed = &seeds[noise() % seed_count];
		size_t size = seed->size;

		memcpy(bytes, seed->bytes, size);
		for (unsigned change = noise() % 4 + 1; change; change--) {
			size_t at = noise() % size;

			switch (noise() % 4) {
			case 0:
				bytes[at] ^= (uint8_t)(1u << noise() % 8);
				break;
			case 1:
				bytes[at] = (uint8_t)noise();
				break;
			case 2:
				bytes[at] = noise() % 2 ? 0xff : 0;
				break;
			default:
				memmove(bytes + at, bytes + at + 1, size - at - 1);
				size--;
			}
		}
		decode_noise(bytes, size);
	}
	CHECK(decoded > 100);
	CHECK(refused > 100);
}

static const struct test tests[] = {
	TEST(frames_are_as_agreed),
	TEST(plans_are_as_agreed),
	TEST(noise_is_refused_or_decoded),
};

int main(int argc, char *argv[])
{
	return run_tests(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
