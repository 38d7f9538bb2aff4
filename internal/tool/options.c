/* SPDX-License-Identifier: MIT */
#include "tool/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tool/common/names.h"
#include "tool/options_check.h"
#include "tool/tool.h"

const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name; command++) {
		if (strcmp(command->name, name) == 0)
			return command;
	}
	return NULL;
}

bool options_is_typed_to_make(void)
{
	return getenv("PPROF_ARG_OUT") != NULL;
}

const char *options_typed(const char *option, char typed[static OPTIONS_TYPED_SIZE])
{
	bool is_for_make = options_is_typed_to_make();

	snprintf(typed, OPTIONS_TYPED_SIZE, is_for_make ? "%s=" : "--%s", option);
	if (!is_for_make)
		return typed;
	typed[0] = (char)toupper((unsigned char)typed[0]);
	for (char *p = typed; (p = strchr(p, '-'));)
		*p = '_';
	return typed;
}

int options_wrong(const struct command *command, const char *format, ...)
{
	va_list arguments;
	char *sentence;

	va_start(arguments, format);
	sentence = xvasprintf(format, arguments);
	va_end(arguments);
	if (options_is_typed_to_make())
		tool_error("%s", sentence);
	else
		tool_error("%s: %s; see `pprofmk help %s`", command->name, sentence, command->name);
	free(sentence);
	return TOOL_USAGE;
}

/* The option of "name" or "name=value", NULL for none. */
static const struct option *option_find(const struct command *command, const char *word)
{
	size_t len = strcspn(word, "=");

	for (const struct option *option = command->options; option->name; option++) {
		if (strlen(option->name) == len && memcmp(option->name, word, len) == 0)
			return option;
	}
	return NULL;
}

static int unknown_option(const struct command *command, const char *word)
{
	const char *names[32];
	const char *nearest;
	char *name = strndup(word, strcspn(word, "="));
	size_t count = 0;
	int status;

	if (!name)
		xalloc_failed();
	for (; command->options[count].name; count++)
		names[count] = command->options[count].name;
	if (names_nearest(name, names, count, &nearest, 1))
		status =
			options_wrong(command, "no option --%s, did you mean --%s?", name, nearest);
	else
		status = options_wrong(command, "no option --%s", name);
	free(name);
	return status;
}

/* Check a value and note it. TOOL_OK or TOOL_USAGE; TOOL_FAILED of an OPTION_GOAL: what says how long to measure is part of
 * the benchmark, and counts as one that failed. */
static int take(struct options *options, const struct option *option, const char *value)
{
	char problem[160], typed[OPTIONS_TYPED_SIZE];

	if (!option_accepts(option, value, problem, sizeof(problem))) {
		options_wrong(options->command, "%s: %s", options_typed(option->name, typed),
			      problem);
		return option->type == OPTION_GOAL ? TOOL_FAILED : TOOL_USAGE;
	}
	options->items[options->item_count].option = option;
	options->items[options->item_count++].value = value;
	return TOOL_OK;
}

/* One "--name value" or "--name=value" at argv[*at], and the words after it for an option of several. */
static int take_option(struct options *options, int argc, char **argv, int *at)
{
	const char *word = argv[*at] + 2;
	const struct option *option = option_find(options->command, word);
	const char *equals = strchr(word, '=');
	int status;

	if (!option)
		return unknown_option(options->command, word);
	if (!equals && (*at + 1 >= argc || strcmp(argv[*at + 1], "--") == 0))
		return options_wrong(options->command, "--%s needs a value", option->name);
	status = take(options, option, equals ? equals + 1 : argv[++*at]);
	while (status == TOOL_OK && option->several && *at + 1 < argc &&
	       strncmp(argv[*at + 1], "--", 2) != 0)
		status = take(options, option, argv[++*at]);
	return status;
}

/* A word that belongs to no option. */
static int take_operand(struct options *options, const char *word)
{
	for (const struct option *option = options->command->options; option->name; option++) {
		if (option->operand)
			return take(options, option, word);
	}
	return options_wrong(options->command, "what is \"%s\"? Options begin with --", word);
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int take_all(struct options *options, int argc, char **argv)
{
	const struct command *command = options->command;
	int status = TOOL_OK;
	int at = 1;

	for (; status == TOOL_OK && at < argc && strcmp(argv[at], "--") != 0; at++) {
		if (strncmp(argv[at], "--", 2) != 0)
			status = take_operand(options, argv[at]);
		else
			status = take_option(options, argc, argv, &at);
	}
	if (status != TOOL_OK)
		return status;
	if (at < argc)
		at++; /* the "--" */
	options->arguments = argv + at;
	options->argument_count = (size_t)(argc - at);
	if (!options->argument_count && command_takes_program(command))
		return options_wrong(command, "-- and a program behind it are missing");
	if (options->argument_count && !command->arguments)
		return options_wrong(command, "nothing may follow --, but \"%s\" does", argv[at]);
	return TOOL_OK;
}

static int check_required(const struct options *options)
{
	for (const struct option *option = options->command->options; option->name; option++) {
		const char *value = options_text(options, option->name);

		if (option->required && (!value || !*value))
			return options_wrong(options->command, "--%s %s is missing: %s",
					     option->name, option->metavar, option->help);
	}
	return TOOL_OK;
}

bool options_parse(struct options *options, int argc, char **argv, int *status)
{
	memset(options, 0, sizeof(*options));
	options->command = command_find(argv[0]);
	*status = TOOL_OK;
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (is_help(argv[i])) {
			options_help(stdout, options->command);
			return false;
		}
	}
	options->items = xcalloc((size_t)argc, sizeof(*options->items));
	*status = take_all(options, argc, argv);
	if (*status == TOOL_OK)
		*status = check_required(options);
	if (*status == TOOL_OK)
		return true;
	options_free(options);
	return false;
}

void options_free(struct options *options)
{
	free(options->items);
	memset(options, 0, sizeof(*options));
}

const char *options_text(const struct options *options, const char *name)
{
	const struct option *option = option_find(options->command, name);

	for (size_t i = options->item_count; i > 0; i--) {
		if (options->items[i - 1].option == option)
			return options->items[i - 1].value;
	}
	return option->fallback;
}

bool options_knows(const struct options *options, const char *name)
{
	return option_find(options->command, name) != NULL;
}

bool options_has_text(const struct options *options, const char *name)
{
	const char *text = options_text(options, name);

	return text != NULL && *text != '\0';
}

bool options_is_given(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->item_count; i++)
		if (strcmp(options->items[i].option->name, name) == 0)
			return true;
	return false;
}

bool options_value(const struct options *options, const char *name, uint64_t *value)
{
	const struct option *option = option_find(options->command, name);
	const char *text = options_text(options, name);

	if (!text)
		return false;
	if (option->type == OPTION_DURATION)
		return tool_duration(text, value) == 0;
	if (option->type == OPTION_SIZE)
		return tool_size(text, value) == 0;
	return tool_number(text, 0, UINT64_MAX, value) == 0;
}

double options_chance(const struct options *options, const char *name)
{
	double chance = 0;

	chance_read(options_text(options, name), &chance);
	return chance;
}

bool options_has(const struct options *options, const char *name, const char *word)
{
	const char *list = options_text(options, name);

	return list && list_has(list, ',', word, strlen(word));
}
