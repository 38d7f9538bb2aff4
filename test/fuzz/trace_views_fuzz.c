/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any bytes as a finished trace, and all that is made of one: analyses, profiles, the dump, Perfetto's file. */
#include "trace_bytes.h"

#include "tool/analysis/trace_line.h"
#include "tool/analysis/trace_locks.h"
#include "tool/analysis/trace_locks_print.h"
#include "tool/analysis/trace_path.h"
#include "tool/analysis/trace_path_print.h"
#include "tool/analysis/trace_profile.h"
#include "tool/analysis/trace_stat.h"
#include "tool/analysis/trace_stat_print.h"
#include "tool/perfetto/trace_perfetto.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What a small input may say of itself without any cost to it. */
enum { THREADS_MAX = 1000 };

static void analyse(FILE *out, const struct trace *trace, uint64_t from_ns, uint64_t to_ns)
{
	struct trace_stat *stat = trace_stat_new(trace, from_ns, to_ns);
	struct trace_locks *locks = trace_locks_new(trace, from_ns, to_ns);
	struct trace_path *path = trace_path_new(trace, TRACE_NO_THREAD, from_ns, to_ns);

	trace_stat_print(out, trace, stat, "t");
	trace_stat_print_csv(out, trace, stat);
	trace_stat_print_json(out, trace, stat);
	trace_locks_print(out, trace, locks, 5);
	trace_locks_print_json(out, trace, locks);
	trace_path_print(out, trace, path, 5);
	trace_path_print_json(out, trace, path, 5);
	trace_stat_free(stat);
	trace_locks_free(locks);
	trace_path_free(path);
}

static void export(FILE *out, const struct trace *trace)
{
	struct trace_profile_part part = {.to_ns = UINT64_MAX};

	for (size_t i = 0; i < kinds_count; i++) {
		if (kind_is_of_trace(&kinds[i]))
			profile_free(trace_profile_new(trace, &kinds[i], &part, "t"));
	}
	if (trace_perfetto_put(out, trace) != 0)
		abort();
}

static void dump(FILE *out, const struct trace *trace)
{
	struct trace_merge *merge = trace_merge_new(
		trace, 1 << TRACE_STREAM_STATES | 1 << TRACE_STREAM_EVENTS, 0, UINT64_MAX);
	struct trace_lines *lines = trace_lines_new(trace);
	struct trace_merged item;

	while (trace_merge_next(merge, &item))
		trace_line_put(out, lines, &item);
	trace_lines_free(lines);
	trace_merge_free(merge);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct trace *trace = trace_bytes_open(bytes, size);
	FILE *out = fopen("/dev/null", "w");

	if (trace != NULL && out != NULL && trace_thread_count(trace) < THREADS_MAX) {
		analyse(out, trace, 0, trace_info(trace)->span_ns);
		analyse(out, trace, 5, 700);
		export(out, trace);
		dump(out, trace);
	}
	if (out != NULL)
		fclose(out);
	if (trace != NULL)
		trace_close(trace);
	return 0;
}
