/* SPDX-License-Identifier: MIT */
/* pprofmk report: the files that make an artifact folder a report. */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/options.h"
#include "tool/report/artifact_file.h"
#include "tool/report/report.h"
#include "tool/tool.h"

/* The date in `since` of a number of seconds since 1970, as `date +%s` prints; NULL: not given. */
static const char *since_of(const struct options *options, char since[ARTIFACT_DATE_SIZE])
{
	uint64_t seconds;

	if (!options_value(options, "since", &seconds))
		return NULL;
	return artifact_date((time_t)seconds, since);
}

int cmd_report(const struct options *options)
{
	char since[ARTIFACT_DATE_SIZE];
	const char *out, *base;
	int status;

	out = options_text(options, "out");
	base = options_text(options, "base");
	status = report_write(out, since_of(options, since), base && *base ? base : NULL, NULL)
			 ? TOOL_OK
			 : TOOL_FAILED;
	if (status == TOOL_OK)
		printf("%s/index.html\n%s/summary.md\n", out, out);
	return status;
}
