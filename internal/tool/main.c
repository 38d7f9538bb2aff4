/* SPDX-License-Identifier: MIT */
/* pprofmk: finds the subcommand and runs it. */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/common/names.h"
#include "tool/options.h"
#include "tool/tool.h"

static int unknown_command(const char *name)
{
	const char *names[64];
	const char *nearest;
	size_t count = 0;

	for (; count < sizeof(names) / sizeof(*names) && commands[count].name; count++)
		names[count] = commands[count].name;
	if (names_nearest(name, names, count, &nearest, 1))
		tool_error("no command \"%s\", did you mean %s? See `pprofmk help`", name, nearest);
	else
		tool_error("no command \"%s\"; see `pprofmk help`", name);
	return TOOL_USAGE;
}

static int help(const char *name)
{
	const struct command *command = name ? command_find(name) : NULL;

	if (name && !command)
		return unknown_command(name);
	if (command)
		options_help(stdout, command);
	else
		options_help_all(stdout);
	return TOOL_OK;
}

static bool is_word(const char *word, const char *name, const char *option, const char *letter)
{
	return strcmp(word, name) == 0 || strcmp(word, option) == 0 || strcmp(word, letter) == 0;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct options options;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	status = command->run(&options);
	options_free(&options);
	return status;
}

static int run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		options_help_all(stderr);
		return TOOL_USAGE;
	}
	if (is_word(argv[1], "help", "--help", "-h"))
		return help(argv[2]);
	if (is_word(argv[1], "version", "--version", "-V")) {
		puts("pprofmk " TOOL_VERSION);
		return TOOL_OK;
	}
	if (strcmp(argv[1], "answer") == 0)
		return cmd_answer();
	command = command_find(argv[1]);
	return command ? run_command(command, argc - 1, argv + 1) : unknown_command(argv[1]);
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	/* A full disk behind stdout shows up only here. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		tool_error("cannot write to standard output");
		return status == TOOL_OK ? TOOL_FAILED : status;
	}
	return status;
}
