/* SPDX-License-Identifier: MIT */
/* What is going on, in one line of the terminal that is written over. Nothing where stdout is none. */
#ifndef PPROFMK_TOOL_PROGRESS_H
#define PPROFMK_TOOL_PROGRESS_H

void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Take the line away, before anything else is printed. */
void progress_clear(void);

#endif
