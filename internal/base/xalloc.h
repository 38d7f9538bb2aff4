/* SPDX-License-Identifier: MIT */
/* Memory that is there or ends the process: for the tool, which has nothing left to do without it.
 *
 * When memory runs out these print "pprofmk: out of memory" and exit with status 1. Never for the runtime. */
#ifndef PPROFMK_BASE_XALLOC_H
#define PPROFMK_BASE_XALLOC_H

#include <stdarg.h>
#include <stddef.h>

/* For what is no allocation of these, but fails for want of memory only: open_memstream(), fclose() of such a stream, json_dumps(). */
void xalloc_failed(void) __attribute__((noreturn));

#define XALLOC_RESULT __attribute__((returns_nonnull, warn_unused_result))

/* The caller frees each with free(). Never NULL, also for size 0. */
void *xmalloc(size_t size_bytes) XALLOC_RESULT;
void *xcalloc(size_t count, size_t size_bytes) XALLOC_RESULT; /* zeroed */
void *xrealloc(void *memory, size_t count,
	       size_t size_bytes) XALLOC_RESULT; /* the product is checked */
char *xstrdup(const char *text) XALLOC_RESULT;
char *xvasprintf(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0))) XALLOC_RESULT;
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2))) XALLOC_RESULT;

/* Room for at least one more item in an array that grows by doubling.
 *
 * items       the array, NULL when *cap is 0.
 * len         items used. *cap is updated.
 *
 * Returns the array, perhaps moved. */
void *xgrow(void *items, size_t len, size_t *cap, size_t item_size) XALLOC_RESULT;

#endif
