/* SPDX-License-Identifier: MIT */
/* From a recording to profiles: addresses become names, counts become values. */
#ifndef PPROFMK_TOOL_CONVERT_H
#define PPROFMK_TOOL_CONVERT_H

#include "format/profile.h"
#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

/* Each returns a new profile with the kind's sample types, labels `test` and `thread` on its samples, and the frames
 * of the runtime itself left out. An incomplete recording gives what it holds.
 *
 * test  the label's value; NULL: no such label. */
struct profile *convert_cpu(const struct recording *recording, struct sym *sym, const char *test);
/* Of items from..to of SAMPLES only, where several tests are in one recording. */
struct profile *convert_cpu_part(const struct recording *recording, struct sym *sym,
				 const char *test, uint32_t from, uint32_t to);
struct profile *convert_mem(const struct recording *recording, struct sym *sym, const char *test);

/* REC_SIDE_WAITER: the block profile, REC_SIDE_HOLDER: the mutex profile. */
struct profile *convert_waits(const struct recording *recording, struct sym *sym, const char *test,
			      enum rec_wait_side side);

/* Of a running program: its threads, one of each in SAMPLES, and how many were started where. Go's names. */
struct profile *convert_threads(const struct recording *recording, struct sym *sym);
struct profile *convert_creations(const struct recording *recording, struct sym *sym);

/* CPU time that one sample stands for: the period asked of perf_event's clock; with the kernel's tick as the clock, what
 * the CPU time of the window and the number of samples give. */
uint64_t convert_cpu_period_ns(const struct recording *recording);

#endif
