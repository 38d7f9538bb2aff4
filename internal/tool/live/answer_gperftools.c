/* SPDX-License-Identifier: MIT */
#include "tool/live/answer_gperftools.h"

#include <errno.h>
#include <inttypes.h>

#include "tool/live/answer_text.h"

static void print_mappings(FILE *out, const struct profile *profile)
{
	for (size_t i = 0; i < profile->mapping_count; i++) {
		const struct profile_mapping *mapping = &profile->mappings[i];

		fprintf(out, "%" PRIx64 "-%" PRIx64 " r-xp %08" PRIx64 " 00:00 0 %s\n",
			mapping->start, mapping->limit, mapping->offset, mapping->path);
	}
}

/* Words as the machine has them, which is how a reader tells its order of bytes. */
static void print_word(FILE *out, uint64_t word)
{
	uintptr_t machine = (uintptr_t)word;

	fwrite(&machine, sizeof machine, 1, out);
}

/* gperftools' docs/cpuprofile-fileformat.html: header, samples of a count, a depth and addresses, trailer. */
static void print_cpu(FILE *out, const struct profile *profile)
{
	const uint64_t header[] = {0, 3, 0, (uint64_t)profile->period / 1000, 0};
	const uint64_t trailer[] = {0, 1, 0};

	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		print_word(out, header[i]);
	for (size_t i = 0; i < profile->sample_count; i++) {
		const struct profile_sample *sample = &profile->samples[i];

		if (sample->location_count == 0)
			continue;
		print_word(out, (uint64_t)sample->values[0]);
		print_word(out, sample->location_count);
		/* All but the leaf are where a call returns to. */
		for (size_t j = 0; j < sample->location_count; j++)
			print_word(out,
				   profile->locations[sample->locations[j] - 1].address + (j > 0));
	}
	for (size_t i = 0; i < sizeof trailer / sizeof *trailer; i++)
		print_word(out, trailer[i]);
	print_mappings(out, profile);
}

static void print_heap(FILE *out, const struct profile *profile)
{
	/* Sampled, and made up for that already: of a rate of 1 a reader leaves them as they are. */
	answer_heap_head(out, profile, "heap_v2/1");
	for (size_t i = 0; i < profile->sample_count; i++) {
		answer_heap_figures(out, profile->samples[i].values);
		answer_addresses(out, profile, &profile->samples[i]);
	}
}

static void print_waits(FILE *out, const struct profile *profile)
{
	fputs("--- contention:\ncycles/second = 1000000000\nsampling period = 1\n", out);
	for (size_t i = 0; i < profile->sample_count; i++) {
		const int64_t *values = profile->samples[i].values;

		fprintf(out, "%" PRId64 " %" PRId64, values[1], values[0]);
		answer_addresses(out, profile, &profile->samples[i]);
	}
}

int answer_gperftools(FILE *out, enum answer_kind kind, const struct profile *profile)
{
	switch (kind) {
	case ANSWER_PROFILE:
		print_cpu(out, profile);
		return 0;
	case ANSWER_HEAP:
		print_heap(out, profile);
		fputs("\nMAPPED_LIBRARIES:\n", out);
		break;
	case ANSWER_BLOCK:
		print_waits(out, profile);
		fputs("--- Memory map: ---\n", out);
		break;
	default:
		return -ENOTSUP;
	}
	print_mappings(out, profile);
	return 0;
}
