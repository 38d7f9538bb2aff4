/* SPDX-License-Identifier: MIT */
/* A test of an artifact folder from its manifest, F.json; declared in artifact.h. Members that are not there, or are something
 * else than they ought to be, count as not said. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/names.h"
#include "tool/report/artifact.h"
#include "tool/report/artifact_source.h"

/* What manifest.c writes. */
#define SCHEMA 1

/* Of a leak; six are written. */
#define FRAMES_MAX 64

static void read_machine(const struct artifact_source *source, const json_t *root)
{
	const json_t *machine = json_object_get(root, "machine");
	char *words;

	if (!json_is_object(machine))
		return;
	words = xasprintf("%s %s %s, %.0f CPUs", source_text(source, machine, "system"),
			  source_text(source, machine, "kernel"),
			  source_text(source, machine, "architecture"),
			  source_number(machine, "cpus", 0));
	source->test->machine = arena_copy(&source->artifact->arena, words, strlen(words) + 1, 1);
	free(words);
}

static void read_kind(const struct artifact_source *source, const json_t *item,
		      struct artifact_kind *kind)
{
	const char *outcome = source_text(source, item, "outcome");

	kind->kind = source_text(source, item, "kind");
	kind->ended = source_text(source, item, "ended");
	kind->message = source_text(source, item, "message");
	kind->is_repeatable = !json_is_false(json_object_get(item, "repeatable"));
	kind->runs = source_number(item, "runs", 0);
	kind->wall_ns = source_number(item, "wall_ns", 0);
	kind->cpu_ns = source_number(item, "cpu_ns", 0);
	kind->lost = source_number(item, "lost", 0);
	kind->truncated = source_number(item, "stacks_truncated", 0);
	kind->outcome = OUTCOME_NOT_RUN;
	if (!outcome_find(outcome, &kind->outcome))
		artifact_problem(source->artifact, source->file, "outcome \"%.40s\" is not known",
				 outcome);
}

static void read_leak(const struct artifact_source *source, const json_t *item,
		      struct artifact_leak *leak)
{
	const json_t *frames = json_object_get(item, "frames");

	leak->blocks = source_number(item, "blocks", 0);
	leak->bytes = source_number(item, "bytes", 0);
	leak->frame_count =
		json_array_size(frames) < FRAMES_MAX ? json_array_size(frames) : FRAMES_MAX;
	leak->frames =
		arena_get(&source->artifact->arena, leak->frame_count + 1, sizeof(*leak->frames));
	for (size_t i = 0; i < leak->frame_count; i++) {
		const json_t *frame = json_array_get(frames, i);

		leak->frames[i].function = source_text(source, frame, "function");
		leak->frames[i].file = source_text(source, frame, "file");
		leak->frames[i].line = source_number(frame, "line", 0);
	}
}

static void read_leaks(const struct artifact_source *source, const json_t *item)
{
	const json_t *leaks = json_object_get(item, "leaks");
	struct artifact_test *test = source->test;

	if (!json_is_array(leaks))
		return;
	test->leak_count = json_array_size(leaks);
	test->leaks = source_array(source, leaks, sizeof(*test->leaks));
	for (size_t i = 0; i < test->leak_count; i++)
		read_leak(source, json_array_get(leaks, i), &test->leaks[i]);
}

static void set(struct artifact_test *test, enum artifact_metric metric, double value)
{
	test->has[metric] = true;
	test->metrics[metric] = value;
}

/* A sum of a profile's, for one run. */
static void set_total(struct artifact_test *test, enum artifact_metric metric, const json_t *totals,
		      const char *type, double runs)
{
	double total = source_number(totals, type, -1);

	if (total >= 0)
		set(test, metric, total / runs);
}

static void set_leaked(struct artifact_test *test, double runs)
{
	double bytes = 0, blocks = 0;

	for (size_t i = 0; i < test->leak_count; i++) {
		bytes += test->leaks[i].bytes;
		blocks += test->leaks[i].blocks;
	}
	set(test, ARTIFACT_LEAKED, bytes / runs);
	set(test, ARTIFACT_LEAKED_BLOCKS, blocks / runs);
}

/* Figures of a test: a kind that did not come to its end measured another thing, as did one that missed events. The peak is no
 * sum. */
static void set_metrics(struct artifact_test *test, const struct artifact_kind *kind,
			const json_t *totals)
{
	const json_t *mem = json_object_get(totals, "mem");

	if (kind->outcome != OUTCOME_PASSED || kind->runs < 1)
		return;
	if (!test->has[ARTIFACT_TIME] || strcmp(kind->kind, "cpu") == 0) {
		set(test, ARTIFACT_TIME, kind->wall_ns / kind->runs);
		set(test, ARTIFACT_CPU, kind->cpu_ns / kind->runs);
	}
	if (kind->lost > 0)
		return;
	set_total(test, ARTIFACT_ALLOCS, mem, "alloc_objects", kind->runs);
	set_total(test, ARTIFACT_BYTES, mem, "alloc_space", kind->runs);
	set_total(test, ARTIFACT_PEAK, mem, "peak_space", 1);
	set_total(test, ARTIFACT_WAITING, json_object_get(totals, "block"), "delay", kind->runs);
	if (mem)
		set_leaked(test, kind->runs);
}

