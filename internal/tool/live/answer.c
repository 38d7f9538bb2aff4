/* SPDX-License-Identifier: MIT */
#include "tool/live/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/live/answer_gperftools.h"
#include "tool/live/answer_symbol.h"
#include "tool/live/answer_text.h"
#include "tool/live/answer_trace.h"
#include "tool/live/live_profile.h"

static const char *const names[] = {
#define X(id, name) [ANSWER_##id] = (name),
	ANSWER_KINDS(X)
#undef X
};

/* What came with a question: the snapshots that were good. */
struct snapshots {
	struct recording of[ANSWER_FDS_MAX];
	size_t count;
};

static bool open_snapshots(struct snapshots *snapshots, const int *fds, size_t count, char *error,
			   size_t error_size)
{
	snapshots->count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!live_recording_open(&snapshots->of[i], fds[i], error, error_size)) {
			for (; i < count; i++)
				close(fds[i]);
			return false;
		}
		snapshots->count++;
	}
	return true;
}

static void close_snapshots(struct snapshots *snapshots)
{
	while (snapshots->count > 0)
		recording_free(&snapshots->of[--snapshots->count]);
}

static int print_profile(FILE *out, enum answer_kind kind, enum answer_form form,
			 const struct profile *profile)
{
	if (form == ANSWER_PROTO)
		return profile_write_fd(profile, fileno(out));
	if (form == ANSWER_GPERFTOOLS)
		return answer_gperftools(out, kind, profile);
	answer_text(out, kind, profile);
	return 0;
}

static int print_of_profile(FILE *out, const struct answer_question *question,
			    const struct snapshots *snapshots, struct sym *sym)
{
	struct profile *profile =
		live_profile(names[question->kind], &snapshots->of[0],
			     snapshots->count > 1 ? &snapshots->of[1] : NULL, sym);
	int result;

	if (profile == NULL)
		return -ENOTSUP;
	result = print_profile(out, question->kind, question->form, profile);
	profile_free(profile);
	return result;
}

static int print(FILE *out, const struct answer_question *question,
		 const struct snapshots *snapshots, int text, struct sym *sym)
{
	if (question->kind == ANSWER_SYMBOL)
		return answer_symbol(out, &snapshots->of[0], sym, text,
				     question->form == ANSWER_GPERFTOOLS ? '\t' : ' ');
	if (question->form == ANSWER_DUMP) {
		answer_dump(out, &snapshots->of[0], sym);
		return 0;
	}
	return print_of_profile(out, question, snapshots, sym);
}

/* A stream that is closed by itself. NULL with errno. */
static FILE *stream_to(int fd)
{
	int copy = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
	FILE *stream = copy >= 0 ? fdopen(copy, "w") : NULL;

	if (stream == NULL && copy >= 0)
		close(copy);
	return stream;
}

/* 0 when all of it is there, or -errno. */
static int close_stream(FILE *stream)
{
	bool has_failed = ferror(stream);

	if (fclose(stream) != 0)
		return -errno;
	return has_failed ? -EIO : 0;
}

/* Everything but traces: into memory. */
static int answer_snapshots(const struct answer_question *question, const int *fds, struct sym *sym,
			    char *error, size_t error_size)
{
	int text = question->kind == ANSWER_SYMBOL ? fds[1] : -1;
	struct snapshots snapshots;
	int fd = -EINVAL, result, closed;
	FILE *out;

	if (open_snapshots(&snapshots, fds, question->fd_count - (text >= 0), error, error_size)) {
		fd = memfd_create("pprofmk-answer", MFD_CLOEXEC);
		out = stream_to(fd);
		result = out != NULL ? print(out, question, &snapshots, text, sym) : -errno;
		closed = out != NULL ? close_stream(out) : 0;
		if (result == 0)
			result = closed;
		if (result != 0) {
			snprintf(error, error_size, "%s: %s", names[question->kind],
				 strerror(-result));
			if (fd >= 0)
				close(fd);
			fd = result;
		}
		close_snapshots(&snapshots);
	}
	if (text >= 0)
		close(text);
	return fd;
}

/* Are there as many descriptors as it takes? */
static bool is_known(const struct answer_question *question)
{
	if (question->kind >= ANSWER_KIND_COUNT || question->form >= ANSWER_FORM_COUNT)
		return false;
	if (question->kind == ANSWER_SYMBOL)
		return question->fd_count == 2;
	if (question->kind == ANSWER_TRACE)
		return question->fd_count == 1;
	return question->fd_count >= 1 && question->fd_count <= ANSWER_FDS_MAX;
}

int answer_make(const struct answer_question *question, const int *fds, struct sym *sym,
		char *error, size_t error_size)
{
	if (!is_known(question)) {
		for (uint32_t i = 0; i < question->fd_count && i < ANSWER_FDS_MAX; i++)
			close(fds[i]);
		snprintf(error, error_size, "asked for what there is not");
		return -EINVAL;
	}
	if (question->kind == ANSWER_TRACE)
		return answer_trace(fds[0], sym_process(sym), error, error_size);
	return answer_snapshots(question, fds, sym, error, error_size);
}
