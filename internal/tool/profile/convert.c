/* SPDX-License-Identifier: MIT */
#include "tool/profile/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/profile/convert_stacks.h"
#include "tool/profile/kinds.h"

/* One recording on its way to one profile. */
struct conversion {
	const struct recording *recording;
	struct profile *profile;
	struct convert_stacks *stacks;
	const char *test;
};

static struct conversion begin_untyped(const struct recording *recording, struct sym *sym,
				       const char *test, enum stack_leaf leaf)
{
	struct conversion conversion = {recording, profile_new(), NULL, test};

	conversion.stacks = convert_stacks_new(recording, sym, conversion.profile, leaf);
	return conversion;
}

static struct conversion begin(const struct recording *recording, struct sym *sym, const char *test,
			       const char *kind, enum stack_leaf leaf)
{
	struct conversion conversion = begin_untyped(recording, sym, test, leaf);

	kind_set_types(kind_find(kind), conversion.profile);
	return conversion;
}

/* Of things that are only counted. */
static struct conversion begin_counts(const struct recording *recording, struct sym *sym,
				      const char *type)
{
	struct conversion conversion = begin_untyped(recording, sym, NULL, STACK_LEAF_WRAPPER);

	profile_add_type(conversion.profile, type, "count");
	conversion.profile->period_type = conversion.profile->types[0];
	conversion.profile->period = 1;
	return conversion;
}

static struct profile *finish(struct conversion *conversion)
{
	convert_stacks_free(conversion->stacks);
	return conversion->profile;
}

static void add(struct conversion *conversion, uint32_t thread, uint32_t node,
		const int64_t *values, size_t count)
{
	const struct rec_thread *threads =
		recording_table(conversion->recording, THREADS, struct rec_thread);
	char name[sizeof threads->name + 1] = "";
	struct profile_label labels[2] = {{"test", conversion->test}, {"thread", name}};
	struct profile_sample sample = {.labels = labels, .label_count = 2};

	if (thread < recording_len(conversion->recording, REC_THREADS))
		memcpy(name, threads[thread].name, sizeof threads->name);
	if (name[0] == '\0')
		sample.label_count = 1;
	sample.locations = convert_stack(conversion->stacks, node, &sample.location_count);
	memcpy(sample.values, values, count * sizeof *values);
	profile_add_sample(conversion->profile, &sample);
}

uint64_t convert_cpu_period_ns(const struct recording *recording)
{
	const struct rec_header *rec = recording->rec;
	uint32_t samples = recording_len(recording, REC_SAMPLES);

	if (rec->state.clock == REC_CLOCK_PERF || samples == 0)
		return rec->config.period_ns;
	return rec->state.cpu_ns / samples;
}

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* Samples of one thread and stack come together, so that each stack is walked once. */
static uint64_t *sorted_samples(const struct recording *recording, uint32_t from, uint32_t to,
				size_t *count)
{
	const struct rec_sample *samples = recording_table(recording, SAMPLES, struct rec_sample);
	uint64_t *keys = xcalloc((size_t)(to - from) + 1, sizeof *keys);

	*count = 0;
	for (uint32_t i = from; i < to; i++)
		if (samples[i].node != 0)
			keys[(*count)++] = (uint64_t)samples[i].thread << 32 | samples[i].node;
	qsort(keys, *count, sizeof *keys, by_value);
	return keys;
}

struct profile *convert_cpu_part(const struct recording *recording, struct sym *sym,
				 const char *test, uint32_t from, uint32_t to)
{
	struct conversion conversion = begin(recording, sym, test, "cpu", STACK_LEAF_EXACT);
	uint64_t period_ns = convert_cpu_period_ns(recording);
	size_t count;
	uint64_t *keys = sorted_samples(recording, from, to, &count);

	for (size_t i = 0, next; i < count; i = next) {
		int64_t values[2];

		for (next = i + 1; next < count && keys[next] == keys[i];)
			next++;
		values[0] = (int64_t)(next - i);
		values[1] = (int64_t)((next - i) * period_ns);
		add(&conversion, (uint32_t)(keys[i] >> 32), (uint32_t)keys[i], values, 2);
	}
	free(keys);
	conversion.profile->period_type = (struct profile_value_type){"cpu", "nanoseconds"};
	conversion.profile->period = (int64_t)period_ns;
	return finish(&conversion);
}

