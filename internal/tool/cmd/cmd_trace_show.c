/* SPDX-License-Identifier: MIT */
/* pprofmk trace-show: the trace viewer's pages. */
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/show/show_server.h"
#include "tool/tool.h"

static int show(const struct trace_asked *asked, const struct options *options)
{
	uint64_t port = 0;

	options_value(options, "port", &port);
	return show_serve(asked->path, options_text(options, "host"), (uint16_t)port);
}

int cmd_trace_show(const struct options *options)
{
	return trace_asked_show(options, show);
}
