/* SPDX-License-Identifier: MIT */
#include "runtime/rt.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* System calls go through syscall(): a program under test may define open, mmap or write itself, and its
 * definition would come before libc's for us too. */

/* But where ThreadSanitizer watches us (the unit tests, which define no such thing), it has to hear that memory was given back: who gets
 * the same address next does not race with its last owner. */
#ifdef __SANITIZE_THREAD__
#define UNMAP(start, size_bytes) munmap(start, size_bytes)
#else
#define UNMAP(start, size_bytes) syscall(SYS_munmap, start, size_bytes)
#endif

struct rec_header *rt_rec;
_Atomic bool rt_window;
_Atomic bool rt_waits;
_Atomic uint32_t rt_window_number;

uint32_t rt_append(enum rec_table_id id)
{
	struct rec_table *table = &rt_rec->table[id];
	uint32_t item;

	/* The look before the add keeps `len` from wrapping around when millions are dropped. */
	if (atomic_load_explicit(&table->len, memory_order_relaxed) < table->cap) {
		item = atomic_fetch_add_explicit(&table->len, 1, memory_order_relaxed);
		if (rt_likely(item < table->cap))
			return item;
	}
	atomic_fetch_add_explicit(&table->lost, 1, memory_order_relaxed);
	return UINT32_MAX;
}

uint32_t rt_string(const char *text)
{
	struct rec_table *table;
	size_t size;
	uint32_t at;

	if (text == NULL)
		return 0;
	table = &rt_rec->table[REC_STRINGS];
	size = strlen(text) + 1;
	if (size > table->cap || atomic_load(&table->len) > table->cap - size) {
		atomic_fetch_add(&table->lost, 1);
		return 0;
	}
	at = atomic_fetch_add(&table->len, (uint32_t)size);
	if (at > table->cap - size) {
		atomic_fetch_add(&table->lost, 1);
		return 0;
	}
	memcpy(rt_table(STRINGS, char) + at, text, size);
	return at;
}

void rt_trouble(const char *format, ...)
{
	char line[sizeof rt_rec->state.message + 32];
	char text[sizeof rt_rec->state.message];
	int saved = errno;
	va_list args;
	int length;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (rt_rec != NULL && rt_rec->state.message[0] == '\0')
		memcpy(rt_rec->state.message, text, sizeof text);
	length = snprintf(line, sizeof line, "pprof: %s\n", text);
	if (length > 0)
		syscall(SYS_write, STDERR_FILENO, line, (size_t)length);
	errno = saved;
}

void *rt_map(size_t size_bytes)
{
	int saved = errno;
	void *start = (void *)syscall(SYS_mmap, NULL, size_bytes, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0L);

	errno = saved;
	return start == MAP_FAILED ? NULL : start;
}

void rt_unmap(void *start, size_t size_bytes)
{
	int saved = errno;

	if (start != NULL)
		UNMAP(start, size_bytes);
	errno = saved;
}

void *rt_real(const char *symbol)
{
	return dlsym(RTLD_NEXT, symbol);
}

uint64_t rt_clock_ns(int clock_id)
{
	static int (*_Atomic real)(clockid_t, struct timespec *);
	int (*get)(clockid_t, struct timespec *) =
		atomic_load_explicit(&real, memory_order_relaxed);
	struct timespec now = {0, 0};

	if (rt_unlikely(get == NULL)) {
		get = (int (*)(clockid_t, struct timespec *))rt_real("clock_gettime");
		atomic_store_explicit(&real, get, memory_order_relaxed);
	}
	get(clock_id, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
