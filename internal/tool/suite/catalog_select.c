/* SPDX-License-Identifier: MIT */
/* Which tests a name selects, and what they are called; declared in catalog.h. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "tool/suite/catalog.h"
#include "tool/tool.h"

/* "NAME#2" is the second test called NAME. */
static bool is_numbered(const struct catalog_test *test, const char *func)
{
	size_t length = strlen(test->name);
	uint64_t number;

	return strncmp(func, test->name, length) == 0 && func[length] == '#' &&
	       tool_number(func + length + 1, 1, UINT32_MAX, &number) == 0 &&
	       number == test->occurrence;
}

/* "GROUP.NAME", where that tells one. */
static bool is_grouped(const struct catalog_test *test, const char *func)
{
	size_t length = test->is_told_by_group ? strlen(test->group) : 0;

	return length > 0 && strncmp(func, test->group, length) == 0 && func[length] == '.' &&
	       strcmp(func + length + 1, test->name) == 0;
}

static bool is_exact(const struct catalog_test *test, const char *func)
{
	return strcmp(test->name, func) == 0 && test->occurrence == 1;
}

static bool is_selected(const struct catalog_test *test, const char *func)
{
	return fnmatch(func, test->name, 0) == 0;
}

static size_t keep_those(struct catalog *catalog, const char *func,
			 bool (*is_wanted)(const struct catalog_test *, const char *))
{
	size_t kept = 0;

	/* The others move behind: with none kept, all of them are still there to find the nearest names. */
	for (size_t i = 0; i < catalog->count; i++) {
		struct catalog_test test = catalog->tests[i];

		if (!is_wanted(&test, func))
			continue;
		catalog->tests[i] = catalog->tests[kept];
		catalog->tests[kept++] = test;
	}
	return kept;
}

static bool has_any(const struct catalog *catalog, const char *func,
		    bool (*is_wanted)(const struct catalog_test *, const char *))
{
	for (size_t i = 0; i < catalog->count; i++)
		if (is_wanted(&catalog->tests[i], func))
			return true;
	return false;
}

static char *title_in_program(const struct catalog_test *test)
{
	if (test->occurrence == 1)
		return xstrdup(test->name);
	return test->is_told_by_group ? xasprintf("%s.%s", test->group, test->name)
				      : xasprintf("%s#%u", test->name, (unsigned)test->occurrence);
}

/* The last `parts` parts of a path. */
static const char *path_end(const char *path, size_t parts)
{
	const char *end = path + strlen(path);

	while (end > path && (end[-1] != '/' || --parts > 0))
		end--;
	return end;
}

static int compare_titles(const void *a, const void *b)
{
	const struct catalog_test *const *one = a, *const *other = b;

	return strcmp((*one)->title, (*other)->title);
}

static bool mark_shared(const struct catalog *catalog, bool *is_shared)
{
	struct catalog_test **sorted = xcalloc(catalog->count + 1, sizeof *sorted);
	bool is_any = false;

	for (size_t i = 0; i < catalog->count; i++) {
		sorted[i] = &catalog->tests[i];
		is_shared[i] = false;
	}
	qsort(sorted, catalog->count, sizeof *sorted, compare_titles);
	for (size_t i = 1; i < catalog->count; i++) {
		if (strcmp(sorted[i - 1]->title, sorted[i]->title) != 0)
			continue;
		is_shared[sorted[i - 1] - catalog->tests] = true;
		is_shared[sorted[i] - catalog->tests] = true;
		is_any = true;
	}
	free(sorted);
	return is_any;
}

/* The program's path, and the name that its suite has for this run of it. */
static char *path_of(const struct catalog_test *test)
{
	if (test->as == NULL || test->as->name[0] == '\0')
		return xstrdup(test->program);
	return xasprintf("%s/%s", test->program, test->as->name);
}

/* Put as many parts of the program's path in front. Returns whether a longer path is left. */
static bool give_program(struct catalog *catalog, struct catalog_test *test, size_t parts)
{
	char *path = path_of(test);
	const char *program = path_end(path, parts);
	char *title = title_in_program(test);
	bool has_more = program > path;

	test->title = catalog_keep(catalog, xasprintf("%s.%s", program, title));
	free(title);
	free(path);
	return has_more;
}

