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

enum { LISTENER = 3 }; /* the socket that the engine has bound */

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
	uint64_t since; /* when the last one that was done ended */
	struct report *report;
	struct log log;
	int record;
	pid_t pid;
	int pidfd;
	int join;     /* pidfd of the process to join, or -1 */
	int users;    /* the container's user namespace, or -1 */
	pid_t holder; /* of that namespace until clone, or 0 */
	bool hold;    /* the process's mount namespace, until the shim's own end */
	int sync;     /* socket to the child until execve, or -1 */
	bool held;    /* HOST is to come */
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

/* peers.c: who is connected. */

void take_connection(void);

/* Takes what a connection has sent, and does what it asks; one that breaks a rule is closed. */
void listen_to(struct conn *conn);

/* A connection is closed. Before GO, the creator's end is the process's; after, it lives on. */
void forget(struct conn *conn);

/* Closes a connection that has taken all; what it sent and nobody read would make it an error. */
void hang_up(struct conn *conn);

/* birth.c: the shim's own ops, up to the birth of the child. */

/* Does an op: 0, or -1 with errno set, and with the detail where there is more to say. */
int do_op(const struct op *op);

/*
 * While the shim has the namespace too, the end of the process is not the end of its mounts, which
 * takes most of a millisecond: who waits for the process hears of it before. Never closed: the
 * shim's end does it. Where it cannot be opened, the process takes its mounts away itself.
 */
void hold_mounts(void);

/* start.c: from the plan to the child. */

/* Decodes the plan and does the shim's ops, the last of which makes the child. */
void start(struct conn *conn, const struct frame *frame);

/* Lets the child pass the op that it waits in, host or await, or will wait in. */
void tell_child(void);

/* outcome.c: what becomes of the child. */

/* Tells the creator which op failed and why; nothing follows. */
void failed(unsigned index, unsigned code, int error, const char *detail);

/* Reads one message of the child; false where there is none yet, or no more. */
bool hear_child(void);

/* The child's end of the socket is closed: it is the container's process now, or it has failed. */
void started(void);

/* Ends a child that did not come to be the container's process; returns the signal it ended by. */
int end_child(unsigned code);

/* Keeps how it ended, first on disk. */
void keep_exit(unsigned code, unsigned signal);

/* users.c: the user namespace, and what belongs to it. */

/*
 * Makes them before there is a plan, whose op users then takes them; where that fails, the op tries
 * again.
 */
void begin_users(uint64_t flags);
int do_users(const struct op *op);
void reap_holder(void);

/* Whether a path can show other owners. The shim's exit status with --idmap, printed: why not. */
enum idmap_answer {
	IDMAP_POSSIBLE,
	IDMAP_NEVER, /* its file system, or this kernel, has none of that */
	IDMAP_NOT_NOW,
};
enum idmap_answer try_idmap(const char *path);

/* about.c: --ops, --abi. */
void print_ops(void);
void print_abi(void);

#endif
