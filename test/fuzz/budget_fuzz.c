/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any text as a budget: what is read of it can be looked up, and its limits are numbers. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/gate/budget.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	dprintf(STDERR_FILENO, "budget_fuzz: %s\n", what);
	abort();
}

static void look_up(struct budget *budget)
{
	for (unsigned metric = 0; metric < GATE_METRIC_COUNT; metric++)
		budget_find(budget, "test_send", "bench_send", (enum gate_metric)metric);
	budget_limits_time(budget, "test_send");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static FILE *quiet;
	struct budget budget = {0};
	char *text = calloc(1, size + 1);

	if (text == NULL)
		abort();
	memcpy(text, bytes, size);
	/* Its messages, thousands a second, are not what is looked at here. */
	if (quiet == NULL)
		quiet = fopen("/dev/null", "w");
	stderr = quiet;
	budget_parse(&budget, "pprof.budget", text);
	for (size_t i = 0; i < budget.count; i++) {
		const struct budget_rule *rule = &budget.rules[i];

		require(rule->test != NULL && rule->reason != NULL, "a rule without text");
		require(rule->metrics != 0 && rule->metrics < 1u << GATE_METRIC_COUNT, "no metric");
		require(rule->kind == BUDGET_ANY || (isfinite(rule->limit) && rule->limit >= 0),
			"a limit that is none");
	}
	look_up(&budget);
	budget_free(&budget);
	free(text);
	return 0;
}