struct profile *convert_cpu(const struct recording *recording, struct sym *sym, const char *test)
{
	return convert_cpu_part(recording, sym, test, 0, recording_samples(recording));
}

struct profile *convert_threads(const struct recording *recording, struct sym *sym)
{
	struct conversion conversion = begin_counts(recording, sym, "goroutine");
	const struct rec_sample *samples = recording_table(recording, SAMPLES, struct rec_sample);
	uint32_t len = recording_len(recording, REC_SAMPLES);
	int64_t one = 1;

	for (uint32_t i = 0; i < len; i++)
		if (samples[i].node != 0)
			add(&conversion, samples[i].thread, samples[i].node, &one, 1);
	return finish(&conversion);
}

struct profile *convert_mem(const struct recording *recording, struct sym *sym, const char *test)
{
	struct conversion conversion = begin(recording, sym, test, "mem", STACK_LEAF_ALLOCATOR);
	const struct rec_site *sites = recording_table(recording, SITES, struct rec_site);
	uint64_t epoch = atomic_load(&recording->rec->state.peak_epoch);
	uint32_t len = recording_len(recording, REC_SITES);

	for (uint32_t i = 0; i < len; i++) {
		const struct rec_site *site = &sites[i];
		uint64_t count = site->alloc_count - site->free_count - site->remote_free_count;
		uint64_t bytes = site->alloc_bytes - site->free_bytes - site->remote_free_bytes;
		bool is_kept = site->peak_epoch == epoch;
		int64_t values[6] = {(int64_t)site->alloc_count,
				     (int64_t)site->alloc_bytes,
				     (int64_t)count,
				     (int64_t)bytes,
				     (int64_t)(is_kept ? site->peak_count : count),
				     (int64_t)(is_kept ? site->peak_bytes : bytes)};

		if (site->node != 0)
			add(&conversion, site->thread, site->node, values, 6);
	}
	conversion.profile->period_type = (struct profile_value_type){"space", "bytes"};
	conversion.profile->period = 1;
	return finish(&conversion);
}

static void add_waits(struct conversion *conversion, enum rec_wait_side side)
{
	const struct rec_wait *waits =
		recording_table(conversion->recording, WAITS, struct rec_wait);
	uint32_t len = recording_len(conversion->recording, REC_WAITS);

	for (uint32_t i = 0; i < len; i++) {
		int64_t values[2] = {(int64_t)waits[i].count, (int64_t)waits[i].delay_ns};

		/* Two threads may have begun one item each; the one that lost counts nothing. */
		if (waits[i].node != 0 && waits[i].count != 0 && waits[i].side == (uint32_t)side)
			add(conversion, waits[i].thread, waits[i].node, values,
			    conversion->profile->type_count);
	}
}

struct profile *convert_creations(const struct recording *recording, struct sym *sym)
{
	struct conversion conversion = begin_counts(recording, sym, "threadcreate");

	add_waits(&conversion, REC_SIDE_CREATOR);
	return finish(&conversion);
}

struct profile *convert_waits(const struct recording *recording, struct sym *sym, const char *test,
			      enum rec_wait_side side)
{
	struct conversion conversion =
		begin(recording, sym, test, side == REC_SIDE_WAITER ? "block" : "mutex",
		      STACK_LEAF_WRAPPER);

	add_waits(&conversion, side);
	conversion.profile->period_type = (struct profile_value_type){"contentions", "count"};
	conversion.profile->period = 1;
	return finish(&conversion);
}
