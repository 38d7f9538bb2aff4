/* SPDX-License-Identifier: MIT */
/* The recorder of a trace: its start, its window, and the threads' items. */
#include "runtime/trace/trace.h"

#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/recorder.h"
#include "runtime/sync/sync_contention.h"
#include "runtime/trace/trace_fds.h"
#include "runtime/trace/trace_heap.h"
#include "runtime/trace/trace_slots.h"
#include "runtime/trace/trace_strings.h"
#include "runtime/trace/trace_threads.h"
#include "runtime/sync/sync_wait.h"
#include "runtime/trace/trace_wait.h"

_Atomic bool trace_on, trace_waits;
bool trace_has_counter;
_Atomic uint32_t trace_number;

/* Ticks of 1024 ns; until it is known, those of a counter of 4 GHz. */
static _Atomic uint64_t ticks_of_1024_ns = 4096;
static uint64_t first_ticks, first_ns;

uint64_t trace_ticks_of_ns(uint64_t ns)
{
	return ns * atomic_load_explicit(&ticks_of_1024_ns, memory_order_relaxed) / 1024;
}

/* The counter between two looks at the clock that are close together. */
static void read_both(uint64_t *ticks, uint64_t *ns)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 5; i++) {
		uint64_t before = trace_now(), now = rt_now_ns(), after = trace_now();

		if (after - before >= least)
			continue;
		least = after - before;
		*ticks = before + least / 2;
		*ns = now;
	}
}

/* Of a flight the last ones are wanted: there the table begins anew. */
static uint32_t sync_item(void)
{
	const struct rec_table *table = &rt_rec->table[REC_TRACE_SYNCS];
	static uint32_t next;

	if (!rt_rec->config.trace.is_flight || atomic_load(&table->len) < table->cap)
		return rt_append(REC_TRACE_SYNCS);
	return next++ % table->cap;
}

void trace_sync(bool is_noted)
{
	struct rec_trace_sync *items = rt_table(TRACE_SYNCS, struct rec_trace_sync);
	uint32_t at = is_noted ? sync_item() : UINT32_MAX;
	uint64_t ticks = 0, ns = 0;

	read_both(&ticks, &ns);
	if (at != UINT32_MAX) {
		atomic_store_explicit(&items[at].ns, 0, memory_order_relaxed);
		items[at].ticks = ticks;
		atomic_store_explicit(&items[at].ns, ns, memory_order_release);
	}
	if (first_ns == 0) {
		first_ticks = ticks;
		first_ns = ns;
	} else if (ns - first_ns > 10000) {
		atomic_store(&ticks_of_1024_ns, (ticks - first_ticks) * 1024 / (ns - first_ns));
	}
}

/* What a creator promises: an item's number, plus 1, of its trace's; the thread may begin in the next one. 0: none. */
enum { PROMISE_BITS = 20 };

static uint32_t promise_of(uint32_t number)
{
	return (trace_number << PROMISE_BITS) | (number + 1);
}

/* UINT32_MAX: nothing was promised, or not by this trace. */
static uint32_t number_of(uint32_t promise)
{
	uint32_t number = (promise & ((1u << PROMISE_BITS) - 1)) - 1;

	return promise != 0 && promise == promise_of(number) ? number : UINT32_MAX;
}

/* The promised item of a thread whose creator we have seen, the one that it was met with, or a new one. NULL: no room. */
static struct rec_trace_thread *take_item(uint32_t promised, uint32_t tid)
{
	struct rec_trace_thread *met = promised == UINT32_MAX ? trace_threads_met(tid) : NULL;
	uint32_t number;

	if (met != NULL)
		return met;
	number = promised != UINT32_MAX ? promised : trace_slot_new();

	if (number == UINT32_MAX)
		return NULL;
	return &rt_table(TRACE_THREADS, struct rec_trace_thread)[number];
}

