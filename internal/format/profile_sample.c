/* SPDX-License-Identifier: MIT */
/* Samples of a profile; declared in profile.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/sum.h"
#include "base/xalloc.h"
#include "format/profile.h"
#include "format/profile_index.h"

static bool same_sample(const void *things, uint32_t number, const void *wanted)
{
	const struct profile_sample *a = &((const struct profile *)things)->samples[number - 1];
	const struct profile_sample *b = wanted;

	if (a->location_count != b->location_count || a->label_count != b->label_count)
		return false;
	for (size_t i = 0; i < a->location_count; i++) {
		if (a->locations[i] != b->locations[i])
			return false;
	}
	for (size_t i = 0; i < a->label_count; i++) {
		if (a->labels[i].key != b->labels[i].key ||
		    a->labels[i].value != b->labels[i].value)
			return false;
	}
	return true;
}

static uint64_t hash_sample(const struct profile_sample *sample)
{
	uint64_t hash = hash_word(HASH_START, sample->location_count);

	for (size_t i = 0; i < sample->location_count; i++)
		hash = hash_word(hash, sample->locations[i]);
	for (size_t i = 0; i < sample->label_count; i++) {
		hash = hash_word(hash, (uintptr_t)sample->labels[i].key);
		hash = hash_word(hash, (uintptr_t)sample->labels[i].value);
	}
	return hash;
}

static int by_key_and_value(const void *a, const void *b)
{
	const struct profile_label *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : strcmp(x->value, y->value);
}

/* The labels that have a value, interned and in one order. Stored in labels[]; returns how many. */
static size_t intern_labels(struct profile *profile, const struct profile_sample *sample,
			    struct profile_label *labels)
{
	size_t count = 0;

	for (size_t i = 0; i < sample->label_count; i++) {
		if (!sample->labels[i].value || !*sample->labels[i].value)
			continue;
		labels[count].key = profile_string(profile, sample->labels[i].key);
		labels[count++].value = profile_string(profile, sample->labels[i].value);
	}
	qsort(labels, count, sizeof(*labels), by_key_and_value);
	return count;
}

static void append(struct profile *profile, const struct profile_sample *item)
{
	struct profile_index *index = profile->index;
	struct profile_sample *added;

	profile->samples = xgrow(profile->samples, profile->sample_count, &index->sample_cap,
				 sizeof(*profile->samples));
	added = &profile->samples[profile->sample_count++];
	*added = *item;
	added->locations = arena_copy(&index->arena, item->locations, item->location_count,
				      sizeof(*item->locations));
	added->labels =
		arena_copy(&index->arena, item->labels, item->label_count, sizeof(*item->labels));
	memset(added->values + profile->type_count, 0,
	       (PROFILE_MAX_VALUES - profile->type_count) * sizeof(added->values[0]));
}

void profile_add_sample(struct profile *profile, const struct profile_sample *sample)
{
	struct profile_label few[8];
	struct profile_label *many = NULL;
	struct profile_sample item = *sample;
	uint32_t number;

	if (sample->label_count > sizeof(few) / sizeof(few[0]))
		many = xcalloc(sample->label_count, sizeof(*many));
	item.labels = many ? many : few;
	item.label_count = intern_labels(profile, sample, item.labels);
	for (size_t i = 0; i < item.location_count; i++)
		assert(item.locations[i] && item.locations[i] <= profile->location_count);
	number = set_find(&profile->index->sample_set, hash_sample(&item), same_sample, profile,
			  &item, (uint32_t)profile->sample_count + 1);
	if (number > profile->sample_count) {
		append(profile, &item);
	} else {
		int64_t *values = profile->samples[number - 1].values;

		for (size_t i = 0; i < profile->type_count; i++)
			values[i] = sum_saturating(values[i], item.values[i]);
	}
	free(many);
}

int64_t profile_sum(const struct profile *profile, size_t type)
{
	int64_t sum = 0;

	for (size_t i = 0; i < profile->sample_count; i++)
		sum += profile->samples[i].values[type];
	return sum;
}
