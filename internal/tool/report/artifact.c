/* SPDX-License-Identifier: MIT */
#include "tool/report/artifact.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/report/artifact_file.h"

/* Beyond these they are counted: nobody reads more. */
#define PROBLEMS_MAX 1000

const struct artifact_metric_info artifact_metrics[] = {
#define X(name, word, title, unit, kind, is_exact) {word, title, unit, kind, is_exact},
	ARTIFACT_METRICS(X)
#undef X
};

const struct artifact_file_info artifact_files[] = {
#define X(name, word, suffix) {word, suffix},
	ARTIFACT_FILES(X)
#undef X
};

void artifact_problem(struct artifact *artifact, const char *file, const char *format, ...)
{
	struct artifact_problem *problem;
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	for (size_t i = 0; i < artifact->problem_count; i++) {
		problem = &artifact->problems[i];
		if (strcmp(problem->file, file) == 0 && strcmp(problem->text, text) == 0) {
			free(text);
			return;
		}
	}
	if (artifact->problem_count == PROBLEMS_MAX) {
		artifact->problems_more++;
		free(text);
		return;
	}
	artifact->problems = xgrow(artifact->problems, artifact->problem_count,
				   &artifact->problem_cap, sizeof(*artifact->problems));
	problem = &artifact->problems[artifact->problem_count++];
	problem->file = arena_copy(&artifact->arena, file, strlen(file) + 1, 1);
	problem->text = arena_copy(&artifact->arena, text, strlen(text) + 1, 1);
	free(text);
}

json_t *artifact_manifest_json(struct artifact *artifact, const struct artifact_test *test)
{
	char *path = xasprintf("%s/%s.json", artifact->dir, test->stem);
	char error[ARTIFACT_FILE_ERROR];
	size_t size;
	char *bytes = artifact_file_read(path, ARTIFACT_MANIFEST_MAX_BYTES, &size, error);
	json_t *root = bytes ? json_loadb(bytes, size, 0, NULL) : NULL;

	free(bytes);
	free(path);
	return root;
}

void artifact_free(struct artifact *artifact)
{
	if (!artifact)
		return;
	free(artifact->tests);
	free(artifact->problems);
	arena_free(&artifact->arena);
	free(artifact);
}

int artifact_compare_tests(const void *a, const void *b)
{
	return strcmp(((const struct artifact_test *)a)->title,
		      ((const struct artifact_test *)b)->title);
}

const struct artifact_test *artifact_find(const struct artifact *artifact, const char *title)
{
	struct artifact_test wanted = {.title = title};

	return artifact->count ? bsearch(&wanted, artifact->tests, artifact->count,
					 sizeof(*artifact->tests), artifact_compare_tests)
			       : NULL;
}

char *artifact_path(const struct artifact *artifact, const struct artifact_test *test,
		    enum artifact_file file)
{
	return xasprintf("%s/%s.%s", artifact->dir, test->stem, artifact_files[file].suffix);
}
