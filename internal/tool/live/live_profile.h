/* SPDX-License-Identifier: MIT */
/* From what a running program handed out (runtime/live/live.h) to the profiles that Go's net/http/pprof serves, with their sample types
 * and names. */
#ifndef PPROFMK_TOOL_LIVE_PROFILE_H
#define PPROFMK_TOOL_LIVE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "format/profile.h"
#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

/* Map a snapshot, and see that it is one of ours and whole. `fd` becomes the recording's. False with a sentence in error; `fd` is the
 * caller's then. */
bool live_recording_open(struct recording *recording, int fd, char *error, size_t error_size);

/* A profile of that name: "profile", of what cpu_stop() gave; "goroutine", of what stacks() gave; "block", "mutex", "threadcreate",
 * "heap" and "allocs" of any snapshot. NULL where there is none of that name.
 *
 * before  NULL, or an earlier snapshot of the same process: the profile then is what `now` has more (or less, of threads), and its
 *         duration the time between the two. */
struct profile *live_profile(const char *name, const struct recording *now,
			     const struct recording *before, struct sym *sym);

#endif
