/* SPDX-License-Identifier: MIT */
/* Events of the whole process that the kernel or the processor counts: instructions, page faults, ... */
#ifndef PPROFMK_RUNTIME_BENCH_COUNTERS_H
#define PPROFMK_RUNTIME_BENCH_COUNTERS_H

#include <stdint.h>

#include "format/recording.h"

/* Begin to count those that the recording's configuration names, in user mode, in this thread and those it starts from now on;
 * which it got is noted in the recording. Context: the main thread, before it has others. */
void bench_counters_begin(void);

/* What they have come to; 0 of those that are not counted. */
void bench_counters_read(uint64_t values[static REC_COUNTER_COUNT]);

#endif
