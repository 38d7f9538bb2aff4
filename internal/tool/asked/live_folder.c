/* SPDX-License-Identifier: MIT */
#include "tool/asked/live_folder.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/common/names.h"

#define TRACE_SUFFIX ".trace"

char *live_folder(const char *out)
{
	return xasprintf("%s/live", out);
}

char *live_folder_name(const char *address_name, time_t when)
{
	struct tm local;
	char text[32] = "";

	if (localtime_r(&when, &local))
		strftime(text, sizeof(text), "%Y%m%d-%H%M%S", &local);
	return xasprintf("%s.%s", address_name, text);
}

static bool has(const char *dir, const char *stem, const char *suffix)
{
	char *path = xasprintf("%s/%s.%s", dir, stem, suffix);
	bool is_there = access(path, F_OK) == 0;

	free(path);
	return is_there;
}

char *live_folder_with(const char *out, const char *func, const char *suffix)
{
	char *live = live_folder(out), *stem = names_stem(func);
	bool is_live = !has(out, stem, suffix) && has(live, stem, suffix);

	free(stem);
	if (is_live)
		return live;
	free(live);
	return xstrdup(out);
}

/* The test of a file "STEM.trace", NULL for any other. */
static char *test_of(const char *file)
{
	size_t len = strlen(file), suffix_len = strlen(TRACE_SUFFIX);
	char *stem, *test;

	if (len <= suffix_len || strcmp(file + len - suffix_len, TRACE_SUFFIX) != 0)
		return NULL;
	stem = xasprintf("%.*s", (int)(len - suffix_len), file);
	test = names_test(stem);
	free(stem);
	return test;
}

struct newest {
	char *test;
	struct timespec when;
};

static bool is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static void look_in(const char *dir, struct newest *newest)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	struct stat status;

	while (stream && (entry = readdir(stream))) {
		char *test = test_of(entry->d_name);

		if (test && fstatat(dirfd(stream), entry->d_name, &status, 0) == 0 &&
		    (!newest->test || is_later(&status.st_mtim, &newest->when))) {
			free(newest->test);
			*newest = (struct newest){test, status.st_mtim};
		} else {
			free(test);
		}
	}
	if (stream)
		closedir(stream);
}

char *live_folder_newest_trace(const char *out)
{
	struct newest newest = {0};
	char *live = live_folder(out);

	look_in(out, &newest);
	look_in(live, &newest);
	free(live);
	return newest.test;
}
