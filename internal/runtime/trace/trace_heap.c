/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_heap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/mem/mem_hooks.h"
#include "runtime/trace/trace.h"
#include "runtime/unwind/unwind.h"

enum { TOLD_BYTES = 16 << 10 };

static struct mem_hooks hooks;
static bool has_hooks, is_hooked;
static uintptr_t code_start, code_end; /* the allocator's, 0: not known */

/* Moved since this thread's last event; of the trace of that number. */
static RT_TLS int64_t pending;
static RT_TLS uint32_t pending_trace;

/* Context: between trace_enter() and trace_leave(). */
static void write_change(int64_t bytes)
{
	atomic_fetch_add_explicit(&rt_rec->state.trace_heap_bytes, bytes, memory_order_relaxed);
	TRACE_EVENT(TRACE_HEAP, trace_now(), 0, 0, varint_zigzag(bytes));
}

static __attribute__((noinline)) void tell(void)
{
	int saved = errno;
	int64_t bytes = pending;

	if (trace_enter()) {
		pending = 0;
		write_change(bytes);
		trace_leave();
	}
	errno = saved;
}

static void move(int64_t bytes)
{
	if (rt_unlikely(pending_trace != trace_number)) {
		pending_trace = trace_number;
		pending = 0;
	}
	pending += bytes;
	if (rt_unlikely(pending >= TOLD_BYTES || pending <= -TOLD_BYTES))
		tell();
}

static void on_alloc(const void *block, size_t size_bytes)
{
	(void)size_bytes;
	if (block != NULL && trace_is_on() && rt_thread.guard == 0)
		move((int64_t)hooks.size_of(block));
}

static void on_free(const void *block)
{
	if (block != NULL && trace_is_on() && rt_thread.guard == 0)
		move(-(int64_t)hooks.size_of(block));
}

/* Of whatever kind the allocator is: what it takes from the system is told apart by where it is taken. */
static void find_code(void)
{
	const struct unwind_modules *modules = unwind_modules_now();
	uintptr_t allocate = (uintptr_t)rt_real("malloc");
	const struct unwind_module *module =
		modules != NULL ? unwind_module_of(modules, allocate) : NULL;

	code_start = module != NULL ? module->start : 0;
	code_end = module != NULL ? module->end : 0;
}

void trace_heap_start(void)
{
	struct rec_state *state = &rt_rec->state;
	const char *why = mem_hooks_find(&hooks, state->allocator, sizeof state->allocator);

	find_code();
	has_hooks = why == NULL && hooks.size_of != NULL && hooks.remove_new != NULL &&
		    hooks.remove_delete != NULL;
	if (!has_hooks && state->message[0] == '\0')
		snprintf(state->message, sizeof state->message, "heap: %s; its size is not known",
			 why != NULL ? why : "tcmalloc lacks a function");
}

void trace_heap_open(void)
{
	size_t in_use = 0;

	if (!has_hooks)
		return;
	if (hooks.property != NULL)
		hooks.property("generic.current_allocated_bytes", &in_use);
	pending = 0;
	if (trace_enter()) {
		write_change((int64_t)in_use - atomic_load(&rt_rec->state.trace_heap_bytes));
		trace_leave();
	}
	is_hooked = hooks.add_new(on_alloc) != 0;
	if (is_hooked && hooks.add_delete(on_free) == 0) {
		hooks.remove_new(on_alloc);
		is_hooked = false;
	}
}

/* The rest of other threads' is not told: less than TOLD_BYTES for each. */
void trace_heap_close(void)
{
	if (!is_hooked)
		return;
	is_hooked = false;
	hooks.remove_new(on_alloc);
	hooks.remove_delete(on_free);
	if (pending != 0 && pending_trace == trace_number)
		tell();
}

void trace_heap_thread_end(void)
{
	if (is_hooked && pending != 0 && pending_trace == trace_number)
		write_change(pending);
	pending = 0;
}

bool trace_heap_is_at(uintptr_t address)
{
	return address >= code_start && address < code_end;
}
