/*
 * Feeds the decoder of plans with mutants of the plans in the vectors, for some seconds. A mutant
 * that reaches what none has reached before is kept and mutated in turn: the decoder is compiled
 * with -fsanitize-coverage=trace-pc, and reports every edge it takes here. The sanitizers end it
 * where a byte is read that is not there; the mutant that did it is then in the file that it names.
 *
 *   plan_fuzz SECONDS [SEED]
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "plan.h"

enum { MOST = 4096, KEPT = 4096, EDGES = 1 << 13, LINE = 1 << 16 };

static struct {
	uint8_t bytes[MOST];
	size_t size;
} kept[KEPT];
static unsigned count;
static uint8_t reached[EDGES], now[EDGES];
static uintptr_t last;
static uint64_t state;

void __sanitizer_cov_trace_pc(void);
__attribute__((no_sanitize("address", "undefined"))) void __sanitizer_cov_trace_pc(void)
{
	uintptr_t here = (uintptr_t)__builtin_return_address(0);

	now[(here ^ last << 1) % EDGES] = 1;
	last = here;
}

/* xorshift64* */
static uint32_t chance(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)(state * 0x2545f4914f6cdd1dull >> 32) % below;
}

static void keep(const uint8_t *bytes, size_t size)
{
	unsigned at = count < KEPT ? count++ : chance(KEPT);

	memcpy(kept[at].bytes, bytes, size);
	kept[at].size = size;
}

static void read_vectors(const char *path)
{
	static char line[LINE];
	FILE *in = fopen(path, "re");

	while (in && fgets(line, sizeof(line), in)) {
		char *hex = line[0] == '#' ? NULL : strstr(line, " | ");
		uint8_t bytes[MOST];
		size_t size = 0;
		unsigned byte;

		for (hex = hex ? hex + 3 : NULL;
		     hex && isxdigit((unsigned char)*hex) && size < MOST; hex += 2)
			if (sscanf(hex, "%2x", &byte) == 1)
				bytes[size++] = (uint8_t)byte;
		if (hex)
			keep(bytes, size);
	}
	if (in)
		fclose(in);
}

/* One change: a bit, a byte, a number that is at a limit, a piece that goes, comes twice or comes from elsewhere. */
static size_t mutate(uint8_t *bytes, size_t size)
{
	static const uint8_t limits[] = {0, 1, 0x7f, 0x80, 0xff, 4, 36, 32};
	size_t at = size ? chance((uint32_t)size) : 0;
	size_t length = 1 + chance(16);

	switch (size ? chance(7) : 6) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << chance(8));
		return size;
	case 1:
		bytes[at] = (uint8_t)chance(256);
		return size;
	case 2:
		bytes[at] = limits[chance(sizeof(limits))];
		return size;
	case 3:
		length = length < size - at ? length : size - at;
		memmove(bytes + at, bytes + at + length, size - at - length);
		return size - length;
	case 4:
		length = length < size - at ? length : size - at;
		if (size + length > MOST)
			return size;
		memmove(bytes + at + length, bytes + at, size - at);
		return size + length;
	case 5:
		return at;
	default: {
		unsigned other = chance(count);
		size_t from = kept[other].size ? chance((uint32_t)kept[other].size) : 0;

		length = kept[other].size - from;
		length = at + length > MOST ? MOST - at : length;
		memcpy(bytes + at, kept[other].bytes + from, length);
		return at + length > size ? at + length : size;
	}
	}
}

/* In memory that ends with the plan: a byte behind it is another's. Whether it got further than any before. */
static bool decode(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct plan_error error;
	struct plan plan;
	volatile unsigned sum = 0;
	bool further = false;

	memcpy(exact, bytes, size);
	memset(now, 0, sizeof(now));
	last = 0;
	if (plan_decode(exact, size, &plan, &error) == 0) {
		const struct op *exec = plan_find(&plan, OP_EXEC);
		const uint8_t *at = exec ? exec->first : NULL;

		for (unsigned i = 0; exec && i < exec->strings; i++)
			sum += (uint8_t)plan_string(&at).bytes[0];
		plan_free(&plan);
	} else if (!memchr(error.detail, 0, sizeof(error.detail))) {
		abort();
	}
	free(exact);
	for (size_t i = 0; i < EDGES; i++)
		if (now[i] && !reached[i]) {
			reached[i] = 1;
			further = true;
		}
	return further;
}

int main(int argc, char *argv[])
{
	const char *vectors = getenv("VECTORS");
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 45);
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	static uint8_t bytes[MOST];
	char path[512];
	unsigned long rounds = 0;
	unsigned edges = 0;
	int last_one;
	uint8_t *said;

	state = seed | 1;
	snprintf(path, sizeof(path), "%s/plans.txt", vectors ? vectors : "../../test/vectors");
	read_vectors(path);
	if (!count) {
		fprintf(stderr, "plan_fuzz: no plans in '%s'\n", path);
		return 1;
	}
	snprintf(path, sizeof(path), "/tmp/plan_fuzz.%d", getpid());
	last_one = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (last_one < 0 || ftruncate(last_one, MOST))
		return 1;
	said = mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_SHARED, last_one, 0);
	if (said == MAP_FAILED)
		return 1;
	fprintf(stderr, "plan_fuzz: seed %llu, the plan that is being read is in %s\n",
		(unsigned long long)seed, path);
	for (unsigned i = 0, first = count; i < first; i++)
		decode(kept[i].bytes, kept[i].size);
	while (rounds++ % 4096 || time(NULL) < end) {
		unsigned from = chance(count);
		size_t size = kept[from].size;

		memcpy(bytes, kept[from].bytes, size);
		for (unsigned changes = 1 + chance(4); changes > 0; changes--)
			size = mutate(bytes, size);
		memcpy(said, bytes, size);
		if (decode(bytes, size))
			keep(bytes, size);
	}
	for (size_t i = 0; i < EDGES; i++)
		edges += reached[i];
	fprintf(stderr, "plan_fuzz: %lu plans, %u of them kept, %u edges, no fault\n", rounds,
		count, edges);
	unlink(path);
	return 0;
}