static void note_name(struct rec_trace_thread *item)
{
	char name[16] = "";

	syscall(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
	atomic_store(&item->name, trace_string(name));
}

/* Nothing of an earlier trace, but its place in the list. */
static void begin_anew(struct trace_thread *self)
{
	if (!self->is_listed)
		trace_threads_add(self);
	self->trace = trace_number;
	self->at = self->limit = self->end = NULL;
	self->chunk = NULL;
	self->item = NULL;
	self->retry_ticks = 0;
	self->sequence = 0;
	atomic_store_explicit(&self->is_writing, false, memory_order_relaxed);
}

/* Context: guard held. */
static void begin_thread(struct rt_thread *thread)
{
	struct trace_thread *self = &trace_thread;
	uint32_t promised = number_of(thread->promise);

	thread->promise = 0;
	/* A destructor that runs behind ours: the thread's life goes on. */
	if (self->trace == trace_number && self->item != NULL &&
	    trace_slot_reopen(self->item, self->end_ticks)) {
		if (!self->is_listed)
			trace_threads_add(self);
		return;
	}
	begin_anew(self);
	thread->recorder = self;
	stack_memo_forget(thread->memo);
	self->item = take_item(promised, thread->tid);
	if (self->item == NULL) {
		/* Its events are dropped, and the next one looks again: no thread without an item passes trace_enter(). */
		self->trace = 0;
		return;
	}
	__atomic_store_n(&self->item->handle, (uint64_t)pthread_self(), __ATOMIC_RELAXED);
	if (self->item->tid == 0)
		self->item->start_ticks = trace_now();
	note_name(self->item);
	__atomic_store_n(&self->item->tid, thread->tid, __ATOMIC_RELAXED);
	if (trace_is_on() && promised != UINT32_MAX)
		TRACE_EVENT(TRACE_THREAD_START, self->item->start_ticks, 0, 0, self->item->creator);
}

/* Context: guard held, the ending thread. */
static void end_thread(struct rt_thread *thread)
{
	struct trace_thread *self = &trace_thread;
	uint64_t now = trace_now();

	(void)thread;
	if (self->is_listed)
		trace_threads_remove(self);
	if (self->trace != trace_number || self->item == NULL)
		return;
	note_name(self->item);
	if (trace_is_on()) {
		trace_wait_abandon(now);
		trace_heap_thread_end();
		if (contention_is_near((const void *)(uintptr_t)self->item->handle))
			TRACE_EVENT(TRACE_WAKE, now, 0, 0, TRACE_WAKE_EXIT, self->item->handle);
		TRACE_EVENT(TRACE_THREAD_END, now, 0, 0, 0);
	}
	trace_hand_over(self);
	/* From now on the item may be another one's. */
	self->end_ticks = now;
	atomic_store(&self->item->end_ticks, now);
}

bool trace_begin_thread(void)
{
	struct rt_thread *thread = rt_thread_self();

	if (thread->guard > 0 || !thread->ready)
		return false;
	if (trace_thread.trace != trace_number) {
		thread->guard++;
		begin_thread(thread);
		thread->guard--;
	}
	if (trace_thread.item != NULL)
		return true;
	atomic_fetch_add_explicit(&rt_rec->state.events_dropped, 1, memory_order_relaxed);
	return false;
}

static uint32_t promise_thread(uint64_t function)
{
	uint32_t number = trace_slot_new();
	struct rec_trace_thread *item;

	if (number == UINT32_MAX)
		return 0;
	item = &rt_table(TRACE_THREADS, struct rec_trace_thread)[number];
	item->function = function;
	if (rt_thread.ready && trace_thread.trace == trace_number && trace_thread.item != NULL)
		__atomic_store_n(&item->creator,
				 (uint32_t)(trace_thread.item -
					    rt_table(TRACE_THREADS, struct rec_trace_thread)) +
					 1,
				 __ATOMIC_RELAXED);
	return promise_of(number);
}

static void thread_created(uint32_t promise, uint64_t function, uint64_t ticks,
			   struct stack_regs regs)
{
	uint32_t number = number_of(promise);

	if (number == UINT32_MAX || !trace_is_on() || !trace_enter())
		return;
	TRACE_EVENT(TRACE_THREAD_CREATE, ticks, 0, trace_node(regs), number + 1, function);
	trace_leave();
}

static void thread_named(pthread_t handle, const char *name)
{
	uint32_t text = trace_string(name);
	uint32_t count = atomic_load(&rt_rec->table[REC_TRACE_THREADS].len);
	struct rec_trace_thread *items = rt_table(TRACE_THREADS, struct rec_trace_thread);

	if (pthread_equal(handle, pthread_self())) {
		if (!trace_is_on() || !trace_enter())
			return;
		atomic_store(&trace_thread.item->name, text);
		TRACE_EVENT(TRACE_THREAD_NAME, trace_now(), 0, 0, text);
		trace_leave();
		return;
	}
	for (uint32_t i = 0; i < count && i < rt_rec->table[REC_TRACE_THREADS].cap; i++)
		if (__atomic_load_n(&items[i].handle, __ATOMIC_RELAXED) == (uint64_t)handle &&
		    atomic_load(&items[i].end_ticks) == 0)
			atomic_store(&items[i].name, text);
}

void trace_forget(void)
{
	trace_number++;
}

void trace_detach(void)
{
	atomic_store(&trace_on, false);
	atomic_store(&trace_waits, false);
	atomic_store(&rt_waits, false);
}

static uint64_t now(void)
{
	return trace_now();
}

static const struct sync_tracer tracer = {
	.now = now,
	.wait_begin = trace_wait_begin,
	.wait_end = trace_wait_end,
	.call_begin = trace_call_begin,
	.call_end = trace_call_end,
	.wake = trace_wake,
};

static bool start(void)
{
	trace_number++;
	first_ns = 0;
	if (sync_tracer == NULL)
		pthread_atfork(NULL, NULL, trace_detach);
	sync_tracer = &tracer;
	trace_has_counter = rt_rec->config.trace.ticks == REC_TICKS_COUNTER;
	if (!trace_has_counter)
		atomic_store(&ticks_of_1024_ns, 1024);
	trace_fd_forget_all();
	trace_slots_forget();
	trace_sync(true);
	trace_heap_start();
	atomic_store(&rt_waits, true);
	atomic_store(&trace_waits, true);
	return true;
}

static void window_event(uint64_t is_open)
{
	if (!trace_enter())
		return;
	TRACE_EVENT(TRACE_WINDOW, trace_now(), 0, 0, is_open);
	trace_leave();
}

/* A test that is recorded as a flight has as many windows as it has runs: whoever takes its chunks away compares the clocks. */
static void window_open(void)
{
	trace_sync(!rt_rec->config.trace.is_flight);
	atomic_store(&trace_on, true);
	window_event(1);
	trace_heap_open();
}

static void window_close(void)
{
	trace_heap_close();
	window_event(0);
	atomic_store(&trace_on, false);
	trace_sync(!rt_rec->config.trace.is_flight);
}

const struct rt_recorder rt_recorder_trace = {
	.start = start,
	.now = now,
	.thread_promise = promise_thread,
	.thread_created = thread_created,
	.thread_named = thread_named,
	.thread_begin = begin_thread,
	.thread_end = end_thread,
	.window_open = window_open,
	.window_close = window_close,
};