/* How the test ended is how the first kind ended that is not good. */
static void set_outcome(struct artifact_test *test)
{
	bool was_good = true;

	test->is_repeatable = true;
	test->outcome = OUTCOME_NOT_RUN;
	test->ended = "no kind was run";
	for (size_t i = 0; i < test->kind_count; i++) {
		const struct artifact_kind *kind = &test->kinds[i];

		test->is_repeatable &= kind->is_repeatable;
		if (i && (!was_good || outcome_is_good(kind->outcome)))
			continue;
		was_good = outcome_is_good(kind->outcome);
		test->outcome = kind->outcome;
		test->ended = kind->ended;
	}
}

static void read_kinds(const struct artifact_source *source, const json_t *root)
{
	const json_t *list = json_object_get(root, "kinds");
	struct artifact_test *test = source->test;

	test->kind_count = json_array_size(list);
	test->kinds = source_array(source, list, sizeof(*test->kinds));
	for (size_t i = 0; i < test->kind_count; i++) {
		const json_t *item = json_array_get(list, i);

		read_kind(source, item, &test->kinds[i]);
		read_leaks(source, item);
		if (!test->is_bench)
			set_metrics(test, &test->kinds[i], json_object_get(item, "totals"));
	}
}

/* Only files whose names we would give: a name may lead out of the folder. */
static void read_files(const struct artifact_source *source, const json_t *root)
{
	const json_t *files = json_object_get(root, "files");

	for (unsigned i = 0; i < ARTIFACT_FILE_COUNT; i++) {
		const char *named =
			json_string_value(json_object_get(files, artifact_files[i].kind));
		char *ours = xasprintf("%s.%s", source->test->stem, artifact_files[i].suffix);

		if (named && strcmp(named, ours) == 0)
			source->test->files |= 1u << i;
		else if (named)
			artifact_problem(source->artifact, source->file,
					 "it names a file of another test as its %s",
					 artifact_files[i].kind);
		free(ours);
	}
}

static void read_test(const struct artifact_source *source, const json_t *root)
{
	struct artifact_test *test = source->test;

	test->name = source_text(source, root, "name");
	test->group = source_text(source, root, "group");
	test->program = source_text(source, root, "program");
	test->package = source_text(source, root, "package");
	test->suite_test = source_text(source, root, "suite_test");
	test->date = source_text(source, root, "date");
	test->tool = source_text(source, root, "tool");
	test->machine = "";
	test->has_manifest = true;
	test->is_set = json_is_array(json_object_get(root, "tests"));
	test->is_bench = json_is_object(json_object_get(root, "bench"));
	read_machine(source, root);
	read_kinds(source, root);
	set_outcome(test);
	if (test->is_bench)
		artifact_read_bench(source, json_object_get(root, "bench"));
	read_files(source, root);
}

/* Is it the name that the file has? In JSON it is escaped where it is no UTF-8. */
static bool is_name_of(const char *title, const char *stem)
{
	char *own = names_stem(title), *test = names_test(stem);
	char *escaped = test ? names_utf8(test) : NULL;
	bool is_same = strcmp(own, stem) == 0 || (escaped && strcmp(escaped, title) == 0);

	free(escaped);
	free(test);
	free(own);
	return is_same;
}

/* Is it the manifest of the test whose name its file has? */
static bool check(const struct artifact_source *source, const json_t *root)
{
	const json_t *schema = json_object_get(root, "schema");
	const char *title = json_string_value(json_object_get(root, "test"));

	if (!json_is_integer(schema) || !title)
		artifact_problem(source->artifact, source->file, "no manifest of a test");
	else if (json_integer_value(schema) != SCHEMA)
		artifact_problem(source->artifact, source->file,
				 "manifest of another version: schema %lld, this one reads %d",
				 (long long)json_integer_value(schema), SCHEMA);
	else if (!is_name_of(title, source->test->stem))
		artifact_problem(source->artifact, source->file, "the test in it has another name");
	else
		source->test->title =
			arena_copy(&source->artifact->arena, title, strlen(title) + 1, 1);
	return source->test->title;
}

bool artifact_manifest(struct artifact *artifact, const char *file, const char *bytes, size_t size,
		       struct artifact_test *test)
{
	struct artifact_source source = {artifact, file, test};
	json_error_t error;
	json_t *root = json_loadb(bytes, size, 0, &error);
	bool is_good = false;

	if (!root)
		artifact_problem(artifact, file, "damaged at byte %d: %s", error.position,
				 error.text);
	else
		is_good = check(&source, root);
	if (is_good)
		read_test(&source, root);
	json_decref(root);
	return is_good;
}
