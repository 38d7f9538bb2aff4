/* SPDX-License-Identifier: MIT */
/* What a program has printed into a file of ours, to who reads it. */
#ifndef PPROFMK_TOOL_COPY_TEXT_H
#define PPROFMK_TOOL_COPY_TEXT_H

/* All that is in a file, wherever it was read to last. Ends early where it can't be written; streams of `to` are to be flushed before. */
void copy_text(int from, int to);

#endif
