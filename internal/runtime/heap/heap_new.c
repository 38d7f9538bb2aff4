/* SPDX-License-Identifier: MIT */
/* C++'s operators new and delete, in front of allocators that define them themselves: jemalloc's and tcmalloc's do not end in malloc. The C++
 * library's do, and are handed on to as they are: what they allocate is seen in malloc.
 *
 * In a program of C there may be no next definition, and a plugin that is loaded later brings the C++ library in a scope of its own: then it is
 * looked for where the caller would have found it without us. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#include "runtime/heap/heap_record.h"

/* The next definition of one of them. */
struct definition {
	const char *symbol;
	void *instead;		   /* of a caller that nothing is found for */
	_Atomic bool is_allocator; /* defined where malloc is, stored first */
	void *_Atomic function;
};

/* What the caller's own object and those that it needs define. */
static void *find_for(const char *symbol, const void *caller)
{
	typedef void *open_fn(const char *, int);
	open_fn *open = (open_fn *)rt_real("dlopen");
	Dl_info info;
	void *object;

	if (open == NULL || dladdr(caller, &info) == 0)
		return NULL;
	object = open(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	return object != NULL ? dlsym(object, symbol) : NULL;
}

static void *find_any(const char *symbol, const void *caller)
{
	void *function = rt_real(symbol);

	if (function != NULL)
		return function;
	function = find_for(symbol, caller);
	dlerror(); /* of what was looked for in vain: the program would find it */
	return function;
}

static bool is_beside_malloc(const void *function)
{
	Dl_info allocator, found;

	return dladdr(rt_real("malloc"), &allocator) != 0 && dladdr(function, &found) != 0 &&
	       allocator.dli_fbase == found.dli_fbase;
}

static __attribute__((noinline)) void *find(struct definition *of, const void *caller)
{
	bool was_ours = heap_is_ours;
	void *function;

	/* dlsym allocates where it finds nothing. */
	heap_is_ours = true;
	function = find_any(of->symbol, caller);
	if (function != NULL) {
		atomic_store(&of->is_allocator, is_beside_malloc(function));
		atomic_store(&of->function, function);
	}
	heap_is_ours = was_ours;
	return function != NULL ? function : of->instead;
}

static inline void *next_of(struct definition *of, const void *caller)
{
	void *function = atomic_load_explicit(&of->function, memory_order_acquire);

	return rt_likely(function != NULL) ? function : find(of, caller);
}

static inline bool is_allocator(const struct definition *of)
{
	return atomic_load_explicit(&of->is_allocator, memory_order_relaxed);
}

static void *plain(size_t size)
{
	return malloc(size);
}

static void *aligned(size_t size, size_t alignment)
{
	return aligned_alloc(alignment, size);
}

/* name, symbol, parameters, arguments, function instead */
#define NEWS(X)                                                                                    \
	X(new_one, "_Znwm", (size_t size), (size), plain)                                          \
	X(new_array, "_Znam", (size_t size), (size), plain)                                        \
	X(new_one_nothrow, "_ZnwmRKSt9nothrow_t", (size_t size, const void *nothrow),              \
	  (size, nothrow), plain)                                                                  \
	X(new_array_nothrow, "_ZnamRKSt9nothrow_t", (size_t size, const void *nothrow),            \
	  (size, nothrow), plain)                                                                  \
	X(new_aligned, "_ZnwmSt11align_val_t", (size_t size, size_t alignment), (size, alignment), \
	  aligned)                                                                                 \
	X(new_array_aligned, "_ZnamSt11align_val_t", (size_t size, size_t alignment),              \
	  (size, alignment), aligned)                                                              \
	X(new_aligned_nothrow, "_ZnwmSt11align_val_tRKSt9nothrow_t",                               \
	  (size_t size, size_t alignment, const void *nothrow), (size, alignment, nothrow),        \
	  aligned)                                                                                 \
	X(new_array_aligned_nothrow, "_ZnamSt11align_val_tRKSt9nothrow_t",                         \
	  (size_t size, size_t alignment, const void *nothrow), (size, alignment, nothrow),        \
	  aligned)

/* name, symbol, parameters, arguments */
#define DELETES(X)                                                                           \
	X(delete_one, "_ZdlPv", (void *block), (block))                                      \
	X(delete_array, "_ZdaPv", (void *block), (block))                                    \
	X(delete_sized, "_ZdlPvm", (void *block, size_t size), (block, size))                \
	X(delete_array_sized, "_ZdaPvm", (void *block, size_t size), (block, size))          \
	X(delete_nothrow, "_ZdlPvRKSt9nothrow_t", (void *block, const void *nothrow),        \
	  (block, nothrow))                                                                  \
	X(delete_array_nothrow, "_ZdaPvRKSt9nothrow_t", (void *block, const void *nothrow),  \
	  (block, nothrow))                                                                  \
	X(delete_aligned, "_ZdlPvSt11align_val_t", (void *block, size_t alignment),          \
	  (block, alignment))                                                                \
	X(delete_array_aligned, "_ZdaPvSt11align_val_t", (void *block, size_t alignment),    \
	  (block, alignment))                                                                \
	X(delete_sized_aligned, "_ZdlPvmSt11align_val_t",                                    \
	  (void *block, size_t size, size_t alignment), (block, size, alignment))            \
	X(delete_array_sized_aligned, "_ZdaPvmSt11align_val_t",                              \
	  (void *block, size_t size, size_t alignment), (block, size, alignment))            \
	X(delete_aligned_nothrow, "_ZdlPvSt11align_val_tRKSt9nothrow_t",                     \
	  (void *block, size_t alignment, const void *nothrow), (block, alignment, nothrow)) \
	X(delete_array_aligned_nothrow, "_ZdaPvSt11align_val_tRKSt9nothrow_t",               \
	  (void *block, size_t alignment, const void *nothrow), (block, alignment, nothrow))

#define CALLER __builtin_return_address(0)

/* jemalloc's aligned operators come back to aligned_alloc, its others do not. */
#define NEW(name, symbol_, parameters, arguments, instead_)                                       \
	RT_EXPORT void *name parameters __asm__(symbol_);                                         \
	void *name parameters                                                                     \
	{                                                                                         \
		static struct definition of = {.symbol = symbol_, .instead = (void *)(instead_)}; \
		void *(*next)parameters = (void *(*)parameters)next_of(&of, CALLER);              \
		struct heap_mark mark;                                                            \
		void *block;                                                                      \
                                                                                                  \
		if (rt_likely(!is_allocator(&of) || heap_is_off()))                               \
			return next arguments;                                                    \
		mark = heap_mark();                                                               \
		block = next arguments;                                                           \
		if (!heap_has_moved(mark) && !heap_skips(size))                                   \
			heap_allocated(block, size, stack_regs_here());                           \
		return block;                                                                     \
	}
NEWS(NEW)

#define DELETE(name, symbol_, parameters, arguments)                                        \
	RT_EXPORT void name parameters __asm__(symbol_);                                    \
	void name parameters                                                                \
	{                                                                                   \
		static struct definition of = {.symbol = symbol_, .instead = (void *)free}; \
		void(*next) parameters = (void(*) parameters)next_of(&of, CALLER);          \
                                                                                            \
		if (is_allocator(&of) && rt_unlikely(heap_may_have(block)))                 \
			heap_forget(block);                                                 \
		next arguments;                                                             \
	}
DELETES(DELETE)
