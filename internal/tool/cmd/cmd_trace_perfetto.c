/* SPDX-License-Identifier: MIT */
/* pprofmk trace-perfetto: a trace as a file of Perfetto's. */
#include <stdlib.h>
#include <string.h>

#include "tool/analysis/trace_lost.h"
#include "tool/asked/trace_asked.h"
#include "tool/cmd/cmd.h"
#include "tool/common/names.h"
#include "tool/perfetto/trace_perfetto.h"
#include "tool/tool.h"

static int show(const struct trace_asked *asked, const struct options *options)
{
	char *stem = names_stem(asked->func);
	char *path = xasprintf("%s/%s.pftrace", options_text(options, "out"), stem);
	int error = trace_perfetto_write(path, asked->trace);

	trace_lost_print(stdout, asked->trace, "");
	if (error)
		tool_error("%s: %s", path, strerror(-error));
	else
		printf("%s: open it at https://ui.perfetto.dev\n", path);
	free(stem);
	free(path);
	return error ? TOOL_FAILED : TOOL_OK;
}

int cmd_trace_perfetto(const struct options *options)
{
	return trace_asked_show(options, show);
}
