/* The shim itself: what it holds, and what its parts do with it. One thread, one of it all. */
#ifndef TINY_SHIM_H
#define TINY_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "conn.h"
#include "plan.h"
#include "record.h"
#include "report.h"

enum phase {
	PLANLESS, /* no plan has come */
	STARTING, /* the child is on its way to execve */
	RUNNING,
	DRAINING, /* the process has ended, what it wrote is still to be read */
	ENDING,	  /* all is said; the connections are to take it */
};

struct shim {
	enum phase phase;
	struct conn conns[CONNECTIONS];
	bool had_creator;

	struct plan plan;
	uint8_t *plan_bytes;
	uint64_t began; /* when the first op began, CLOCK_MONOTONIC */
	struct report *report;
	struct log log;
	int record;
	pid_t pid;
	int pidfd;
	int join;     /* pidfd of the process to join, or -1 */
	int users;    /* the container's user namespace, or -1 */
	pid_t holder; /* of that namespace until clone, or 0 */
	int sync;     /* socket to the child until execve, or -1 */
	bool go;

	uint64_t stdio; /* enum stdio_flag, or-ed */
	uint16_t rows, columns;
	int terminal; /* the master, or -1 */
	int in;	      /* where standard input goes, or -1 */
	bool in_open;
	int out[2];	  /* where standard output and error come from, or -1 */
	size_t drain[2];  /* what is read of them after the end, at most */
	int child_fds[3]; /* the child's ends, until it has them */

	bool exited;
	uint8_t exit[16]; /* the payload of EXITED */
};

extern struct shim shim;

__attribute__((format(printf, 1, 2))) _Noreturn void die(const char *format, ...);

/* Closes a descriptor that may be -1, and makes it so. */
void close_fd(int *fd);

/* streams.c: standard input, output and error, between connections and the process. */

/* Passes on what one connection sent, and lets it send as much again. */
void feed(struct conn *conn);
void close_stdin(void);

/* Whether everyone who listens to a stream can take more of it: the slowest one sets the pace. */
bool has_room(int stream);

/* Reads once from a stream: first into the log, then to everyone attached. */
void pump(int stream);

/* From now on, no more is read than the kernel holds: others may write on for ever. */
void begin_drain(void);

/* Tells the terminal its size. */
void resize(void);

/* start.c: from the plan to execve. */

/* Decodes the plan and does the shim's ops, the last of which makes the child. */
void start(struct conn *conn, const struct frame *frame);

/* Reads one message of the child; false where there is none yet, or no more. */
bool hear_child(void);

/* The child's end of the socket is closed: it is the container's process now, or it has failed. */
void started(void);

/* Lets the child pass await, once there is a child and GO has come. */
void send_go(void);

/* Ends a child that did not come to be the container's process. */
void end_child(unsigned code);

/* Keeps how it ended, first on disk. */
void keep_exit(unsigned code, unsigned signal);

/* users.c: the user namespace, and what belongs to it. */
int do_users(const struct op *op);
void reap_holder(void);

/* Whether the file system that a path is on can show other owners; 0, or -1 with the detail. */
int try_idmap(const char *path);

/* about.c: --ops, --abi. */
void print_ops(void);
void print_abi(void);

#endif
