/* SPDX-License-Identifier: MIT */
#include "tool/asked/similar.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tool/common/names.h"
#include "tool/tool.h"

#define SIMILAR_MAX 3

struct name_list {
	char **names;
	size_t len, cap;
};

/* The test whose file it is, NULL for one without the suffix. The caller frees it. */
static char *test_of(const char *file, const char *suffix)
{
	size_t len = strlen(file), suffix_len = strlen(suffix);
	char *stem, *test;

	if (len <= suffix_len || strcmp(file + len - suffix_len, suffix) != 0)
		return NULL;
	stem = strndup(file, len - suffix_len);
	if (!stem)
		xalloc_failed();
	test = names_test(stem);
	free(stem);
	return test;
}

static struct name_list tests_with(const char *dir, const char *suffix)
{
	struct name_list list = {0};
	DIR *stream = opendir(dir);
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		char *test = test_of(entry->d_name, suffix);

		if (!test)
			continue;
		list.names = xgrow(list.names, list.len, &list.cap, sizeof(*list.names));
		list.names[list.len++] = test;
	}
	if (stream)
		closedir(stream);
	return list;
}

void similar_say(const char *dir, const char *suffix, const char *func)
{
	struct name_list list = tests_with(dir, suffix);
	const char *similar[SIMILAR_MAX];
	size_t count = names_nearest(func, (const char *const *)list.names, list.len, similar,
				     SIMILAR_MAX);

	for (size_t i = 0; i < count; i++)
		tool_error("there is one of Func=%s", similar[i]);
	for (size_t i = 0; i < list.len; i++)
		free(list.names[i]);
	free(list.names);
}
