/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_threads.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/trace/trace_regions.h"
#include "tool/trace/trace_states.h"
#include "tool/trace/trace_stream.h"
#include "tool/trace/trace_wakers.h"

/* From a thread's last event to where the kernel has its end: an end that comes earlier than this is another one's. */
#define SLACK_NS 1000000

#define NONE UINT32_MAX

static uint64_t ticks_ns(struct trace_making *making, uint64_t ticks)
{
	return trace_making_ns(making, trace_clock_ns(&making->clock, ticks));
}

/* The trace begins with its first thread. */
static uint64_t origin_of(struct trace_making *making)
{
	const struct rec_trace_thread *const *threads = making->raw->threads;
	uint64_t first_ns = UINT64_MAX;

	for (size_t i = 0; i < making->raw->thread_count; i++) {
		uint64_t ns = trace_clock_ns(&making->clock, threads[i]->start_ticks);

		if (threads[i]->tid != 0 && ns < first_ns)
			first_ns = ns;
	}
	return first_ns != UINT64_MAX ? first_ns : 0;
}

void trace_threads_read(struct trace_making *making)
{
	const struct trace_raw *raw = making->raw;

	making->origin_ns = raw->cut.begin_ns != 0 ? raw->cut.begin_ns : origin_of(making);
	for (size_t i = 0; i < raw->thread_count; i++) {
		const struct rec_trace_thread *thread = raw->threads[i];
		struct trace_life life = {
			.tid = thread->tid, .end_ns = UINT64_MAX, .handle = thread->handle};
		uint64_t end_ticks = atomic_load(&thread->end_ticks);

		life.start_ns = ticks_ns(making, thread->start_ticks);
		if (end_ticks != 0)
			life.end_ns = ticks_ns(making, end_ticks);
		if (life.end_ns < life.start_ns)
			life.end_ns = life.start_ns;
		trace_lives_add(&making->lives, &life);
	}
	trace_lives_sort(&making->lives);
}

/* Its source in the queue is its number. */
static struct trace_live *begin(struct trace_making *making, uint32_t number, uint64_t ns,
				enum trace_sched sched)
{
	struct trace_life *life = &making->lives.items[number];
	struct trace_live *live = xcalloc(1, sizeof *live);
	uint64_t next_ns;

	life->is_begun = true;
	life->live = live;
	life->start_ns = ns;
	live->thread = number;
	live->since_ns = ns;
	live->sched = making->has_sched ? sched : TRACE_SCHED_NONE;
	live->cpu = TRACE_NO_CPU;
	live->reader.raw = making->raw;
	if (number < making->raw->thread_count)
		live->reader.parts = making->raw->events[number];
	trace_wakers_begin(making, live, life->tid, ns);
	trace_lives_set_handle(&making->lives, life->handle, number);
	trace_lives_tid(&making->lives, life->tid)->life = number;
	if (ns == 0 && making->raw->cut.begin_ns != 0)
		trace_regions_open(making, live);
	next_ns = trace_stream_next(making, live);
	if (next_ns != UINT64_MAX)
		trace_queue_add(&making->queue, number, next_ns);
	return live;
}

static void finish(struct trace_making *making, struct trace_life *life, uint64_t ns)
{
	struct trace_live *live = life->live;

	if (ns < live->since_ns)
		ns = live->since_ns;
	trace_states_end(making, live, ns);
	trace_stream_end(making, live, ns);
	life->end_ns = ns;
	life->is_over = true;
	life->live = NULL;
	if (ns > making->last_ns)
		making->last_ns = ns;
	free(live->regions);
	free(live);
}

uint64_t trace_threads_begin_until(struct trace_making *making, uint64_t ns)
{
	struct trace_lives *lives = &making->lives;

	for (; lives->order_next < lives->order_count; lives->order_next++) {
		uint32_t number = lives->order[lives->order_next];
		struct trace_life *life = &lives->items[number];

		if (life->start_ns > ns)
			return life->start_ns;
		if (life->is_begun || life->tid == 0)
			continue;
		/* Through its number, so that it takes the place of whoever had it before. */
		trace_threads_of(making, life->tid, life->start_ns);
		life = &lives->items[number];
		if (!life->is_begun)
			begin(making, number, life->start_ns, TRACE_SCHED_FRESH);
		if (life->live != NULL)
			trace_threads_rest(making, life->live);
	}
	return UINT64_MAX;
}

