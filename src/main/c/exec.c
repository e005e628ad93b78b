/* The last op, and the small process 1 that may stay behind. */
#include <elf.h>
#include <errno.h>
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

	prctl(PR_SET_NAME, "tds:init");
	kernel_close_range(0, ~0u);
	sigfillset(&all);
	for (;;) {
		int signal = sigwaitinfo(&all, NULL);
		pid_t pid;

		if (signal > 0 && signal != SIGCHLD)
			kill(child, signal);
		/* One SIGCHLD may stand for many. */
		while (signal == SIGCHLD && (pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == child)
				_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status)
							  : WEXITSTATUS(status));
	}
}

/*
 * op_init: fork(2). The child goes on, in a process group of its own that has the terminal: what is
 * typed must reach it once, not a second time through process 1.
 */
int op_init(struct child *child, const struct op *op)
{
	pid_t pid = fork();

	(void)op;
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

/* Why an ELF file that is there cannot be executed; its header is in bytes. */
static int elf_fault(FILE *file, const Elf64_Ehdr *elf, int error)
{
	Elf64_Ehdr own;
	Elf64_Phdr segment;
	char path[256];
	FILE *self = fopen("/proc/self/exe", "re");
	bool known = self && fread(&own, sizeof(own), 1, self) == 1;

	if (self)
		fclose(self);
	if (known && elf->e_machine != own.e_machine)
		return fail(error, "it is a program for another architecture (ELF machine %u)",
			    elf->e_machine);
	if (elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_phentsize != sizeof(segment))
		return -1;
	for (int i = 0; i < elf->e_phnum && i < 64; i++) {
		long at = (long)(elf->e_phoff + (uint64_t)i * sizeof(segment));

		if (fseek(file, at, SEEK_SET) || fread(&segment, sizeof(segment), 1, file) != 1)
			return -1;
		if (segment.p_type != PT_INTERP || segment.p_filesz >= sizeof(path))
			continue;
		memset(path, 0, sizeof(path));
		if (fseek(file, (long)segment.p_offset, SEEK_SET) ||
		    fread(path, segment.p_filesz, 1, file) != 1)
			return -1;
		if (access(path, F_OK))
			return fail(error, "its loader '%s' is missing", path);
	}
	return -1;
}

/* Says why a file that is there cannot be executed. */
static int explain(const char *path, int error)
{
	struct stat st;
	struct statvfs fs;
	FILE *file;
	char head[sizeof(Elf64_Ehdr) + 192] = {0};
	size_t got;

	errno = error;
	if (stat(path, &st))
		return -1;
	if (S_ISDIR(st.st_mode))
		return fail(error, "it is a directory");
	if (error == EACCES && !(st.st_mode & 0111))
		return fail(error, "its mode is %04o, which lets nobody execute it",
			    st.st_mode & 07777);
	if (error == EACCES && !statvfs(path, &fs) && (fs.f_flag & ST_NOEXEC))
		return fail(error, "it is on a file system that is mounted noexec");
	file = S_ISREG(st.st_mode) ? fopen(path, "re") : NULL;
	if (!file) {
		errno = error;
		return -1;
	}
	got = fread(head, 1, sizeof(head) - 1, file);
	if (got > 2 && !memcmp(head, "#!", 2)) {
		char *name = head + 2 + strspn(head + 2, " \t");

		name[strcspn(name, " \t\r\n")] = 0;
		if (error == ENOENT || error == EACCES)
			fail(error, "its interpreter '%s' is missing or cannot be executed", name);
		if (strchr(head + 2, '\r') || memchr(head, '\r', got))
			fail(error, "its lines end in CR LF");
	} else if (got >= sizeof(Elf64_Ehdr) && !memcmp(head, ELFMAG, SELFMAG)) {
		Elf64_Ehdr elf;

		memcpy(&elf, head, sizeof(elf));
		elf_fault(file, &elf, error);
	} else if (error == ENOEXEC) {
		fail(error, "it is no program: it has no #! line");
	}
	fclose(file);
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

/* op_exec: execve(2). n0 argc, strings argv and environment. 0022 is what programs expect umask to be. */
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
	if (poll(&shim, 1, 0) < 0 || shim.revents & POLLHUP)
		_exit(125);
	umask(022);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	child->report->executing = 1;
	search(strings, variable(environ, "PATH"));
	child->report->executing = 0;
	return -1;
}
