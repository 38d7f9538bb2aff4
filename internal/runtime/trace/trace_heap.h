/* SPDX-License-Identifier: MIT */
/* The heap's size in a trace, from tcmalloc's hooks: bytes in use by the program, in blocks as they are allocated (a request is
 * rounded up). A thread tells when its own sum has moved by 16 KiB, so that what is in use is known within that much
 * for each thread. The first event of a window is all that is in use then. */
#ifndef PPROFMK_RUNTIME_TRACE_HEAP_H
#define PPROFMK_RUNTIME_TRACE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* Find the hooks; without them a note in the recording says why. Once for each recording. */
void trace_heap_start(void);

/* Count from here on, and up to there. */
void trace_heap_open(void);
void trace_heap_close(void);

/* The thread ends: tell the rest. Context: guard held, a trace is on. */
void trace_heap_thread_end(void);

/* Whether code of the allocator's is at this address. Context: any. */
bool trace_heap_is_at(uintptr_t address);

#endif
