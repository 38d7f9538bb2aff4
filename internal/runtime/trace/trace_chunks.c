/* SPDX-License-Identifier: MIT */
/* Where a thread's events go: chunks from the ring, and the count of what found no room. */
#include "runtime/trace/trace.h"

/* A thread that has found no chunk looks again after so long: to look costs a microsecond. */
#define RETRY_NS UINT64_C(50000)

RT_TLS struct trace_thread trace_thread;

static _Atomic uint32_t *states(void)
{
	return rt_table(TRACE_CHUNK_STATES, _Atomic uint32_t);
}

/* The first one that is free: a program that writes little has little memory for it, and in the cache. NULL: none. */
static struct rec_trace_chunk *take_chunk(void)
{
	uint32_t count = rt_rec->table[REC_TRACE_CHUNKS].cap;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t is_free = REC_CHUNK_FREE;

		if (atomic_load_explicit(&states()[i], memory_order_relaxed) == REC_CHUNK_FREE &&
		    atomic_compare_exchange_strong_explicit(&states()[i], &is_free, REC_CHUNK_OWNED,
							    memory_order_acquire,
							    memory_order_relaxed))
			return &rt_table(TRACE_CHUNKS, struct rec_trace_chunk)[i];
	}
	return NULL;
}

static void give_chunk(struct rec_trace_chunk *chunk)
{
	size_t index = (size_t)(chunk - rt_table(TRACE_CHUNKS, struct rec_trace_chunk));
	bool is_used = atomic_load_explicit(&chunk->used_bytes, memory_order_relaxed) != 0;

	atomic_store_explicit(&states()[index], is_used ? REC_CHUNK_FULL : REC_CHUNK_FREE,
			      memory_order_release);
}

static bool new_chunk(struct trace_thread *self, uint64_t ticks)
{
	struct rec_trace_chunk *chunk;

	if (atomic_load_explicit(&rt_rec->state.trace_is_full, memory_order_relaxed) ||
	    (self->retry_ticks != 0 && ticks < self->retry_ticks))
		return false;
	chunk = take_chunk();
	if (chunk == NULL) {
		self->retry_ticks = ticks + trace_ticks_of_ns(RETRY_NS);
		return false;
	}
	self->retry_ticks = 0;
	/* Whoever looks at it now finds no events, and none of its last owner's. */
	atomic_store_explicit(&chunk->used_bytes, 0, memory_order_release);
	chunk->thread = (uint32_t)(self->item - rt_table(TRACE_THREADS, struct rec_trace_thread));
	chunk->sequence = self->sequence++;
	chunk->base_ticks = ticks;
	chunk->event_count = 0;
	self->chunk = chunk;
	self->last_ticks = ticks;
	self->at = chunk->events;
	self->end = chunk->events + sizeof chunk->events;
	return true;
}

/* What has been lost since the last event, as an event. */
static void tell_lost(struct trace_thread *self, uint64_t ticks)
{
	struct rec_trace_thread *item = self->item;
	uint64_t from = item->lost_from_ticks;
	const uint64_t count[TRACE_ARGUMENT_MAX] = {
		__atomic_exchange_n(&item->lost, 0, __ATOMIC_RELAXED)};

	if (count[0] == 0)
		return;
	self->at = trace_encode(self->at, TRACE_LOST, (int64_t)(ticks - self->last_ticks),
				ticks > from ? ticks - from : 0, 0, count);
	self->last_ticks = ticks;
	self->chunk->event_count++;
}

bool trace_refill(struct trace_thread *self, uint64_t ticks)
{
	/* Room for what was lost, and for the event itself. */
	const ptrdiff_t room = 2 * (ptrdiff_t)TRACE_EVENT_MAX;

	if (self->chunk != NULL && self->end - self->at < room) {
		give_chunk(self->chunk);
		self->chunk = NULL;
	}
	if (self->chunk == NULL && !new_chunk(self, ticks)) {
		self->limit = NULL;
		trace_lose(self, ticks);
		return false;
	}
	self->limit = self->end - room;
	atomic_signal_fence(memory_order_seq_cst);
	tell_lost(self, ticks);
	return true;
}

void trace_lose(struct trace_thread *self, uint64_t ticks)
{
	struct rec_trace_thread *item = self->item;

	if (__atomic_fetch_add(&item->lost, 1, __ATOMIC_RELAXED) == 0)
		item->lost_from_ticks = ticks;
	atomic_fetch_add_explicit(&item->lost_all, 1, memory_order_relaxed);
	self->limit = NULL;
}

void trace_hand_over(struct trace_thread *self)
{
	if (self->chunk != NULL)
		give_chunk(self->chunk);
	self->chunk = NULL;
	self->limit = NULL;
}
