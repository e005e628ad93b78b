/* One shim and its connections. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { PATIENCE = 20 * 1000 };

static void address(const struct drive *drive, struct sockaddr_un *to)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(to->sun_path, sizeof(to->sun_path), "%s/shim.sock", drive->directory);
}

int drive_connect(const struct drive *drive)
{
	struct sockaddr_un to;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address(drive, &to);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		harness_die("cannot connect to the shim");
	return fd;
}

void drive_second(const struct drive *drive, struct drive *second)
{
	*second = (struct drive){
		.shim = -1,
		.fd = drive_connect(drive),
		.running = drive->running,
		.failures = check_failures,
	};
	strcpy(second->directory, drive->directory);
}

void drive_start(struct drive *drive)
{
	drive_start_ahead(drive, NULL);
}

void drive_start_ahead(struct drive *drive, const char *flags)
{
	static unsigned number;
	const char *program = getenv("SHIM");
	struct sockaddr_un at;
	char log[96], *argv[] = {"tiny-shim", flags ? "--ahead" : NULL, (char *)flags, NULL};
	int listener;

	memset(drive, 0, sizeof(*drive));
	snprintf(drive->directory, sizeof(drive->directory), "%s/%u", harness_home, number++);
	snprintf(log, sizeof(log), "%s/shim.log", drive->directory);
	if (!program || mkdir(drive->directory, 0755))
		harness_die("the environment names no SHIM");
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address(drive, &at);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(listener, 64))
		harness_die("cannot listen");
	drive->shim = fork();
	if (drive->shim < 0)
		harness_die("cannot fork");
	if (drive->shim == 0) {
		/* An engine that was started by nohup ignores some; the container must not. */
		signal(SIGHUP, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		/* A JVM's descriptors are not close-on-exec. */
		dup2(listener, 77);
		if (dup2(open("/dev/null", O_RDWR), 0) < 0 || dup2(0, 1) < 0 ||
		    dup2(open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), 2) < 0 ||
		    dup2(listener, 3) < 0)
			_exit(3);
		if (listener == 3)
			fcntl(3, F_SETFD, 0);
		execv(program, argv);
		_exit(3);
	}
	close(listener);
	drive->fd = drive_connect(drive);
	drive->failures = check_failures;
}

void drive_send(struct drive *drive, enum frame_type type, const void *payload, size_t length)
{
	struct bytes frame = {0};
	uint8_t header[FRAME_HEADER];
	size_t sent = 0;

	frame_header(header, type, (uint32_t)length);
	bytes_add(&frame, header, sizeof(header));
	bytes_add(&frame, payload, length);
	while (sent < bytes_count(&frame)) {
		ssize_t n = send(drive->fd, bytes_first(&frame) + sent, bytes_count(&frame) - sent,
				 MSG_NOSIGNAL);

		if (n < 0)
			break;
		sent += (size_t)n;
	}
	bytes_free(&frame);
}

void drive_send32(struct drive *drive, enum frame_type type, uint32_t value)
{
	uint8_t payload[4];

	put32(payload, value);
	drive_send(drive, type, payload, sizeof(payload));
}

void drive_plan(struct drive *drive, struct builder *builder)
{
	builder_end(builder);
	drive_send(drive, FRAME_PLAN, bytes_first(&builder->bytes), bytes_count(&builder->bytes));
	bytes_free(&builder->bytes);
	builder->count = 0;
}

void drive_attach(struct drive *drive, uint8_t streams)
{
	drive_send(drive, FRAME_ATTACH, &streams, 1);
}

static void keep_output(struct bytes *output, const struct frame *frame)
{
	if (bytes_count(output))
		output->end--;
	bytes_add(output, frame->payload, frame->length);
	bytes_add(output, "", 1);
}

