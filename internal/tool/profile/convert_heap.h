/* SPDX-License-Identifier: MIT */
/* The sampled heap of a running program as Go's profiles of the same name. */
#ifndef PPROFMK_TOOL_CONVERT_HEAP_H
#define PPROFMK_TOOL_CONVERT_HEAP_H

#include "format/profile.h"
#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

/* alloc_objects, alloc_space, inuse_objects, inuse_space by stack, of REC_SITES in a REC_KIND_LIVE recording. The recording's sums are
 * estimates of all allocations already (runtime/heap/heap_sample.h), and nothing is multiplied here; the period is the rate, for people.
 * Allocators' frames and ours are left out. Label "bytes": the mean size of a stack's allocations. The two differ in the type that is
 * shown first: what is in use, and what was allocated. */
struct profile *convert_heap(const struct recording *recording, struct sym *sym);
struct profile *convert_allocs(const struct recording *recording, struct sym *sym);

#endif
