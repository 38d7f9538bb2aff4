/* SPDX-License-Identifier: MIT */
/* pprofmk top: the functions of a profile, in the terminal. */
#include "tool/asked/profile_file.h"
#include "tool/cmd/cmd.h"
#include "tool/options.h"
#include "tool/profile/top.h"
#include "tool/tool.h"

static int show(struct profile_file *file, const struct options *options)
{
	int status = profile_file_choose_type(file, options);
	uint64_t number = 0;

	if (status != TOOL_OK)
		return status;
	options_value(options, "number", &number);
	profile_file_title(stdout, file);
	top_print(stdout, file->profile, file->type, number);
	return TOOL_OK;
}

int cmd_top(const struct options *options)
{
	return profile_file_show(options, show);
}
