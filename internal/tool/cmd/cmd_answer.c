/* SPDX-License-Identifier: MIT */
/* pprofmk answer: names addresses for a running program. Started by libpprofmk-http.so only, and in no help. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "format/answer.h"
#include "tool/cmd/cmd.h"
#include "tool/live/answer.h"
#include "tool/tool.h"

/* Without a question for so long it ends; for one question it has so long. */
enum { IDLE_MS = 300000, ANSWER_S = 120 };

/* All that may be mapped: the largest recording, twice, files with their debug information, and what names take. */
#define ADDRESS_BYTES_MAX (UINT64_C(8) << 30)

/* Memory beyond which names that were looked up are forgotten. */
#define CACHE_BYTES_MAX (UINT64_C(192) << 20)

static void write_own(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		errno = 0; /* it is as it was, which does no harm */
	close(fd);
}

/* We came to be with what the program has: its blocked and ignored signals, its folder. */
static void settle(void)
{
	struct rlimit space = {ADDRESS_BYTES_MAX, ADDRESS_BYTES_MAX}, none = {0, 0};
	sigset_t signals;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	setrlimit(RLIMIT_AS, &space);
	setrlimit(RLIMIT_CORE, &none);
	/* Where memory is short, this goes first. */
	write_own("/proc/self/oom_score_adj", "1000");
	if (chdir("/") != 0)
		tool_error("/: %s", strerror(errno));
}

/* Of our own, without the pages of files that are mapped. */
static uint64_t memory_bytes(void)
{
	char line[128] = "";
	unsigned long long total, resident = 0, shared = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, line, sizeof line - 1) > 0 &&
	    sscanf(line, "%llu %llu %llu", &total, &resident, &shared) != 3)
		resident = shared = 0;
	if (fd >= 0)
		close(fd);
	return (resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The descriptors of a message; returns how many. What is more than we take was closed by the kernel. */
static size_t take_descriptors(struct msghdr *message, int *fds)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	size_t size;

	if (head == NULL || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
		return 0;
	size = head->cmsg_len - CMSG_LEN(0);
	if (size > ANSWER_FDS_MAX * sizeof *fds)
		size = ANSWER_FDS_MAX * sizeof *fds;
	memcpy(fds, CMSG_DATA(head), size);
	return size / sizeof *fds;
}

static bool receive(struct answer_question *question, int *fds)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(ANSWER_FDS_MAX * sizeof(int))];
	} control;
	struct iovec part = {question, sizeof *question};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof control.bytes};
	ssize_t size = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);

	return size == (ssize_t)sizeof *question && question->magic == ANSWER_MAGIC &&
	       question->size_bytes == sizeof *question &&
	       take_descriptors(&message, fds) == question->fd_count;
}

static bool reply(const struct answer_reply *reply, int fd)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.bytes = {0}};
	struct iovec part = {(void *)(uintptr_t)reply, sizeof *reply};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *head;

	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof control.bytes;
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(head), &fd, sizeof fd);
	}
	return sendmsg(STDIN_FILENO, &message, 0) == (ssize_t)sizeof *reply;
}

static bool answer_one(struct sym *sym)
{
	struct answer_reply answer = {.magic = ANSWER_MAGIC, .size_bytes = sizeof answer};
	struct answer_question question;
	int fds[ANSWER_FDS_MAX];
	bool is_sent;
	int fd;

	if (!receive(&question, fds))
		return false;
	/* Its default action ends us: the next question finds another one. */
	alarm(ANSWER_S);
	fd = answer_make(&question, fds, sym, answer.message, sizeof answer.message);
	alarm(0);
	answer.error = fd < 0 ? fd : 0;
	is_sent = reply(&answer, fd);
	if (fd >= 0)
		close(fd);
	return is_sent;
}

/* The program that has started us is at the other end. */
static struct sym *open_names(void)
{
	struct sym *sym = sym_open();
	struct ucred program;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &program,
		       &(socklen_t){sizeof program}) == 0)
		sym_set_process(sym, program.pid);
	return sym;
}

int cmd_answer(void)
{
	struct pollfd watched = {.fd = STDIN_FILENO, .events = POLLIN};
	struct sym *sym;
	int type;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &(socklen_t){sizeof type}) != 0 ||
	    type != SOCK_SEQPACKET) {
		tool_error("answer: libpprofmk-http.so starts this, nobody else");
		return TOOL_USAGE;
	}
	settle();
	sym = open_names();
	while (poll(&watched, 1, IDLE_MS) > 0 && answer_one(sym)) {
		if (memory_bytes() < CACHE_BYTES_MAX)
			continue;
		sym_close(sym);
		malloc_trim(0);
		sym = open_names();
	}
	sym_close(sym);
	return TOOL_OK;
}
