/* SPDX-License-Identifier: MIT */
/* pprofmk trace-path: the chain of running and waking that decided how long a test took. */
#include <string.h>

#include "tool/analysis/trace_lost.h"
#include "tool/analysis/trace_path.h"
#include "tool/analysis/trace_path_print.h"
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/tool.h"

static int show(const struct trace_asked *asked, const struct options *options)
{
	struct trace_path *path =
		trace_path_new(asked->trace, TRACE_NO_THREAD, asked->from_ns, asked->to_ns);
	uint64_t number = 0;

	options_value(options, "number", &number);
	if (strcmp(options_text(options, "format"), "json") == 0) {
		trace_path_print_json(stdout, asked->trace, path, SIZE_MAX);
	} else {
		trace_lost_print(stdout, asked->trace, "");
		trace_path_print(stdout, asked->trace, path, number);
	}
	trace_path_free(path);
	return TOOL_OK;
}

int cmd_trace_path(const struct options *options)
{
	return trace_asked_show(options, show);
}
