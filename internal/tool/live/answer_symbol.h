/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_ANSWER_SYMBOL_H
#define PPROFMK_TOOL_ANSWER_SYMBOL_H

#include <stdio.h>

#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

/* Name addresses as net/http/pprof's symbol does: "num_symbols: 1", then a line for each that has a name.
 *
 * text     a file of "0x12ab+0x34", as Go's strconv.ParseUint(word, 0, 64) reads them; what is none is passed over
 * between  stands between an address and its name
 *
 * 0 or -errno. */
int answer_symbol(FILE *out, const struct recording *recording, struct sym *sym, int text,
		  char between);

#endif
