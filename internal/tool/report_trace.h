/* SPDX-License-Identifier: MIT */
/* What the threads of traces did, for a page. */
#ifndef PPROFMK_TOOL_REPORT_TRACE_H
#define PPROFMK_TOOL_REPORT_TRACE_H

#include <jansson.h>

#include "tool/artifact.h"

/* An array: for each trace of the folder {"test": place of the test, "file": its name, "stat": what
 * `pprofmk trace-stat --format json` prints of it, null where it can't be read}. */
json_t *report_traces(struct artifact *artifact);

#endif
