/* SPDX-License-Identifier: MIT */
/* pprofmk trace-dump: a trace as text, one event a line. */
#include <inttypes.h>

#include "tool/analysis/trace_line.h"
#include "tool/analysis/trace_lost.h"
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/tool.h"

/* What happened at the very end of the trace belongs to it: of a killed program the last event is the end. */
static uint64_t end_of(const struct trace_asked *asked)
{
	return asked->to_ns == trace_info(asked->trace)->span_ns ? UINT64_MAX : asked->to_ns;
}

static int show(const struct trace_asked *asked, const struct options *options)
{
	struct trace_merge *merge =
		trace_merge_new(asked->trace, 1 << TRACE_STREAM_STATES | 1 << TRACE_STREAM_EVENTS,
				asked->from_ns, end_of(asked));
	struct trace_lines *lines = trace_lines_new(asked->trace);
	struct trace_merged item;

	(void)options;
	trace_lost_print(stdout, asked->trace, "# ");
	while (!ferror(stdout) && trace_merge_next(merge, &item))
		trace_line_put(stdout, lines, &item);
	if (trace_damaged_chunks(asked->trace) != 0)
		printf("# %" PRIu32 " damaged chunks were passed over\n",
		       trace_damaged_chunks(asked->trace));
	trace_lines_free(lines);
	trace_merge_free(merge);
	return TOOL_OK;
}

int cmd_trace_dump(const struct options *options)
{
	return trace_asked_show(options, show);
}
