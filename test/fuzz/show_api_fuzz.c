/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any text as a question to the viewer's data API, of a trace that is sound: "/api/1/rows", and on lines of their own its parameters,
 * "from=5". Each has an answer that a browser can be sent. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/show/show_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char trace_path[] = "test/fuzz/corpus/trace_file/small.trace";

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "show_api_fuzz: %s\n", what);
	abort();
}

/* context: the lines behind the path, each ended by a zero, and an empty one. */
static const char *parameter(void *context, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = context; *line != '\0'; line += strlen(line) + 1)
		if (strncmp(line, name, len) == 0 && line[len] == '=')
			return line + len + 1;
	return NULL;
}

static struct trace *sound_trace(void)
{
	static struct trace *trace;
	char error[256];

	if (trace == NULL)
		trace = trace_open(trace_path, error, sizeof error);
	require(trace != NULL, "start it in the repository's folder");
	return trace;
}

static void check(const struct show_answer *answer)
{
	json_error_t error;
	json_t *json;

	require(answer->status >= 200 && answer->status < 600, "no status");
	require(answer->type != NULL, "no type");
	require(answer->file > 0 || answer->bytes != NULL || answer->size == 0, "no bytes");
	if (answer->file > 0 || strncmp(answer->type, "application/json", 16) != 0)
		return;
	json = json_loadb(answer->bytes, answer->size, JSON_DECODE_ANY, &error);
	require(json != NULL, error.text);
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = calloc(1, size + 2);
	struct show_question question = {
		.trace = sound_trace(), .path = trace_path, .parameter = parameter};
	struct show_answer answer;

	if (text == NULL)
		abort();
	memcpy(text, bytes, size);
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\n')
			text[i] = '\0';
	question.context = text + (size > 0 ? strlen(text) + 1 : 1);
	/* Graphviz would be started for each. */
	if (strcmp(text, "/api/1/picture") != 0) {
		answer = show_answer(&question, text);
		check(&answer);
		free(answer.bytes);
		free((char *)(uintptr_t)answer.filename);
		if (answer.file > 0)
			close(answer.file);
	}
	free(text);
	return 0;
}
