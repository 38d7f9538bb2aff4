/* SPDX-License-Identifier: MIT */
#include "tool/live/watch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/common/names.h"
#include "tool/tool.h"

#define FILE_TIME "%Y%m%d-%H%M%S"
/* Fewer would leave nothing to compare. */
#define KEPT_MIN 2
/* Of samples, and of those that are kept. */
#define NUMBER_MAX 1000000000

static char *file_name(unsigned number, time_t when, const char *kind)
{
	struct tm local;
	char text[32] = "";

	if (localtime_r(&when, &local))
		strftime(text, sizeof(text), FILE_TIME, &local);
	return xasprintf("%06u.%s.%s.pb.gz", number, text, kind);
}

/* A time of this machine's place, as strptime() reads it to the end. */
static bool read_time(const char *text, const char *format, struct tm *local)
{
	const char *end = strptime(text, format, local);

	local->tm_isdst = -1;
	return end && *end == '\0';
}

/* Is it a file's name that we would give? */
static bool read_name(const char *name, const char *kind, unsigned *number, time_t *when)
{
	struct tm local = {0};
	char text[16];
	char *same;
	bool is_ours;

	if (sscanf(name, "%9u.%15[0-9-].", number, text) != 2 ||
	    !read_time(text, FILE_TIME, &local))
		return false;
	*when = mktime(&local);
	same = file_name(*number, *when, kind);
	is_ours = strcmp(same, name) == 0;
	free(same);
	return is_ours;
}

static struct watch_sample *push(struct watch_folder *folder, const struct watch_sample *sample)
{
	folder->samples =
		xgrow(folder->samples, folder->count, &folder->cap, sizeof(*folder->samples));
	folder->samples[folder->count] = *sample;
	return &folder->samples[folder->count++];
}

static int compare_samples(const void *a, const void *b)
{
	const struct watch_sample *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->path, y->path);
}

void watch_folder_open(struct watch_folder *folder, const char *out, const char *address_name,
		       const char *kind)
{
	char *stem = names_stem(address_name);
	struct dirent *entry;
	DIR *stream;

	*folder = (struct watch_folder){.dir = xasprintf("%s/watch/%s", out, stem), .kind = kind};
	free(stem);
	stream = opendir(folder->dir);
	while (stream && (entry = readdir(stream))) {
		struct watch_sample sample = {0};
		struct stat status;

		if (!read_name(entry->d_name, kind, &sample.number, &sample.when) ||
		    fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		sample.size_bytes = (uint64_t)status.st_size;
		sample.path = xasprintf("%s/%s", folder->dir, entry->d_name);
		push(folder, &sample);
	}
	if (stream)
		closedir(stream);
	if (folder->count)
		qsort(folder->samples, folder->count, sizeof(*folder->samples), compare_samples);
}

void watch_folder_close(struct watch_folder *folder)
{
	for (size_t i = 0; i < folder->count; i++)
		free(folder->samples[i].path);
	free(folder->samples);
	free(folder->dir);
	*folder = (struct watch_folder){0};
}

int watch_folder_add(struct watch_folder *folder, time_t when, const void *bytes, size_t size)
{
	struct watch_sample sample = {.number = 1, .when = when, .size_bytes = size};
	char *name;
	int error;

	if (folder->count)
		sample.number = folder->samples[folder->count - 1].number + 1;
	name = file_name(sample.number, when, folder->kind);
	sample.path = xasprintf("%s/%s", folder->dir, name);
	free(name);
	error = fmt_write_file(sample.path, bytes, size);
	if (error)
		free(sample.path);
	else
		push(folder, &sample);
	return error;
}

const char *watch_keep_read(struct watch_keep *keep, const char *text)
{
	*keep = (struct watch_keep){0};
	if (tool_number(text, KEPT_MIN, NUMBER_MAX, &keep->samples) == 0 ||
	    (tool_size(text, &keep->bytes) == 0 && keep->bytes > 0))
		return NULL;
	return "give a number of samples from 2 on, or a size like 500MB";
}

uint64_t watch_folder_bytes(const struct watch_folder *folder)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < folder->count; i++)
		bytes += folder->samples[i].size_bytes;
	return bytes;
}

