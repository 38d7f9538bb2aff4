/* SPDX-License-Identifier: MIT */
/* pprofmk trace-show: the trace viewer's pages. */
#include <stdlib.h>

#include "tool/names.h"
#include "tool/options.h"
#include "tool/show_server.h"
#include "tool/tool.h"

int cmd_trace_show(int argc, char **argv)
{
	struct options options;
	uint64_t port = 0;
	char *stem, *path;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	options_value(&options, "port", &port);
	stem = names_stem(options_text(&options, "func"));
	path = xasprintf("%s/%s.trace", options_text(&options, "out"), stem);
	status = show_serve(path, options_text(&options, "host"), (uint16_t)port);
	free(path);
	free(stem);
	options_free(&options);
	return status;
}
