/* SPDX-License-Identifier: MIT */
#include "tool/common/json_text.h"

#include <stdlib.h>

#include "tool/common/names.h"

json_t *json_text(const char *bytes)
{
	char *escaped = names_utf8(bytes);
	json_t *value = json_string(escaped);

	free(escaped);
	return value;
}

json_t *json_number(uint64_t value)
{
	return json_integer(value <= INT64_MAX ? (json_int_t)value : INT64_MAX);
}
