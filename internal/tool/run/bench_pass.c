/* SPDX-License-Identifier: MIT */
#include "tool/run/bench_pass.h"

#include <sched.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/options_check.h"

unsigned bench_cpus(void)
{
	cpu_set_t set;
	long online;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	/* More processors than a set has. */
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (unsigned)online : 1;
}

unsigned bench_named_cpus(unsigned cpus)
{
	return cpus != 0 ? cpus : bench_cpus();
}

unsigned *bench_cpus_read(const char *list, size_t *count)
{
	unsigned *cpus = NULL;
	size_t cap = 0;
	uint64_t number;

	*count = 0;
	while (list != NULL && *list != '\0' && list_number(&list, 1, UINT32_MAX, &number)) {
		cpus = xgrow(cpus, *count, &cap, sizeof *cpus);
		cpus[(*count)++] = (unsigned)number;
	}
	if (*count > 0)
		return cpus;
	*count = 1;
	return xcalloc(1, sizeof *cpus);
}

static uint64_t goal_ns(const struct bench_pass *pass)
{
	return pass->share > 1 && pass->goal.ns >= pass->share ? pass->goal.ns / pass->share
							       : pass->goal.ns;
}

bool bench_pass(struct kind_run *run, const struct bench_pass *pass,
		const struct catalog_test *test, const struct kind_settings *settings,
		struct sym *sym)
{
	struct kind_settings own = *settings;

	own.runs = 1;
	own.cpu_goal_ns = 0;
	own.limits_cpus = pass->cpus;
	own.keeps_output = true;
	own.writes_nothing = !pass->writes_profiles;
	own.bench = (struct rec_bench_config){
		.is_on = 1,
		.cpus = bench_named_cpus(pass->cpus),
		.goal_ns = goal_ns(pass),
		.count = pass->goal.count,
		/* Where the benchmark has several iterations, what only the first one does is none of this pass's either. */
		.warm_limit_ns = pass->goal.ns,
		.warms_up = pass->warms_up && pass->goal.count == 0,
		.counters = pass->counters,
	};
	/* The limit is for a test that gets nowhere: the time that was asked for does not count. */
	if (own.limit_ns != 0)
		own.limit_ns += pass->goal.ns;
	return kind_run(run, pass->kind, test, &own, sym, false);
}
