/* SPDX-License-Identifier: MIT */
/* The index is a row of hash tables, each twice as large as the one before: entries go to the
 * newest, lookups begin there. One table of the full size would touch a page of its own for nearly
 * every node, 4 KiB of memory and a page fault of a microsecond; this way memory follows the number
 * of nodes, and up to FIRST_NODES there is one table only.
 *
 * Which tables exist follows from the number of nodes, so that nothing has to be published. An
 * entry goes from 0 to a node's number once, after the node was filled in. */
#include "runtime/unwind/stack_nodes.h"

#include "runtime/rt.h"

#define FIRST_BITS  14
#define FIRST_NODES (UINT32_C(1) << (FIRST_BITS - 1)) /* half of the entries: probes stay short */

/* So many nodes fill the last table that there is room for, and no more. */
_Static_assert((REC_NODE_COUNT / FIRST_NODES & (REC_NODE_COUNT / FIRST_NODES + 1)) == 0,
	       "a table of nodes beyond REC_NODE_INDEX");

typedef _Atomic uint32_t entry;

/* The newest table when there are so many nodes: n of FIRST_NODES, 2n, 4n and so on. */
static unsigned level_of(uint32_t nodes)
{
	return 31 - (unsigned)__builtin_clz(nodes / FIRST_NODES + 1);
}

static uint64_t hash(uint32_t parent, uintptr_t ip, uint32_t epoch)
{
	uint64_t value = (ip ^ (uint64_t)parent << 40 ^ (uint64_t)parent >> 24) *
			 UINT64_C(0x9e3779b97f4a7c15);

	return (value ^ value >> 29 ^ epoch) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* Where a chain of probes for `key` ended in one table. */
struct place {
	entry *free;   /* where the node can go, NULL: the table is full */
	uint32_t node; /* found, 0: not there */
};

static bool is_node(uint32_t number, uint32_t parent, uintptr_t ip, uint32_t epoch)
{
	const struct rec_node *node = &rt_table(NODES, struct rec_node)[number];

	return node->ip == ip && node->parent == parent && node->epoch == epoch;
}

static struct place find(unsigned level, uint32_t parent, uintptr_t ip, uint32_t epoch)
{
	uint32_t size = UINT32_C(1) << (FIRST_BITS + level);
	uint32_t at = (uint32_t)(hash(parent, ip, epoch) >> (64 - FIRST_BITS - level));
	/* tables of 1, 2, 4 ... times the first one's size, one after the other */
	entry *table =
		(entry *)rt_table(NODE_INDEX, uint32_t) + (size - (UINT32_C(1) << FIRST_BITS));

	for (uint32_t probes = 0; probes < size; probes++, at = (at + 1) & (size - 1)) {
		uint32_t number = atomic_load_explicit(&table[at], memory_order_acquire);

		if (number == 0)
			return (struct place){&table[at], 0};
		if (is_node(number, parent, ip, epoch))
			return (struct place){NULL, number};
	}
	return (struct place){NULL, 0};
}

/* Put the node made into the newest table, unless another thread has been quicker: then theirs
 * counts, and ours stays unused. */
static uint32_t insert(unsigned level, struct place place, uint32_t parent, uintptr_t ip,
		       uint32_t epoch)
{
	uint32_t number = rt_append(REC_NODES);
	uint32_t nothing = 0;

	if (number == UINT32_MAX)
		return 0;
	rt_table(NODES, struct rec_node)[number] = (struct rec_node){ip, parent, epoch};
	while (place.free != NULL &&
	       !atomic_compare_exchange_strong_explicit(
		       place.free, &nothing, number, memory_order_release, memory_order_relaxed)) {
		place = find(level, parent, ip, epoch);
		if (place.node != 0)
			return place.node;
		nothing = 0;
	}
	return number;
}

uint32_t stack_nodes_child(uint32_t parent, uintptr_t ip, uint32_t epoch)
{
	struct rec_table *nodes = &rt_rec->table[REC_NODES];
	uint32_t len = atomic_load_explicit(&nodes->len, memory_order_relaxed);
	unsigned newest = level_of(len < nodes->cap ? len : nodes->cap - 1);
	struct place place, older;

	place = find(newest, parent, ip, epoch);
	if (place.node != 0)
		return place.node;
	for (unsigned level = newest; level-- > 0;) {
		older = find(level, parent, ip, epoch);
		if (older.node != 0)
			return older.node;
	}
	return insert(newest, place, parent, ip, epoch);
}

void stack_nodes_init(void)
{
	uint32_t none = 0;

	atomic_compare_exchange_strong(&rt_rec->table[REC_NODES].len, &none, 1);
}
