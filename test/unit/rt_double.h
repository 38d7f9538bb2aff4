/* SPDX-License-Identifier: MIT */
/* The runtime's core, as far as the unwinder needs it, for tests and benchmarks that run it
 * alone: a recording in memory of this process, and no threads' bookkeeping. Included by one
 * file of a program. */
#ifndef PPROFMK_TEST_RT_DOUBLE_H
#define PPROFMK_TEST_RT_DOUBLE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/rt.h"

/* A function with a frame of its own: not inlined, cloned or merged with an equal one. */
#ifdef __clang__
#define NOIPA __attribute__((noinline))
#else
#define NOIPA __attribute__((noipa))
#endif

struct rec_header *rt_rec;
RT_TLS struct rt_thread rt_thread;

uint32_t rt_append(enum rec_table_id id)
{
	struct rec_table *table = &rt_rec->table[id];
	uint32_t item = atomic_fetch_add(&table->len, 1);

	if (item < table->cap)
		return item;
	atomic_fetch_add(&table->lost, 1);
	return UINT32_MAX;
}

uint32_t rt_string(const char *text)
{
	size_t size = strlen(text) + 1;
	uint32_t at = atomic_fetch_add(&rt_rec->table[REC_STRINGS].len, (uint32_t)size);

	memcpy(rt_table(STRINGS, char) + at, text, size);
	return at;
}

void *rt_map(size_t size_bytes)
{
	void *start = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

void rt_unmap(void *start, size_t size_bytes)
{
	munmap(start, size_bytes);
}

/* A recording whose table of nodes has room for `nodes`; 0: as the format says. */
static inline void double_open(uint32_t nodes)
{
	static const uint32_t caps[] = {
#define X(name, type, items) items,
		REC_TABLES(X)
#undef X
	};
	static const uint32_t sizes[] = {
#define X(name, type, items) sizeof(type),
		REC_TABLES(X)
#undef X
	};
	uint64_t at = 4096;

	for (size_t i = 0; i < REC_TABLE_COUNT; i++)
		at += (uint64_t)caps[i] * sizes[i] + 4096;
	rt_rec = rt_map(at);
	if (rt_rec == NULL)
		abort();
	rt_rec->size_bytes = at;
	at = 4096;
	for (size_t i = 0; i < REC_TABLE_COUNT; i++) {
		rt_rec->table[i].offset = at;
		rt_rec->table[i].item_size = sizes[i];
		rt_rec->table[i].cap = i == REC_NODES && nodes != 0 ? nodes : caps[i];
		at = (at + (uint64_t)caps[i] * sizes[i] + 4095) / 4096 * 4096;
	}
	atomic_store(&rt_rec->table[REC_STRINGS].len, 1);
}

/* The calling thread's state, with what the C library says of its stack. */
static inline void double_thread(struct rt_thread *thread)
{
	pthread_attr_t attributes;
	size_t size = 0;
	void *low = NULL;

	memset(thread, 0, sizeof *thread);
	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		abort();
	pthread_attr_getstack(&attributes, &low, &size);
	pthread_attr_destroy(&attributes);
	thread->stack_low = (uintptr_t)low;
	thread->stack_high = (uintptr_t)low + size;
	thread->memo = rt_map(stack_memo_size());
	thread->ready = true;
}

#endif
