/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/[a-z]*.c internal/runtime/bench/[a-z]*.c internal/runtime/cpu/[a-z]*.c internal/runtime/heap/[a-z]*.c internal/runtime/hook/[a-z]*.c
 * internal/runtime/live/[a-z]*.c internal/runtime/mem/[a-z]*.c internal/runtime/sync/[a-z]*.c internal/runtime/trace/[a-z]*.c internal/runtime/unwind/[a-z]*.c internal/format/recording_layout.c
 * internal/format/flight_ring.c internal/format/spool_fold.c internal/format/perf_ring.c internal/format/sched_runs.c internal/base/crc32.c internal/base/ticks.c */
/* What an event of a trace costs: the whole runtime is part of this program, which records itself to a file.
 *
 *   trace_bench FILE [bare|flight]      `bare`: without recording; `flight`: 64 MB are kept, in memory
 *
 * Each line is the best of eleven rounds, in nanoseconds: what a quiet machine would show. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <pprofmk.h>

#include "runtime/trace/trace.h"
#include "runtime/trace/trace_real.h"
#include "runtime/trace/trace_self.h"
#include "runtime/trace/trace_wait.h"

#ifdef __clang__
#define NOIPA __attribute__((noinline))
#else
#define NOIPA __attribute__((noipa))
#endif

enum { ROUNDS = 11, FRAMES = 13 }; /* with main's and the loop's: 15 */

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* As PPROF_REGION and the others of the header do it, which look for the table in a library. */
extern const struct pprof_trace_api_ trace_api;

NOIPA static void use_region(void)
{
	if (__atomic_load_n(trace_api.is_on, __ATOMIC_RELAXED))
		trace_api.region_end("region", trace_api.region_begin("region"));
}

NOIPA static void use_task(void)
{
	struct pprof_task *task = trace_api.task_begin("task");

	if (task != NULL)
		trace_api.task_end(task);
}

NOIPA static void use_log(void)
{
	trace_api.log("category", "a line");
}

NOIPA static void use_stack(void)
{
	trace_wake(TRACE_WAKE_POST, &cond, trace_now(), stack_regs_here());
}

NOIPA static void use_wrapper(void)
{
	pthread_cond_signal(&cond);
}

NOIPA static void use_real(void)
{
	trace_real.pthread_cond_signal(&cond);
}

NOIPA static void loop(void (*use)(void), long calls)
{
	for (long i = 0; i < calls; i++)
		use();
}

NOIPA static void deeper(int frames, void (*use)(void), long calls)
{
	if (frames > 0)
		deeper(frames - 1, use, calls);
	else
		loop(use, calls);
	__asm__ volatile("");
}

/* each: events, or whatever it is a figure of, of a call. Few enough that no round waits for the file. */
static void measure(const char *name, void (*use)(void), int each, long calls)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		struct timespec pause = {0, 20000000};
		double start, one;

		nanosleep(&pause, NULL);
		start = now_ns();
		deeper(FRAMES, use, calls);
		one = (now_ns() - start) / (double)calls / each;
		if (one < best)
			best = one;
	}
	printf("%s %.2f\n", name, best);
}

/* Hand-overs between two threads by a mutex and a condition, in turns with a trace and without one. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t cond[2];
	int turn;
	long left;
} table = {PTHREAD_MUTEX_INITIALIZER, {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER}, 0, 0};

static void *play(void *argument)
{
	int me = argument != NULL;

	pthread_mutex_lock(&table.mutex);
	while (table.left > 0) {
		while (table.turn != me && table.left > 0)
			pthread_cond_wait(&table.cond[me], &table.mutex);
		table.left--;
		table.turn = !me;
		pthread_cond_signal(&table.cond[!me]);
	}
	pthread_mutex_unlock(&table.mutex);
	return NULL;
}

static double hand_over_ns(long count)
{
	pthread_t threads[2];
	double start;

	table.left = count;
	start = now_ns();
	pthread_create(&threads[0], NULL, play, NULL);
	pthread_create(&threads[1], NULL, play, &table);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return (now_ns() - start) / (double)count;
}

int main(int argc, char **argv)
{
	static const struct flight_limits flight = {UINT64_MAX, 64 << 20};
	int error;

	if (argc < 2)
		return 2;
	measure("real_ns", use_real, 1, 2000000);
	measure("off_ns", use_wrapper, 1, 2000000);
	measure("off_region_ns", use_region, 1, 2000000);
	hand_over_ns(20000);
	printf("bare_hand_over_ns %.1f\n", hand_over_ns(50000));
	if (argc > 2 && strcmp(argv[2], "bare") == 0)
		return 0;
	error = argc > 2 ? trace_self_fly(&flight, NULL) : trace_self_start(argv[1]);
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-error));
		return 1;
	}
	measure("event_ns", use_region, 2, 50000);
	measure("task_event_ns", use_task, 2, 50000);
	measure("log_event_ns", use_log, 1, 50000);
	measure("stack_event_ns", use_stack, 1, 50000);
	measure("on_ns", use_wrapper, 1, 50000);
	hand_over_ns(20000);
	printf("traced_hand_over_ns %.1f\n", hand_over_ns(50000));
	trace_self_stop();
	return 0;
}
