/* SPDX-License-Identifier: MIT */
/* The recorder of an execution trace: events of each thread, in chunks of its own.
 *
 * An event takes no lock, no system call and no memory but its thread's chunk. When that is full the next one comes from the
 * ring by compare and exchange (trace_chunks.c). Where there is none, events are dropped and counted.
 *
 * Signals. A handler may interrupt the writing of an event, which takes some ten nanoseconds: its own events are then
 * counted as lost. Its events at any other time are recorded like others, also in the middle of a wait, a system call or
 * a walk of the stack. */
#ifndef PPROFMK_RUNTIME_TRACE_H
#define PPROFMK_RUNTIME_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ticks.h"
#include "base/varint.h"
#include "format/recording.h"
#include "format/trace_events.h"
#include "runtime/rt.h"

/* Whether events are noted: the window of a trace is open. The inline half of every wrapper, one relaxed load. */
extern __attribute__((visibility("hidden"))) _Atomic bool trace_on;

/* Whether waits and calls are noted, also outside the window: a trace is recorded. rt_waits is set where waits are only
 * counted, too. */
extern __attribute__((visibility("hidden"))) _Atomic bool trace_waits;

static inline bool trace_is_on(void)
{
	return atomic_load_explicit(&trace_on, memory_order_relaxed);
}

/* A thread's own. Only the thread itself and its signal handlers touch it; `inside` is read by whoever stops a trace. */
struct trace_thread {
	_Atomic uint32_t inside; /* calls of trace_enter() that have no trace_leave() yet */
	_Atomic bool is_writing; /* an event */
	uint32_t trace;		 /* which one the rest belongs to: trace_number, 0: none */
	uint8_t *at;		 /* where the next event goes */
	uint8_t *limit; /* not beyond: trace_refill() first. NULL: no chunk, or something to tell */
	uint8_t *end;	/* of the room for events */
	uint64_t last_ticks; /* of the last event */
	struct rec_trace_chunk *chunk;
	struct rec_trace_thread *item;
	uint64_t retry_ticks; /* there was no chunk: not before then; 0: at once */
	uint32_t sequence;    /* of the next chunk */
	uint64_t end_ticks;   /* as the item has it, when the thread has ended */
	bool is_listed;	      /* the next two are of trace_threads.c */
	struct trace_thread *next, *before;
};

extern __attribute__((visibility("hidden"))) RT_TLS struct trace_thread trace_thread;

/* Times of a trace. */
extern __attribute__((visibility("hidden"))) bool trace_has_counter;

static inline uint64_t trace_now(void)
{
	return trace_has_counter ? ticks_counter() : rt_now_ns();
}

/* So many nanoseconds in ticks, as far as is known by now: for thresholds. */
uint64_t trace_ticks_of_ns(uint64_t ns);

/* Which trace of this process it is, from 1. */
extern __attribute__((visibility("hidden"))) _Atomic uint32_t trace_number;

/* Make the calling thread known to this trace. False: its events can't be recorded, because our own code runs, or it has no
 * item of TRACE_THREADS (then that is counted). */
bool trace_begin_thread(void);

/* Before anything of the trace is touched; false: there is nothing to record, and no trace_leave(). What is between the two
 * takes microseconds. Context: any.
 *
 * is_on  trace_on; or trace_waits, for what is noted of waits outside the window. */
