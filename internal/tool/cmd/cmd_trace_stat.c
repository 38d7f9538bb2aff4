/* SPDX-License-Identifier: MIT */
/* pprofmk trace-stat: what the threads of a trace did, and how long. */
#include <string.h>

#include "tool/analysis/trace_lost.h"
#include "tool/analysis/trace_stat.h"
#include "tool/analysis/trace_stat_print.h"
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/tool.h"

static int show(const struct trace_asked *asked, const struct options *options)
{
	struct trace_stat *stat = trace_stat_new(asked->trace, asked->from_ns, asked->to_ns);
	const char *format = options_text(options, "format");

	if (strcmp(format, "json") == 0) {
		trace_stat_print_json(stdout, asked->trace, stat);
	} else if (strcmp(format, "csv") == 0) {
		/* A table's reader expects a table. */
		trace_lost_print(stderr, asked->trace, "pprofmk: ");
		trace_stat_print_csv(stdout, asked->trace, stat);
	} else {
		trace_lost_print(stdout, asked->trace, "");
		trace_stat_print(stdout, asked->trace, stat, asked->func);
	}
	trace_stat_free(stat);
	return TOOL_OK;
}

int cmd_trace_stat(const struct options *options)
{
	return trace_asked_show(options, show);
}
