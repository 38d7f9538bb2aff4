/* SPDX-License-Identifier: MIT */
/* Programs that are there to start another one: shells, env, nice, ... What the environment asks for is meant for that one. */
#ifndef PPROFMK_RUNTIME_LAUNCHER_H
#define PPROFMK_RUNTIME_LAUNCHER_H

#include <stdbool.h>

/* Does this process run one of these? */
bool launcher_is_this(void);

/* Is it a shell? */
bool launcher_is_shell(void);

#endif
