/* SPDX-License-Identifier: MIT */
/* pprofmk run: any program, from its first instruction that we see to its exit. */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/launch/launch.h"
#include "tool/launch/program.h"
#include "tool/launch/script.h"
#include "tool/options.h"
#include "tool/run/summary.h"
#include "tool/run/test_session.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"

/* False after a message. */
static bool take_program(const char *path, struct kind_settings *settings)
{
	enum program_kind kind = program_kind(path);
	bool is_prepared;

	if (!program_is_loadable(kind)) {
		tool_error("%s %s", path, program_refusal(kind));
		return false;
	}
	if (!program_whole_file(path, &settings->file, &is_prepared)) {
		tool_error("%s: its interpreter is not there", path);
		return false;
	}
	settings->attach = is_prepared ? REC_ATTACH_CHILD : REC_ATTACH_FILE;
	settings->runs = 1;
	return true;
}

/* The same that tests are described by, where there is nothing but the program. */
static int run_program(const struct options *options, const char *path)
{
	struct test_session session = {.settings = tests_program_settings(options)};
	const char *name = options_text(options, "name");
	char *none[] = {NULL};
	struct suite_program program = {.path = path,
					.name = "",
					.package = "",
					.arguments = options->arguments + 1,
					.environment = none};
	struct catalog_test test = {.program = path,
				    .package = "",
				    .group = "",
				    .as = &program,
				    .occurrence = 1,
				    .occurrences = 1};
	bool is_good;

	test.title = xstrdup(name != NULL && *name != '\0' ? name : strrchr(path, '/') + 1);
	test.name = test.title;
	is_good = take_program(path, &session.settings) &&
		  tests_make_folder(session.settings.out_dir);
	if (is_good) {
		test_session_choose_kinds(&session, options);
		tests_ignore_closed_output();
		test_session_begin(&session, false);
		test_session_run(&session, &test);
		is_good = test_session_end(&session) && session.bad == 0;
		printf("\nprofiles are in %s\n", session.settings.out_dir);
		summary_without_lines(stdout, session.without_lines);
		summary_next(stdout, "\n", test_session_first_kind(&session), test.title,
			     session.settings.out_dir);
	}
	free(test.title);
	if (launch_interrupted())
		tool_error("interrupted; what was recorded until then is kept");
	return is_good && !launch_interrupted() ? TOOL_OK : TOOL_FAILED;
}

int cmd_run(const struct options *options)
{
	char *path;
	int status;

	path = script_find_in_path(options->arguments[0]);
	if (path != NULL) {
		status = run_program(options, path);
	} else {
		tool_error("%s is not in PATH: give the path of the program",
			   options->arguments[0]);
		status = TOOL_FAILED;
	}
	free(path);
	return status;
}
