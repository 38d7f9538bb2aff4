/* SPDX-License-Identifier: MIT */
/* What is tried again of what was sent, and when: a server that starts, is full or is behind a proxy that has lost it. */
#ifndef PPROFMK_TOOL_PUSH_RETRY_H
#define PPROFMK_TOOL_PUSH_RETRY_H

#include <stdint.h>

#include "tool/live/http_client.h"

/* Of one profile. */
enum { PUSH_TRIES = 4 };

/* All waits of a run together last at most so long: a server that is gone for good must not hold up a job for each profile. */
#define PUSH_WAIT_ALL_MS UINT64_C(60000)

/* How long to wait before the next try, from 1 ms; 0: there is none.
 *
 * tries      that there have been, from 1.
 * waited_ms  in this run, so far.
 * dice       any number: clients that failed together come back apart.
 *
 * Connections that failed, 429 and 5xx are tried again, 0.5, 1 and 2 s later, less up to a half of it. 501 is not: it says never. A timeout
 * isn't either: the server may have taken it, and --timeout has been waited for already. Where the server says how
 * long (Retry-After), it is as long as that; not at all, if that is beyond PUSH_WAIT_ALL_MS. */
uint64_t push_retry_wait_ms(const struct http_answer *answer, unsigned tries, uint64_t waited_ms,
			    unsigned dice);

#endif
