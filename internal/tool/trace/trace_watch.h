/* SPDX-License-Identifier: MIT */
/* What is done for a trace while its program runs: chunks that are full are taken away, the scheduler's record is kept,
 * the clocks are compared. All of it by the launcher's thread (struct launch_watch). */
#ifndef PPROFMK_TOOL_TRACE_WATCH_H
#define PPROFMK_TOOL_TRACE_WATCH_H

#include "tool/launch/launch.h"
#include "tool/trace/trace_flight.h"
#include "tool/trace/trace_store.h"

struct trace_watch;

/* To be begun before the program is started. The recording's config.trace is filled in.
 *
 * folder       of the results, where the spool is.
 * limit_bytes  what it may take; then the recorder is told to drop what comes, and to count it.
 * flight       only so much of its end is wanted, and limit_bytes means nothing; NULL: all.
 *
 * NULL after a message. */
struct trace_watch *trace_watch_new(struct recording *recording, const char *folder,
				    uint64_t limit_bytes, const struct flight_limits *flight);
void trace_watch_free(struct trace_watch *watch);

/* For struct launch; valid as long as the watch. */
const struct launch_watch *trace_watch_launch(const struct trace_watch *watch);

/* The program has ended, at that time of CLOCK_MONOTONIC (0: now): take what is left of the scheduler's record. Chunks that are not full
 * stay in the recording. */
void trace_watch_end(struct trace_watch *watch, uint64_t end_ns);

/* How long it was recorded, and how much of the end of that is there. */
uint64_t trace_watch_recorded_ns(const struct trace_watch *watch);
uint64_t trace_watch_kept_ns(const struct trace_watch *watch);

const struct trace_store *trace_watch_store(const struct trace_watch *watch);

/* Did the disk end it? Then what is read of the spool is better given back at once. */
bool trace_watch_is_short_of_room(const struct trace_watch *watch);

/* "perf_event", or why there is no record of who ran when. */
const char *trace_watch_source(const struct trace_watch *watch);

/* What a reader has to know: "" where all is well. */
const char *trace_watch_note(const struct trace_watch *watch);

#endif
