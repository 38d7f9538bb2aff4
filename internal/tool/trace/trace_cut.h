/* SPDX-License-Identifier: MIT */
/* What threads were doing when a trace begins in the middle of a recording. */
#ifndef PPROFMK_TOOL_TRACE_CUT_H
#define PPROFMK_TOOL_TRACE_CUT_H

#include "format/spool_fold.h"
#include "tool/trace/trace_raw.h"

/* The last switch of each thread before raw->cut.begin_ns: of what was dropped, and of what is still there. The caller frees
 * fold->items. */
void trace_cut_fold(const struct trace_raw *raw, struct spool_fold *fold);

/* Fold more in; its items are of malloc. */
void trace_cut_add(struct spool_fold *fold, const struct spool_switch *items, size_t count);

#endif
