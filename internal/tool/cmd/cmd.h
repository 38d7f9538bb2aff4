/* SPDX-License-Identifier: MIT */
/* The subcommands, one a file. Each returns the exit status, after it has said what went wrong. */
#ifndef PPROFMK_TOOL_CMD_H
#define PPROFMK_TOOL_CMD_H

#include "tool/options.h"

int cmd_test(const struct options *options);
int cmd_bench(const struct options *options);
int cmd_bench_diff(const struct options *options);
int cmd_run(const struct options *options);
int cmd_trace(const struct options *options);
int cmd_trace_finish(const struct options *options);
int cmd_list(const struct options *options);
int cmd_web(const struct options *options);
int cmd_trace_show(const struct options *options);
int cmd_top(const struct options *options);
int cmd_svg(const struct options *options);
int cmd_flame_diff(const struct options *options);
int cmd_report(const struct options *options);
int cmd_merge(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_gate(const struct options *options);
int cmd_doctor(const struct options *options);
int cmd_trace_stat(const struct options *options);
int cmd_trace_locks(const struct options *options);
int cmd_trace_path(const struct options *options);
int cmd_trace_profile(const struct options *options);
int cmd_trace_dump(const struct options *options);
int cmd_trace_perfetto(const struct options *options);
int cmd_push(const struct options *options);
int cmd_live(const struct options *options);
int cmd_watch(const struct options *options);
int cmd_watch_diff(const struct options *options);

/* Not a subcommand of a user's: see cmd_answer.c. */
int cmd_answer(void);

#endif
