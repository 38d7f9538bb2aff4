/* SPDX-License-Identifier: MIT */
#include "tool/asked/trace_asked.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/asked/live_folder.h"
#include "tool/asked/similar.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/tool.h"
#include "tool/trace/trace_raw_file.h"

char *trace_asked_path(const char *dir, const char *func)
{
	char *stem = names_stem(func);
	char *path = xasprintf("%s/%s.trace", dir, stem);

	free(stem);
	return path;
}

static int set_range(struct trace_asked *asked, const struct options *options)
{
	uint64_t span_ns = trace_info(asked->trace)->span_ns;
	char span[HUMAN_SIZE], from[OPTIONS_TYPED_SIZE], to[OPTIONS_TYPED_SIZE];

	asked->to_ns = span_ns;
	if (!options_knows(options, "from"))
		return TOOL_OK;
	asked->is_part = options_is_given(options, "from") || options_is_given(options, "to");
	options_value(options, "from", &asked->from_ns);
	options_value(options, "to", &asked->to_ns);
	if (asked->to_ns > span_ns)
		asked->to_ns = span_ns;
	if (asked->from_ns < asked->to_ns || !asked->is_part)
		return TOOL_OK;
	human_value(span, sizeof(span), (int64_t)span_ns, "nanoseconds");
	return options_wrong(options->command,
			     "nothing of the trace is between %s and %s: it is %s long",
			     options_typed("from", from), options_typed("to", to), span);
}

int trace_asked_missing(const char *path, const char *func)
{
	char *dir = strndup(path, (size_t)(strrchr(path, '/') - path));

	tool_error("%s is not there; `make pprof.trace Func=%s` with its Package= or Bin= makes it",
		   path, func);
	if (dir == NULL)
		xalloc_failed();
	similar_say(dir, ".trace", func);
	free(dir);
	return TOOL_FAILED;
}

static int open_trace(struct trace_asked *asked)
{
	char error[512];

	if (access(asked->path, F_OK) != 0)
		return trace_asked_missing(asked->path, asked->func);
	/* A program has recorded it for itself. */
	if (trace_raw_file_is(asked->path) &&
	    trace_raw_file_finish(asked->path, asked->path, 0) != 0)
		return TOOL_FAILED;
	asked->trace = trace_open(asked->path, error, sizeof(error));
	if (asked->trace)
		return TOOL_OK;
	tool_error("%s", error);
	return TOOL_FAILED;
}

/* Whose trace it is, and its file. */
static int find(struct trace_asked *asked, const struct options *options)
{
	const char *out = options_text(options, "out"), *func = options_text(options, "func");
	char *dir;

	asked->func = func ? xstrdup(func) : live_folder_newest_trace(out);
	if (!asked->func) {
		tool_error(
			"%s has no trace: `make pprof.trace Func=` with its Package= or Bin= makes "
			"one, of a running program `make pprof.trace Addr=`",
			out);
		return TOOL_FAILED;
	}
	dir = live_folder_with(out, asked->func, "trace");
	asked->path = trace_asked_path(dir, asked->func);
	free(dir);
	return TOOL_OK;
}

int trace_asked_show(const struct options *options,
		     int (*show)(const struct trace_asked *asked, const struct options *options))
{
	struct trace_asked asked = {0};
	int status = find(&asked, options);

	if (status == TOOL_OK)
		status = open_trace(&asked);
	if (status == TOOL_OK)
		status = set_range(&asked, options);
	if (status == TOOL_OK)
		status = show(&asked, options);
	if (asked.trace)
		trace_close(asked.trace);
	free(asked.path);
	free(asked.func);
	return status;
}
