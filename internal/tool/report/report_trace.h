/* SPDX-License-Identifier: MIT */
/* What the threads of traces did, for a page. */
#ifndef PPROFMK_TOOL_REPORT_TRACE_H
#define PPROFMK_TOOL_REPORT_TRACE_H

#include <jansson.h>

#include "tool/report/artifact.h"

/* An array: for each trace of the folder
 *
 *     {"test": place of the test, "file": its name, "span_ns": ..., "cpus": ..., "lost": "", "note": "",
 *      "states": ["running", ...], "threads": [["started with", "name", tid, total_ns, [ns in each state]], ...],
 *      "left_out": threads that there is no room for}
 *
 * of what trace-stat says. One that can't be read is noted in the folder's problems. */
json_t *report_traces(struct artifact *artifact);

#endif
