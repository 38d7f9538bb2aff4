/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_goal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool/tool.h"

int bench_goal_read(struct bench_goal *goal, const char *text)
{
	size_t length = strlen(text);
	struct bench_goal read = {0, 0};
	char *count;
	int error;

	if (length > 0 && text[length - 1] == 'x') {
		count = strndup(text, length - 1);
		if (count == NULL)
			xalloc_failed();
		error = tool_number(count, 1, BENCH_COUNT_MAX, &read.count);
		free(count);
	} else {
		error = tool_duration(text, &read.ns);
		if (error == 0 && (read.ns == 0 || read.ns > BENCH_NS_MAX))
			error = -ERANGE;
	}
	if (error == 0)
		*goal = read;
	return error;
}
