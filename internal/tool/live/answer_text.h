/* SPDX-License-Identifier: MIT */
/* Profiles as text for people, as Go's runtime/pprof prints them: debug=1 and, of threads, debug=2. */
#ifndef PPROFMK_TOOL_ANSWER_TEXT_H
#define PPROFMK_TOOL_ANSWER_TEXT_H

#include <stdio.h>

#include "format/answer.h"
#include "format/profile.h"
#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

/* Go's legacy text, which pprof reads too: the largest samples first, each with the addresses that calls return to, and names in
 * comments. Values of a heap are of all allocations, not of those that were sampled: its head says rate 2, of which pprof takes
 * half, so that it leaves them as they are. */
void answer_text(FILE *out, enum answer_kind kind, const struct profile *profile);

/* Parts of that form that gperftools' has, too: the first line of a heap's text, the figures of its samples, " @ 0x12 0x34". */
void answer_heap_head(FILE *out, const struct profile *profile, const char *form);
void answer_heap_figures(FILE *out, const int64_t *values);
void answer_addresses(FILE *out, const struct profile *profile,
		      const struct profile_sample *sample);

/* Every thread of a recording of stacks, as Go's debug=2 shows goroutines: "goroutine TID [NAME]:", then a function and a line of
 * its source by turns. */
void answer_dump(FILE *out, const struct recording *recording, struct sym *sym);

#endif
