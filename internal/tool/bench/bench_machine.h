/* SPDX-License-Identifier: MIT */
/* What the machine does beside the benchmark, and what it can tell apart. */
#ifndef PPROFMK_TOOL_BENCH_MACHINE_H
#define PPROFMK_TOOL_BENCH_MACHINE_H

#include <stdint.h>

struct bench_machine {
	double load; /* load average of the last minute when it was read; < 0: not known */
	uint64_t ticks,
		stolen; /* processor time of the machine so far, and what its host took of it */
};

/* As it is now. */
void bench_machine_read(struct bench_machine *machine);

/* Share of the processors' time that the host of this virtual machine took away since then, 0..1. */
double bench_machine_stolen(const struct bench_machine *before);

/* The frequency governor of the first processor that has another than "performance"; NULL: none has, or nothing is known. The
 * caller frees it. */
char *bench_machine_governor(void);

/* ns of an iteration of PPROF_BENCH_LOOP with nothing in it, on this machine. Takes some 10 ms, the first time. */
double bench_machine_empty_loop_ns(void);

#endif
