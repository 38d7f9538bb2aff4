/* SPDX-License-Identifier: MIT */
/* pprofmk trace-finish: names, states and an index for what a program recorded for itself. */
#include "tool/cmd/cmd.h"
#include "tool/options.h"
#include "tool/tool.h"
#include "tool/trace/trace_raw_file.h"

int cmd_trace_finish(const struct options *options)
{
	const char *raw = options_text(options, "raw"), *out = options_text(options, "out");

	return trace_raw_file_finish(raw, out != NULL && *out != '\0' ? out : raw, 0) == 0
		       ? TOOL_OK
		       : TOOL_FAILED;
}
