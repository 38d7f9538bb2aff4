/* SPDX-License-Identifier: MIT */
#include "tool/run/manifest.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/common/json_text.h"
#include "tool/common/names.h"
#include "tool/profile/leaks.h"
#include "tool/tool.h"

/* Changes when a member changes its meaning or goes. */
#define SCHEMA 1

struct manifest {
	char *title;
	json_t *root;
};

static json_t *machine(void)
{
	/* To count them is to read a file, for each of a suite's tests. */
	static json_int_t cpus;
	struct utsname name;

	if (uname(&name) != 0)
		return json_null();
	if (cpus == 0)
		cpus = sysconf(_SC_NPROCESSORS_ONLN);
	return json_pack("{s:s, s:s, s:s, s:I}", "system", name.sysname, "kernel", name.release,
			 "architecture", name.machine, "cpus", cpus);
}

static json_t *words(char *const *list)
{
	json_t *array = json_array();

	for (; list != NULL && *list != NULL; list++)
		json_array_append_new(array, json_text(*list));
	return array;
}

struct manifest *manifest_new(const char *title, const struct catalog_test *test,
			      const struct kind_settings *settings)
{
	struct manifest *manifest = xcalloc(1, sizeof *manifest);
	time_t now = time(NULL);
	struct tm utc;
	char date[32];

	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	manifest->title = xstrdup(title);
	manifest->root = json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:b}", "schema", SCHEMA, "tool",
				   "pprof.mk " TOOL_VERSION, "date", date, "machine", machine(),
				   "test", json_text(title), "arguments",
				   words(test != NULL ? test->as->arguments : settings->arguments),
				   "alone", settings->alone);
	if (test != NULL) {
		json_object_set_new(manifest->root, "name", json_text(test->name));
		json_object_set_new(manifest->root, "group", json_text(test->group));
		json_object_set_new(manifest->root, "program", json_text(test->program));
		json_object_set_new(manifest->root, "package", json_text(test->package));
		if (test->as->directory != NULL)
			json_object_set_new(manifest->root, "directory",
					    json_text(test->as->directory));
		if (test->as->environment[0] != NULL)
			json_object_set_new(manifest->root, "environment",
					    words(test->as->environment));
		if (test->as->name[0] != '\0')
			json_object_set_new(manifest->root, "suite_test",
					    json_text(test->as->name));
	}
	json_object_set_new(manifest->root, "kinds", json_array());
	json_object_set_new(manifest->root, "files", json_object());
	return manifest;
}

/* What the folder has of the test is of the same program's, and of this schema? */
static bool is_same(const json_t *old, const json_t *new)
{
	return json_integer_value(json_object_get(old, "schema")) == SCHEMA &&
	       json_equal(json_object_get(old, "test"), json_object_get(new, "test")) &&
	       json_equal(json_object_get(old, "program"), json_object_get(new, "program")) &&
	       json_is_array(json_object_get(old, "kinds")) &&
	       json_is_object(json_object_get(old, "files"));
}

/* What the folder has of it, NULL: nothing of the same. */
static json_t *load_old(const struct manifest *manifest, const char *out_dir)
{
	char *stem = names_stem(manifest->title);
	char *path = xasprintf("%s/%s.json", out_dir, stem);
	json_t *old = json_load_file(path, 0, NULL);

	free(path);
	free(stem);
	if (old != NULL && is_same(old, manifest->root))
		return old;
	json_decref(old);
	return NULL;
}

struct manifest *manifest_again(const char *title, const struct catalog_test *test,
				const struct kind_settings *settings)
{
	struct manifest *manifest = manifest_new(title, test, settings);
	json_t *old = load_old(manifest, settings->out_dir);

	if (old != NULL) {
		json_object_set(old, "date", json_object_get(manifest->root, "date"));
		json_decref(manifest->root);
		manifest->root = old;
	}
	return manifest;
}

/* Where in the kinds, or how many there are. */
static size_t kind_find(const json_t *kinds, const char *name)
{
	size_t count = json_array_size(kinds), at = 0;

	for (; at < count; at++) {
		const char *kind =
			json_string_value(json_object_get(json_array_get(kinds, at), "kind"));

		if (kind != NULL && strcmp(kind, name) == 0)
			break;
	}
	return at;
}

