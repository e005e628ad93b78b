/* The user's terminal: its size, and raw mode that is always taken back. */
#include "client.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static int is_raw;

void terminal_raw(int raw)
{
	struct termios now;

	if (raw == is_raw)
		return;
	if (!raw) {
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
		is_raw = 0;
		return;
	}
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return;
	now = before;
	now.c_iflag &=
		~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	now.c_oflag &= ~(tcflag_t)OPOST;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	now.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	now.c_cflag |= CS8;
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	is_raw = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

void terminal_size(uint16_t *rows, uint16_t *columns)
{
	*rows = 0;
	*columns = 0;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		struct winsize size;

		if (ioctl(fd, TIOCGWINSZ, &size) == 0) {
			*rows = size.ws_row;
			*columns = size.ws_col;
			return;
		}
	}
}
