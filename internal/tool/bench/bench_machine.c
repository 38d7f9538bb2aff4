/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pprofmk.h>

#include "base/xalloc.h"

/* The machine's line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks. */
static void read_ticks(struct bench_machine *machine)
{
	FILE *file = fopen("/proc/stat", "re");
	uint64_t ticks[8] = {0};

	machine->ticks = machine->stolen = 0;
	if (file == NULL)
		return;
	if (fscanf(file,
		   "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64,
		   &ticks[0], &ticks[1], &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6],
		   &ticks[7]) == 8) {
		for (size_t i = 0; i < 8; i++)
			machine->ticks += ticks[i];
		machine->stolen = ticks[7];
	}
	fclose(file);
}

void bench_machine_read(struct bench_machine *machine)
{
	if (getloadavg(&machine->load, 1) != 1)
		machine->load = -1;
	read_ticks(machine);
}

double bench_machine_stolen(const struct bench_machine *before)
{
	struct bench_machine now;

	read_ticks(&now);
	if (now.ticks <= before->ticks || now.stolen <= before->stolen)
		return 0;
	return (double)(now.stolen - before->stolen) / (double)(now.ticks - before->ticks);
}

char *bench_machine_governor(void)
{
	char path[80], name[64];
	FILE *file;

	for (unsigned cpu = 0;; cpu++) {
		snprintf(path, sizeof path,
			 "/sys/devices/system/cpu/cpu%u/cpufreq/scaling_governor", cpu);
		file = fopen(path, "re");
		if (file == NULL)
			return NULL;
		if (fscanf(file, "%63s", name) != 1)
			name[0] = '\0';
		fclose(file);
		if (name[0] != '\0' && strcmp(name, "performance") != 0)
			return xstrdup(name);
	}
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double bench_machine_empty_loop_ns(void)
{
	/* 3 ms each at 1 ns: the least of some is that of an undisturbed processor. */
	enum { ITERATIONS = 3000000, TRIALS = 4 };
	static double least;

	if (least != 0)
		return least;
	for (int trial = 0; trial < TRIALS; trial++) {
		double start = now_ns(), took;

		for (uint64_t left = ITERATIONS; left != 0; left = pprof_count_down_(left))
			;
		took = (now_ns() - start) / ITERATIONS;
		if (least == 0 || took < least)
			least = took;
	}
	return least;
}
