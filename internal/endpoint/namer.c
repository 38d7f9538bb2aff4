/* SPDX-License-Identifier: MIT */
#include "endpoint/namer.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "endpoint/spawn.h"

/* In the tree of the build the library is in lib/, in an installation in lib/pprofmk/ or lib/ARCHITECTURE/pprofmk/. */
static const char *const beside[] = {"../bin/pprofmk", "../../bin/pprofmk", "../../../bin/pprofmk"};

/* Whole, because the program may change its folder. */
static bool find(const char *path, char tool[PATH_MAX])
{
	return realpath(path, tool) != NULL && access(tool, X_OK) == 0;
}

static bool find_beside(char tool[PATH_MAX])
{
	Dl_info info;
	const char *slash = NULL;
	char path[PATH_MAX];

	if (dladdr((void *)(uintptr_t)find_beside, &info) != 0)
		slash = strrchr(info.dli_fname, '/');
	for (size_t i = 0; slash != NULL && i < sizeof beside / sizeof *beside; i++) {
		snprintf(path, sizeof path, "%.*s/%s", (int)(slash - info.dli_fname),
			 info.dli_fname, beside[i]);
		if (find(path, tool))
			return true;
	}
	return false;
}

void namer_init(struct namer *namer)
{
	const char *wanted = getenv("PPROF_TOOL");
	bool is_found = wanted != NULL && *wanted != '\0' ? find(wanted, namer->tool)
							  : find_beside(namer->tool);

	namer->socket = -1;
	namer->pid = 0;
	if (!is_found)
		namer->tool[0] = '\0';
}

static int start(struct namer *namer)
{
	char *const argv[] = {"pprofmk", "answer", NULL};
	int pair[2];

	spawn_reap(&namer->pid);
	if (namer->tool[0] == '\0')
		return -ENOENT;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -errno;
	namer->pid = spawn(namer->tool, argv, pair[1]);
	close(pair[1]);
	if (namer->pid < 0) {
		close(pair[0]);
		return namer->pid;
	}
	namer->socket = pair[0];
	return 0;
}

static int send_question(int socket, const struct answer_question *question, const int *fds)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(ANSWER_FDS_MAX * sizeof(int))];
	} control = {.bytes = {0}};
	size_t size = question->fd_count * sizeof *fds;
	struct iovec part = {(void *)(uintptr_t)question, sizeof *question};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = CMSG_SPACE(size)};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(head), fds, size);
	return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *question ? 0 : -errno;
}

int namer_ask(struct namer *namer, const struct answer_question *question, const int *fds)
{
	int error = namer->socket < 0 ? start(namer) : 0;

	if (error == 0) {
		error = send_question(namer->socket, question, fds);
		if (error != 0)
			namer_drop(namer);
	}
	return error;
}

/* The descriptor that came with a message, -1: none. */
static int descriptor_of(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	int fd;

	if (head == NULL || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS ||
	    head->cmsg_len != CMSG_LEN(sizeof fd))
		return -1;
	memcpy(&fd, CMSG_DATA(head), sizeof fd);
	return fd;
}

int namer_take(struct namer *namer, struct answer_reply *reply)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {reply, sizeof *reply};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof control.bytes};
	ssize_t size = recvmsg(namer->socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int fd = size > 0 ? descriptor_of(&message) : -1;

	if (size == (ssize_t)sizeof *reply && reply->magic == ANSWER_MAGIC &&
	    reply->size_bytes == sizeof *reply && (fd >= 0) == (reply->error == 0)) {
		reply->message[sizeof reply->message - 1] = '\0';
		return fd >= 0 ? fd : reply->error < 0 ? reply->error : -EIO;
	}
	if (fd >= 0)
		close(fd);
	namer_drop(namer);
	snprintf(reply->message, sizeof reply->message, "pprofmk answer has ended");
	return -EPIPE;
}

void namer_drop(struct namer *namer)
{
	close(namer->socket);
	namer->socket = -1;
	spawn_reap(&namer->pid);
}
