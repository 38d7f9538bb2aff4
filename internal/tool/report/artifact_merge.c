/* SPDX-License-Identifier: MIT */
#include "tool/report/artifact_merge.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/common/names.h"
#include "tool/report/artifact_copy.h"
#include "tool/report/artifact_file.h"
#include "tool/tool.h"

struct merge {
	struct artifact *into, *from;
	bool is_good;
};

/* A name for messages: "job2/test_a.cpu.pb.gz". */
static void say_left_out(const struct merge *merge, const char *dir, const char *file,
			 const char *why)
{
	char *name = xasprintf("%s/%s", dir, file);

	artifact_problem(merge->into, name, "%s", why);
	free(name);
}

static const char *keep(struct artifact *artifact, const char *text)
{
	return arena_copy(&artifact->arena, text, strlen(text) + 1, 1);
}

static struct artifact_test *find(struct artifact *artifact, const char *title)
{
	for (size_t i = 0; i < artifact->count; i++)
		if (strcmp(artifact->tests[i].title, title) == 0)
			return &artifact->tests[i];
	return NULL;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Programs of two jobs have their own folders. */
static bool is_same_test(const struct artifact_test *a, const struct artifact_test *b)
{
	return a->is_set == b->is_set && strcmp(a->package, b->package) == 0 &&
	       strcmp(a->suite_test, b->suite_test) == 0 &&
	       strcmp(file_name(a->program), file_name(b->program)) == 0;
}

/* What a test is called in the folder of all: the caller frees it. */
static char *title_in(struct artifact *into, const struct artifact_test *test)
{
	const struct artifact_test *other = find(into, test->title);
	const char *group;

	if (!other || is_same_test(other, test))
		return xstrdup(test->title);
	group = strcmp(other->package, test->package) != 0 && *test->package
			? test->package
			: file_name(test->program);
	return *group ? xasprintf("%s.%s", group, test->title) : xstrdup(test->title);
}

/* Of two runs of the same test: is the second the one to keep? */
static bool is_preferred(const struct artifact_test *old, const struct artifact_test *new)
{
	bool was_good = outcome_is_good(old->outcome), is_good = outcome_is_good(new->outcome);

	if (old->has_manifest != new->has_manifest)
		return new->has_manifest;
	if (was_good != is_good)
		return was_good;
	return strcmp(new->date, old->date) > 0;
}

/* A damaged profile is not handed on. */
static bool is_sound(const struct merge *merge, const struct artifact_test *test,
		     enum artifact_file file)
{
	struct profile *profile;

	if (file >= ARTIFACT_FILE_BENCH)
		return true;
	profile = artifact_profile(merge->from, test, file);
	profile_free(profile);
	return profile;
}

static void copy_files(struct merge *merge, const struct artifact_test *test,
		       struct artifact_test *copy)
{
	for (unsigned i = 0; i < ARTIFACT_FILE_COUNT; i++) {
		char *source, *target;
		int error;

		if (!(test->files & 1u << i))
			continue;
		source = artifact_path(merge->from, test, i);
		target = artifact_path(merge->into, copy, i);
		error = is_sound(merge, test, i) ? artifact_copy(source, target) : -EBADMSG;
		if (error)
			copy->files &= ~(1u << i);
		if (error && error != -EBADMSG) {
			tool_error("%s: %s; nothing was written there", target, strerror(-error));
			merge->is_good = false;
		}
		free(source);
		free(target);
	}
}

/* The manifest, with the test's name and its files as they are now. */
static void write_manifest(struct merge *merge, const struct artifact_test *copy, json_t *root)
{
	char *path = xasprintf("%s/%s.json", merge->into->dir, copy->stem), *text;
	json_t *files = json_object();
	int error;

	for (unsigned i = 0; i < ARTIFACT_FILE_COUNT; i++) {
		char *name = xasprintf("%s.%s", copy->stem, artifact_files[i].suffix);

		if (copy->files & 1u << i)
			json_object_set_new(files, artifact_files[i].kind, json_string(name));
		free(name);
	}
	json_object_set_new(root, "files", files);
	json_object_set_new(root, "test", json_string(copy->title));
	text = json_dumps(root, JSON_INDENT(2));
	if (!text)
		xalloc_failed();
	error = fmt_write_file(path, text, strlen(text));
	if (error) {
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
		merge->is_good = false;
	}
	free(text);
	free(path);
}

static struct artifact_test *add(struct artifact *into, const struct artifact_test *test,
				 const char *title, const char *dir)
{
	struct artifact_test *copy = find(into, title);
	char *stem = names_stem(title);

	if (!copy) {
		into->tests = xgrow(into->tests, into->count, &into->cap, sizeof(*into->tests));
		copy = &into->tests[into->count++];
	}
	*copy = *test;
	/* What it points at is of the other folder, which may go first. */
	copy->title = keep(into, title);
	copy->origin = keep(into, dir);
	copy->stem = keep(into, stem);
	copy->package = keep(into, test->package);
	copy->program = keep(into, test->program);
	copy->suite_test = keep(into, test->suite_test);
	copy->date = keep(into, test->date);
	copy->kind_count = copy->leak_count = copy->result_count = copy->note_count = 0;
	free(stem);
	return copy;
}

static void copy_test(struct merge *merge, const struct artifact_test *test, const char *title)
{
	struct artifact_test *copy = add(merge->into, test, title, merge->from->dir);
	json_t *root = artifact_manifest_json(merge->from, test);

	copy_files(merge, test, copy);
	if (root)
		write_manifest(merge, copy, root);
	json_decref(root);
}

/* Add a package's profile to that of the jobs before. */
static void add_profile(struct merge *merge, const struct artifact_test *test,
			struct artifact_test *old, enum artifact_file file)
{
	struct profile *sum, *profile = artifact_profile(merge->from, test, file);
	char *path = artifact_path(merge->into, old, file);
	int error = 0;

