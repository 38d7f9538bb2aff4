/* SPDX-License-Identifier: MIT */
#include "tool/gate/budget.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/names.h"
#include "tool/tool.h"

/* A budget is written by hand. */
#define FILE_MAX_BYTES (1 << 20)
/* Messages about one file. */
#define WRONG_MAX 10

const struct gate_metric_info gate_metrics[GATE_METRIC_COUNT] = {
#define X(name, word, unit, more, is_share) {word, unit, more, is_share},
	GATE_METRICS(X)
#undef X
};

#define METRIC_NAME(name, word, unit, more, is_share) " " word
static const char metric_names[] = "*" GATE_METRICS(METRIC_NAME);

struct unit {
	const char *of, *name;
	double factor;
};

static const struct unit units[] = {
	{"bytes", "", 1},
	{"bytes", "B", 1},
	{"bytes", "kB", 1024},
	{"bytes", "MB", 1024. * 1024},
	{"bytes", "GB", 1024. * 1024 * 1024},
	{"nanoseconds", "ns", 1},
	{"nanoseconds", "us", 1e3},
	{"nanoseconds", "ms", 1e6},
	{"nanoseconds", "s", 1e9},
	{"count", "", 1},
};

/* Where a line is, for what is wrong with it. */
struct place {
	const char *path;
	size_t line, wrong;
};

