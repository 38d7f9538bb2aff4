/* SPDX-License-Identifier: MIT */
/* The environment of a test program. */
#ifndef PPROFMK_TOOL_LAUNCH_ENVIRONMENT_H
#define PPROFMK_TOOL_LAUNCH_ENVIRONMENT_H

#include "tool/launch/launch.h"

/* Ours with the changes that are wanted, and the three variables that the runtime takes out again.
 *
 * has_tcmalloc  the allocator that the mem kind needs is preloaded with the runtime
 *
 * NULL, after a message, when the runtime isn't there. */
char **launch_environment(const struct launch *launch, bool has_tcmalloc);
void launch_environment_free(char **environment);

#endif
