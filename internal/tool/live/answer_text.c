/* SPDX-License-Identifier: MIT */
#include "tool/live/answer_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/profile/convert_stacks.h"

/* Heap: alloc_objects, alloc_space, inuse_objects, inuse_space. Waits: contentions, delay. Threads: one. */
enum { ALLOC_COUNT, ALLOC_BYTES, USED_COUNT, USED_BYTES, HEAP_VALUES };

static int by_value(const void *left, const void *right, void *context)
{
	size_t type = *(const size_t *)context;
	int64_t a = (*(const struct profile_sample *const *)left)->values[type];
	int64_t b = (*(const struct profile_sample *const *)right)->values[type];

	return a > b ? -1 : a < b;
}

static const struct profile_sample **sorted(const struct profile *profile)
{
	const struct profile_sample **samples = xcalloc(profile->sample_count, sizeof *samples);
	size_t type = profile->type_count - 1;

	for (size_t i = 0; i < profile->sample_count; i++)
		samples[i] = &profile->samples[i];
	qsort_r(samples, profile->sample_count, sizeof *samples, by_value, &type);
	return samples;
}

void answer_addresses(FILE *out, const struct profile *profile, const struct profile_sample *sample)
{
	fputs(" @", out);
	/* Ours lie in the call; readers of this form step back from where it returns to. */
	for (size_t i = 0; i < sample->location_count; i++)
		fprintf(out, " %#" PRIx64,
			profile->locations[sample->locations[i] - 1].address + 1);
	fputc('\n', out);
}

static void print_line(FILE *out, const struct profile *profile, uint64_t address,
		       const struct profile_line *line)
{
	const struct profile_function *function = &profile->functions[line->function - 1];

	fprintf(out, "#\t%#" PRIx64 "\t%s", address, function->name);
	if (*function->file != '\0')
		fprintf(out, "\t%s:%" PRId64, function->file, line->line);
	fputc('\n', out);
}

static void print_frames(FILE *out, const struct profile *profile,
			 const struct profile_sample *sample)
{
	for (size_t i = 0; i < sample->location_count; i++) {
		const struct profile_location *location =
			&profile->locations[sample->locations[i] - 1];

		if (location->line_count == 0)
			fprintf(out, "#\t%#" PRIx64 "\n", location->address);
		for (size_t j = 0; j < location->line_count; j++)
			print_line(out, profile, location->address, &location->lines[j]);
	}
	fputc('\n', out);
}

/* As Go prints a map of them. */
static void print_labels(FILE *out, const struct profile_sample *sample)
{
	for (size_t i = 0; i < sample->label_count; i++)
		fprintf(out, "%s\"%s\":\"%s\"", i == 0 ? "# labels: {" : ", ",
			sample->labels[i].key, sample->labels[i].value);
	if (sample->label_count > 0)
		fputs("}\n", out);
}

void answer_heap_figures(FILE *out, const int64_t *values)
{
	fprintf(out, "%" PRId64 ": %" PRId64 " [%" PRId64 ": %" PRId64 "]", values[USED_COUNT],
		values[USED_BYTES], values[ALLOC_COUNT], values[ALLOC_BYTES]);
}

void answer_heap_head(FILE *out, const struct profile *profile, const char *form)
{
	int64_t sums[HEAP_VALUES];

	for (size_t type = 0; type < HEAP_VALUES; type++)
		sums[type] = profile_sum(profile, type);
	/* pprof takes a profile in which both are equal for one that has no sums of allocations. */
	sums[ALLOC_BYTES] += sums[ALLOC_BYTES] == sums[USED_BYTES];
	fputs("heap profile: ", out);
	answer_heap_figures(out, sums);
	fprintf(out, " @ %s\n", form);
}

static void print_head(FILE *out, enum answer_kind kind, const struct profile *profile)
{
	switch (kind) {
	case ANSWER_HEAP:
	case ANSWER_ALLOCS:
		answer_heap_head(out, profile, "heap/2");
		break;
	case ANSWER_BLOCK:
		fputs("--- contention:\ncycles/second=1000000000\n", out);
		break;
	case ANSWER_MUTEX:
		fputs("--- mutex:\ncycles/second=1000000000\nsampling period=1\n", out);
		break;
	default:
		fprintf(out, "%s profile: total %" PRId64 "\n", profile->types[0].type,
			profile_sum(profile, 0));
	}
}

static void print_sample(FILE *out, enum answer_kind kind, const struct profile *profile,
			 const struct profile_sample *sample)
{
	if (kind == ANSWER_HEAP || kind == ANSWER_ALLOCS)
		answer_heap_figures(out, sample->values);
	else if (kind == ANSWER_BLOCK || kind == ANSWER_MUTEX)
		fprintf(out, "%" PRId64 " %" PRId64, sample->values[1], sample->values[0]);
	else
		fprintf(out, "%" PRId64, sample->values[0]);
	answer_addresses(out, profile, sample);
	print_labels(out, sample);
	print_frames(out, profile, sample);
}

void answer_text(FILE *out, enum answer_kind kind, const struct profile *profile)
{
	const struct profile_sample **samples = sorted(profile);

	print_head(out, kind, profile);
	for (size_t i = 0; i < profile->sample_count; i++)
		print_sample(out, kind, profile, samples[i]);
	free(samples);
}

static void dump_location(FILE *out, const struct profile *profile,
			  const struct profile_location *location)
{
	for (size_t i = 0; i < location->line_count; i++) {
		const struct profile_line *line = &location->lines[i];
		const struct profile_function *function = &profile->functions[line->function - 1];

		fprintf(out, "%s(...)\n\t%s:%" PRId64 "\n", function->name,
			*function->file != '\0' ? function->file : "??", line->line);
	}
}

void answer_dump(FILE *out, const struct recording *recording, struct sym *sym)
{
	const struct rec_thread *threads = recording_table(recording, THREADS, struct rec_thread);
	const struct rec_sample *samples = recording_table(recording, SAMPLES, struct rec_sample);
	uint32_t count = recording_len(recording, REC_SAMPLES);
	struct profile *profile = profile_new();
	struct convert_stacks *stacks =
		convert_stacks_new(recording, sym, profile, STACK_LEAF_WRAPPER);

	for (uint32_t i = 0; i < count; i++) {
		uint64_t *locations;
		size_t depth;

		if (samples[i].node == 0 ||
		    samples[i].thread >= recording_len(recording, REC_THREADS))
			continue;
		fprintf(out, "goroutine %u [%.16s]:\n", threads[samples[i].thread].tid,
			threads[samples[i].thread].name);
		locations = convert_stack(stacks, samples[i].node, &depth);
		for (size_t j = 0; j < depth; j++)
			dump_location(out, profile, &profile->locations[locations[j] - 1]);
		fputc('\n', out);
	}
	convert_stacks_free(stacks);
	profile_free(profile);
}
