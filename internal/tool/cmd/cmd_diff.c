/* SPDX-License-Identifier: MIT */
/* pprofmk diff: what has changed in a profile, as a table or in pprof's pages. */
#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/cmd/comparison.h"
#include "tool/tool.h"

/* Both sides. TOOL_OK, or the exit status after a message. */
static int read_sides(struct comparison *comparison)
{
	const struct options *options = comparison->options;
	const char *func = comparison->func;
	struct profile_file file;

	if (!profile_runs_read(&comparison->new, comparison->kind, func,
			       options_text(options, "out")))
		return TOOL_FAILED;
	/* It says what makes one. */
	if (comparison->new.count == 0)
		return profile_file_open(&file, options);
	if (!profile_runs_read(&comparison->old, comparison->kind, func,
			       options_text(options, "base")))
		return TOOL_FAILED;
	if (comparison->old.count > 0)
		return TOOL_OK;
	tool_error("%s has no %s profile of %s, and neither has a folder in it",
		   comparison->old.where, comparison->kind->file, func);
	return TOOL_FAILED;
}

int cmd_diff(const struct options *options)
{
	struct comparison comparison = {.options = options,
					.func = options_text(options, "func"),
					.kind = kind_find(options_text(options, "kind"))};
	int status = read_sides(&comparison);

	if (status == TOOL_OK)
		status = comparison_show(&comparison);
	profile_runs_free(&comparison.old);
	profile_runs_free(&comparison.new);
	return status;
}
