/* SPDX-License-Identifier: MIT */
/* How much of the end of a trace is kept: `--flight`. */
#ifndef PPROFMK_TOOL_FLIGHT_LIMITS_H
#define PPROFMK_TOOL_FLIGHT_LIMITS_H

#include "format/flight_ring.h"

/* Where a time is given: its bytes all the same. */
#define FLIGHT_BYTES_OF_TIME (UINT64_C(1) << 30)

/* Read "5s" or "64MB". 0, or -EINVAL, -ERANGE: neither; out of the bounds of flight_ring.h. */
int flight_limits_read(struct flight_limits *limits, const char *text);

#endif
