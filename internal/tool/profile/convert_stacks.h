/* SPDX-License-Identifier: MIT */
/* The stacks of a recording as locations of a profile. */
#ifndef PPROFMK_TOOL_CONVERT_STACKS_H
#define PPROFMK_TOOL_CONVERT_STACKS_H

#include "format/profile.h"
#include "tool/profile/stack_places.h"

struct convert_stacks;

/* `profile` gets the mappings, functions and locations as they are asked for. */
struct convert_stacks *convert_stacks_new(const struct recording *recording, struct sym *sym,
					  struct profile *profile, enum stack_leaf leaf);
void convert_stacks_free(struct convert_stacks *stacks);

/* The stack of a node, leaf first: ids of locations, valid until the next call. *count may be 0. */
uint64_t *convert_stack(struct convert_stacks *stacks, uint32_t node, size_t *count);

#endif
