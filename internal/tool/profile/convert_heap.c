/* SPDX-License-Identifier: MIT */
#include "tool/profile/convert_heap.h"

#include "tool/profile/convert_stacks.h"

static const struct profile_value_type types[] = {
	{"alloc_objects", "count"},
	{"alloc_space", "bytes"},
	{"inuse_objects", "count"},
	{"inuse_space", "bytes"},
};

enum { TYPE_COUNT = sizeof types / sizeof *types };

/* A free that was counted while its allocation was being read is not there yet. */
static int64_t in_use(uint64_t allocated, uint64_t freed)
{
	return freed < allocated ? (int64_t)(allocated - freed) : 0;
}

static void add_site(struct profile *profile, struct convert_stacks *stacks,
		     const struct rec_site *site)
{
	uint64_t count = site->alloc_count, bytes = site->alloc_bytes;
	struct profile_sample sample = {
		.values = {(int64_t)count, (int64_t)bytes,
			   in_use(count, site->free_count + site->remote_free_count),
			   in_use(bytes, site->free_bytes + site->remote_free_bytes)},
		.block_bytes = (int64_t)(bytes / count),
	};

	sample.locations = convert_stack(stacks, site->node, &sample.location_count);
	profile_add_sample(profile, &sample);
}

struct profile *convert_heap(const struct recording *recording, struct sym *sym)
{
	const struct rec_site *sites = recording_table(recording, SITES, struct rec_site);
	uint32_t len = recording_len(recording, REC_SITES);
	struct profile *profile = profile_new();
	struct convert_stacks *stacks;

	for (size_t i = 0; i < TYPE_COUNT; i++)
		profile_add_type(profile, types[i].type, types[i].unit);
	stacks = convert_stacks_new(recording, sym, profile, STACK_LEAF_ALLOCATOR);
	for (uint32_t i = 0; i < len; i++)
		if (sites[i].node != 0 && sites[i].alloc_count != 0)
			add_site(profile, stacks, &sites[i]);
	convert_stacks_free(stacks);
	profile->period_type = (struct profile_value_type){"space", "bytes"};
	profile->period = (int64_t)recording->rec->state.heap_rate_bytes;
	return profile;
}

struct profile *convert_allocs(const struct recording *recording, struct sym *sym)
{
	struct profile *profile = convert_heap(recording, sym);

	profile->default_type = profile_string(profile, "alloc_space");
	return profile;
}
