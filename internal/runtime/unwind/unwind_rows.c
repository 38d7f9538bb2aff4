/* SPDX-License-Identifier: MIT */
/* The table of rows.
 *
 * It starts small, because every page of it that is touched counts as the program's memory, and
 * is replaced by one four times as large when 5/8 of it are used. Nothing is moved to the new
 * one: rows come back when they are needed. The old one stays for threads that are still at it,
 * and what they put there is lost, not wrong. Its pages are given back when the next replacement
 * comes, at least 20,000 rows later. */
#include "runtime/unwind/unwind.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt.h"

#define FIRST_BITS 15 /* 512 KiB */
#define LAST_BITS  21 /* 32 MiB; more live rows than that are decoded again and again */

struct unwind_rows *_Atomic unwind_rows_published;

/* Addresses above that never hold code of a process: the key has no bits for them. */
#define IP_LIMIT (UINT64_C(1) << 48)

static struct unwind_rows *make(unsigned bits)
{
	size_t entries = ((size_t)1 << bits) + UNWIND_ROWS_PROBES;
	size_t size = sizeof(struct unwind_rows) + entries * sizeof(struct unwind_row_entry);
	struct unwind_rows *rows = rt_map(size);

	if (rows == NULL)
		return NULL;
	rows->shift = 64 - bits;
	rows->cap = (UINT32_C(1) << bits) / 8 * 5;
	rows->size_bytes = size;
	return rows;
}

/* Give the pages of a table back, not its addresses: who still reads it finds nothing there. */
static void retire(struct unwind_rows *rows)
{
	const uintptr_t page = 65536; /* a multiple of the page's size on any kernel */
	uintptr_t start = ((uintptr_t)rows->entry + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)rows + rows->size_bytes) & ~(page - 1);
	int saved_errno = errno;

	syscall(SYS_madvise, start, end - start, MADV_DONTNEED);
	errno = saved_errno;
}

/* Put a larger table in the place of `old`, or of none; another thread may be quicker. */
static void grow(struct unwind_rows *old)
{
	unsigned bits = old != NULL ? 64 - old->shift + 2 : FIRST_BITS;
	struct unwind_rows *made = make(bits < LAST_BITS ? bits : LAST_BITS);

	if (made == NULL)
		return;
	made->older = old;
	if (!atomic_compare_exchange_strong(&unwind_rows_published, &old, made))
		rt_unmap(made, made->size_bytes);
	else if (old != NULL && old->older != NULL)
		retire(old->older);
}

static uint64_t find(struct unwind_rows *rows, uint64_t key)
{
	struct unwind_row_entry *entry = unwind_rows_first(rows, key);

	for (unsigned i = 0; i < UNWIND_ROWS_PROBES; i++, entry++) {
		uint64_t held = atomic_load_explicit(&entry->key, memory_order_relaxed);

		if (held == key)
			return atomic_load_explicit(&entry->row, memory_order_relaxed);
		if (held == 0)
			break;
	}
	return 0;
}

/* Two threads may insert the same row at once: it is the same row. */
static bool insert(struct unwind_rows *rows, uint64_t key, uint64_t row)
{
	struct unwind_row_entry *entry = unwind_rows_first(rows, key);

	if (atomic_load_explicit(&rows->used, memory_order_relaxed) >= rows->cap)
		return false;
	for (unsigned i = 0; i < UNWIND_ROWS_PROBES; i++, entry++) {
		uint64_t held = 0;

		if (atomic_compare_exchange_strong(&entry->key, &held, key))
			atomic_fetch_add_explicit(&rows->used, 1, memory_order_relaxed);
		else if (held != key)
			continue;
		atomic_store_explicit(&entry->row, row, memory_order_relaxed);
		return true;
	}
	return false;
}

static void keep(uint64_t key, uint64_t row)
{
	struct unwind_rows *rows =
		atomic_load_explicit(&unwind_rows_published, memory_order_acquire);

	if (rows != NULL && insert(rows, key, row))
		return;
	grow(rows);
	rows = atomic_load_explicit(&unwind_rows_published, memory_order_acquire);
	if (rows != NULL)
		insert(rows, key, row);
}

#ifdef DLFO_STRUCT_HAS_EH_DBASE
#pragma weak _dl_find_object /* glibc 2.35 or later; takes no lock */

/* An object between its loading and the next update of the list. Its bounds are those of its
 * whole mapping: this trusts its tables, as the program's own exceptions do. */
static bool find_passing(uintptr_t ip, struct unwind_cfi *cfi)
{
	struct dl_find_object object;

	if (_dl_find_object == NULL || _dl_find_object((void *)ip, &object) != 0)
		return false;
	cfi->hdr = object.dlfo_eh_frame;
	cfi->low = object.dlfo_map_start;
	cfi->high = object.dlfo_map_end;
	return true;
}
#else
static bool find_passing(uintptr_t ip, struct unwind_cfi *cfi)
{
	(void)ip;
	(void)cfi;
	return false;
}
#endif

enum unwind_source unwind_row_slow(const struct unwind_modules *modules, uintptr_t ip,
				   struct unwind_row *row)
{
	struct unwind_rows *rows =
		atomic_load_explicit(&unwind_rows_published, memory_order_acquire);
	uint64_t key = unwind_rows_key(modules->epoch, ip), word;
	const struct unwind_module *module;
	struct unwind_cfi cfi;

	if (ip >= IP_LIMIT)
		return UNWIND_UNKNOWN;
	word = rows != NULL ? find(rows, key) : 0;
	if (word != 0) {
		memcpy(row, &word, sizeof word);
		return UNWIND_LISTED;
	}
	module = unwind_module_of(modules, ip);
	if (module == NULL)
		return find_passing(ip, &cfi) && unwind_cfi_row(&cfi, ip, row) ? UNWIND_PASSING
									       : UNWIND_UNKNOWN;
	if (!unwind_cfi_row(&module->cfi, ip, row))
		return UNWIND_UNKNOWN;
	memcpy(&word, row, sizeof word);
	keep(key, word);
	return UNWIND_LISTED;
}
