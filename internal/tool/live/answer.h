/* SPDX-License-Identifier: MIT */
/* What `pprofmk answer` is asked (format/answer.h): a snapshot of a running program becomes a profile, a text or a trace. */
#ifndef PPROFMK_TOOL_ANSWER_H
#define PPROFMK_TOOL_ANSWER_H

#include <stddef.h>

#include "format/answer.h"
#include "tool/sym/sym.h"

/* Answer a question with its descriptors, which are closed. Nothing of either is trusted.
 *
 * Returns a descriptor with the answer, which the caller closes, or -errno with a sentence in error[error_size]. */
int answer_make(const struct answer_question *question, const int *fds, struct sym *sym,
		char *error, size_t error_size);

#endif
