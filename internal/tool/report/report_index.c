/* SPDX-License-Identifier: MIT */
/* index.json: everything the folder has, in one file. docs/pprof.ci.md says what each member means. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/bench_stats.h"
#include "tool/common/json_text.h"
#include "tool/common/names.h"
#include "tool/report/report.h"
#include "tool/tool.h"

/* Changes when a member changes its meaning or goes. */
#define SCHEMA 1

/* Places of leaks of a test that are listed; all of them are in its manifest. */
#define LEAKS_MAX 20

struct report_counts report_count(const struct report *report)
{
	struct report_counts counts = {0};

	for (size_t i = 0; i < report->artifact->count; i++) {
		const struct artifact_test *test = &report->artifact->tests[i];

		if (test->is_set)
			continue;
		counts.tests++;
		counts.benchmarks += test->is_bench;
		counts.by_outcome[test->outcome]++;
		counts.skipped += test->outcome == OUTCOME_SKIPPED;
		if (!outcome_is_good(test->outcome))
			counts.bad++;
		else if (test->outcome != OUTCOME_SKIPPED)
			counts.good++;
	}
	return counts;
}

static void put(json_t *object, const char *member, json_t *value)
{
	json_object_set_new(object, member, value);
}

/* Numbers that are whole are written so. */
static json_t *number(double value)
{
	if (value >= -9e15 && value <= 9e15 && value == (double)(json_int_t)value)
		return json_integer((json_int_t)value);
	return json_real(value);
}

/* Members that say nothing are left out. */
static void put_text(json_t *object, const char *member, const char *text)
{
	if (*text)
		put(object, member, json_string(text));
}

static json_t *metrics_info(void)
{
	json_t *array = json_array();

	for (size_t i = 0; i < ARTIFACT_METRIC_COUNT; i++) {
		const struct artifact_metric_info *info = &artifact_metrics[i];

		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:b}", "name", info->name,
						       "title", info->title, "unit", info->unit,
						       "exact", info->is_exact));
	}
	return array;
}

static json_t *verdicts(const struct report *report)
{
	struct report_counts counts = report_count(report);
	json_t *object = json_object();

	for (enum outcome_kind kind = 0; kind <= OUTCOME_NOT_RUN; kind++)
		if (counts.by_outcome[kind])
			put(object, outcome_word(kind),
			    json_integer((json_int_t)counts.by_outcome[kind]));
	return object;
}

static json_t *kinds_json(const struct artifact_test *test)
{
	json_t *array = json_array();

	for (size_t i = 0; i < test->kind_count; i++) {
		const struct artifact_kind *kind = &test->kinds[i];
		json_t *item = json_object();

		put(item, "kind", json_string(kind->kind));
		put(item, "outcome", json_string(outcome_word(kind->outcome)));
		if (strcmp(kind->ended, outcome_word(kind->outcome)) != 0)
			put_text(item, "ended", kind->ended);
		put(item, "runs", number(kind->runs));
		if (kind->lost > 0)
			put(item, "lost", number(kind->lost));
		if (kind->truncated > 0)
			put(item, "stacks_truncated", number(kind->truncated));
		put_text(item, "message", kind->message);
		json_array_append_new(array, item);
	}
	return array;
}

static json_t *leak_json(const struct artifact_leak *leak)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < leak->frame_count; i++) {
		const struct artifact_frame *frame = &leak->frames[i];

		json_array_append_new(frames,
				      json_pack("{s:s, s:s, s:o}", "function", frame->function,
						"file", frame->file, "line", number(frame->line)));
	}
	return json_pack("{s:o, s:o, s:o}", "blocks", number(leak->blocks), "bytes",
			 number(leak->bytes), "frames", frames);
}

static json_t *leaks_json(const struct artifact_test *test)
{
	json_t *array = json_array();

	for (size_t i = 0; i < test->leak_count && i < LEAKS_MAX; i++)
		json_array_append_new(array, leak_json(&test->leaks[i]));
	return array;
}

/* What a quarter of sorted values is below, or two or three: between two of them, where it falls between two. */
static double quartile(const double *sorted, size_t count, unsigned quarter)
{
	size_t place = quarter * (count - 1) / 4;
	double part = (double)(quarter * (count - 1) % 4) / 4;

	return part > 0 ? sorted[place] + part * (sorted[place + 1] - sorted[place])
			: sorted[place];
}

/* The smallest, the quartiles and the largest of the stretches' ns/op. */
static json_t *spread(const struct artifact_result *result)
{
	double *sorted = xcalloc(result->batch_count + 1, sizeof(*sorted));
	json_t *array = json_array();

	if (result->batch_count)
		memcpy(sorted, result->batches, result->batch_count * sizeof(*sorted));
	bench_sort(sorted, result->batch_count);
	for (unsigned quarter = 0; quarter <= 4 && result->batch_count; quarter++)
		json_array_append_new(array,
				      number(quartile(sorted, result->batch_count, quarter)));
	free(sorted);
	return array;
}