size_t watch_folder_trim(struct watch_folder *folder, const struct watch_keep *keep)
{
	uint64_t bytes = watch_folder_bytes(folder);
	size_t gone = 0;

	while (folder->count - gone > KEPT_MIN &&
	       ((keep->samples && folder->count - gone > keep->samples) ||
		(keep->bytes && bytes > keep->bytes))) {
		bytes -= folder->samples[gone].size_bytes;
		if (unlink(folder->samples[gone].path) != 0 && errno != ENOENT)
			tool_error("%s: %s: it stays", folder->samples[gone].path, strerror(errno));
		free(folder->samples[gone++].path);
	}
	if (gone == 0)
		return 0;
	folder->count -= gone;
	memmove(folder->samples, folder->samples + gone, folder->count * sizeof(*folder->samples));
	return gone;
}

/* A moment as people write it; false: it is none. */
static bool read_moment(const char *text, time_t *when)
{
	static const char *const days[] = {FILE_TIME, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", NULL};
	time_t now = time(NULL);
	struct tm local = {0};

	for (const char *const *format = days; *format; format++) {
		local = (struct tm){0};
		if (read_time(text, *format, &local)) {
			*when = mktime(&local);
			return true;
		}
	}
	localtime_r(&now, &local);
	local.tm_sec = 0;
	if (!read_time(text, "%H:%M:%S", &local) && !read_time(text, "%H:%M", &local))
		return false;
	*when = mktime(&local);
	if (*when > now) {
		local.tm_mday--;
		*when = mktime(&local);
	}
	/* A minute is over when the next one begins. */
	if (strlen(text) == strlen("18:15"))
		*when += 59;
	return true;
}

static const struct watch_sample *find_moment(const struct watch_folder *folder, time_t when)
{
	for (size_t i = folder->count; i > 0; i--)
		if (folder->samples[i - 1].when <= when)
			return &folder->samples[i - 1];
	return NULL;
}

/* NULL: it is not kept. */
static const struct watch_sample *find_number(const struct watch_folder *folder, uint64_t number)
{
	for (size_t i = 0; i < folder->count; i++)
		if (folder->samples[i].number == number)
			return &folder->samples[i];
	return NULL;
}

static const struct watch_sample *find_from_end(const struct watch_folder *folder, uint64_t number)
{
	return number <= folder->count ? &folder->samples[folder->count - number] : NULL;
}

const struct watch_sample *watch_folder_find(const struct watch_folder *folder, const char *text,
					     char *problem, size_t problem_size)
{
	const struct watch_sample *samples = folder->samples, *sample;
	uint64_t number;
	time_t when;

	if (*text == '-' && tool_number(text + 1, 1, NUMBER_MAX, &number) == 0) {
		sample = find_from_end(folder, number);
	} else if (tool_number(text, 1, NUMBER_MAX, &number) == 0) {
		sample = find_number(folder, number);
	} else if (read_moment(text, &when)) {
		sample = find_moment(folder, when);
	} else {
		snprintf(problem, problem_size,
			 "\"%.40s\" is no sample: give its number, -1 for the last one, or a time "
			 "like 18:15",
			 text);
		return NULL;
	}
	if (!sample && samples && folder->count)
		snprintf(problem, problem_size, "no sample %.40s is kept: there are %u to %u", text,
			 samples[0].number, samples[folder->count - 1].number);
	else if (!sample)
		snprintf(problem, problem_size,
			 "none is kept in %.200s: `make pprof.watch Addr=` (pprofmk watch) takes "
			 "them",
			 folder->dir);
	return sample;
}