	sum = old->files & 1u << file ? artifact_profile(merge->into, old, file) : NULL;
	if (profile && sum)
		error = profile_merge(sum, profile);
	if (profile && !error)
		error = profile_write(sum ? sum : profile, path);
	if (profile && !error)
		old->files |= 1u << file;
	if (error) {
		tool_error("%s: %s", path, strerror(-error));
		merge->is_good = false;
	}
	profile_free(sum);
	profile_free(profile);
	free(path);
}

static void add_set(struct merge *merge, const struct artifact_test *test,
		    struct artifact_test *old)
{
	json_t *root = artifact_manifest_json(merge->into, old);
	json_t *other = artifact_manifest_json(merge->from, test);

	for (unsigned i = 0; i < ARTIFACT_FILE_BENCH; i++)
		add_profile(merge, test, old, i);
	json_array_extend(json_object_get(root, "tests"), json_object_get(other, "tests"));
	if (root)
		write_manifest(merge, old, root);
	json_decref(root);
	json_decref(other);
}

static void say_run_twice(const struct merge *merge, const char *dir,
			  const struct artifact_test *test, const char *other)
{
	char *manifest = xasprintf("%s.json", test->stem);
	char *why = xasprintf("the test was run twice, and the run in %s is taken", other);

	say_left_out(merge, dir, manifest, why);
	free(why);
	free(manifest);
}

/* Those of the run that is kept may be fewer. */
static void remove_files(const struct artifact *into, const struct artifact_test *test)
{
	for (unsigned i = 0; i < ARTIFACT_FILE_COUNT; i++) {
		char *path = artifact_path(into, test, i);

		if (test->files & 1u << i)
			unlink(path);
		free(path);
	}
}

static void merge_test(struct merge *merge, const struct artifact_test *test)
{
	char *title = title_in(merge->into, test);
	struct artifact_test *old = find(merge->into, title);

	if (!old) {
		copy_test(merge, test, title);
	} else if (old->is_set && test->is_set) {
		add_set(merge, test, old);
	} else if (is_preferred(old, test)) {
		say_run_twice(merge, old->origin, test, merge->from->dir);
		remove_files(merge->into, old);
		copy_test(merge, test, title);
	} else {
		say_run_twice(merge, merge->from->dir, test, old->origin);
	}
	free(title);
}

bool artifact_merge(struct artifact *into, struct artifact *from)
{
	struct merge merge = {into, from, true};

	for (size_t i = 0; i < from->count; i++)
		merge_test(&merge, &from->tests[i]);
	if (!from->count)
		artifact_problem(into, from->dir, "no test in it");
	for (size_t i = 0; i < from->problem_count; i++)
		say_left_out(&merge, from->dir, from->problems[i].file, from->problems[i].text);
	into->problems_more += from->problems_more;
	return merge.is_good;
}