static inline bool trace_enter_if(_Atomic bool *is_on)
{
	struct trace_thread *self = &trace_thread;
	uint32_t inside = atomic_load_explicit(&self->inside, memory_order_relaxed);

	/* Whoever stops the trace clears both, has every processor pass a barrier, and looks at `inside` then. */
	atomic_store_explicit(&self->inside, inside + 1, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	if (rt_likely(atomic_load_explicit(is_on, memory_order_relaxed) && rt_thread.ready &&
		      rt_thread.guard == 0 &&
		      self->trace == atomic_load_explicit(&trace_number, memory_order_relaxed)))
		return true;
	if (atomic_load_explicit(is_on, memory_order_relaxed) && trace_begin_thread())
		return true;
	atomic_store_explicit(&self->inside, inside, memory_order_relaxed);
	return false;
}

static inline bool trace_enter(void)
{
	return trace_enter_if(&trace_on);
}

static inline void trace_leave(void)
{
	uint32_t inside = atomic_load_explicit(&trace_thread.inside, memory_order_relaxed);

	atomic_store_explicit(&trace_thread.inside, inside - 1, memory_order_release);
}

/* The stack of the calling thread from there on; 0: none. Context: between trace_enter() and
 * trace_leave(), any. */
static inline uint32_t trace_node(struct stack_regs regs)
{
	return stack_node(&rt_thread, regs);
}

/* Room for any event, and what is told before it. Context: is_writing. False: the event at `ticks` is dropped, and counted. */
bool trace_refill(struct trace_thread *self, uint64_t ticks);

/* Note that so many events of this thread are lost. Any context. */
void trace_lose(struct trace_thread *self, uint64_t ticks);

enum { TRACE_EVENT_MAX = 1 + VARINT_MAX * (3 + TRACE_ARGUMENT_MAX) };

/* One event, as struct rec_trace_chunk has them: only the fields of its type are written. */
static inline __attribute__((always_inline)) uint8_t *
trace_encode(uint8_t *to, enum trace_event_type type, int64_t delta, uint64_t duration,
	     uint32_t node, const uint64_t *arguments)
{
	*to++ = (uint8_t)type;
	to = varint_put(to, varint_zigzag(delta));
	switch (type) {
#define X(name, text, has_duration, has_stack, a, b, c)    \
	case TRACE_##name:                                 \
		if (has_duration)                          \
			to = varint_put(to, duration);     \
		if (has_stack)                             \
			to = varint_put(to, node);         \
		if (TRACE_ARGUMENT_##a != 0)               \
			to = varint_put(to, arguments[0]); \
		if (TRACE_ARGUMENT_##b != 0)               \
			to = varint_put(to, arguments[1]); \
		if (TRACE_ARGUMENT_##c != 0)               \
			to = varint_put(to, arguments[2]); \
		break;
		TRACE_EVENTS(X)
#undef X
	case TRACE_EVENT_COUNT:
		break;
	}
	return to;
}

/* Write an event of the calling thread that ended at `ticks`. What its type does not have is not looked at. A constant type
 * makes it short. errno stays. Context: between
 * trace_enter() and trace_leave(), any. */
static inline __attribute__((always_inline)) void trace_event(enum trace_event_type type,
							      uint64_t ticks, uint64_t duration,
							      uint32_t node,
							      const uint64_t *arguments)
{
	struct trace_thread *self = &trace_thread;
	uint8_t *to;

	if (rt_unlikely(atomic_load_explicit(&self->is_writing, memory_order_relaxed))) {
		trace_lose(self, ticks);
		return;
	}
	atomic_store_explicit(&self->is_writing, true, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	if (rt_likely(self->at < self->limit) || trace_refill(self, ticks)) {
		to = trace_encode(self->at, type, (int64_t)(ticks - self->last_ticks), duration,
				  node, arguments);
		self->last_ticks = ticks;
		self->at = to;
		self->chunk->event_count++;
		atomic_store_explicit(&self->chunk->used_bytes,
				      (uint32_t)(to - self->chunk->events), memory_order_release);
	}
	atomic_signal_fence(memory_order_seq_cst);
	atomic_store_explicit(&self->is_writing, false, memory_order_relaxed);
}

/* Look at both clocks, and note them if need be. Context: a trace is recorded. */
void trace_sync(bool is_noted);

/* The trace is over: what threads know of it is worth nothing. */
void trace_forget(void);

/* A child of this process records nothing: the trace is its parent's. */
void trace_detach(void);

/* The thread ends: whoever takes chunks away may have its chunk. Context: the thread itself. */
void trace_hand_over(struct trace_thread *self);

#define TRACE_EVENT(type, ticks, duration, node, ...) \
	trace_event(type, ticks, duration, node, (const uint64_t[TRACE_ARGUMENT_MAX]){__VA_ARGS__})

#endif
