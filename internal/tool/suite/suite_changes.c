/* SPDX-License-Identifier: MIT */
#include "tool/suite/suite_changes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/suite/suite_program.h"

void suite_change(struct suite_changes *changes, const char *entry)
{
	changes->entries =
		xgrow(changes->entries, changes->len, &changes->cap, sizeof *changes->entries);
	changes->entries[changes->len++] = suite_text(changes->arena, entry);
}

/* The value that a variable has after the first `count` changes. */
static const char *value_after(const struct suite_changes *changes, size_t count, const char *name)
{
	size_t length = strlen(name);

	while (count > 0) {
		const char *entry = changes->entries[--count];

		if (strncmp(entry, name, length) != 0)
			continue;
		if (entry[length] == '=')
			return entry + length + 1;
		if (entry[length] == '\0')
			return NULL;
	}
	return getenv(name);
}

const char *suite_changes_value(const struct suite_changes *changes, const char *name)
{
	return value_after(changes, changes->len, name);
}

static void change_to(struct suite_changes *changes, const char *name, const char *value)
{
	char *entry = value != NULL ? xasprintf("%s=%s", name, value) : xstrdup(name);

	suite_change(changes, entry);
	free(entry);
}

static void join(struct suite_changes *changes, const char *name, const char *value,
		 const char *separator, bool is_behind)
{
	const char *now = suite_changes_value(changes, name);
	char *joined;

	if (now == NULL || *now == '\0')
		joined = xstrdup(value);
	else
		joined = xasprintf("%s%s%s", is_behind ? now : value, separator,
				   is_behind ? value : now);
	change_to(changes, name, joined);
	free(joined);
}

static void modify(struct suite_changes *changes, const char *name, const char *operation,
		   const char *value, size_t modified)
{
	static const struct {
		const char *name, *separator;
		bool is_behind;
	} joins[] = {
		{"string_append", "", true},	  {"string_prepend", "", false},
		{"path_list_append", ":", true},  {"path_list_prepend", ":", false},
		{"cmake_list_append", ";", true}, {"cmake_list_prepend", ";", false},
	};

	if (strcmp(operation, "set") == 0)
		change_to(changes, name, value);
	else if (strcmp(operation, "unset") == 0)
		change_to(changes, name, NULL);
	else if (strcmp(operation, "reset") == 0)
		change_to(changes, name, value_after(changes, modified, name));
	for (size_t i = 0; i < sizeof joins / sizeof *joins; i++)
		if (strcmp(operation, joins[i].name) == 0)
			join(changes, name, value, joins[i].separator, joins[i].is_behind);
}

void suite_change_modify(struct suite_changes *changes, const char *text, size_t modified)
{
	char *name = xstrdup(text);
	char *operation = strchr(name, '=');
	char *value = operation != NULL ? strchr(operation, ':') : NULL;

	if (value != NULL) {
		*operation++ = '\0';
		*value++ = '\0';
		modify(changes, name, operation, value, modified);
	}
	free(name);
}

char **suite_changes_list(struct suite_changes *changes)
{
	char **list;

	changes->entries =
		xgrow(changes->entries, changes->len, &changes->cap, sizeof *changes->entries);
	changes->entries[changes->len] = NULL;
	list = suite_list(changes->arena, changes->entries);
	free(changes->entries);
	*changes = (struct suite_changes){.arena = changes->arena};
	return list;
}
