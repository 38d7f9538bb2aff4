/* SPDX-License-Identifier: MIT */
/* What the endpoint stands between, for its test: a runtime that hands out snapshots with a line of text in them, a process that
 * "names" them by saying what it was asked, and a client. Included by one file. */
#ifndef PPROFMK_TEST_ENDPOINT_DOUBLE_H
#define PPROFMK_TEST_ENDPOINT_DOUBLE_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "format/answer.h"
#include "runtime/live/live.h"

/* ---- The runtime. */

static struct {
	_Atomic int snapshots, cpu_starts, cpu_stops, trace_starts, trace_stops;
	_Atomic bool cpu_is_on, trace_is_on, is_broken;
	const char *_Atomic text; /* of snapshots */
} runtime;

static int memory_with(const char *text)
{
	int fd = memfd_create("double", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	return fd;
}

static int fake_snapshot(void)
{
	char text[64];

	if (runtime.is_broken)
		return -ENOMEM;
	snprintf(text, sizeof text, "%s %d", runtime.text, atomic_fetch_add(&runtime.snapshots, 1));
	return memory_with(text);
}

static int fake_cpu_start(unsigned hz)
{
	if (hz != 100)
		return -EINVAL;
	if (atomic_exchange(&runtime.cpu_is_on, true))
		return -EBUSY;
	runtime.cpu_starts++;
	return 0;
}

static int fake_cpu_stop(void)
{
	runtime.cpu_is_on = false;
	runtime.cpu_stops++;
	return memory_with("cpu");
}

static int fake_stacks(unsigned patience_ms)
{
	return patience_ms > 0 ? memory_with("stacks") : -EINVAL;
}

static int fake_trace_start(void)
{
	if (atomic_exchange(&runtime.trace_is_on, true))
		return -EBUSY;
	runtime.trace_starts++;
	return 0;
}

static int fake_trace_stop(void)
{
	runtime.trace_is_on = false;
	runtime.trace_stops++;
	return memory_with("events");
}

static const struct live_api fake_api = {
	.size_bytes = sizeof fake_api,
	.snapshot = fake_snapshot,
	.cpu_start = fake_cpu_start,
	.cpu_stop = fake_cpu_stop,
	.stacks = fake_stacks,
	.trace_start = fake_trace_start,
	.trace_stop = fake_trace_stop,
};

/* A runtime that has nothing. */
static const struct live_api empty_api = {.size_bytes = sizeof empty_api};

/* ---- The process that names. */

static void add_text(char *line, size_t size, const char *before, int fd)
{
	size_t used = strlen(line);
	ssize_t got;

	used += (size_t)snprintf(line + used, size - used, "%s", before);
	got = pread(fd, line + used, size - used - 1, 0);

	line[used + (got > 0 ? (size_t)got : 0)] = '\0';
}

/* "heap form 0: TEXT, TEXT". */
static void say(const struct answer_question *question, const int *fds, char *line, size_t size)
{
	static const char *const names[] = {
#define X(id, name) [ANSWER_##id] = (name),
		ANSWER_KINDS(X)
#undef X
	};

	snprintf(line, size, "%s form %u: ", names[question->kind], question->form);
	for (uint32_t i = 0; i < question->fd_count; i++)
		add_text(line, size, i > 0 ? ", " : "", fds[i]);
}

static void send_reply(const char *line)
{
	struct answer_reply reply = {.magic = ANSWER_MAGIC, .size_bytes = sizeof reply};
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.bytes = {0}};
	struct iovec part = {&reply, sizeof reply};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	int fd = memory_with(line);

	if (strstr(line, "refuse") != NULL) {
		reply.error = -EBADMSG;
		snprintf(reply.message, sizeof reply.message, "it is damaged");
	} else {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof control.bytes;
		control.head = (struct cmsghdr){CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	}
	sendmsg(STDIN_FILENO, &message, 0);
	close(fd);
}

/* As `pprofmk answer`: one that dies of a snapshot that says so, and refuses one that says that. */
static int answer_main(void)
{
	for (;;) {
		struct answer_question question;
		union {
			struct cmsghdr head;
			char bytes[CMSG_SPACE(ANSWER_FDS_MAX * sizeof(int))];
		} control;
		struct iovec part = {&question, sizeof question};
		struct msghdr message = {.msg_iov = &part,
					 .msg_iovlen = 1,
					 .msg_control = control.bytes,
					 .msg_controllen = sizeof control.bytes};
		int fds[ANSWER_FDS_MAX];
		char line[256];

		if (recvmsg(STDIN_FILENO, &message, 0) != (ssize_t)sizeof question ||
		    CMSG_FIRSTHDR(&message) == NULL)
			return 0;
		memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&message)), question.fd_count * sizeof *fds);
		say(&question, fds, line, sizeof line);
		for (uint32_t i = 0; i < question.fd_count; i++)
			close(fds[i]);
		if (strstr(line, "die") != NULL)
			return 1;
		send_reply(line);
	}
}

/* ---- The client. */

static in_port_t port;

/* A connection, with the text sent. */
static int client_ask(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		abort();
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
	    send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What comes until the end, within a minute. The caller frees it; the connection is closed. */
static char *client_read(int fd)
{
	char *text = calloc(1, 1 << 20);
	struct pollfd watched = {.fd = fd, .events = POLLIN};
	size_t size = 0;
	ssize_t got = 1;

	if (text == NULL)
		abort();
	while (fd >= 0 && got > 0 && size < (1 << 20) - 1 && poll(&watched, 1, 60000) > 0) {
		got = recv(fd, text + size, (1 << 20) - 1 - size, 0);
		size += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

/* The whole answer to a request of one line and headers. */
static char *client_request(const char *line, const char *headers)
{
	char text[8192];

	snprintf(text, sizeof text, "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n",
		 line, headers);
	return client_read(client_ask(text));
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

#endif
