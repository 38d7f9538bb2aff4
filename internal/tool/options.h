/* SPDX-License-Identifier: MIT */
/* The command line: one table of subcommands and their options; parsing, checking and help are made from it. */
#ifndef PPROFMK_TOOL_OPTIONS_H
#define PPROFMK_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum option_type {
	OPTION_TEXT,
	OPTION_DURATION, /* min..max in nanoseconds; see tool_duration() */
	OPTION_NUMBER,	 /* min..max */
	OPTION_CHOICE,	 /* one of `choices` */
	OPTION_LIST,	 /* some of `choices`, with commas */
	OPTION_NUMBERS,	 /* numbers of min..max, with commas */
	OPTION_GOAL,	 /* a duration or "100x"; see bench_goal_read() */
	OPTION_CHANCE,	 /* a probability between 0 and 1, both left out */
	OPTION_SIZE,	 /* min..max in bytes; see tool_size() */
	OPTION_FLIGHT,	 /* a duration or a size; see flight_limits_read() */
};

struct option {
	const char *name;     /* without "--"; NULL ends a table */
	const char *metavar;  /* what the value is called in the help */
	const char *fallback; /* value when not given; NULL: none */
	const char *help;
	enum option_type type;
	uint64_t min, max;
	const char *choices; /* "a|b|c" */
	bool required;	     /* must be given, and not empty */
	bool several;	     /* words that follow, up to the next option, are values of it too */
	bool operand;	     /* so are words that follow no option */
};

struct options;

struct command {
	const char *name; /* NULL ends the table */
	int (*run)(const struct options *options);
	const char *summary;
	const char *
		arguments; /* what follows "--", NULL: nothing may; "PROGRAM ...": something must */
	const struct option *options;
};

extern const struct command commands[];

static inline bool command_takes_program(const struct command *command)
{
	return command->arguments != NULL && strncmp(command->arguments, "PROGRAM", 7) == 0;
}

/* NULL when there is no such subcommand. */
const struct command *command_find(const char *name);

/* What was given, in its order: "--package A --bin x y" is package=A, bin=x, bin=y. */
struct options_item {
	const struct option *option;
	const char *value; /* of argv */
};

struct options {
	const struct command *command;
	struct options_item *items;
	size_t item_count;
	char **arguments; /* after "--", in argv: NULL-terminated */
	size_t argument_count;
};

/* Parse and check the arguments of the subcommand argv[0].
 *
 * Returns true to go on; the caller then calls options_free(). False when the command is over: --help was printed,
 * or an error was (one sentence and the next step); *status is the exit status, and nothing is to be freed. */
bool options_parse(struct options *options, int argc, char **argv, int *status);
void options_free(struct options *options);

/* The last value given, or the option's fallback, NULL without one. `name` must be in the command's table. */
const char *options_text(const struct options *options, const char *name);

/* Is it in the command's table? */
bool options_knows(const struct options *options, const char *name);

/* Is there a value, and is it not empty? */
bool options_has_text(const struct options *options, const char *name);

/* Was it given, rather than its fallback taken? */
bool options_is_given(const struct options *options, const char *name);

/* The same of an OPTION_NUMBER, OPTION_DURATION (nanoseconds) or OPTION_SIZE (bytes). False, *value untouched: not given and no
 * fallback. */
bool options_value(const struct options *options, const char *name, uint64_t *value);

/* The same of an OPTION_CHANCE, which has a fallback. */
double options_chance(const struct options *options, const char *name);

/* Does an OPTION_LIST hold a word? */
bool options_has(const struct options *options, const char *name, const char *word);

/* Say what is wrong with how a subcommand was called: "pprofmk: ...; see `pprofmk help NAME`". Returns TOOL_USAGE, for
 * `return options_wrong(...)`. */
int options_wrong(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Was the variable of a Makefile's rules typed, and no option? */
bool options_is_typed_to_make(void);

enum { OPTIONS_TYPED_SIZE = 32 };

/* An option as it was typed: "--bench-count" or "Bench_count=". Returns `typed`; longer names are cut. */
const char *options_typed(const char *option, char typed[static OPTIONS_TYPED_SIZE]);

void options_help(FILE *stream, const struct command *command);
void options_help_all(FILE *stream);

#endif
