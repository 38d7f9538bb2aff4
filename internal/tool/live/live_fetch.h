/* SPDX-License-Identifier: MIT */
/* Asking a running program's endpoint, and saying what went wrong. */
#ifndef PPROFMK_TOOL_LIVE_FETCH_H
#define PPROFMK_TOOL_LIVE_FETCH_H

#include "format/profile.h"
#include "tool/live/http_client.h"
#include "tool/live/live_address.h"
#include "tool/live/live_kinds.h"
#include "tool/options.h"

/* A profile as it comes, packed. The largest one of a program of 60 MB of debug information had 2 MB. */
#define LIVE_PROFILE_MAX_BYTES ((uint64_t)64 << 20)

/* How to reach it; from --addr, --timeout and the environment. */
struct live_place {
	struct live_address address;
	const char *token; /* of PPROF_HTTP_TOKEN, NULL: none */
	uint64_t patience_ms;
	struct http_client *client;
	bool (*is_over)(void); /* asked while something comes; NULL: never */
};

/* TOOL_OK with *place filled in, which live_place_close() gives back; else the exit status, after a message. */
int live_place_open(struct live_place *place, const struct options *options);
void live_place_close(struct live_place *place);

/* What is asked for. */
struct live_question {
	const char *what; /* for messages and progress: "cpu" */
	const char *path; /* below /debug/pprof/ */
	uint64_t seconds; /* that it is recorded; 0: it is not */
	uint64_t limit_bytes;
	const char *cure_too_large; /* what else can be done */
};

/* TOOL_OK: all of the answer is in `body`. Else TOOL_FAILED, after a message with the next step, unless `outcome`, where it is
 * not NULL, is HTTP_STOPPED or HTTP_REFUSED: that is for the caller to say. */
int live_fetch(const struct live_place *place, const struct live_question *question, FILE *body,
	       enum http_outcome *outcome);

/* A profile as the server sent it, and what is in it. */
struct live_profile {
	char *bytes;
	size_t size;
	struct profile *profile;
	size_t type; /* that is shown first */
};

/* The same of a profile of a kind.
 *
 * seconds  0: of what is counted, since the beginning; else during these seconds.
 *
 * TOOL_OK with *into filled in, which live_profile_free() gives back. */
int live_fetch_profile(const struct live_place *place, const struct live_kind *kind,
		       uint64_t seconds, struct live_profile *into, enum http_outcome *outcome);
void live_profile_free(struct live_profile *profile);

#endif
