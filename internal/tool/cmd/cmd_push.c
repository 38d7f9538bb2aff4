/* SPDX-License-Identifier: MIT */
/* pprofmk push: send the profiles of a test run to a server that keeps those of many. */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/common/progress.h"
#include "tool/live/push_labels.h"
#include "tool/live/push_server.h"
#include "tool/report/artifact.h"
#include "tool/tool.h"

/* Of the profiles that a test may have, those that Pyroscope has a place for. */
static const enum artifact_file sent_files[] = {ARTIFACT_FILE_CPU, ARTIFACT_FILE_MEM,
						ARTIFACT_FILE_BLOCK, ARTIFACT_FILE_MUTEX};

struct push {
	const struct options *options;
	struct push_server server;
	struct push_labels labels;
	struct artifact *artifact;
	size_t tests, taken, empty, refused;
	bool is_over; /* the next one would fare no better */
};

static int read_labels(struct push *push)
{
	const struct options *options = push->options;

	push_labels_begin(&push->labels, options_text(options, "app"));
	for (size_t i = 0; i < options->item_count; i++) {
		const char *value = options->items[i].value, *problem;

		if (strcmp(options->items[i].option->name, "label") != 0)
			continue;
		problem = push_labels_add(&push->labels, value);
		if (problem)
			return options_wrong(options->command, "--label \"%.60s\": %s", value,
					     problem);
	}
	return TOOL_OK;
}

static void send_profile(struct push *push, const struct artifact_test *test,
			 enum artifact_file file)
{
	struct profile *profile = artifact_profile(push->artifact, test, file);
	size_t size = 0;
	char *bytes = profile ? artifact_text(push->artifact, test, file, &size) : NULL;
	char *name = push_labels_text(&push->labels);

	progress_show("%s: %s", test->title, artifact_files[file].kind);
	if (bytes && profile->sample_count == 0) {
		push->empty++;
	} else if (bytes) {
		enum push_result result = push_server_send(
			&push->server, name, artifact_files[file].kind, profile, bytes, size);

		push->taken += result == PUSH_TAKEN;
		push->refused += result != PUSH_TAKEN;
		push->is_over = result == PUSH_HOPELESS;
	}
	progress_clear();
	free(name);
	free(bytes);
	profile_free(profile);
}

/* A set has the profiles of its tests again. */
static void send_test(struct push *push, const struct artifact_test *test)
{
	if (test->is_set || !test->has_profile)
		return;
	push->tests++;
	push_labels_set(&push->labels, "test", test->title);
	for (size_t i = 0; i < sizeof(sent_files) / sizeof(sent_files[0]) && !push->is_over; i++)
		if (test->files & 1u << sent_files[i])
			send_profile(push, test, sent_files[i]);
}

static int finish(const struct push *push)
{
	const struct artifact *artifact = push->artifact;

	for (size_t i = 0; i < artifact->problem_count; i++)
		tool_error("%s/%s: %s", artifact->dir, artifact->problems[i].file,
			   artifact->problems[i].text);
	if (push->tests == 0) {
		tool_error(
			"%s has no profiles of tests: `make pprof.test` or `make pprof.ci` makes "
			"them",
			artifact->dir);
		return TOOL_FAILED;
	}
	printf("%s: %zu profile%s of %zu test%s %s sent to %s", push->labels.app, push->taken,
	       push->taken == 1 ? "" : "s", push->tests, push->tests == 1 ? "" : "s",
	       push->taken == 1 ? "was" : "were", push->server.url);
	if (push->empty)
		printf(", %zu without samples left out", push->empty);
	if (push->refused)
		printf(", %zu refused", push->refused);
	puts(push->is_over ? ", the rest not tried" : "");
	return push->refused || artifact->problem_count ? TOOL_FAILED : TOOL_OK;
}

static int send_all(struct push *push)
{
	int status = TOOL_FAILED;

	push->artifact = artifact_read(options_text(push->options, "out"), NULL);
	if (!push->artifact)
		return TOOL_FAILED;
	for (size_t i = 0; i < push->artifact->count && !push->is_over; i++)
		send_test(push, &push->artifact->tests[i]);
	status = finish(push);
	artifact_free(push->artifact);
	return status;
}

int cmd_push(const struct options *options)
{
	struct push push = {.options = options};
	int status = read_labels(&push);

	if (status == TOOL_OK)
		status = push_server_open(&push.server, options);
	if (status == TOOL_OK) {
		status = send_all(&push);
		push_server_close(&push.server);
	}
	push_labels_free(&push.labels);
	return status;
}
