/* SPDX-License-Identifier: MIT */
/* What was counted between two profiles of the same counters. */
#ifndef PPROFMK_TOOL_PROFILE_DELTA_H
#define PPROFMK_TOOL_PROFILE_DELTA_H

#include <stdbool.h>
#include <stddef.h>

#include "format/profile.h"

/* The later one less the earlier one, sample by sample; its duration is the time between. `old` is spent: its values are
 * others then. NULL after a message: they differ in their sample types. The caller frees it. */
struct profile *profile_delta(const struct profile *later, struct profile *old);

/* Was the program started again in between? Seen from where its file is mapped and which build it is; and, where the numbers are
 * counters, from one that has become smaller.
 *
 * type  a sample type of both. */
bool profile_is_of_another_run(const struct profile *later, const struct profile *old, size_t type,
			       bool is_counter);

#endif
