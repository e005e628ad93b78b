/* The last op, and the small process 1 that may stay behind. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "kernel.h"

extern char **environ;

/*
 * tds:init, process 1 of the container. Its parent, the shim, reaps it; it ends with its child, the
 * container's process, and with that child's code, and everything else in the PID namespace then is
 * killed by the kernel. It holds no descriptor, or the streams would never end.
 */
static _Noreturn void init_run(pid_t child)
{
	sigset_t all;
	int status;

	kernel_close_range(0, ~0u);
	sigfillset(&all);
	for (;;) {
		int signal = sigwaitinfo(&all, NULL);
		pid_t pid = 1;

		if (signal > 0 && signal != SIGCHLD)
			kill(child, signal);
		/* One SIGCHLD may stand for many. */
		while (signal == SIGCHLD && (pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == child)
				leave(WIFSIGNALED(status) ? CODE_SIGNALLED + WTERMSIG(status)
							  : WEXITSTATUS(status));
		/* What can wait for nothing would keep a core busy. */
		if ((signal < 0 && errno != EINTR) || pid < 0)
			leave(CODE_NOT_STARTED);
	}
}

/*
 * Each called as init_run() does, and none waits: a SIGCHLD is there. The filter of system calls
 * that is in force by now may refuse what process 1 lives by, for its arguments too.
 */
static int init_can_wait(void)
{
	struct timespec now = {0};
	sigset_t ended;
	int status;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	if ((kill(getpid(), SIGCHLD) ? sigtimedwait(&ended, NULL, &now)
				     : sigwaitinfo(&ended, NULL)) < 0 && errno != EAGAIN)
		return fail(errno, "the filter of system calls refuses it rt_sigtimedwait");
	if (waitpid(-1, &status, WNOHANG) < 0 && errno != ECHILD)
		return fail(errno, "the filter of system calls refuses it wait4");
	return 0;
}

/*
 * op_init: fork(2). The child goes on, in a process group of its own that has the terminal: what is
 * typed must reach it once, not a second time through process 1.
 */
int op_init(struct child *child, const struct op *op)
{
	pid_t pid;

	(void)op;
	if (init_can_wait())
		return -1;
	prctl(PR_SET_NAME, "tds:init");
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0)
		init_run(pid);
	prctl(PR_SET_NAME, "tds:child");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	if (child->stdio & STDIO_TTY)
		tcsetpgrp(0, getpgrp());
	return 0;
}

