/* SPDX-License-Identifier: MIT */
/* Changes of an environment, as struct launch takes them, put together one after the other. */
#ifndef PPROFMK_TOOL_SUITE_CHANGES_H
#define PPROFMK_TOOL_SUITE_CHANGES_H

#include <stddef.h>

#include "base/arena.h"

/* All zero but for the arena: none. */
struct suite_changes {
	struct arena *arena; /* everything is as old as this */
	char **entries;
	size_t len, cap;
};

/* "NAME=VALUE" sets, "NAME" unsets. */
void suite_change(struct suite_changes *changes, const char *entry);

/* The value that a variable has after the changes, NULL: none. */
const char *suite_changes_value(const struct suite_changes *changes, const char *name);

/* A change as ctest's property ENVIRONMENT_MODIFICATION has it: "NAME=OPERATION:VALUE", with operations set, unset,
 * reset, string_append, string_prepend, path_list_append, path_list_prepend, cmake_list_append, cmake_list_prepend.
 *
 * modified  how many changes there were before the first of these: what `reset` goes back to.
 *
 * Others are passed over. */
void suite_change_modify(struct suite_changes *changes, const char *text, size_t modified);

/* NULL-terminated; ends the changes. */
char **suite_changes_list(struct suite_changes *changes);

#endif
