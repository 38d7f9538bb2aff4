/* SPDX-License-Identifier: MIT */
/* What a gate has found, as text or Markdown. */
#ifndef PPROFMK_TOOL_GATE_PRINT_H
#define PPROFMK_TOOL_GATE_PRINT_H

#include <stdio.h>

#include "tool/gate/gate.h"

/* Print the verdict, a table of what is worse, better, allowed or varies, and notes.
 *
 * base  what was compared with, in words; NULL: nothing */
void gate_print(FILE *stream, const struct gate *gate, const char *base);
void gate_print_markdown(FILE *stream, const struct gate *gate, const char *base);

#endif
