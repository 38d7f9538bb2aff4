/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_locks.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/set.h"
#include "base/xalloc.h"
#include "format/recording.h"

struct collection {
	const struct trace *trace;
	struct trace_locks *locks;
	uint32_t *lock_of; /* [object]: number of its lock + 1 */
	struct set pair_set;
	size_t lock_cap, pair_cap;
};

static bool is_lock(uint32_t kind)
{
	return kind == REC_WAIT_MUTEX || kind == REC_WAIT_RWLOCK || kind == REC_WAIT_SPIN;
}

static uint32_t lock_of(struct collection *all, uint32_t object)
{
	struct trace_locks *locks = all->locks;

	if (!all->lock_of[object]) {
		locks->locks =
			xgrow(locks->locks, locks->count, &all->lock_cap, sizeof *locks->locks);
		locks->locks[locks->count++] = (struct trace_lock){
			.object = object,
			.is_lock = is_lock(trace_object(all->trace, object)->kind)};
		all->lock_of[object] = (uint32_t)locks->count;
	}
	return all->lock_of[object] - 1;
}

static bool same_pair(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_locks *locks = things;
	const struct trace_lock_pair *a = &locks->pairs[number - 1], *b = wanted;

	return a->lock == b->lock && a->stack == b->stack && a->waker_stack == b->waker_stack &&
	       a->function == b->function && a->waker_function == b->waker_function;
}

static struct trace_lock_pair *pair_of(struct collection *all, const struct trace_lock_pair *wanted)
{
	struct trace_locks *locks = all->locks;
	uint64_t hash =
		hash_word(hash_word(HASH_START, (uint64_t)wanted->lock << 32 | wanted->stack),
			  (uint64_t)wanted->waker_stack << 32 | wanted->waker_function);
	uint32_t number = set_find(&all->pair_set, hash_word(hash, wanted->function), same_pair,
				   locks, wanted, (uint32_t)locks->pair_count + 1);

	if (number > locks->pair_count) {
		locks->pairs = xgrow(locks->pairs, locks->pair_count, &all->pair_cap,
				     sizeof *locks->pairs);
		locks->pairs[locks->pair_count++] = *wanted;
	}
	return &locks->pairs[number - 1];
}

static void count(struct trace_lock_sum *sum, uint32_t thread, const struct trace_event *event,
		  uint64_t start_ns, uint64_t ns)
{
	sum->count++;
	sum->total_ns += ns;
	sum->unsuccessful += event->arguments[2] != TRACE_OUTCOME_DONE;
	if (ns < sum->longest_ns || (ns == sum->longest_ns && sum->count > 1))
		return;
	sum->longest_ns = ns;
	sum->longest_start_ns = start_ns;
	sum->longest_thread = thread;
	sum->longest_waker = event->waker;
}

static uint32_t function_of(const struct trace *trace, uint32_t thread)
{
	const struct trace_thread *of = trace_thread(trace, thread);

	return of ? of->function : 0;
}

static void add_wait(struct collection *all, uint32_t thread, const struct trace_event *event)
{
	struct trace_locks *locks = all->locks;
	uint64_t start = event->start_ns > locks->from_ns ? event->start_ns : locks->from_ns;
	uint64_t end = event->end_ns < locks->to_ns ? event->end_ns : locks->to_ns;
	struct trace_lock_pair wanted = {0};

	if (start > end || event->arguments[1] >= trace_object_count(all->trace))
		return;
	wanted.lock = lock_of(all, (uint32_t)event->arguments[1]);
	wanted.function = function_of(all->trace, thread);
	wanted.stack = event->stack;
	wanted.waker_function = function_of(all->trace, event->waker);
	wanted.waker_stack = event->waker_stack;
	count(&pair_of(all, &wanted)->sum, thread, event, start, end - start);
	count(&locks->locks[wanted.lock].sum, thread, event, start, end - start);
}

static void add_thread(struct collection *all, uint32_t thread)
{
	struct trace_cursor *cursor = trace_cursor_new(all->trace, TRACE_STREAM_EVENTS, thread,
						       all->locks->from_ns, all->locks->to_ns);
	struct trace_event event;

	while (trace_event_next(cursor, &event)) {
		if (event.type == TRACE_WAIT)
			add_wait(all, thread, &event);
	}
	trace_cursor_free(cursor);
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_lock(const void *left, const void *right)
{
	const struct trace_lock_pair *a = left, *b = right;
	int order = compare(a->lock, b->lock);

	order = order ? order : compare(b->sum.total_ns, a->sum.total_ns);
	order = order ? order : compare(a->stack, b->stack);
	return order ? order : compare(a->waker_stack, b->waker_stack);
}

static int by_total(const void *left, const void *right)
{
	const struct trace_lock *a = left, *b = right;
	int order = compare(b->sum.total_ns, a->sum.total_ns);

	return order ? order : compare(a->object, b->object);
}

/* Give each lock its pairs, then sort the locks and number them anew. */
static void sort(struct trace_locks *locks)
{
	if (locks->count == 0)
		return;
	qsort(locks->pairs, locks->pair_count, sizeof *locks->pairs, by_lock);
	for (size_t i = 0; i < locks->pair_count; i++) {
		struct trace_lock *lock = &locks->locks[locks->pairs[i].lock];

		if (lock->count++ == 0)
			lock->first = i;
	}
	qsort(locks->locks, locks->count, sizeof *locks->locks, by_total);
	for (size_t i = 0; i < locks->count; i++) {
		for (size_t j = 0; j < locks->locks[i].count; j++)
			locks->pairs[locks->locks[i].first + j].lock = (uint32_t)i;
	}
}

struct trace_locks *trace_locks_new(const struct trace *trace, uint64_t from_ns, uint64_t to_ns)
{
	struct trace_locks *locks = xcalloc(1, sizeof *locks);
	struct collection all = {.trace = trace, .locks = locks};

	locks->from_ns = from_ns;
	locks->to_ns = to_ns;
	all.lock_of = xcalloc(trace_object_count(trace), sizeof *all.lock_of);
	for (uint32_t i = 0; i < trace_thread_count(trace); i++) {
		const struct trace_thread *thread = trace_thread(trace, i);

		if (thread->start_ns <= to_ns && thread->end_ns >= from_ns)
			add_thread(&all, i);
	}
	sort(locks);
	set_free(&all.pair_set);
	free(all.lock_of);
	return locks;
}

void trace_locks_free(struct trace_locks *locks)
{
	if (!locks)
		return;
	free(locks->locks);
	free(locks->pairs);
	free(locks);
}
