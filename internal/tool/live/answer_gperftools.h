/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_ANSWER_GPERFTOOLS_H
#define PPROFMK_TOOL_ANSWER_GPERFTOOLS_H

#include <stdio.h>

#include "format/answer.h"
#include "format/profile.h"

/* A profile in the form of gperftools: of cpu its binary file, of heap and waits its text; what is mapped where behind it. 0 or
 * -ENOTSUP: it has none of that kind. */
int answer_gperftools(FILE *out, enum answer_kind kind, const struct profile *profile);

#endif
