/* SPDX-License-Identifier: MIT */
/* Results of benchmarks in a manifest; declared in artifact_source.h. */
#include "tool/report/artifact_source.h"

static void read_metrics(const struct artifact_source *source, const json_t *item,
			 struct artifact_result *result)
{
	json_t *metrics = json_object_get(item, "metrics"), *value;
	const char *unit;

	result->metrics = arena_get(&source->artifact->arena, json_object_size(metrics) + 1,
				    sizeof(*result->metrics));
	json_object_foreach(metrics, unit, value)
	{
		struct artifact_value *metric = &result->metrics[result->metric_count];

		if (!json_is_number(value))
			continue;
		metric->unit = source_keep(source, unit);
		metric->value = json_number_value(value);
		result->metric_count++;
	}
}

static void read_result(const struct artifact_source *source, const json_t *item,
			struct artifact_result *result)
{
	const json_t *batches = json_object_get(item, "batches_ns_op");

	result->name = source_text(source, item, "name");
	result->problem = source_text(source, item, "problem");
	result->run = source_number(item, "run", 1);
	result->cpus = source_number(item, "cpus", 1);
	result->iterations = source_number(item, "iterations", 0);
	result->threads = source_number(item, "threads", 1);
	result->ns_op = source_number(item, "ns_op", 0);
	result->mb_s = source_number(item, "mb_s", -1);
	result->bytes_op = source_number(item, "bytes_op", -1);
	result->allocs_op = source_number(item, "allocs_op", -1);
	result->batches = source_array(source, batches, sizeof(*result->batches));
	for (size_t i = 0; i < json_array_size(batches); i++) {
		const json_t *batch = json_array_get(batches, i);

		if (json_is_number(batch))
			result->batches[result->batch_count++] = json_number_value(batch);
	}
	read_metrics(source, item, result);
}

void artifact_read_bench(const struct artifact_source *source, const json_t *bench)
{
	const json_t *results = json_object_get(bench, "results");
	const json_t *notes = json_object_get(bench, "notes");
	struct artifact_test *test = source->test;

	test->result_count = json_array_size(results);
	test->results = source_array(source, results, sizeof(*test->results));
	for (size_t i = 0; i < test->result_count; i++)
		read_result(source, json_array_get(results, i), &test->results[i]);
	test->notes = source_array(source, notes, sizeof(*test->notes));
	for (size_t i = 0; i < json_array_size(notes); i++) {
		const char *note = json_string_value(json_array_get(notes, i));

		if (note)
			test->notes[test->note_count++] = source_keep(source, note);
	}
}