/* A trace is made by a command of its own: it stays when the test's profiles are made again. */
static void keep_trace(struct manifest *manifest, const char *out_dir)
{
	json_t *kinds = json_object_get(manifest->root, "kinds"), *old, *old_kinds, *file;
	char *path;
	size_t at;

	if (kind_find(kinds, "trace") < json_array_size(kinds))
		return;
	old = load_old(manifest, out_dir);
	old_kinds = json_object_get(old, "kinds");
	file = json_object_get(json_object_get(old, "files"), "trace");
	at = kind_find(old_kinds, "trace");
	path = xasprintf("%s/%s", out_dir, json_is_string(file) ? json_string_value(file) : "");
	if (at < json_array_size(old_kinds) && json_is_string(file) && access(path, R_OK) == 0) {
		json_array_append(kinds, json_array_get(old_kinds, at));
		json_object_set(json_object_get(manifest->root, "files"), "trace", file);
	}
	free(path);
	json_decref(old);
}

static json_t *totals(const struct profile *profile)
{
	json_t *object = json_object();

	for (size_t type = 0; type < profile->type_count; type++)
		json_object_set_new(object, profile->types[type].type,
				    json_integer(profile_sum(profile, type)));
	return object;
}

static json_t *leaks_json(const struct profile *mem)
{
	struct leaks leaks = leaks_of(mem);
	json_t *array = json_array();

	for (size_t i = 0; i < leaks.count; i++) {
		json_t *frames = json_array();

		for (size_t j = 0; j < leaks.items[i].frame_count; j++) {
			const struct leak_frame *frame = &leaks.items[i].frames[j];

			json_array_append_new(frames, json_pack("{s:o, s:o, s:I}", "function",
								json_text(frame->function), "file",
								json_text(frame->file), "line",
								(json_int_t)frame->line));
		}
		json_array_append_new(array, json_pack("{s:I, s:I, s:o}", "blocks",
						       (json_int_t)leaks.items[i].blocks, "bytes",
						       (json_int_t)leaks.items[i].bytes, "frames",
						       frames));
	}
	leaks_free(&leaks);
	return array;
}

void manifest_add_file(struct manifest *manifest, const char *kind, const char *path)
{
	json_object_set_new(json_object_get(manifest->root, "files"), kind,
			    json_text(strrchr(path, '/') + 1));
}

void manifest_add_kind(struct manifest *manifest, const struct kind_run *run)
{
	json_t *kind = json_pack("{s:s, s:s, s:s, s:i}", "kind", run->name, "outcome",
				 outcome_word(run->outcome.kind), "ended", run->outcome.text,
				 "exit_status", run->exit_status);
	json_t *kinds = json_object_get(manifest->root, "kinds");
	json_t *sums = json_object();

	json_object_set_new(kind, "runs", json_number(run->runs));
	json_object_set_new(kind, "repeatable", json_boolean(run->failed_run == 0));
	if (run->failed_run != 0)
		json_object_set_new(kind, "failed_run", json_number(run->failed_run));
	json_object_set_new(kind, "wall_ns", json_number(run->wall_ns));
	json_object_set_new(kind, "cpu_ns", json_number(run->cpu_ns));
	json_object_set_new(kind, "user_ns", json_number(run->user_ns));
	json_object_set_new(kind, "system_ns", json_number(run->system_ns));
	json_object_set_new(kind, "samples", json_number(run->samples));
	if (run->clock != NULL) {
		json_object_set_new(kind, "clock", json_string(run->clock));
		json_object_set_new(kind, "period_ns", json_number(run->period_ns));
		json_object_set_new(kind, "rate_hz", json_real(run->rate_hz));
	}
	json_object_set_new(kind, "lost", json_number(run->lost));
	json_object_set_new(kind, "stacks_truncated", json_number(run->truncated));
	if (run->message[0] != '\0')
		json_object_set_new(kind, "message", json_text(run->message));
	for (size_t i = 0; i < run->file_count; i++) {
		json_object_set_new(sums, run->files[i].kind, totals(run->files[i].profile));
		if (run->files[i].path != NULL)
			manifest_add_file(manifest, run->files[i].kind, run->files[i].path);
	}
	json_object_set_new(kind, "totals", sums);
	if (run->kind == REC_KIND_MEM && run->file_count > 0)
		json_object_set_new(kind, "leaks", leaks_json(run->files[0].profile));
	/* Of traces there is one. */
	if (run->kind == REC_KIND_TRACE)
		json_array_remove(kinds, kind_find(kinds, run->name));
	json_array_append_new(kinds, kind);
}