void trace_threads_rest(struct trace_making *making, struct trace_live *live)
{
	struct trace_life *life = &making->lives.items[live->thread];

	if (live->sched == TRACE_SCHED_NONE && live->next.type == TRACE_NONE &&
	    life->end_ns != UINT64_MAX)
		finish(making, life, life->end_ns);
}

/* The one that has the number goes, unseen, where another one comes. */
static void replace(struct trace_making *making, struct trace_tid *tid, uint64_t ns)
{
	struct trace_life *life = tid->life != NONE ? &making->lives.items[tid->life] : NULL;

	if (life != NULL && life->live != NULL)
		finish(making, life, life->end_ns < ns ? life->end_ns : ns);
}

static struct trace_live *begin_next(struct trace_making *making, uint32_t number, uint64_t ns,
				     enum trace_sched sched)
{
	struct trace_tid *tid = trace_lives_tid(&making->lives, number);
	uint32_t next = tid->next;

	replace(making, tid, ns);
	if (next == NONE)
		next = trace_lives_extra(&making->lives, number, ns);
	else
		tid->next = making->lives.items[next].next_of_tid;
	return begin(making, next, ns, sched);
}

void trace_threads_made(struct trace_making *making, uint32_t tid, uint64_t ns)
{
	/* What a script starts before the program is none of it. Number 0 is nobody's. */
	if (tid == 0)
		return;
	if (ns > 0 || trace_lives_tid(&making->lives, tid)->next != NONE)
		begin_next(making, tid, ns, TRACE_SCHED_MADE);
}

struct trace_live *trace_threads_of(struct trace_making *making, uint32_t number, uint64_t ns)
{
	const struct trace_tid *tid;
	const struct trace_life *life;
	uint64_t next_ns;

	if (number == 0)
		return NULL;
	tid = trace_lives_tid(&making->lives, number);
	life = tid->life != NONE ? &making->lives.items[tid->life] : NULL;
	next_ns = tid->next != NONE ? making->lives.items[tid->next].start_ns : UINT64_MAX;

	/* The runtime meets a thread some time after the kernel has begun it: the record of that may be lost. */
	if (life != NULL && life->live != NULL && next_ns > ns)
		return life->live;
	if (next_ns != UINT64_MAX)
		return begin_next(making, number, next_ns < ns ? next_ns : ns, TRACE_SCHED_FRESH);
	/* Before the trace begins nobody is there; behind its end it is on its last way. */
	if (ns == 0 || life != NULL)
		return NULL;
	return begin_next(making, number, ns, TRACE_SCHED_FRESH);
}

bool trace_threads_is_known(struct trace_making *making, uint32_t number)
{
	const struct trace_tid *tid = trace_lives_tid(&making->lives, number);

	return tid->life != NONE || tid->next != NONE;
}

struct trace_live *trace_threads_was(struct trace_making *making, uint32_t number)
{
	const struct trace_tid *tid = trace_lives_tid(&making->lives, number);

	if (tid->life == NONE && tid->next == NONE)
		return begin_next(making, number, 0, TRACE_SCHED_FRESH);
	return tid->life != NONE ? making->lives.items[tid->life].live : NULL;
}

/* Its events up to where the kernel has its end, and a little more: clocks differ. False: it goes on much longer, the end
 * was none of its. */
static bool take_rest(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	while (live->next.type != TRACE_NONE && live->next.end_ns != UINT64_MAX) {
		if (live->next.end_ns > ns + SLACK_NS)
			return false;
		live->next.end_ns = live->next.end_ns < ns ? live->next.end_ns : ns;
		if (live->next.start_ns > live->next.end_ns)
			live->next.start_ns = live->next.end_ns;
		trace_stream_take(making, live);
		trace_stream_next(making, live);
	}
	return true;
}

void trace_threads_end(struct trace_making *making, struct trace_live *live, uint64_t ns)
{
	if (take_rest(making, live, ns))
		finish(making, &making->lives.items[live->thread], ns);
	else
		trace_states_lose(making, live, ns, false);
}

void trace_threads_lose_sched(struct trace_making *making, uint64_t ns)
{
	making->has_sched = false;
	for (size_t i = 0; i < making->lives.count; i++)
		if (making->lives.items[i].live != NULL)
			trace_states_lose(making, making->lives.items[i].live, ns, true);
}

void trace_threads_end_all(struct trace_making *making)
{
	for (size_t i = 0; i < making->lives.count; i++) {
		struct trace_life *life = &making->lives.items[i];

		if (life->live != NULL)
			finish(making, life,
			       life->end_ns != UINT64_MAX ? life->end_ns : making->last_ns);
	}
}
