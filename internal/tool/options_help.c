/* SPDX-License-Identifier: MIT */
/* Help, from the table of subcommands; declared in options.h. */
#include "tool/options.h"

#include <stdlib.h>
#include <string.h>

#include "tool/tool.h"

/* " --name METAVAR", in brackets unless it is required, as it stands in a usage line. */
static char *usage_word(const struct option *option)
{
	bool must = option->required && !option->fallback;

	if (option->operand)
		return xasprintf(" [[--%s] %s]", option->name, option->metavar);
	return xasprintf(" %s--%s %s%s", must ? "" : "[", option->name, option->metavar,
			 must ? "" : "]");
}

/* The usage line, broken before column 100. */
static void print_usage(FILE *stream, const struct command *command)
{
	int indent = fprintf(stream, "usage: pprofmk %s", command->name);
	int column = indent;

	for (const struct option *option = command->options; option->name; option++) {
		char *word = usage_word(option);
		int len = (int)strlen(word);

		if (column + len > 99) {
			fprintf(stream, "\n%*s", indent, "");
			column = indent;
		}
		fputs(word, stream);
		column += len;
		free(word);
	}
	if (command->arguments)
		fprintf(stream, command_takes_program(command) ? " -- %s..." : " [-- %s...]",
			command->arguments);
	putc('\n', stream);
}

static void print_option(FILE *stream, const struct option *option)
{
	char *left = xasprintf("--%s %s", option->name, option->metavar);

	fprintf(stream, "  %-18s %s", left, option->help);
	if (option->choices && !strstr(option->metavar, option->choices))
		fprintf(stream, " (%s)", option->choices);
	if (option->fallback)
		fprintf(stream, " [%s]", option->fallback);
	putc('\n', stream);
	free(left);
}

void options_help(FILE *stream, const struct command *command)
{
	print_usage(stream, command);
	fprintf(stream, "\nPurpose: %s.\n\n", command->summary);
	for (const struct option *option = command->options; option->name; option++)
		print_option(stream, option);
	if (command_takes_program(command))
		fprintf(stream, "  %-18s %s\n", "-- PROGRAM ARGS...",
			"the program, by its path or from PATH");
	else if (command->arguments)
		fprintf(stream, "  %-18s %s\n", "-- ARGS...", "arguments of the test program");
	fputs("\nDefaults are in [brackets]; --name=value is the same as --name value.\n", stream);
}

void options_help_all(FILE *stream)
{
	fputs("usage: pprofmk COMMAND [--name value]...\n\n", stream);
	for (const struct command *command = commands; command->name; command++)
		fprintf(stream, "  %-8s %s\n", command->name, command->summary);
	fputs("  version  print the version\n"
	      "  help     print this, or with a COMMAND what it takes\n\n"
	      "Exit status: 0 all good; 1 a test failed, crashed or ran out of time, or it could\n"
	      "not be done; 2 wrong usage, or no test of that name.\n",
	      stream);
}
