/* SPDX-License-Identifier: MIT */
/* pprofmk trace-locks: who waited for the locks of a trace, and who held them. */
#include <string.h>

#include "tool/analysis/trace_locks.h"
#include "tool/analysis/trace_locks_print.h"
#include "tool/analysis/trace_lost.h"
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/tool.h"

static int show(const struct trace_asked *asked, const struct options *options)
{
	struct trace_locks *locks = trace_locks_new(asked->trace, asked->from_ns, asked->to_ns);
	uint64_t number = 0;

	options_value(options, "number", &number);
	if (strcmp(options_text(options, "format"), "json") == 0) {
		trace_locks_print_json(stdout, asked->trace, locks);
	} else {
		trace_lost_print(stdout, asked->trace, "");
		trace_locks_print(stdout, asked->trace, locks, number);
	}
	trace_locks_free(locks);
	return TOOL_OK;
}

int cmd_trace_locks(const struct options *options)
{
	return trace_asked_show(options, show);
}