/* Why an ELF file that is there cannot be executed. Other classes than 64 bits keep their errno. */
static void explain_elf(int fd, const Elf64_Ehdr *elf, int error)
{
	Elf64_Ehdr own;
	Elf64_Phdr segment;
	char loader[256];
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	bool known = self >= 0 && pread(self, &own, sizeof(own), 0) == sizeof(own);

	if (self >= 0)
		close(self);
	if (known && elf->e_machine != own.e_machine)
		fail(error, "it is a program for another architecture (ELF machine %u)",
		     elf->e_machine);
	if (elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_phentsize != sizeof(segment))
		return;
	for (unsigned i = 0; i < elf->e_phnum && i < 64; i++) {
		off_t at = (off_t)(elf->e_phoff + i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return;
		if (segment.p_type != PT_INTERP || segment.p_filesz >= sizeof(loader))
			continue;
		memset(loader, 0, sizeof(loader));
		if (pread(fd, loader, segment.p_filesz, (off_t)segment.p_offset) > 0 &&
		    access(loader, F_OK))
			fail(error, "its loader '%s' is missing", loader);
	}
}

/* Why a file that is there cannot be executed, by what it begins with. */
static void explain_content(int fd, int error)
{
	char head[256] = {0};
	ssize_t got = pread(fd, head, sizeof(head) - 1, 0);
	Elf64_Ehdr elf;

	if (got >= (ssize_t)sizeof(elf) && !memcmp(head, ELFMAG, SELFMAG)) {
		memcpy(&elf, head, sizeof(elf));
		explain_elf(fd, &elf, error);
	} else if (got > 2 && !memcmp(head, "#!", 2)) {
		char *name = head + 2 + strspn(head + 2, " \t");
		size_t length = strcspn(name, " \t\n");

		name[length] = 0;
		if (length && name[length - 1] == '\r')
			fail(error, "its lines end in CR LF");
		if (error == ENOENT || error == EACCES)
			fail(error, "its interpreter '%s' is missing or cannot be executed", name);
	} else if (error == ENOEXEC) {
		fail(error, "it is no program and has no #! line");
	}
}

/* Says why a file cannot be executed, where it is there; returns -1 with the errno it is given. */
static int explain(const char *path, int error)
{
	struct stat st;
	struct statvfs fs;
	int fd;

	if (stat(path, &st))
		st.st_mode = 0;
	if (S_ISDIR(st.st_mode))
		fail(error, "it is a directory");
	if (S_ISREG(st.st_mode) && error == EACCES && !(st.st_mode & 0111))
		fail(error, "its mode is %04o, which lets nobody execute it", st.st_mode & 07777);
	if (S_ISREG(st.st_mode) && error == EACCES && !statvfs(path, &fs) && fs.f_flag & ST_NOEXEC)
		fail(error, "it is on a file system that is mounted noexec");
	fd = S_ISREG(st.st_mode) ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	if (fd >= 0) {
		explain_content(fd, error);
		close(fd);
	}
	errno = error;
	return -1;
}

/* execve(2) on a name, looked for in the directories of PATH where it has no slash. */
static int search(char *const argv[], const char *directories)
{
	char path[PATH_MAX], denied[PATH_MAX] = "";
	int error;

	if (!argv[0][0])
		return fail(ENOENT, "the command is empty");
	if (strchr(argv[0], '/')) {
		execve(argv[0], argv, environ);
		return explain(argv[0], errno);
	}
	if (!directories)
		return fail(ENOENT, "there is no PATH to find it in");
	for (const char *at = directories;; at++) {
		int length = (int)strcspn(at, ":");

		error = ENOENT;
		if (snprintf(path, sizeof(path), "%.*s%s%s", length, at, length ? "/" : "",
			     argv[0]) < PATH_MAX) {
			execve(path, argv, environ);
			error = errno;
		}
		/* EACCES: something of that name is there, something better may follow. */
		if (error == EACCES && !denied[0])
			strcpy(denied, path);
		else if (error != EACCES && error != ENOTDIR &&
			 (error != ENOENT || !access(path, F_OK)))
			return explain(path, error);
		at += length;
		if (!*at)
			break;
	}
	if (denied[0])
		return explain(denied, EACCES);
	return fail(ENOENT, "not found in PATH=%s", directories);
}

static const char *variable(char *const environment[], const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (!strncmp(*environment, name, length) && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

/*
 * op_exec: execve(2). n0 argc, strings argv and environment. 0022 is what programs expect umask to
 * be.
 */
int op_exec(struct child *child, const struct op *op)
{
	char home[sizeof("HOME=") + sizeof(child->home)];
	char **strings = calloc(op->strings + 3u, sizeof(*strings));
	const uint8_t *at = op->first;
	struct pollfd shim = {.fd = child->sync};
	unsigned argc = (unsigned)op->n[0], count = 0;
	sigset_t none;

	if (!strings)
		return -1;
	for (unsigned i = 0; i < op->strings; i++) {
		if (i == argc)
			count++;
		strings[count++] = (char *)(uintptr_t)plan_string(&at).bytes;
	}
	environ = strings + argc + 1;
	if (!variable(environ, "HOME")) {
		snprintf(home, sizeof(home), "HOME=%s", child->home[0] ? child->home : "/");
		environ[op->strings - argc] = home;
	}
	/* The shim may have died before the parent-death signal was set. */
	if (poll(&shim, 1, 0) < 0)
		return -1;
	if (shim.revents & POLLHUP)
		leave(CODE_NOT_STARTED);
	umask(022);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	child->report->executing = 1;
	search(strings, variable(environ, "PATH"));
	child->report->executing = 0;
	return -1;
}
