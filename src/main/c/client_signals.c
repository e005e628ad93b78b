/* The signals a user sends: caught in a pipe, from which the client's one loop takes them. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The numbers of signals as the wire has them, which are those of Linux on amd64 and arm64. */
static const struct {
	int here;
	uint32_t linux_number;
} signals[] = {
	{SIGHUP, 1},   {SIGINT, 2},   {SIGQUIT, 3},  {SIGUSR1, 10},
	{SIGUSR2, 12}, {SIGTERM, 15}, {SIGCONT, 18}, {SIGTSTP, 20},
};

static int came[2];

static void on_signal(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;
	ssize_t ignored = write(came[1], &byte, 1);

	(void)ignored;
	errno = saved;
}

static void watch(int number)
{
	struct sigaction action;

	/* What was ignored on purpose, as nohup and background jobs have it, stays ignored. */
	if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
		return;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

int signals_catch(void)
{
	if (pipe(came) < 0)
		fail("run 'tiny': pipe: %s", errno_text(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(came[i], F_SETFD, FD_CLOEXEC);
		fcntl(came[i], F_SETFL, O_NONBLOCK);
	}
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		watch(signals[i].here);
	watch(SIGWINCH);
	return came[0];
}

int signals_next(void)
{
	unsigned char number;

	return read(came[0], &number, 1) == 1 ? number : 0;
}

uint32_t signals_on_wire(int number)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i].here == number)
			return signals[i].linux_number;
	return 0;
}
