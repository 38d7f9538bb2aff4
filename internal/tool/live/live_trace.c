/* SPDX-License-Identifier: MIT */
#include "tool/live/live_trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/trace_file.h"
#include "format/write_file.h"
#include "tool/asked/trace_asked.h"
#include "tool/run/trace_summary.h"
#include "tool/tool.h"

/* How a trace of Go's begins (src/internal/trace): "go 1.23 trace\0\0\0". */
#define GO_TRACE "go 1."

static bool is_of_go(const char *path)
{
	char head[sizeof(GO_TRACE) - 1];
	FILE *file = fopen(path, "re");
	bool is_go = file && fread(head, sizeof(head), 1, file) == 1 &&
		     memcmp(head, GO_TRACE, sizeof(head)) == 0;

	if (file)
		fclose(file);
	return is_go;
}

static void say_go(const struct live_place *place, uint64_t seconds)
{
	tool_error(
		"%s: a program of Go's answers there, whose trace is of another format: "
		"`curl -o go.trace '%s/debug/pprof/trace?seconds=%llu' && go tool trace go.trace` "
		"shows it",
		place->address.base, place->address.base, (unsigned long long)seconds);
}

/* Of a whole one: what is printed, NULL after a message. */
static int describe(const struct live_place *place, const char *path, uint64_t seconds,
		    struct trace_run *into)
{
	char error[512];
	struct trace *trace;
	const struct trace_info *info;
	struct stat status;

	if (is_of_go(path)) {
		say_go(place, seconds);
		return TOOL_FAILED;
	}
	trace = trace_open(path, error, sizeof(error));
	if (!trace) {
		const char *sentence =
			strncmp(error, path, strlen(path)) == 0
				? error + strlen(path) + strspn(error + strlen(path), ": ")
				: error;

		tool_error("%s: the answer is no trace: %s", place->address.base, sentence);
		return TOOL_FAILED;
	}
	info = trace_info(trace);
	*into = (struct trace_run){.span_ns = info->span_ns,
				   .events = info->event_count,
				   .lost_events = info->lost_events,
				   .lost_switches = info->lost_switches,
				   .threads = trace_thread_count(trace)};
	snprintf(into->source, sizeof(into->source), "%s", info->source);
	snprintf(into->note, sizeof(into->note), "%s", info->note);
	into->run.outcome.kind = OUTCOME_PASSED;
	if (stat(path, &status) == 0)
		into->size_bytes = (uint64_t)status.st_size;
	trace_close(trace);
	return TOOL_OK;
}

static int take(const struct live_place *place, const struct live_question *question,
		const char *temporary, int fd, const char *path)
{
	struct trace_run traced = {0};
	FILE *body = fdopen(fd, "w");
	int status;

	if (!body)
		xalloc_failed();
	status = live_fetch(place, question, body, NULL);
	if (fclose(body) != 0 && status == TOOL_OK) {
		tool_error("%s: %s", path, strerror(errno));
		status = TOOL_FAILED;
	}
	if (status == TOOL_OK)
		status = describe(place, temporary, question->seconds, &traced);
	if (status == TOOL_OK && rename(temporary, path) != 0) {
		tool_error("%s: %s", path, strerror(errno));
		status = TOOL_FAILED;
	}
	if (status == TOOL_OK) {
		traced.path = (char *)path;
		trace_summary(stdout, &traced);
	} else {
		unlink(temporary);
	}
	return status;
}

int live_trace(const struct live_place *place, uint64_t seconds, uint64_t limit_bytes,
	       const char *folder, const char *name)
{
	struct live_question question = {LIVE_TRACE, LIVE_TRACE, seconds, limit_bytes,
					 "ask for fewer Seconds=, or allow more with Tracesize="};
	char *path = trace_asked_path(folder, name);
	int fd, status = TOOL_FAILED;
	char *temporary = fmt_open_beside(path, &fd);

	if (temporary)
		status = take(place, &question, temporary, fd, path);
	else
		tool_error("%s: %s", path, strerror(-fd));
	free(temporary);
	free(path);
	return status;
}