static bool wrong(struct place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool wrong(struct place *place, const char *format, ...)
{
	va_list arguments;
	char *sentence;

	va_start(arguments, format);
	sentence = xvasprintf(format, arguments);
	va_end(arguments);
	if (place->wrong++ < WRONG_MAX)
		tool_error("%s:%zu: %s", place->path, place->line, sentence);
	free(sentence);
	return false;
}

static char *skip_blanks(char *at)
{
	return at + strspn(at, " \t");
}

/* Take a word off a line, or what is in quotes, and end it. NULL: there is none, or its quote does not end. */
static char *take_word(char **line)
{
	char *word = skip_blanks(*line), *end;

	if (*word == '"') {
		end = strchr(++word, '"');
		if (end == NULL)
			return NULL;
	} else {
		end = word + strcspn(word, " \t");
	}
	if (*end == '\0')
		*line = end;
	else
		*line = end + 1;
	*end = '\0';
	return *word != '\0' ? word : NULL;
}

static bool read_metric(struct budget_rule *rule, const char *word, struct place *place)
{
	if (strcmp(word, "*") == 0)
		rule->metrics = (1u << GATE_METRIC_COUNT) - 1;
	for (size_t i = 0; i < GATE_METRIC_COUNT; i++)
		if (strcmp(word, gate_metrics[i].name) == 0)
			rule->metrics = 1u << i;
	if (rule->metrics != 0)
		return true;
	return wrong(place, "\"%.40s\" is no metric: give one of %s", word, metric_names);
}

/* What all metrics of a rule are measured in; NULL where they differ. */
static const char *unit_of(const struct budget_rule *rule)
{
	const char *unit = NULL;

	for (size_t i = 0; i < GATE_METRIC_COUNT; i++) {
		if ((rule->metrics >> i & 1) == 0)
			continue;
		if (unit != NULL && strcmp(unit, gate_metrics[i].unit) != 0)
			return NULL;
		unit = gate_metrics[i].unit;
	}
	return unit;
}

/* A number at the beginning of a text, and what is behind it; NAN: there is none. */
static double number_of(const char *text, const char **rest)
{
	char *end;
	double number;

	*rest = text;
	if (!isdigit((unsigned char)*text))
		return NAN;
	number = strtod(text, &end);
	*rest = end;
	return number;
}

static bool read_value(struct budget_rule *rule, const char *text, struct place *place)
{
	const char *unit = unit_of(rule);
	const char *rest;

	if (unit == NULL)
		return wrong(place,
			     "\"%.40s\" of every metric: only a share (+5%%) or `any` can be",
			     text);
	rule->limit = number_of(text, &rest);
	for (size_t i = 0; !isnan(rule->limit) && i < sizeof units / sizeof *units; i++)
		if (strcmp(unit, units[i].of) == 0 && strcmp(rest, units[i].name) == 0) {
			rule->limit *= units[i].factor;
			return true;
		}
	return wrong(place, "\"%.40s\" is no limit: give %s", text,
		     strcmp(unit, "bytes") == 0		? "bytes like 512 or 64kB"
		     : strcmp(unit, "nanoseconds") == 0 ? "a time like 250us or 1.5ms"
							: "a number like 120");
}

static bool read_share(struct budget_rule *rule, const char *text, struct place *place)
{
	const char *rest;

	rule->kind = BUDGET_SHARE;
	rule->limit = number_of(text, &rest) / 100;
	if (!isnan(rule->limit) && strcmp(rest, "%") == 0)
		return true;
	return wrong(place, "\"+%.40s\" is no share like +8%%", text);
}

static bool read_limit(struct budget_rule *rule, const char *word, struct place *place)
{
	if (strcmp(word, "any") == 0) {
		rule->kind = BUDGET_ANY;
		return true;
	}
	if (strncmp(word, "<=", 2) == 0) {
		rule->kind = BUDGET_MOST;
		return read_value(rule, word + 2, place);
	}
	if (*word != '+')
		return wrong(place, "\"%.40s\" is no limit: give <=120, +3, +5%% or any", word);
	if (word[strlen(word) - 1] == '%')
		return read_share(rule, word + 1, place);
	rule->kind = BUDGET_MORE;
	return read_value(rule, word + 1, place);
}

static bool read_rule(struct budget_rule *rule, char *line, struct place *place)
{
	char *test = take_word(&line), *metric = test != NULL ? take_word(&line) : NULL;
	char *limit = metric != NULL ? take_word(&line) : NULL;

	if (limit == NULL)
		return wrong(place,
			     "a line is TEST METRIC LIMIT REASON, like: test_send allocs <=120");
	/* "<= 120" */
	if (strcmp(limit, "<=") == 0) {
		char *value = take_word(&line);
		char *joined = xasprintf("<=%s", value != NULL ? value : "");
		bool is_good = read_metric(rule, metric, place) && read_limit(rule, joined, place);

		free(joined);
		if (!is_good)
			return false;
	} else if (!read_metric(rule, metric, place) || !read_limit(rule, limit, place)) {
		return false;
	}
	line = skip_blanks(line);
	if (*line == '\0' && rule->kind != BUDGET_MOST)
		return wrong(place, "an exception needs a reason: why may %.60s have %s?", test,
			     limit);
	rule->test = xstrdup(test);
	rule->reason = xstrdup(line);
	return true;
}

static void parse_line(struct budget *budget, char *line, struct place *place)
{
	struct budget_rule rule = {.line = place->line};
	size_t len = strlen(line);

	while (len > 0 && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	line = skip_blanks(line);
	if (*line == '\0' || *line == '#' || !read_rule(&rule, line, place))
		return;
	budget->rules = xgrow(budget->rules, budget->count, &budget->cap, sizeof *budget->rules);
	budget->rules[budget->count++] = rule;
}

bool budget_parse(struct budget *budget, const char *path, const char *text)
{
	struct place place = {.path = path};
	char *copy = xstrdup(text), *rest = copy, *line;

	*budget = (struct budget){.path = xstrdup(path)};
	while ((line = strsep(&rest, "\n")) != NULL) {
		place.line++;
		parse_line(budget, line, &place);
	}
	free(copy);
	if (place.wrong > WRONG_MAX)
		tool_error("%s: %zu more lines are wrong", path, place.wrong - WRONG_MAX);
	return place.wrong == 0;
}

bool budget_read(struct budget *budget, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = xcalloc(1, FILE_MAX_BYTES + 1);
	size_t size = 0;
	bool is_good = file != NULL;

	*budget = (struct budget){0};
	if (file != NULL) {
		size = fread(text, 1, FILE_MAX_BYTES, file);
		is_good = !ferror(file);
	}
	if (!is_good)
		tool_error("%s: %s; Budget= (--budget) is a file like pprof.budget", path,
			   strerror(errno));
	else if (size == FILE_MAX_BYTES || memchr(text, '\0', size) != NULL)
		tool_error("%s: this is no budget: it is too large, or no text", path);
	is_good = is_good && size < FILE_MAX_BYTES && memchr(text, '\0', size) == NULL;
	is_good = is_good && budget_parse(budget, path, text);
	if (file != NULL)
		fclose(file);
	free(text);
	return is_good;
}

void budget_free(struct budget *budget)
{
	for (size_t i = 0; i < budget->count; i++) {
		free(budget->rules[i].test);
		free(budget->rules[i].reason);
	}
	free(budget->rules);
	free(budget->path);
}

static bool matches(const struct budget_rule *rule, const char *name)
{
	return name != NULL && (strcmp(rule->test, name) == 0 || fnmatch(rule->test, name, 0) == 0);
}

const struct budget_rule *budget_find(struct budget *budget, const char *test, const char *name,
				      enum gate_metric metric)
{
	for (size_t i = budget->count; i > 0; i--) {
		struct budget_rule *rule = &budget->rules[i - 1];

		if ((rule->metrics >> metric & 1) == 0 ||
		    (!matches(rule, test) && !matches(rule, name)))
			continue;
		rule->is_used = true;
		return rule;
	}
	return NULL;
}

bool budget_limits_time(const struct budget *budget, const char *test)
{
	const unsigned timed = 1u << GATE_TIME | 1u << GATE_INSTRUCTIONS;

	for (size_t i = 0; i < budget->count; i++) {
		const struct budget_rule *rule = &budget->rules[i];

		if (rule->kind == BUDGET_MOST && (rule->metrics & timed) != 0 &&
		    (matches(rule, test) || strncmp(rule->test, "Benchmark", 9) == 0))
			return true;
	}
	return false;
}
