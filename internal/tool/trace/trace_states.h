/* SPDX-License-Identifier: MIT */
/* The states of one thread, from what the scheduler's record says of it and from its own events: one after the other without
 * gaps, from its start to its end. */
#ifndef PPROFMK_TOOL_TRACE_STATES_H
#define PPROFMK_TOOL_TRACE_STATES_H

#include "tool/trace/trace_making.h"

/* It came to a CPU, or left it. Times don't go back. */
void trace_states_in(struct trace_making *making, struct trace_live *live, uint64_t ns,
		     uint32_t cpu);
void trace_states_out(struct trace_making *making, struct trace_live *live, uint64_t ns,
		      uint32_t cpu, bool is_preempted);

/* The last that is known of it from before the beginning of a trace that begins in the middle. */
void trace_states_was(struct trace_live *live, const struct spool_switch *last);

/* It is seen on a CPU (TRACE_NO_CPU: it is not known which). The first that is heard of it: it has been there since it began. */
void trace_states_met(struct trace_live *live, uint32_t cpu);

/* live->next, which has a duration, ends now. */
void trace_states_event(struct trace_making *making, struct trace_live *live);

/* From here on nothing is known until the next switch: there is a hole. Or, `is_for_good`, ever. */
void trace_states_lose(struct trace_making *making, struct trace_live *live, uint64_t ns,
		       bool is_for_good);

/* The thread ends, or the trace does. */
void trace_states_end(struct trace_making *making, struct trace_live *live, uint64_t ns);

#endif
