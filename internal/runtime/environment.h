/* SPDX-License-Identifier: MIT */
/* The environment, searched and changed in place: getenv and setenv may be mocks, and setenv allocates. */
#ifndef PPROFMK_RUNTIME_ENVIRONMENT_H
#define PPROFMK_RUNTIME_ENVIRONMENT_H

/* Where `environ` has the variable, "NAME=value"; NULL when it is not set. Context of all: not while another thread sets
 * variables. */
char **environment_entry(const char *name);

void environment_remove(const char *name);

#endif
