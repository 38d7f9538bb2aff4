/* SPDX-License-Identifier: MIT */
/* The objects that threads of a trace wait for, and who lately ended waits for each. Added to in the order of time. */
#ifndef PPROFMK_TOOL_TRACE_WAKES_H
#define PPROFMK_TOOL_TRACE_WAKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/recording.h"
#include "format/trace_file.h"

struct trace_wakes;

/* Who ended a wait, and when. */
struct trace_wake_item {
	uint32_t thread; /* TRACE_NO_THREAD: not known */
	uint32_t stack;	 /* of the finished trace */
	uint64_t ns;	 /* 0: not known */
};

struct trace_wakes *trace_wakes_new(void);
void trace_wakes_free(struct trace_wakes *wakes);

/* The number of an object that is waited for; TRACE_NO_OBJECT for none. One address may be several objects, one after
 * the other, and a thread's handle another. */
uint32_t trace_wakes_object(struct trace_wakes *wakes, uint64_t address, uint64_t kind);

/* The same where what it is has to be seen from how waits for it are ended. */
uint32_t trace_wakes_woken(struct trace_wakes *wakes, uint64_t address, uint64_t how);

/* Somebody ends waits for it. */
void trace_wakes_add(struct trace_wakes *wakes, uint32_t object, uint64_t how,
		     const struct trace_wake_item *item);

/* Who ended the wait of a thread for an object between two times. Of signals and posts each ends one wait, and the first that
 * has ended none yet is taken; of all else the one that is nearest to a time. False: nobody that is known.
 *
 * near_ns  when it was probably woken; to_ns, and nothing better is known: the last */
bool trace_wakes_find(struct trace_wakes *wakes, uint32_t object, uint32_t thread, uint64_t from_ns,
		      uint64_t to_ns, uint64_t near_ns, struct trace_wake_item *item);

const struct trace_object *trace_wakes_objects(const struct trace_wakes *wakes, size_t *count);

#endif