static json_t *result_json(const struct artifact_result *result)
{
	json_t *item = json_object(), *metrics = json_object();

	put(item, "name", json_string(result->name));
	put(item, "run", number(result->run));
	put(item, "cpus", number(result->cpus));
	put(item, "iterations", number(result->iterations));
	put(item, "threads", number(result->threads));
	put(item, "ns_op", number(result->ns_op));
	if (result->mb_s >= 0)
		put(item, "mb_s", number(result->mb_s));
	if (result->bytes_op >= 0)
		put(item, "bytes_op", number(result->bytes_op));
	if (result->allocs_op >= 0)
		put(item, "allocs_op", number(result->allocs_op));
	for (size_t i = 0; i < result->metric_count; i++)
		put(metrics, result->metrics[i].unit, number(result->metrics[i].value));
	put(item, "metrics", metrics);
	put(item, "spread_ns_op", spread(result));
	put_text(item, "problem", result->problem);
	return item;
}

static void put_bench(json_t *item, const struct artifact_test *test)
{
	json_t *results = json_array(), *notes = json_array();

	for (size_t i = 0; i < test->result_count; i++)
		json_array_append_new(results, result_json(&test->results[i]));
	for (size_t i = 0; i < test->note_count; i++)
		json_array_append_new(notes, json_string(test->notes[i]));
	put(item, "results", results);
	put(item, "notes", notes);
}

static json_t *files_json(const struct artifact_test *test)
{
	json_t *files = json_object();

	for (unsigned i = 0; i < ARTIFACT_FILE_COUNT; i++) {
		char *name = xasprintf("%s.%s", test->stem, artifact_files[i].suffix);

		if (test->files & 1u << i)
			put(files, artifact_files[i].kind, json_string(name));
		free(name);
	}
	return files;
}

static json_t *metrics_json(const struct artifact_test *test)
{
	json_t *metrics = json_object();

	for (size_t i = 0; i < ARTIFACT_METRIC_COUNT; i++)
		if (test->has[i])
			put(metrics, artifact_metrics[i].name, number(test->metrics[i]));
	return metrics;
}

static json_t *test_json(const struct artifact_test *test)
{
	json_t *item = json_object();

	put(item, "test", json_string(test->title));
	put_text(item, "name", test->name);
	put_text(item, "group", test->group);
	put_text(item, "program", test->program);
	put_text(item, "package", test->package);
	put_text(item, "suite_test", test->suite_test);
	put_text(item, "date", test->date);
	put_text(item, "machine", test->machine);
	put(item, "type",
	    json_string(test->is_set	 ? "package"
			: test->is_bench ? "benchmark"
					 : "test"));
	if (!test->is_set) {
		put(item, "outcome", json_string(outcome_word(test->outcome)));
		put(item, "good", json_boolean(outcome_is_good(test->outcome)));
		put(item, "ended", json_string(test->ended));
		put(item, "repeatable", json_boolean(test->is_repeatable));
		put(item, "metrics", metrics_json(test));
		put(item, "kinds", kinds_json(test));
		put(item, "leaks", leaks_json(test));
	}
	put(item, "files", files_json(test));
	if (test->is_bench)
		put_bench(item, test);
	return item;
}

static json_t *titles_json(const char *const *titles, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(titles[i]));
	return array;
}

static json_t *changes_json(const struct report *report)
{
	const struct report_changes *changes = &report->changes;
	json_t *array = json_array();

	for (size_t i = 0; i < changes->count; i++) {
		const struct report_change *change = &changes->items[i];

		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:s, s:o, s:o, s:b}", "test",
						change->test, "measure", change->measure, "unit",
						change->unit, "old", number(change->old), "new",
						number(change->new), "worse", change->is_worse));
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "dir", json_text(report->base->dir),
			 "changes", array, "broken",
			 titles_json(changes->broken, changes->broken_count), "mended",
			 titles_json(changes->mended, changes->mended_count), "added",
			 titles_json(changes->added, changes->added_count), "gone",
			 titles_json(changes->gone, changes->gone_count));
}

static void put_problems(json_t *array, const struct artifact *artifact, const char *dir)
{
	for (size_t i = 0; i < artifact->problem_count; i++) {
		char *file = names_utf8(artifact->problems[i].file);
		char *text = names_utf8(artifact->problems[i].text);
		json_t *item = json_pack("{s:s, s:s}", "file", file, "text", text);

		if (dir)
			put(item, "dir", json_text(dir));
		json_array_append_new(array, item);
		free(file);
		free(text);
	}
}

json_t *report_index(const struct report *report)
{
	const struct artifact *artifact = report->artifact;
	json_t *index = json_object(), *tests = json_array(), *problems = json_array();

	for (size_t i = 0; i < artifact->count; i++)
		json_array_append_new(tests, test_json(&artifact->tests[i]));
	put_problems(problems, artifact, NULL);
	if (report->base)
		put_problems(problems, report->base, report->base->dir);
	put(index, "schema", json_integer(SCHEMA));
	put(index, "tool", json_string("pprof.mk " TOOL_VERSION));
	put(index, "date", json_string(report->date));
	put_text(index, "since", artifact->since);
	put(index, "left_out", json_integer((json_int_t)artifact->left_out));
	put(index, "metrics", metrics_info());
	put(index, "verdicts", verdicts(report));
	put(index, "tests", tests);
	put(index, "problems", problems);
	put(index, "problems_more", json_integer((json_int_t)artifact->problems_more));
	if (report->base)
		put(index, "base", changes_json(report));
	return index;
}
