/* SPDX-License-Identifier: MIT */
/* The same work, counted, with and without a clock that interrupts it: a cmocka test, so that it can be profiled.
 *
 *     cpu_bench COUNT [clock]     prints, of CPU time, user and system:
 *         loop_cpu_ns NS          for the work, done in 100 rounds
 *         loop_typical_ns NS      the same if each round had taken as long as their median: without what
 *                                 the machine did to some of them
 *         ticks COUNT             with `clock`
 *
 * `clock` is what a profiler of our kind cannot do without, and nothing more: a perf_event task clock of the thread at
 * 1000 Hz, with the attributes of the runtime's, that sends SIGPROF to a handler which only counts. */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"

enum { ROUNDS = 100, PERIOD_NS = 1000000, PAGE_BYTES = 4096 };

static unsigned long work = 1000000;
static volatile unsigned sink;
static volatile sig_atomic_t ticks;

NOIPA static unsigned add(unsigned x)
{
	for (unsigned i = 0; i < 64; i++)
		x = (x << 5) + x + i;
	return x;
}

NOIPA static unsigned mix(unsigned x)
{
	for (unsigned i = 0; i < 64; i++)
		x = (x ^ x >> 7) * 2654435761u;
	return x;
}

NOIPA static void leaf(unsigned long count)
{
	unsigned x = 1;

	for (unsigned long i = 0; i < count; i++)
		x = mix(add(x));
	sink = x;
}

static void on_tick(int number)
{
	(void)number;
	ticks++;
}

static void start_clock(void)
{
	struct perf_event_attr attr = {.size = sizeof(attr),
				       .type = PERF_TYPE_SOFTWARE,
				       .config = PERF_COUNT_SW_TASK_CLOCK,
				       .sample_period = PERIOD_NS,
				       .wakeup_events = 1,
				       .disabled = 1,
				       .exclude_kernel = 1,
				       .exclude_hv = 1};
	struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART | SA_ONSTACK};
	struct f_owner_ex owner = {F_OWNER_TID, (pid_t)syscall(SYS_gettid)};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0 || mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED) {
		perror("cpu_bench: perf_event_open");
		exit(1);
	}
	sigaction(SIGPROF, &action, NULL);
	fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK);
	fcntl(fd, F_SETSIG, SIGPROF);
	fcntl(fd, F_SETOWN_EX, &owner);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void bench_loop(void **state)
{
	double round_ns[ROUNDS], sum_ns = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		double begin_ns = bench_clock_ns(CLOCK_THREAD_CPUTIME_ID);

		bench_deep(leaf, work / ROUNDS);
		round_ns[i] = bench_clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin_ns;
		sum_ns += round_ns[i];
	}
	qsort(round_ns, ROUNDS, sizeof(*round_ns), compare);
	printf("loop_cpu_ns %.0f\nloop_typical_ns %.0f\n", sum_ns, round_ns[ROUNDS / 2] * ROUNDS);
	if (ticks > 0)
		printf("ticks %d\n", (int)ticks);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(bench_loop)};

	if (argc > 1)
		work = strtoul(argv[1], NULL, 10);
	if (argc > 2 && strcmp(argv[2], "clock") == 0)
		start_clock();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