void manifest_add_test(struct manifest *manifest, const char *title, bool is_good)
{
	json_t *tests = json_object_get(manifest->root, "tests");

	if (tests == NULL) {
		tests = json_array();
		json_object_set_new(manifest->root, "tests", tests);
	}
	json_array_append_new(tests,
			      json_pack("{s:o, s:b}", "test", json_text(title), "good", is_good));
}

/* "bench", made when it is first needed. */
static json_t *bench_of(struct manifest *manifest)
{
	json_t *bench = json_object_get(manifest->root, "bench");

	if (bench == NULL) {
		bench = json_pack("{s:[], s:[]}", "results", "notes");
		json_object_set_new(manifest->root, "bench", bench);
	}
	return bench;
}

void manifest_add_bench(struct manifest *manifest, const struct bench_goal *goal, uint64_t runs)
{
	json_t *bench = bench_of(manifest);

	if (goal->count != 0)
		json_object_set_new(bench, "iterations", json_number(goal->count));
	else
		json_object_set_new(bench, "benchtime_ns", json_number(goal->ns));
	json_object_set_new(bench, "runs", json_number(runs));
}

static json_t *batches_json(const struct bench_result *result)
{
	json_t *array = json_array();

	for (size_t i = 0; i < result->batch_count; i++)
		json_array_append_new(array, json_real(result->batches[i]));
	return array;
}

static json_t *result_json(const struct bench_result *result)
{
	json_t *item = json_object(), *metrics = json_object();

	json_object_set_new(item, "name", json_text(result->name));
	json_object_set_new(item, "iterations", json_number(result->iterations));
	json_object_set_new(item, "wall_ns", json_number(result->wall_ns));
	json_object_set_new(item, "threads", json_number(result->threads));
	json_object_set_new(item, "ns_op", json_real(result->ns_op));
	if (result->mb_s != 0)
		json_object_set_new(item, "mb_s", json_real(result->mb_s));
	if (result->has_mem) {
		json_object_set_new(item, "bytes_op", json_number(result->bytes_op));
		json_object_set_new(item, "allocs_op", json_number(result->allocs_op));
	}
	for (size_t i = 0; i < result->metric_count; i++)
		json_object_set_new(metrics, result->metrics[i].unit,
				    json_real(result->metrics[i].value));
	json_object_set_new(item, "metrics", metrics);
	json_object_set_new(item, "batches_ns_op", batches_json(result));
	if (result->problem != NULL)
		json_object_set_new(item, "problem", json_text(result->problem));
	return item;
}

void manifest_add_results(struct manifest *manifest, const struct bench_set *set, unsigned cpus,
			  uint64_t run)
{
	json_t *results = json_object_get(bench_of(manifest), "results");

	for (size_t i = 0; i < set->count; i++) {
		json_t *item = result_json(&set->items[i]);

		json_object_set_new(item, "cpus", json_number(cpus));
		json_object_set_new(item, "run", json_number(run));
		json_array_append_new(results, item);
	}
}

void manifest_add_notes(struct manifest *manifest, const struct bench_notes *notes)
{
	json_t *array = json_object_get(bench_of(manifest), "notes");

	for (size_t i = 0; i < notes->count; i++)
		json_array_append_new(array, json_text(notes->lines[i]));
}

int manifest_write(struct manifest *manifest, const char *out_dir)
{
	char *stem = names_stem(manifest->title);
	char *path = xasprintf("%s/%s.json", out_dir, stem);
	char *text;
	int error;

	keep_trace(manifest, out_dir);
	text = json_dumps(manifest->root, JSON_INDENT(2));
	if (text == NULL)
		xalloc_failed();
	error = fmt_write_file(path, text, strlen(text));
	if (error != 0)
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
	json_decref(manifest->root);
	free(manifest->title);
	free(manifest);
	free(text);
	free(path);
	free(stem);
	return error;
}
