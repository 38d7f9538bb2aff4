/* SPDX-License-Identifier: MIT */
#include "tool/report/artifact_source.h"

#include <stdio.h>
#include <string.h>

/* PATH_MAX, and what a program prints in a line. */
#define TEXT_MAX_BYTES 4096

const char *source_keep(const struct artifact_source *source, const char *value)
{
	size_t len = strlen(value);
	char *copy;

	if (len > TEXT_MAX_BYTES)
		for (len = TEXT_MAX_BYTES; (value[len] & 0xc0) == 0x80;)
			len--; /* not inside a character */
	copy = arena_get(&source->artifact->arena, len + 1, 1);
	snprintf(copy, len + 1, "%s", value);
	return copy;
}

const char *source_text(const struct artifact_source *source, const json_t *object,
			const char *member)
{
	const char *value = json_string_value(json_object_get(object, member));

	return value ? source_keep(source, value) : "";
}

double source_number(const json_t *object, const char *member, double otherwise)
{
	const json_t *value = json_object_get(object, member);

	return json_is_number(value) ? json_number_value(value) : otherwise;
}

void *source_array(const struct artifact_source *source, const json_t *list, size_t item_size)
{
	return arena_get(&source->artifact->arena, json_array_size(list) + 1, item_size);
}
