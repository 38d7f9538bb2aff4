/* SPDX-License-Identifier: MIT */
/* The functions of all profiles of a page, each once. */
#ifndef PPROFMK_TOOL_REPORT_NAMES_H
#define PPROFMK_TOOL_REPORT_NAMES_H

#include <jansson.h>

#include "base/arena.h"
#include "base/set.h"
#include "tool/profile/frames.h"

/* All zero: none. */
struct report_names {
	struct report_name {
		const char *name, *file; /* as profiles have them; the line is not looked at */
	} * items;
	size_t count, cap;
	json_t *list; /* [name, file, line, colour]; made by the first report_names_add() */
	struct set set;
	struct arena arena;
	char *cwd;
};

/* The place of a function in `list`, added when it is new. */
size_t report_names_add(struct report_names *names, const struct frame *frame);

/* Bytes that adding a function would take in the page: 0 for one that is there. */
size_t report_names_cost(struct report_names *names, const struct frame *frame);

/* Hand over `list`, for which there may be nothing, and free the rest. */
json_t *report_names_end(struct report_names *names);

#endif
