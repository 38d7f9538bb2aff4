/* SPDX-License-Identifier: MIT */
/* The tests of a folder; declared in artifact.h. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "tool/common/names.h"
#include "tool/report/artifact.h"
#include "tool/report/artifact_file.h"
#include "tool/tool.h"

/* Of all manifests: 5,000 tests have 10 MB. */
#define MANIFESTS_MAX_BYTES ((size_t)256 << 20)

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

/* The stem of a file STEM.SUFFIX, NULL when it is none. */
static const char *stem_of(struct artifact *artifact, const char *file, const char *suffix)
{
	size_t len = strlen(file), suffix_len = strlen(suffix);
	char *stem;

	if (len < suffix_len + 2 || file[len - suffix_len - 1] != '.' || !ends_in(file, suffix))
		return NULL;
	stem = arena_get(&artifact->arena, len, 1);
	memcpy(stem, file, len - suffix_len - 1);
	return stem;
}

static struct artifact_test *push(struct artifact *artifact, const struct artifact_test *test)
{
	artifact->tests =
		xgrow(artifact->tests, artifact->count, &artifact->cap, sizeof(*artifact->tests));
	artifact->tests[artifact->count] = *test;
	return &artifact->tests[artifact->count++];
}

static void read_manifest(struct artifact *artifact, const char *file)
{
	char *path = xasprintf("%s/%s", artifact->dir, file), *bytes;
	struct artifact_test test = {.stem = stem_of(artifact, file, "json")};
	char error[ARTIFACT_FILE_ERROR];
	size_t size;

	bytes = artifact_file_read(path, ARTIFACT_MANIFEST_MAX_BYTES, &size, error);
	free(path);
	if (!bytes) {
		artifact_problem(artifact, file, "%s", error);
		return;
	}
	artifact->bytes += size;
	if (artifact->bytes > MANIFESTS_MAX_BYTES)
		artifact_problem(artifact, file, "the folder's manifests have more than %zu MiB",
				 MANIFESTS_MAX_BYTES >> 20);
	else if (artifact_manifest(artifact, file, bytes, size, &test)) {
		if (*artifact->since && strcmp(test.date, artifact->since) < 0)
			artifact->left_out++;
		else
			push(artifact, &test);
	}
	free(bytes);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct listing {
	char **names;
	size_t count, cap;
};

/* Sorted: what is said does not depend on the disk. 0 or -errno. */
static int list(struct listing *listing, const char *dir)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	if (!stream)
		return -errno;
	while ((entry = readdir(stream))) {
		listing->names = xgrow(listing->names, listing->count, &listing->cap,
				       sizeof(*listing->names));
		listing->names[listing->count++] = xstrdup(entry->d_name);
	}
	closedir(stream);
	if (listing->count)
		qsort(listing->names, listing->count, sizeof(*listing->names), compare_names);
	return 0;
}

static void list_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		free(listing->names[i]);
	free(listing->names);
}

static bool is_listed(const struct listing *listing, const char *name)
{
	return listing->count && bsearch(&name, listing->names, listing->count,
					 sizeof(*listing->names), compare_names);
}

/* NULL for a regular file, else what is wrong. */
static const char *why_no_file(const char *path)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		return strerror(errno);
	return S_ISREG(status.st_mode) ? NULL : "no regular file";
}

/* Is a file older than the run that is looked at? */
static bool is_older(const struct artifact *artifact, const char *file)
{
	char *path = xasprintf("%s/%s", artifact->dir, file);
	char date[ARTIFACT_DATE_SIZE];
	struct stat status;
	bool older = *artifact->since && lstat(path, &status) == 0 &&
		     strcmp(artifact_date(status.st_mtime, date), artifact->since) < 0;

	free(path);
	return older;
}

static void add_trace_profiles(const struct artifact *artifact, struct artifact_test *test)
{
	for (unsigned i = ARTIFACT_FILE_NET; i <= ARTIFACT_FILE_RUNNING; i++) {
		char *path = artifact_path(artifact, test, i);

		if (!why_no_file(path) && !is_older(artifact, strrchr(path, '/') + 1))
			test->files |= 1u << i;
		free(path);
	}
}

