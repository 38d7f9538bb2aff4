/* SPDX-License-Identifier: MIT */
/* The event of lttng_peer.c. Read several times by LTTng's own header. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER pprof_bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng_event.h"

#if !defined(PPROFMK_BENCH_LTTNG_EVENT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define PPROFMK_BENCH_LTTNG_EVENT_H

#include <lttng/tracepoint.h>

/* clang-format off */
LTTNG_UST_TRACEPOINT_EVENT(pprof_bench, event,
	LTTNG_UST_TP_ARGS(int, first, int, second),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int, first, first)
		lttng_ust_field_integer(int, second, second)))
/* clang-format on */

#endif

#include <lttng/tracepoint-event.h>
