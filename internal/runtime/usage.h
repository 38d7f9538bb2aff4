/* SPDX-License-Identifier: MIT */
/* CPU time of the process, as the kernel counts it. */
#ifndef PPROFMK_RUNTIME_USAGE_H
#define PPROFMK_RUNTIME_USAGE_H

#include <sys/resource.h>

/* getrusage(2) of this process: the system's, even where the program mocks getrusage. */
void usage_now(struct rusage *usage);

/* Note in the recording what the process has used since `before`. */
void usage_note(const struct rusage *before);

#endif
