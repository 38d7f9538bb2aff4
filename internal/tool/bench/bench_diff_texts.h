/* SPDX-License-Identifier: MIT */
/* Texts of benchmarks that were kept: which files are meant. */
#ifndef PPROFMK_TOOL_BENCH_DIFF_TEXTS_H
#define PPROFMK_TOOL_BENCH_DIFF_TEXTS_H

#include "tool/bench/bench_text.h"

/* Add to a text the file `path`; of a folder its F.bench.txt, or those of all tests that `func` selects.
 *
 * func  an exact name, a glob over names, NULL or "": all. Not for a file: it is read whole.
 *
 * Returns the name for messages ("old.txt", "_output/pprof/bench_encode.bench.txt", for several
 * the folder), which the caller frees; NULL, after a message, when nothing is there or a file can't be read. */
char *bench_diff_texts(struct bench_text *text, const char *path, const char *func);

#endif
