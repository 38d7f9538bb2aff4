/* SPDX-License-Identifier: MIT */
/* Profiles made from a trace: where its threads waited, or ran, with the stack of each.
 *
 * Each takes the time of some states, and no state is in two of them:
 *
 *     net      network
 *     sync     mutex, rwlock, cond, semaphore, barrier, join, once, spinlock
 *     syscall  file, process, sleep; and syscall: on a CPU inside one
 *     sched    runnable
 *     running  running
 *
 * In none are blocked and unknown: nothing says what they were for.
 *
 * A wait has the stack that it was recorded with. Where a thread ran, or was taken off its CPU, the stack is not recorded: what counts is
 * what the stacks before and after have in common (trace_stretch.h). So a profile of running is exact in its times, which are
 * all of the CPU time, and as deep as events are dense: it says in which part of the program that time was, not in which
 * loop. That is what the sampled cpu profile is for. */
#ifndef PPROFMK_TOOL_TRACE_PROFILE_H
#define PPROFMK_TOOL_TRACE_PROFILE_H

#include "format/profile.h"
#include "format/trace_file.h"
#include "tool/profile/kinds.h"

struct trace_profile_part {
	const char *group; /* only threads that were started with this function; NULL: all */
	uint64_t from_ns, to_ns;
};

/* kind  one of TRACE_KINDS
 * test  for the label that every sample has, beside its thread's name
 *
 * Count: of waits how often there was one, of running how many pieces there were between events. What was lost is said in a
 * comment of the profile. Never NULL. */
struct profile *trace_profile_new(const struct trace *trace, const struct kind *kind,
				  const struct trace_profile_part *part, const char *test);

#endif