static void hear(struct drive *drive, const struct frame *frame)
{
	const uint8_t *payload = frame->payload;

	switch ((enum frame_type)frame->type) {
	case FRAME_STDOUT:
	case FRAME_STDERR:
		CHECK(drive->running);
		CHECK(!drive->exited);
		keep_output(&drive->output[frame->type == FRAME_STDERR], frame);
		break;
	case FRAME_CREDIT:
		drive->credit += get32(payload);
		break;
	case FRAME_STARTED:
		drive->pid = (pid_t)get32(payload);
		break;
	case FRAME_RUNNING:
		CHECK_NUMBER(frame->length, 0);
		drive->running = true;
		break;
	case FRAME_TIMES:
		CHECK(!drive->running && !drive->failed);
		drive->timed = (frame->length - 16) / 5;
		for (unsigned i = 0; i < drive->timed; i++)
			if (get32(payload + 16 + 4 * i))
				drive->last_timed = i;
		break;
	case FRAME_FAILED:
		drive->failed = true;
		drive->failed_index = get16(payload);
		drive->failed_code = get16(payload + 2);
		drive->failed_errno = (int)get32(payload + 4);
		snprintf(drive->detail, sizeof(drive->detail), "%.*s", (int)frame->length - 8,
			 (const char *)payload + 8);
		break;
	case FRAME_EXITED:
		CHECK(!drive->exited);
		drive->exited = true;
		drive->code = get32(payload);
		drive->signal = get32(payload + 4);
		CHECK(get64(payload + 8) / 1000000000u > 1700000000u);
		break;
	case FRAME_HOST:
	case FRAME_REQUEST:
	case FRAME_STDIN:
	case FRAME_STDIN_EOF:
	case FRAME_RESIZE:
	case FRAME_SIGNAL:
	case FRAME_EXIT:
	case FRAME_RAW:
	case FRAME_PING:
	case FRAME_PLAN:
	case FRAME_GO:
	case FRAME_ATTACH:
		CHECK(!"a frame that a shim does not send");
	}
}

/* Hears one frame; returns its type, or 0 at the end. */
static int hear_one(struct drive *drive)
{
	struct frame frame;
	size_t size;
	int found;

	while ((found = frame_parse(bytes_first(&drive->in), bytes_count(&drive->in), &frame,
				    &size)) == 0) {
		struct pollfd wait = {drive->fd, POLLIN, 0};
		uint8_t *room = bytes_room(&drive->in, 1 << 16);
		ssize_t got;

		if (poll(&wait, 1, PATIENCE) != 1) {
			CHECK(!"the shim says nothing");
			return 0;
		}
		got = recv(drive->fd, room, 1 << 16, 0);
		if (got <= 0) {
			drive->closed = true;
			return 0;
		}
		drive->in.end += (size_t)got;
	}
	if (found < 0) {
		CHECK(!"these bytes are no frame");
		return 0;
	}
	hear(drive, &frame);
	bytes_take(&drive->in, size);
	return frame.type;
}

bool drive_until(struct drive *drive, enum frame_type type)
{
	int heard;

	do
		heard = hear_one(drive);
	while (heard && heard != (int)type);
	return heard == (int)type;
}

bool drive_until_output(struct drive *drive, int stream, const char *text)
{
	while (!strstr(drive_output(drive, stream), text))
		if (!hear_one(drive))
			return false;
	return true;
}

const char *drive_output(struct drive *drive, int stream)
{
	return bytes_count(&drive->output[stream]) ? (char *)bytes_first(&drive->output[stream])
						   : "";
}

int drive_reap(struct drive *drive)
{
	int status = -1;

	for (int waited = 0; waited < PATIENCE && waitpid(drive->shim, &status, WNOHANG) == 0;
	     waited++)
		usleep(1000);
	if (status == -1) {
		CHECK(!"the shim has not ended");
		kill(drive->shim, SIGKILL);
		waitpid(drive->shim, &status, 0);
	}
	drive->shim = -1;
	return status;
}

void drive_close(struct drive *drive)
{
	if (drive->fd >= 0) {
		while (!drive->closed && hear_one(drive))
			;
		close(drive->fd);
	}
	drive->fd = -1;
	if (drive->shim > 0)
		CHECK_NUMBER(drive_reap(drive), 0);
	CHECK_TEXT(drive_file(drive, "shim.log"), "");
	if (check_failures > drive->failures)
		fprintf(stderr,
			"exited %d with %u, signal %u; failed %d, op %u errno %d '%s'; %s\n",
			drive->exited, drive->code, drive->signal, drive->failed,
			drive->failed_index, drive->failed_errno, drive->detail,
			drive_file(drive, "exit"));
	bytes_free(&drive->in);
	bytes_free(&drive->output[0]);
	bytes_free(&drive->output[1]);
}

void drive_forget_words(struct drive *drive)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/shim.log", drive->directory);
	if (truncate(path, 0))
		harness_die(path);
}

const char *drive_file(struct drive *drive, const char *name)
{
	static char text[1 << 20];
	char path[128];
	FILE *file;
	size_t got = 0;

	snprintf(path, sizeof(path), "%s/%s", drive->directory, name);
	file = fopen(path, "re");
	if (file) {
		got = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
	}
	text[got] = 0;
	return file ? text : "(missing)";
}

void drive_run(struct drive *drive, const struct usual *usual, const char *const argv[])
{
	struct builder builder = {0};

	drive_start(drive);
	usual_plan(&builder, drive, usual, argv);
	drive_plan(drive, &builder);
	drive_attach(drive, 7);
	drive_send(drive, FRAME_GO, "", 0);
	while (!drive->closed && hear_one(drive))
		;
}
