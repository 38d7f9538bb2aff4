/* SPDX-License-Identifier: MIT */
/* What a job shows on GitHub: each of its steps may add to it. */
#ifndef PPROFMK_TOOL_STEP_SUMMARY_H
#define PPROFMK_TOOL_STEP_SUMMARY_H

#include <stdbool.h>

/* Add Markdown to the file that GITHUB_STEP_SUMMARY names, if any. False after a message where that can't be done. */
bool step_summary_add(const char *markdown);

#endif
