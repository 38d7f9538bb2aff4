/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_slots.h"

#include <stdatomic.h>

#include "runtime/rt.h"

/* In store: what a program starts while the thread that looks for more has to wait for a CPU. */
enum { SPARES = 1 << 13 };

/* An end_ticks that no thread has: the item is being cleared. */
#define TAKEN UINT64_MAX

static _Atomic uint32_t spares[SPARES]; /* numbers, plus 1; 0: none */
static _Atomic uint32_t spare_count;	/* about */
static _Atomic uint32_t next;		/* where the next one is looked for */

/* Of the thread that takes chunks away. */
static uint32_t cursor;	  /* the item to look at next */
static uint8_t *creators; /* a bit for each item that another one names as its creator */

static uint32_t take_spare(void)
{
	for (uint32_t i = 0; i < SPARES; i++) {
		uint32_t at = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) % SPARES;
		uint32_t number =
			atomic_load_explicit(&spares[at], memory_order_relaxed) != 0
				? atomic_exchange_explicit(&spares[at], 0, memory_order_acquire)
				: 0;

		if (number == 0)
			continue;
		atomic_fetch_sub_explicit(&spare_count, 1, memory_order_relaxed);
		return number - 1;
	}
	return UINT32_MAX;
}

uint32_t trace_slot_new(void)
{
	const struct rec_table *table = &rt_rec->table[REC_TRACE_THREADS];
	uint32_t number = UINT32_MAX;

	if (atomic_load_explicit(&table->len, memory_order_relaxed) >= table->cap &&
	    atomic_load_explicit(&spare_count, memory_order_relaxed) > 0)
		number = take_spare();
	return number != UINT32_MAX ? number : rt_append(REC_TRACE_THREADS);
}

bool trace_slot_reopen(struct rec_trace_thread *item, uint64_t end_ticks)
{
	return atomic_compare_exchange_strong(&item->end_ticks, &end_ticks, 0);
}

/* The creator of a thread that is still known must not become another one. */
static void mark_creators(const struct rec_trace_thread *items, uint32_t count)
{
	for (uint32_t i = 0; i < (count + 7) / 8; i++)
		creators[i] = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t number = __atomic_load_n(&items[i].creator, __ATOMIC_RELAXED) - 1;

		if (number < count)
			creators[number / 8] |= (uint8_t)(1u << number % 8);
	}
}

/* Its chunk, too, has been taken away: a thread hands it over before it says that it ends. */
static bool take_over(struct rec_trace_thread *item, uint64_t before_ticks)
{
	uint64_t end_ticks = atomic_load_explicit(&item->end_ticks, memory_order_acquire);

	return end_ticks != 0 && end_ticks != TAKEN && end_ticks < before_ticks &&
	       atomic_compare_exchange_strong(&item->end_ticks, &end_ticks, TAKEN);
}

static void clear(struct rec_trace_thread *item)
{
	/* Without a tid it is none to whoever reads the table now, for it or for a handle. */
	__atomic_store_n(&item->tid, 0, __ATOMIC_RELAXED);
	atomic_signal_fence(memory_order_release);
	__atomic_store_n(&item->handle, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&item->creator, 0, __ATOMIC_RELAXED);
	item->function = item->start_ticks = 0;
	item->lost = 0;
	item->lost_from_ticks = 0;
	atomic_store(&item->name, 0);
	atomic_store(&item->now_type, 0);
	atomic_store(&item->lost_all, 0);
	atomic_store(&item->end_ticks, 0);
}

/* The next item that may be used again, UINT32_MAX: none. The first one stays: it is the program's main thread. */
static uint32_t find_over(struct rec_trace_thread *items, uint32_t count, uint64_t before_ticks)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t number = cursor++ % count;

		if (number == 0 || (creators[number / 8] & 1u << number % 8) != 0 ||
		    !take_over(&items[number], before_ticks))
			continue;
		clear(&items[number]);
		return number;
	}
	return UINT32_MAX;
}

static void fill(struct rec_trace_thread *items, uint32_t count, uint64_t before_ticks)
{
	mark_creators(items, count);
	for (uint32_t i = 0; i < SPARES; i++) {
		uint32_t number;

		if (atomic_load_explicit(&spares[i], memory_order_relaxed) != 0)
			continue;
		number = find_over(items, count, before_ticks);
		if (number == UINT32_MAX)
			return;
		atomic_fetch_add_explicit(&spare_count, 1, memory_order_relaxed);
		atomic_store_explicit(&spares[i], number + 1, memory_order_release);
	}
}

/* As long as the table has room nothing is done; and then when half of the store is gone, since all items are looked at. */
void trace_slots_free(uint64_t before_ticks)
{
	const struct rec_table *table = &rt_rec->table[REC_TRACE_THREADS];

	if (atomic_load_explicit(&table->len, memory_order_relaxed) + SPARES / 2 < table->cap ||
	    atomic_load_explicit(&spare_count, memory_order_relaxed) > SPARES / 2)
		return;
	if (creators == NULL)
		creators = rt_map((table->cap + 7) / 8);
	if (creators != NULL)
		fill(rt_table(TRACE_THREADS, struct rec_trace_thread), table->cap, before_ticks);
}

void trace_slots_forget(void)
{
	for (uint32_t i = 0; i < SPARES; i++)
		atomic_store(&spares[i], 0);
	atomic_store(&spare_count, 0);
	cursor = 0;
}
