/* SPDX-License-Identifier: MIT */
#include "tool/options_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool/bench/bench_goal.h"
#include "tool/common/human.h"
#include "tool/run/flight_limits.h"
#include "tool/tool.h"

bool list_has(const char *list, char separator, const char *word, size_t word_len)
{
	const char separators[] = {separator, '\0'};

	for (const char *p = list;; p++) {
		size_t len = strcspn(p, separators);

		if (len == word_len && memcmp(p, word, len) == 0)
			return true;
		p += len;
		if (!*p)
			return false;
	}
}

bool list_number(const char **list, uint64_t min, uint64_t max, uint64_t *number)
{
	size_t len = strcspn(*list, ",");
	char word[24];

	if (len >= sizeof(word))
		return false;
	memcpy(word, *list, len);
	word[len] = '\0';
	*list += len;
	/* A comma at the end is none between two. */
	if (**list && !*++*list)
		return false;
	return tool_number(word, min, max, number) == 0;
}

static bool accepts_choice(const struct option *option, const char *value, char *problem,
			   size_t problem_size)
{
	if (*value && list_has(option->choices, '|', value, strlen(value)))
		return true;
	snprintf(problem, problem_size, "\"%.40s\" is none of %s", value, option->choices);
	return false;
}

static bool accepts_list(const struct option *option, const char *value, char *problem,
			 size_t problem_size)
{
	for (const char *p = value;; p++) {
		size_t len = strcspn(p, ",");

		if (!len || !list_has(option->choices, '|', p, len)) {
			snprintf(problem, problem_size, "\"%.40s\" is no list of %s, with commas",
				 value, option->choices);
			return false;
		}
		p += len;
		if (!*p)
			return true;
	}
}

static bool accepts_number(const struct option *option, const char *value, char *problem,
			   size_t problem_size)
{
	uint64_t number;

	if (tool_number(value, option->min, option->max, &number) == 0)
		return true;
	snprintf(problem, problem_size, "\"%.40s\" is no number of %" PRIu64 " to %" PRIu64, value,
		 option->min, option->max);
	return false;
}

static bool accepts_duration(const struct option *option, const char *value, char *problem,
			     size_t problem_size)
{
	char least[HUMAN_SIZE];
	uint64_t ns;
	int error = tool_duration(value, &ns);

	if (error == 0 && ns >= option->min && ns <= option->max)
		return true;
	if (error == -EINVAL)
		snprintf(problem, problem_size, "\"%.40s\" is no duration like 500ms, 1s or 10m",
			 value);
	else
		snprintf(problem, problem_size, "\"%.40s\" is not between %s and %" PRIu64 "h",
			 value,
			 human_value(least, sizeof(least), (int64_t)option->min, "nanoseconds"),
			 option->max / UINT64_C(3600000000000));
	return false;
}

static bool accepts_size(const struct option *option, const char *value, char *problem,
			 size_t problem_size)
{
	uint64_t bytes;
	int error = tool_size(value, &bytes);

	if (error == 0 && bytes >= option->min && bytes <= option->max)
		return true;
	if (error == -EINVAL)
		snprintf(problem, problem_size, "\"%.40s\" is no size like 500MB or 1GB", value);
	else
		snprintf(problem, problem_size,
			 "\"%.40s\" is not between %" PRIu64 "MB and %" PRIu64 "TB", value,
			 option->min >> 20, option->max >> 40);
	return false;
}

static bool accepts_numbers(const struct option *option, const char *value, char *problem,
			    size_t problem_size)
{
	const char *word = value;
	uint64_t number;

	for (;;) {
		if (!list_number(&word, option->min, option->max, &number)) {
			snprintf(problem, problem_size,
				 "\"%.40s\" is no list of numbers of %" PRIu64 " to %" PRIu64
				 ", with commas",
				 value, option->min, option->max);
			return false;
		}
		if (!*word)
			return true;
	}
}

static bool accepts_goal(const char *value, char *problem, size_t problem_size)
{
	struct bench_goal goal;
	int error = bench_goal_read(&goal, value);

	if (error == -EINVAL)
		snprintf(problem, problem_size,
			 "\"%.40s\" is no time like 1s or 500ms, and no number of iterations like "
			 "100x",
			 value);
	else if (error != 0)
		snprintf(problem, problem_size,
			 "\"%.40s\" is not between 1ns and %" PRIu64 "h, or 1x and %" PRIu64 "x",
			 value, BENCH_NS_MAX / UINT64_C(3600000000000), BENCH_COUNT_MAX);
	return error == 0;
}

bool chance_read(const char *text, double *chance)
{
	char *end;

	*chance = strtod(text, &end);
	return *text >= '0' && *text <= '9' && *end == '\0' && *chance > 0 && *chance < 1;
}

static bool accepts_chance(const char *value, char *problem, size_t problem_size)
{
	double chance;

	if (chance_read(value, &chance))
		return true;
	snprintf(problem, problem_size, "\"%.40s\" is no probability between 0 and 1", value);
	return false;
}

static bool accepts_flight(const char *value, char *problem, size_t problem_size)
{
	struct flight_limits limits;
	int error = flight_limits_read(&limits, value);

	if (error == -EINVAL)
		snprintf(problem, problem_size,
			 "\"%.40s\" is no time like 5s or 500ms, and no size like 64MB", value);
	else if (error != 0)
		snprintf(problem, problem_size,
			 "\"%.40s\" is not between 10ms and %" PRIu64 "h, or 1MB and %" PRIu64 "TB",
			 value, FLIGHT_NS_MOST / UINT64_C(3600000000000), FLIGHT_BYTES_MOST >> 40);
	return error == 0;
}

bool option_accepts(const struct option *option, const char *value, char *problem,
		    size_t problem_size)
{
	switch (option->type) {
	case OPTION_CHOICE:
		return accepts_choice(option, value, problem, problem_size);
	case OPTION_LIST:
		return accepts_list(option, value, problem, problem_size);
	case OPTION_NUMBER:
		return accepts_number(option, value, problem, problem_size);
	case OPTION_DURATION:
		return accepts_duration(option, value, problem, problem_size);
	case OPTION_SIZE:
		return accepts_size(option, value, problem, problem_size);
	case OPTION_NUMBERS:
		return accepts_numbers(option, value, problem, problem_size);
	case OPTION_GOAL:
		return accepts_goal(value, problem, problem_size);
	case OPTION_FLIGHT:
		return accepts_flight(value, problem, problem_size);
	case OPTION_CHANCE:
		return accepts_chance(value, problem, problem_size);
	case OPTION_TEXT:
		break;
	}
	return true;
}
