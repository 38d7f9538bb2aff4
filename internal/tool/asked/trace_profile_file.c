/* SPDX-License-Identifier: MIT */
#include "tool/asked/trace_profile_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tool/analysis/trace_lost.h"
#include "tool/analysis/trace_profile.h"
#include "tool/asked/trace_asked.h"
#include "tool/tool.h"

static bool is_newer(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec > b->st_mtim.tv_sec
						      : a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static int make(const struct kind *kind, const char *trace_path, const char *profile_path,
		const char *func)
{
	char reason[512];
	struct trace *trace = trace_open(trace_path, reason, sizeof(reason));
	struct trace_profile_part part = {0};
	struct profile *profile;
	int error;

	if (!trace) {
		tool_error("%s", reason);
		return TOOL_FAILED;
	}
	if (trace_lost_is_any(trace))
		trace_lost_print(stderr, trace, "pprofmk: ");
	part.to_ns = trace_info(trace)->span_ns;
	profile = trace_profile_new(trace, kind, &part, func);
	error = profile_write(profile, profile_path);
	if (error)
		tool_error("%s: %s", profile_path, strerror(-error));
	profile_free(profile);
	trace_close(trace);
	return error ? TOOL_FAILED : TOOL_OK;
}

int trace_profile_refresh(const struct kind *kind, const char *dir, const char *func)
{
	char *trace_path = trace_asked_path(dir, func);
	char *profile_path = kind_path(kind, dir, func);
	struct stat of_trace, of_profile;
	bool has_profile = stat(profile_path, &of_profile) == 0;
	int status = TOOL_OK;

	if (stat(trace_path, &of_trace) == 0) {
		if (!has_profile || is_newer(&of_trace, &of_profile))
			status = make(kind, trace_path, profile_path, func);
	} else if (!has_profile) {
		status = trace_asked_missing(trace_path, func);
	}
	free(trace_path);
	free(profile_path);
	return status;
}
