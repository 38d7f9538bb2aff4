/* SPDX-License-Identifier: MIT */
#include "tool/suite/catalog_ask.h"

#include <stdlib.h>
#include <string.h>

#include "tool/launch/launch.h"
#include "tool/tool.h"

/* A program that has not come to its first group after this time is waiting for something. */
#define LIST_LIMIT_NS UINT64_C(60000000000)

/* Why a program that may be run has told nothing. */
static void report_silence(const char *program, const struct launch_result *result,
			   const struct rec_state *state)
{
	if (result->end == LAUNCH_NOT_STARTED)
		tool_error("%s: %s", program, strerror(result->status));
	else if (result->end == LAUNCH_TIME_LIMIT)
		tool_error("%s: it did not come to its tests within a minute", program);
	else if (state->message[0] != '\0')
		tool_error("%s: %.*s", program, (int)sizeof state->message, state->message);
	else if (atomic_load(&state->pid) == 0)
		tool_error("%s: the runtime did not get into it: either it starts no program with "
			   "cmocka (where that is linked in statically, keep its symbols), or "
			   "libpprofmk.so is of another build than pprofmk (`make build`)",
			   program);
	else
		tool_error("%s: it ran no group of tests (%s %d); does it need arguments (Args=) "
			   "or another folder?",
			   program, result->end == LAUNCH_SIGNALLED ? "signal" : "exit status",
			   result->status);
}

struct cache_test *catalog_answer(const struct recording *recording, size_t *count)
{
	uint32_t told = recording_len(recording, REC_TESTS);
	const struct rec_test *items = recording_table(recording, TESTS, struct rec_test);
	struct cache_test *tests = xcalloc((size_t)told + 1, sizeof *tests);

	for (uint32_t i = 0; i < told; i++)
		tests[i] = (struct cache_test){
			.name = recording_string(recording, items[i].name),
			.group = recording_string(recording, items[i].group_name),
			.group_index = items[i].group_index,
			.test_index = items[i].test_index,
		};
	*count = told;
	return tests;
}

bool catalog_ask(struct recording *recording, const struct suite_program *program, bool is_reported,
		 bool *skips)
{
	struct rec_config config = {.kind = REC_KIND_LIST};
	struct launch_result result;

	*skips = false;
	if (!recording_new(recording, &config)) {
		tool_error("no memory for a recording");
		exit(TOOL_FAILED);
	}
	result = launch(&(struct launch){.program = program->path,
					 .arguments = program->arguments,
					 .directory = program->directory,
					 .environment = program->environment,
					 .recording = recording,
					 .limit_ns = LIST_LIMIT_NS,
					 .output_fd = -1});
	if (atomic_load(&recording->rec->state.groups) > 0)
		return true;
	*skips = result.end == LAUNCH_EXITED && result.status != 0 &&
		 result.status == program->verdict.skip_status;
	if (!is_reported || launch_interrupted())
		return false;
	if (*skips)
		tool_error("%s: it skips itself (exit status %d)", program->name, result.status);
	else
		report_silence(program->path, &result, &recording->rec->state);
	if (program->before != NULL && !*skips)
		tool_error("%s: %s", program->name, program->before);
	return false;
}
