/* SPDX-License-Identifier: MIT */
/* Names like one that is not there. */
#ifndef PPROFMK_TOOL_ASKED_SIMILAR_H
#define PPROFMK_TOOL_ASKED_SIMILAR_H

/* Say on stderr of which tests the folder has files with this suffix (".cpu.pb.gz"): up to three, the likest first. */
void similar_say(const char *dir, const char *suffix, const char *func);

#endif
