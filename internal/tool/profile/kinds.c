/* SPDX-License-Identifier: MIT */
#include "tool/profile/kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/common/names.h"

#define TYPE(type, unit) {type, unit},
#define TYPES(list)	 ((const struct profile_value_type[]){list(TYPE)})
#define TYPE_COUNT(list) (sizeof(TYPES(list)) / sizeof(struct profile_value_type))
#define KIND(name, file, shown, types, what) \
	{name, file, shown, what, TYPES(types), TYPE_COUNT(types)},

const struct kind kinds[] = {KINDS(KIND)};
const size_t kinds_count = sizeof(kinds) / sizeof(kinds[0]);

const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < kinds_count; i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

bool kind_is_of_trace(const struct kind *kind)
{
	static const char names[] = "" TRACE_KINDS(KINDS_NAME) "|";
	char *word = xasprintf("|%s|", kind->name);
	bool found = strstr(names, word) != NULL;

	free(word);
	return found;
}

void kind_set_types(const struct kind *kind, struct profile *profile)
{
	for (size_t i = 0; i < kind->type_count; i++)
		profile_add_type(profile, kind->types[i].type, kind->types[i].unit);
	profile->default_type = profile_string(profile, kind->shown);
}

int kind_type_index(const struct profile *profile, const char *type)
{
	for (size_t i = 0; i < profile->type_count; i++) {
		if (strcmp(profile->types[i].type, type) == 0)
			return (int)i;
	}
	return -ENOENT;
}

char *kind_path(const struct kind *kind, const char *dir, const char *test)
{
	char *stem = names_stem(test);
	char *path = xasprintf("%s/%s.%s.pb.gz", dir, stem, kind->file);

	free(stem);
	return path;
}
