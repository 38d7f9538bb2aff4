/* SPDX-License-Identifier: MIT */
/* pprofmk trace-profile: profiles for pprof, made from a trace. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool/analysis/trace_lost.h"
#include "tool/analysis/trace_profile.h"
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/common/human.h"
#include "tool/common/names.h"
#include "tool/tool.h"

enum { SIMILAR_MAX = 3 };

static int say_no_group(const struct trace *trace, const char *group)
{
	size_t count = trace_thread_count(trace), similar_count;
	const char **names = xcalloc(count, sizeof *names);
	const char *similar[SIMILAR_MAX];

	for (uint32_t i = 0; i < count; i++)
		names[i] = trace_string(trace, trace_thread(trace, i)->function);
	tool_error("no thread was started with %s; `make pprof.trace.stat` names the functions",
		   group);
	similar_count = names_nearest(group, names, count, similar, SIMILAR_MAX);
	for (size_t i = 0; i < similar_count; i++)
		tool_error("there is %s", similar[i]);
	free(names);
	return TOOL_FAILED;
}

static bool has_group(const struct trace *trace, const char *group)
{
	for (uint32_t i = 0; i < trace_thread_count(trace); i++) {
		if (strcmp(trace_string(trace, trace_thread(trace, i)->function), group) == 0)
			return true;
	}
	return false;
}

/* The profile of all is the one that views show; another one lies beside it. */
static char *path_of(const struct kind *kind, const char *dir, const char *func, bool is_part)
{
	char *stem, *path;

	if (!is_part)
		return kind_path(kind, dir, func);
	stem = names_stem(func);
	path = xasprintf("%s/%s.%s.part.pb.gz", dir, stem, kind->file);
	free(stem);
	return path;
}

static int write_one(const struct trace_asked *asked, const struct options *options,
		     const struct kind *kind, const struct trace_profile_part *part)
{
	struct profile *profile = trace_profile_new(asked->trace, kind, part, asked->func);
	char *path = path_of(kind, options_text(options, "out"), asked->func,
			     asked->is_part || part->group);
	int error = profile_write(profile, path);
	char text[HUMAN_SIZE];

	if (error)
		tool_error("%s: %s", path, strerror(-error));
	else
		printf("%s: %s in %" PRIi64 " %s\n", path,
		       human_value(text, sizeof(text), profile_sum(profile, 1), "nanoseconds"),
		       profile_sum(profile, 0), profile->types[0].type);
	free(path);
	profile_free(profile);
	return error ? TOOL_FAILED : TOOL_OK;
}

static int show(const struct trace_asked *asked, const struct options *options)
{
	struct trace_profile_part part = {options_text(options, "group"), asked->from_ns,
					  asked->to_ns};
	int status = TOOL_OK;

	trace_lost_print(stdout, asked->trace, "");
	if (part.group && !has_group(asked->trace, part.group))
		return say_no_group(asked->trace, part.group);
	for (size_t i = 0; i < kinds_count && status == TOOL_OK; i++) {
		const char *word = strcmp(kinds[i].name, "running") == 0 ? "cpu" : kinds[i].name;

		if (kind_is_of_trace(&kinds[i]) && options_has(options, "of", word))
			status = write_one(asked, options, &kinds[i], &part);
	}
	return status;
}

int cmd_trace_profile(const struct options *options)
{
	return trace_asked_show(options, show);
}
