/* SPDX-License-Identifier: MIT */
/* What readers of suites need of JSON. */
#ifndef PPROFMK_TOOL_SUITE_JSON_H
#define PPROFMK_TOOL_SUITE_JSON_H

#include <jansson.h>

#include "tool/suite/suite_program.h"

/* The strings of an array, NULL-terminated; empty for what is no array. As old as the arena. */
static inline char **suite_json_words(struct arena *arena, const json_t *array)
{
	size_t count = json_array_size(array), len = 0;
	char **words = arena_get(arena, count + 1, sizeof *words);

	for (size_t i = 0; i < count; i++) {
		const char *word = json_string_value(json_array_get(array, i));

		if (word != NULL)
			words[len++] = suite_text(arena, word);
	}
	return words;
}

#endif
