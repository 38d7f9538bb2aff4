/* SPDX-License-Identifier: MIT */
/* Memory that the program takes from the system and gives back, where it asks for it itself. What an allocator asks for comes by
 * here too, unless it is the C library's: those calls are the page heap's. */
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/trace/trace.h"
#include "runtime/trace/trace_heap.h"
#include "runtime/trace/trace_real.h"

static void note(enum trace_event_type type, uint64_t a, uint64_t b, uint64_t c,
		 struct stack_regs regs)
{
	int saved = errno;
	const uint64_t arguments[TRACE_ARGUMENT_MAX] = {a, b, c};
	uint32_t node;

	if (!trace_is_on() || !trace_enter())
		return;
	node = trace_node(regs);
	trace_event(type, trace_now(), 0, node, arguments);
	trace_leave();
	errno = saved;
}

/* Of a call from there: the allocator's, the page heap grows or shrinks by so much; the program's, as given. */
static void note_of(uintptr_t caller, int64_t growth, enum trace_event_type type, uint64_t a,
		    uint64_t b, uint64_t c, struct stack_regs regs)
{
	if (!trace_heap_is_at(caller))
		note(type, a, b, c, regs);
	else if (growth != 0)
		note(TRACE_PAGE_HEAP, varint_zigzag(growth), 0, 0, regs);
}

#define CALLER ((uintptr_t)__builtin_return_address(0))

static uint64_t address(const void *at)
{
	return (uint64_t)(uintptr_t)at;
}

RT_EXPORT void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	void *start = trace_real.mmap(at, size, protection, flags, fd, offset);

	if (rt_unlikely(trace_is_on()) && start != MAP_FAILED)
		note_of(CALLER, (int64_t)size, TRACE_MAP, address(start), size, 0,
			stack_regs_here());
	return start;
}

RT_EXPORT void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset)
{
	void *start = trace_real.mmap64(at, size, protection, flags, fd, offset);

	if (rt_unlikely(trace_is_on()) && start != MAP_FAILED)
		note_of(CALLER, (int64_t)size, TRACE_MAP, address(start), size, 0,
			stack_regs_here());
	return start;
}

RT_EXPORT int munmap(void *at, size_t size)
{
	int result = trace_real.munmap(at, size);

	if (rt_unlikely(trace_is_on()) && result == 0)
		note_of(CALLER, -(int64_t)size, TRACE_UNMAP, address(at), size, 0,
			stack_regs_here());
	return result;
}

/* As what it does: the old range goes, a new one comes. */
RT_EXPORT void *mremap(void *at, size_t size, size_t new_size, int flags, ...)
{
	va_list rest;
	void *wanted, *start;

	va_start(rest, flags);
	wanted = va_arg(rest, void *);
	va_end(rest);
	start = trace_real.mremap(at, size, new_size, flags, wanted);
	if (rt_unlikely(trace_is_on()) && start != MAP_FAILED) {
		if (size != 0)
			note(TRACE_UNMAP, address(at), size, 0, stack_regs_here());
		note(TRACE_MAP, address(start), new_size, 0, stack_regs_here());
	}
	return start;
}

static bool gives_back(int advice)
{
	return advice == MADV_DONTNEED || advice == MADV_FREE;
}

RT_EXPORT int madvise(void *at, size_t size, int advice)
{
	int result = trace_real.madvise(at, size, advice);

	if (rt_unlikely(trace_is_on()) && result == 0)
		note_of(CALLER, gives_back(advice) ? -(int64_t)size : 0, TRACE_MADVISE, address(at),
			size, (uint64_t)advice, stack_regs_here());
	return result;
}

RT_EXPORT void *sbrk(intptr_t change)
{
	void *before = trace_real.sbrk(change);

	if (rt_unlikely(trace_is_on()) && change != 0 && address(before) != UINT64_MAX)
		note_of(CALLER, change, TRACE_BRK, varint_zigzag(change), 0, 0, stack_regs_here());
	return before;
}

RT_EXPORT int brk(void *end)
{
	uint64_t before = rt_unlikely(trace_is_on()) ? address(trace_real.sbrk(0)) : 0;
	int result = trace_real.brk(end);

	if (rt_unlikely(trace_is_on()) && result == 0 && before != 0)
		note(TRACE_BRK, varint_zigzag((int64_t)(address(end) - before)), 0, 0,
		     stack_regs_here());
	return result;
}
