/* SPDX-License-Identifier: MIT */
/* LTTng-UST's event with two integer fields, beside ours: nanoseconds an event, the best of eleven rounds. Needs a session
 * that has it enabled: see row_events.sh.
 *
 *   lttng_peer */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_event.h"

#include <stdio.h>
#include <time.h>

enum { ROUNDS = 11, CALLS = 50000 };

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(void)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		struct timespec pause = {0, 20000000};
		double start, each;

		nanosleep(&pause, NULL);
		start = now_ns();
		for (int i = 0; i < CALLS; i++)
			lttng_ust_tracepoint(pprof_bench, event, i, round);
		each = (now_ns() - start) / CALLS;
		if (each < best)
			best = each;
	}
	printf("event_ns %.2f\n", best);
	return 0;
}
