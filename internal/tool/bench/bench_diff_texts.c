/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_diff_texts.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/names.h"
#include "tool/tool.h"

#define SUFFIX	    ".bench.txt"
#define BASE_SUFFIX ".base.bench.txt"
#define SIMILAR_MAX 3

/* Tests that have a text in a folder. */
struct name_list {
	char **names;
	size_t len, cap;
};

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

/* Whose text a file is, NULL for any other file and for the old side of an earlier comparison. The caller frees it. */
static char *test_of(const char *file)
{
	char *stem, *test;

	if (!ends_in(file, SUFFIX) || ends_in(file, BASE_SUFFIX))
		return NULL;
	stem = xstrdup(file);
	stem[strlen(stem) - strlen(SUFFIX)] = '\0';
	test = names_test(stem);
	free(stem);
	return test;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct name_list tests_in(const char *dir)
{
	struct name_list list = {0};
	DIR *stream = opendir(dir);
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		char *test = test_of(entry->d_name);

		if (test == NULL)
			continue;
		list.names = xgrow(list.names, list.len, &list.cap, sizeof *list.names);
		list.names[list.len++] = test;
	}
	if (stream != NULL)
		closedir(stream);
	if (list.len > 0)
		qsort(list.names, list.len, sizeof *list.names, compare);
	return list;
}

static void list_free(struct name_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		free(list->names[i]);
	free(list->names);
}

static char *path_of(const char *dir, const char *test)
{
	char *stem = names_stem(test);
	char *path = xasprintf("%s/%s" SUFFIX, dir, stem);

	free(stem);
	return path;
}

static bool read_file(struct bench_text *text, const char *path)
{
	int error = bench_text_read(text, path);

	if (error != 0)
		tool_error("%s: %s", path,
			   error == -EFBIG ? "too large for text of benchmarks" : strerror(-error));
	return error == 0;
}

static void say_missing(const char *dir, const char *func, const struct name_list *list)
{
	const char *similar[SIMILAR_MAX];
	size_t count;

	if (func == NULL || *func == '\0') {
		tool_error("%s has no F" SUFFIX "; `make pprof.bench` writes them", dir);
		return;
	}
	tool_error("%s has no text of Func=%s; `make pprof.bench Func=%s` with its Package= or "
		   "Bin= writes it",
		   dir, func, func);
	count = names_nearest(func, (const char *const *)list->names, list->len, similar,
			      SIMILAR_MAX);
	for (size_t i = 0; i < count; i++)
		tool_error("there is one of Func=%s", similar[i]);
}

static char *read_folder(struct bench_text *text, const char *dir, const char *func)
{
	struct name_list list = tests_in(dir);
	bool takes_all = func == NULL || *func == '\0', is_good = true;
	size_t found = 0;

	for (size_t i = 0; i < list.len && is_good; i++) {
		char *path;

		if (!takes_all && fnmatch(func, list.names[i], 0) != 0)
			continue;
		path = path_of(dir, list.names[i]);
		is_good = read_file(text, path);
		free(path);
		found++;
	}
	if (found == 0)
		say_missing(dir, func, &list);
	list_free(&list);
	return found > 0 && is_good ? xstrdup(dir) : NULL;
}

char *bench_diff_texts(struct bench_text *text, const char *path, const char *func)
{
	char *file;
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return read_file(text, path) ? xstrdup(path) : NULL;
	file = path_of(path, func != NULL ? func : "");
	/* A name that is one is no glob. */
	if (access(file, F_OK) != 0) {
		free(file);
		return read_folder(text, path, func);
	}
	if (read_file(text, file))
		return file;
	free(file);
	return NULL;
}
