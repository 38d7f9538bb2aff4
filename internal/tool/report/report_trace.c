/* SPDX-License-Identifier: MIT */
#include "tool/report/report_trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/command_output.h"
#include "tool/common/names.h"

/* Of one trace: a page is read by people, and may have 200 traces. */
#define THREADS_MAX 50

/* A process of its own reads a trace: one that is damaged, or meant to do harm, ends that process and not the report. The
 * caller gives it back. */
static json_t *stat_of(const struct artifact *artifact, const struct artifact_test *test)
{
	char *title = names_test(test->stem);
	char *func = xasprintf("--func=%s", title ? title : test->title);
	char *out = xasprintf("--out=%s", artifact->dir);
	char *words[] = {"/proc/self/exe", "trace-stat", func, out, "--format=json", NULL};
	size_t size = 0;
	char *bytes = command_output_all(".", words, &size);
	json_t *stat = bytes ? json_loadb(bytes, size, 0, NULL) : NULL;

	free(bytes);
	free(out);
	free(func);
	free(title);
	return stat;
}

/* The states that any thread was in. */
static json_t *states_of(const json_t *stat)
{
	json_t *states = json_array(), *value;
	const char *state;

	json_object_foreach(json_object_get(stat, "ns"), state,
			    value) if (json_number_value(value) > 0)
		json_array_append_new(states, json_string(state));
	return states;
}

static json_t *thread_row(const json_t *group, const json_t *thread, const json_t *states)
{
	const json_t *ns = json_object_get(thread, "ns");
	json_t *times = json_array();

	for (size_t i = 0; i < json_array_size(states); i++) {
		const char *state = json_string_value(json_array_get(states, i));

		json_array_append(times, json_object_get(ns, state));
	}
	return json_pack("[O, O, O, O, o]", json_object_get(group, "started_with"),
			 json_object_get(thread, "name"), json_object_get(thread, "tid"),
			 json_object_get(thread, "total_ns"), times);
}

/* The first threads of each group, groups in their order; *left_out counts the others. */
static json_t *threads_of(const json_t *stat, const json_t *states, size_t *left_out)
{
	const json_t *groups = json_object_get(stat, "groups");
	json_t *rows = json_array();

	for (size_t i = 0; i < json_array_size(groups); i++) {
		const json_t *group = json_array_get(groups, i);
		const json_t *threads = json_object_get(group, "threads");

		for (size_t j = 0; j < json_array_size(threads); j++) {
			json_t *row =
				json_array_size(rows) < THREADS_MAX
					? thread_row(group, json_array_get(threads, j), states)
					: NULL;

			if (row)
				json_array_append_new(rows, row);
			else
				++*left_out;
		}
	}
	return rows;
}

static json_t *breakdown(const json_t *stat, size_t place, const char *file)
{
	json_t *states = states_of(stat);
	size_t left_out = 0;
	json_t *threads = threads_of(stat, states, &left_out);

	return json_pack("{s:I, s:s, s:O?, s:O?, s:O?, s:O?, s:o, s:o, s:I}", "test",
			 (json_int_t)place, "file", file, "span_ns",
			 json_object_get(stat, "span_ns"), "cpus", json_object_get(stat, "cpus"),
			 "lost", json_object_get(json_object_get(stat, "lost"), "text"), "note",
			 json_object_get(stat, "note"), "states", states, "threads", threads,
			 "left_out", (json_int_t)left_out);
}

json_t *report_traces(struct artifact *artifact)
{
	json_t *traces = json_array();

	for (size_t i = 0; i < artifact->count; i++) {
		const struct artifact_test *test = &artifact->tests[i];
		char *path = artifact_path(artifact, test, ARTIFACT_FILE_TRACE);
		const char *file = strrchr(path, '/') + 1;
		bool is_there = test->files & 1u << ARTIFACT_FILE_TRACE;
		json_t *stat = is_there ? stat_of(artifact, test) : NULL;

		if (stat)
			json_array_append_new(traces, breakdown(stat, i, file));
		else if (is_there)
			artifact_problem(artifact, file, "the trace can't be read");
		json_decref(stat);
		free(path);
	}
	return traces;
}
