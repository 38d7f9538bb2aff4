/* SPDX-License-Identifier: MIT */
#include "runtime/mem/mem_sites.h"

#include "runtime/loading.h"
#include "runtime/rt.h"

/* Open addressing with linear probing, at most half full. */
struct mem_sites {
	uint32_t cap; /* a power of two */
	uint32_t len;
	uint64_t last_key; /* of the site asked for last: loops allocate at one place */
	uint32_t last_item;
	struct entry {
		uint32_t node, thread; /* node 0: free */
		uint32_t item;
	} * entries;
};

enum { FIRST_CAP = 256 };

struct mem_sites *mem_sites_new(void)
{
	struct mem_sites *sites = rt_map(sizeof *sites);

	if (sites == NULL)
		return NULL;
	sites->cap = FIRST_CAP;
	sites->entries = rt_map(FIRST_CAP * sizeof *sites->entries);
	if (sites->entries == NULL) {
		rt_unmap(sites, sizeof *sites);
		return NULL;
	}
	return sites;
}

void mem_sites_free(struct mem_sites *sites)
{
	if (sites == NULL)
		return;
	rt_unmap(sites->entries, sites->cap * sizeof *sites->entries);
	rt_unmap(sites, sizeof *sites);
}

/* The multiplier is 2^32 divided by the golden ratio (Knuth, volume 3, 6.4). */
static struct entry *entry_of(struct entry *entries, uint32_t cap, uint32_t thread, uint32_t node)
{
	uint32_t at = ((node ^ (thread << 20)) * UINT32_C(2654435769)) >> 8 & (cap - 1);

	while (entries[at].node != 0 && (entries[at].node != node || entries[at].thread != thread))
		at = (at + 1) & (cap - 1);
	return &entries[at];
}

static bool grow(struct mem_sites *sites)
{
	uint32_t cap = sites->cap * 2;
	struct entry *entries = rt_map(cap * sizeof *entries);

	if (entries == NULL)
		return false;
	for (uint32_t i = 0; i < sites->cap; i++) {
		struct entry *from = &sites->entries[i];

		if (from->node != 0)
			*entry_of(entries, cap, from->thread, from->node) = *from;
	}
	rt_unmap(sites->entries, sites->cap * sizeof *entries);
	sites->entries = entries;
	sites->cap = cap;
	return true;
}

static __attribute__((noinline)) uint32_t item_slow(struct mem_sites *sites, uint32_t thread,
						    uint32_t node)
{
	struct entry *entry = entry_of(sites->entries, sites->cap, thread, node);
	struct rec_site *site;

	if (entry->node != 0)
		return entry->item;
	loading_catch_up();
	if (sites->len * 2 >= sites->cap) {
		if (!grow(sites))
			return UINT32_MAX;
		entry = entry_of(sites->entries, sites->cap, thread, node);
	}
	entry->item = rt_append(REC_SITES);
	if (entry->item == UINT32_MAX)
		return UINT32_MAX;
	entry->thread = thread;
	entry->node = node;
	sites->len++;
	site = &rt_table(SITES, struct rec_site)[entry->item];
	site->thread = thread;
	site->node = node;
	return entry->item;
}

uint32_t mem_sites_item(struct mem_sites *sites, uint32_t thread, uint32_t node)
{
	uint64_t key = (uint64_t)thread << 32 | node;
	uint32_t item;

	if (rt_likely(sites->last_key == key))
		return sites->last_item;
	item = item_slow(sites, thread, node);
	if (item != UINT32_MAX) {
		sites->last_key = key;
		sites->last_item = item;
	}
	return item;
}
