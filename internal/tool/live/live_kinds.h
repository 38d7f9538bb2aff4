/* SPDX-License-Identifier: MIT */
/* What a running program answers: one table. The paths are those of Go's net/http/pprof. */
#ifndef PPROFMK_TOOL_LIVE_KINDS_H
#define PPROFMK_TOOL_LIVE_KINDS_H

#include "tool/profile/kinds.h"

enum live_sort {
	LIVE_RECORDED, /* for some seconds, from the request on */
	LIVE_STATE,    /* as it is now */
	LIVE_COUNTER,  /* since the program began, so that it only grows */
};

/* name as in kinds.h, path below /debug/pprof/, what its numbers are. */
#define LIVE_KINDS(X)                       \
	X("cpu", "profile", LIVE_RECORDED)  \
	X("heap", "heap", LIVE_STATE)       \
	X("allocs", "allocs", LIVE_COUNTER) \
	X("block", "block", LIVE_COUNTER)   \
	X("mutex", "mutex", LIVE_COUNTER)   \
	X("threads", "goroutine", LIVE_STATE)

#define LIVE_KINDS_NAME(name, path, sort) "|" name
/* "cpu|heap|..." */
#define LIVE_KINDS_NAMES (&("" LIVE_KINDS(LIVE_KINDS_NAME))[1])
/* The trace is one more, and no profile. */
#define LIVE_TRACE "trace"

struct live_kind {
	const char *name, *path;
	enum live_sort sort;
};

/* NULL when there is no such kind. */
const struct live_kind *live_kind_find(const char *name);

/* Seconds that are recorded when nobody says. */
#define LIVE_SECONDS	 30
#define LIVE_SECONDS_MAX 3600

#endif
