/* SPDX-License-Identifier: MIT */
/* How much of the end of a trace is kept: `--flight`. */
#ifndef PPROFMK_TOOL_FLIGHT_LIMITS_H
#define PPROFMK_TOOL_FLIGHT_LIMITS_H

#include "format/flight_ring.h"

/* What may be asked for: less than 10 ms is less than there is between two looks at a busy machine's program, and 1 MB is 64 chunks of
 * events, which a test of some threads has in use at any time. */
#define FLIGHT_NS_LEAST	   UINT64_C(10000000)
#define FLIGHT_NS_MOST	   (UINT64_C(24) * 3600 * 1000000000)
#define FLIGHT_BYTES_LEAST (UINT64_C(1) << 20)
#define FLIGHT_BYTES_MOST  (UINT64_C(1) << 40)

/* Where a time is given: its bytes all the same. */
#define FLIGHT_BYTES_OF_TIME (UINT64_C(1) << 30)

/* Read "5s" or "64MB". 0, or -EINVAL, -ERANGE: neither; out of the bounds above. */
int flight_limits_read(struct flight_limits *limits, const char *text);

#endif
