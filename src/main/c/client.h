/*
 * The client's parts. Portable POSIX C: it also runs where containers do not.
 */
#ifndef TINY_CLIENT_H
#define TINY_CLIENT_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STATUS_RUNTIME_FAILED = 125, /* as Docker's client: the runtime failed, not the command */
};

/* client_fail.c */

/* Says "cannot …" on standard error, ends with STATUS_RUNTIME_FAILED, and restores the terminal. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the client; the terminal is restored. */
_Noreturn void leave(int status);

/* An errno as NAME (text); the text is overwritten by the next call. */
const char *errno_text(int number);

/* client_session.c */

/* What is asked of which engine. */
struct session {
	const char *home, *run_root, *data_root; /* absolute */
	const char *command;			 /* the first of the words */
	uint8_t *request;			 /* the payload of REQUEST */
	size_t request_length;
};

/* Asks, and passes streams and signals on until the engine says with which status to end. */
_Noreturn void session_run(const struct session *asked);

/* client_start.c */

/*
 * A connection to the engine, which is started where none answers. Ends the client where there can
 * be none. home and run_root are absolute.
 */
int engine_connect(const char *home, const char *run_root);

/* Becomes the JVM in a mode, as in "shell"; returns only to end the client. */
_Noreturn void engine_become(const char *home, const char *mode);

/* client_frames.c */

/* Passes bytes between the standard streams and the engine until either ends. */
_Noreturn void frames_pass(int engine);

/* client_request.c */

/*
 * The payload of the REQUEST frame; argv ends with NULL. The caller frees it. Ends the client where
 * it is too long.
 */
uint8_t *request_encode(char *const argv[], size_t *length);

/* client_signals.c */

/* Catches what a container can be sent, and SIGWINCH; what it returns is readable once one came. */
int signals_catch(void);

/* A signal that came and was not taken yet; 0 where there is none. */
int signals_next(void);

/* The number of a signal as Linux has it; 0 for one that is not caught. */
uint32_t signals_on_wire(int number);

/* client_terminal.c */

/* Puts the terminal of standard input in raw mode, or restores it; nothing where there is none. */
void terminal_raw(int raw);

/* The size of the first of the standard streams that is a terminal; zeros where none is. */
void terminal_size(uint16_t *rows, uint16_t *columns);

/* client_wait.c */

/*
 * Waits until one of them is ready, as poll(2) for as long as it takes. Each for POLLIN or POLLOUT; a
 * negative one is passed over. Returns how many are, or -1 and errno.
 */
int wait_for(struct pollfd wait[], size_t count);

#endif
