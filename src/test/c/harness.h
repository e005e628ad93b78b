/*
 * Drives a real shim as the engine does: binds its socket, starts it, sends a plan, hears what
 * comes back. Everything happens in a mount namespace of the test's own, on a tmpfs that goes with
 * it.
 */
#ifndef TINY_HARNESS_H
#define TINY_HARNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bytes.h"
#include "plan.h"
#include "wire.h"

/* A plan that is being written. */
struct builder {
	struct bytes bytes;
	unsigned count;
	size_t last; /* where the last op begins */
};

#define COUNT_OF(...) (sizeof(__VA_ARGS__) / sizeof(*(__VA_ARGS__)))
#define N(...)                                                                                     \
	(const uint64_t[])                                                                         \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define S(...)                                                                                     \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define ADD(b, code, n, s) builder_add(b, code, COUNT_OF(n), n, COUNT_OF(s), s)
#define ADD_N(b, code, n)  builder_add(b, code, COUNT_OF(n), n, 0, NULL)
#define ADD_S(b, code, s)  builder_add(b, code, 0, NULL, COUNT_OF(s), s)
#define ADD_(b, code)	   builder_add(b, code, 0, NULL, 0, NULL)

void builder_add(struct builder *builder, enum op_code code, size_t numbers, const uint64_t *n,
		 size_t strings, const char *const *s);

/* Takes the last op away again. */
void builder_cut(struct builder *builder);

/* Writes the head of the plan; the bytes are then a whole one. */
void builder_end(struct builder *builder);

/* One shim and one connection to it. */
struct drive {
	char directory[64]; /* holds exit, log, shim.log, shim.sock */
	pid_t shim;
	int fd; /* the connection, or -1 */
	struct bytes in;

	/* What has been heard. */
	struct bytes output[2]; /* always ended by a zero byte that is not counted */
	uint32_t credit;
	pid_t pid;
	bool running, failed, exited, closed;
	unsigned timed;	     /* ops in TIMES */
	unsigned last_timed; /* the last one that took time, counted from 0 */
	unsigned failed_index, failed_code;
	int failed_errno;
	char detail[512];
	unsigned code, signal;

	int failures; /* as many checks as had failed when it began */
};

/*
 * Makes the test's own mounts and the root file system; the path of the shim is the environment's
 * SHIM.
 */
void harness_begin(void);
void harness_end(void);

/* Makes a directory in another one. */
void harness_directory(const char *directory, const char *name);

/* Ends the tests with what could not be done, and errno. */
_Noreturn void harness_die(const char *what);

/* The directory all is in; and the root file system, with busybox. */
extern char harness_home[32];
extern char harness_root[64];

/* A file of the host that can be written, and that no container can see. */
const char *harness_file(void);

/* Starts a shim and connects. */
void drive_start(struct drive *drive);

/* The same with the namespaces that a plan will want; NULL for none. */
void drive_start_ahead(struct drive *drive, const char *flags);

/* A further connection to the same shim, as a drive of its own that does not reap it. */
void drive_second(const struct drive *drive, struct drive *second);

/* The same, without more than the socket. */
int drive_connect(const struct drive *drive);

void drive_send(struct drive *drive, enum frame_type type, const void *payload, size_t length);
void drive_send32(struct drive *drive, enum frame_type type, uint32_t value);
void drive_plan(struct drive *drive, struct builder *builder);
void drive_attach(struct drive *drive, uint8_t streams);

/* Hears frames until one of the type has come, or the connection is closed; false on the latter. */
bool drive_until(struct drive *drive, enum frame_type type);

/* Hears until the output of a stream holds a text. */
bool drive_until_output(struct drive *drive, int stream, const char *text);

/*
 * Hears all there is, reaps the shim, frees everything; what was heard stays readable but the
 * output.
 */
void drive_close(struct drive *drive);

/* Reaps the shim, which must have ended by itself or must be about to; returns its wait status. */
int drive_reap(struct drive *drive);

/* Empties the shim's own log, which must be empty in the end. */
void drive_forget_words(struct drive *drive);

const char *drive_output(struct drive *drive, int stream);

/* Reads a file in the drive's directory into memory that the next call reuses. */
const char *drive_file(struct drive *drive, const char *name);

/* The usual ops; what happens before and after them differs from test to test. */
struct usual {
	uint64_t stdio;
	bool overlay, init, no_log, await, host, hold;
	uint64_t users;	      /* namespaces that belong to a user namespace, or 0 */
	uint64_t clone_flags; /* instead of all namespaces */
	const char *cgroup;
	uint64_t log_limit, log_files;
	const char *user;
	uint64_t ambient;
	uint16_t rows, columns;
};

void usual_plan(struct builder *builder, const struct drive *drive, const struct usual *usual,
		const char *const argv[]);

/* usual_plan in three parts, to put something in between. */
void usual_shim(struct builder *builder, const struct drive *drive, const struct usual *usual);
void usual_root(struct builder *builder, const struct drive *drive, const struct usual *usual);
void usual_process(struct builder *builder, const struct usual *usual, const char *const argv[]);

/* Runs a usual plan to its end with all of stdio attached. */
void drive_run(struct drive *drive, const struct usual *usual, const char *const argv[]);

#endif