/* Files that the manifest names may not be there. */
static void check_files(struct artifact *artifact, struct artifact_test *test)
{
	add_trace_profiles(artifact, test);
	for (unsigned i = 0; i < ARTIFACT_FILE_COUNT; i++) {
		char *path = artifact_path(artifact, test, i);
		const char *problem = test->files & 1u << i ? why_no_file(path) : NULL;

		if (problem) {
			artifact_problem(artifact, strrchr(path, '/') + 1, "%s", problem);
			test->files &= ~(1u << i);
		}
		free(path);
	}
	test->has_profile = test->files & ((1u << ARTIFACT_FILE_BENCH) - 1);
}

/* Profiles of a test without a manifest: the job ended before it was written. */
static void add_orphan(struct artifact *artifact, const struct listing *listing, const char *file,
		       unsigned kind)
{
	struct artifact_test test = {
		.stem = stem_of(artifact, file, artifact_files[kind].suffix),
		.name = "",
		.group = "",
		.program = "",
		.package = "",
		.suite_test = "",
		.date = "",
		.tool = "",
		.machine = "",
		.outcome = OUTCOME_NOT_RUN,
		.ended = "no manifest: the job ended before the test did",
		.is_repeatable = true,
		.files = 1u << kind,
	};
	char *manifest = xasprintf("%s.json", test.stem), *title, *escaped;
	bool is_orphan = !is_listed(listing, manifest) && !is_older(artifact, file);

	free(manifest);
	if (!is_orphan)
		return;
	title = names_test(test.stem);
	if (!title) {
		artifact_problem(artifact, file, "its name is none that we give");
		return;
	}
	escaped = names_utf8(title);
	test.title = arena_copy(&artifact->arena, escaped, strlen(escaped) + 1, 1);
	free(escaped);
	free(title);
	push(artifact, &test);
}

static void add_orphans(struct artifact *artifact, const struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		for (unsigned kind = 0; kind < ARTIFACT_FILE_BENCH; kind++)
			if (stem_of(artifact, listing->names[i], artifact_files[kind].suffix))
				add_orphan(artifact, listing, listing->names[i], kind);
}

/* Those of the same test are one. After sorting. */
static void join_orphans(struct artifact *artifact)
{
	size_t kept = 0;

	for (size_t i = 0; i < artifact->count; i++) {
		struct artifact_test *test = &artifact->tests[i];
		struct artifact_test *before = kept ? &artifact->tests[kept - 1] : NULL;

		if (before && !test->has_manifest && strcmp(before->title, test->title) == 0)
			before->files |= test->files;
		else
			artifact->tests[kept++] = *test;
	}
	artifact->count = kept;
}

/* What index.json says that the run began at. */
static const char *since_of_index(struct artifact *artifact)
{
	char *path = xasprintf("%s/" ARTIFACT_INDEX, artifact->dir), *bytes;
	char error[ARTIFACT_FILE_ERROR];
	size_t size;
	json_t *index;
	const char *since;

	bytes = artifact_file_read(path, ARTIFACT_MANIFEST_MAX_BYTES, &size, error);
	index = bytes ? json_loadb(bytes, size, 0, NULL) : NULL;
	since = json_string_value(json_object_get(index, "since"));
	since = since ? arena_copy(&artifact->arena, since, strlen(since) + 1, 1) : "";
	json_decref(index);
	free(bytes);
	free(path);
	return since;
}

struct artifact *artifact_read(const char *dir, const char *since)
{
	struct artifact *artifact = xcalloc(1, sizeof(*artifact));
	struct listing listing = {0};
	int error = list(&listing, dir);

	if (error) {
		tool_error("%s: %s", dir, strerror(-error));
		free(artifact);
		return NULL;
	}
	artifact->dir = arena_copy(&artifact->arena, dir, strlen(dir) + 1, 1);
	artifact->since = since ? since : since_of_index(artifact);
	artifact->since =
		arena_copy(&artifact->arena, artifact->since, strlen(artifact->since) + 1, 1);
	for (size_t i = 0; i < listing.count; i++)
		if (ends_in(listing.names[i], ".json") &&
		    strcmp(listing.names[i], ARTIFACT_INDEX) != 0)
			read_manifest(artifact, listing.names[i]);
	add_orphans(artifact, &listing);
	if (artifact->count)
		qsort(artifact->tests, artifact->count, sizeof(*artifact->tests),
		      artifact_compare_tests);
	join_orphans(artifact);
	for (size_t i = 0; i < artifact->count; i++)
		check_files(artifact, &artifact->tests[i]);
	list_free(&listing);
	return artifact;
}