/* Two programs may have a test of the same name: then the program's is put in front, and its folder's where that is
 * the same too. Of programs of a suite it is the suite's name first: it may run one in several ways. */
static void give_titles(struct catalog *catalog)
{
	bool *is_shared = xcalloc(catalog->count + 1, sizeof *is_shared);
	bool has_more = true;

	for (size_t i = 0; i < catalog->count; i++)
		catalog->tests[i].title =
			catalog_keep(catalog, title_in_program(&catalog->tests[i]));
	for (size_t parts = 1; has_more && mark_shared(catalog, is_shared); parts++) {
		has_more = false;
		for (size_t i = 0; i < catalog->count; i++)
			if (is_shared[i])
				has_more |= give_program(catalog, &catalog->tests[i], parts);
	}
	free(is_shared);
}

static bool is_titled(const struct catalog_test *test, const char *func)
{
	return strcmp(test->title, func) == 0;
}

/* With its program's name or path in front, or that which its suite has, also where the title needs none. */
static bool is_qualified(const struct catalog_test *test, const char *func)
{
	char *path = path_of(test);
	char *name = title_in_program(test);
	bool is_one = false, has_more = true;

	for (size_t parts = 1; has_more && !is_one; parts++) {
		const char *program = path_end(path, parts);
		size_t length = strlen(program);

		has_more = program > path;
		is_one = strncmp(func, program, length) == 0 && func[length] == '.' &&
			 strcmp(func + length + 1, name) == 0;
	}
	free(name);
	free(path);
	return is_one;
}

static bool is_matched(const char *glob, const char *front, const char *name)
{
	char *whole = xasprintf("%s.%s", front, name);
	bool is_one = fnmatch(glob, whole, 0) == 0;

	free(whole);
	return is_one;
}

/* By what else it is called than its name: as in the list, with its group in front, or its program. */
static bool is_called(const struct catalog_test *test, const char *func)
{
	char *path = path_of(test);
	char *name = title_in_program(test);
	bool is_one = fnmatch(func, test->title, 0) == 0 ||
		      is_matched(func, path_end(path, 1), name) ||
		      (test->is_told_by_group && is_matched(func, test->group, test->name));

	free(name);
	free(path);
	return is_one;
}

/* Ways to ask for a test; the first that any of them answers to. */
static const struct way {
	bool (*is_wanted)(const struct catalog_test *, const char *);
	bool is_glob;
	bool keeps_titles;
} ways[] = {{.is_wanted = is_exact},
	    {.is_wanted = is_numbered},
	    {.is_wanted = is_titled},
	    {.is_wanted = is_grouped},
	    {.is_wanted = is_qualified},
	    {.is_wanted = is_selected, .is_glob = true},
	    {.is_wanted = is_called, .is_glob = true, .keeps_titles = true}};

void catalog_select(struct catalog *catalog, const char *func)
{
	const struct way *way = ways, *end = ways + sizeof ways / sizeof *ways;

	give_titles(catalog);
	if (func == NULL || *func == '\0')
		return;
	while (way < end && !has_any(catalog, func, way->is_wanted))
		way++;
	catalog->count = way < end ? keep_those(catalog, func, way->is_wanted) : 0;
	if (way == end || way->keeps_titles)
		return;
	/* A single one keeps the title that it was asked for by. */
	if (catalog->count == 1 && !way->is_glob)
		catalog->tests[0].title = catalog_keep(catalog, xstrdup(func));
	else
		give_titles(catalog);
}

void catalog_select_those(struct catalog *catalog,
			  bool (*is_wanted)(const struct catalog_test *test))
{
	size_t kept = 0;

	for (size_t i = 0; i < catalog->count; i++)
		if (is_wanted(&catalog->tests[i]))
			catalog->tests[kept++] = catalog->tests[i];
	catalog->count = kept;
	give_titles(catalog);
}
