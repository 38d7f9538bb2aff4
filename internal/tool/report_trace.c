/* SPDX-License-Identifier: MIT */
#include "tool/report_trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/command_output.h"
#include "tool/options.h"

/* A process of its own reads a trace: one that is damaged, or meant to do harm, ends that process and not the report. */
static json_t *stat_of(const char *path)
{
	char *words[] = {"/proc/self/exe", "trace-stat", (char *)path, "--format=json", NULL};
	char folder[] = ".", *bytes;
	size_t size = 0;
	json_t *stat;

	if (!command_find("trace-stat"))
		return json_null();
	bytes = command_output_all(folder, words, &size);
	stat = bytes ? json_loadb(bytes, size, 0, NULL) : NULL;
	free(bytes);
	return stat ? stat : json_null();
}

json_t *report_traces(struct artifact *artifact)
{
	json_t *traces = json_array();

	for (size_t i = 0; i < artifact->count; i++) {
		const struct artifact_test *test = &artifact->tests[i];
		char *path = artifact_path(artifact, test, ARTIFACT_FILE_TRACE);
		const char *file = strrchr(path, '/') + 1;
		json_t *stat;

		if (test->files & 1u << ARTIFACT_FILE_TRACE) {
			stat = stat_of(path);
			if (json_is_null(stat))
				artifact_problem(artifact, file, "the trace can't be read");
			json_array_append_new(traces,
					      json_pack("{s:I, s:s, s:o}", "test", (json_int_t)i,
							"file", file, "stat", stat));
		}
		free(path);
	}
	return traces;
}
