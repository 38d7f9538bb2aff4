/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_process.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/sym/sym_maps.h"

/* What the kernel puts behind the name of a file that has none any more. */
#define DELETED " (deleted)"

struct wanted {
	const char *path;
	const uint8_t *build_id;
	size_t build_id_len;
};

/* Where there is no build id the kernel's name of it has to do. */
static bool is_named(const struct wanted *wanted, const char *name)
{
	size_t len = strlen(wanted->path);

	return strncmp(name, wanted->path, len) == 0 &&
	       (name[len] == '\0' || strcmp(name + len, DELETED) == 0);
}

static struct sym_file *open_if_wanted(const struct wanted *wanted, const char *link,
				       const char *name)
{
	struct sym_file *file;

	if (wanted->build_id_len == 0 && !is_named(wanted, name))
		return NULL;
	file = sym_file_open(link);
	if (file == NULL)
		return NULL;
	if (wanted->build_id_len > 0 &&
	    !sym_file_has_build_id(file, wanted->build_id, wanted->build_id_len)) {
		sym_file_close(file);
		return NULL;
	}
	free(file->path);
	file->path = xstrdup(wanted->path);
	return file;
}

static struct sym_file *open_program(const struct wanted *wanted, pid_t pid)
{
	char link[64], name[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
	len = readlink(link, name, sizeof name - 1);
	if (len < 0)
		return NULL;
	name[len] = '\0';
	return open_if_wanted(wanted, link, name);
}

static struct sym_file *open_mapped(const struct wanted *wanted, pid_t pid)
{
	struct sym_maps maps = {NULL, 0, 0};
	struct sym_file *file = NULL;

	if (sym_maps_read(&maps, pid) != 0)
		maps.len = 0;
	for (size_t i = 0; i < maps.len && file == NULL; i++) {
		const struct sym_map *map = &maps.items[i];
		char link[96];

		if (map->path[0] != '/')
			continue;
		snprintf(link, sizeof link, "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, (int)pid,
			 map->start, map->limit);
		file = open_if_wanted(wanted, link, map->path);
	}
	sym_maps_free(&maps);
	return file;
}

struct sym_file *sym_process_file(pid_t pid, const char *path, const uint8_t *build_id,
				  size_t build_id_len)
{
	const struct wanted wanted = {path, build_id, build_id_len};
	struct sym_file *file = open_program(&wanted, pid);

	return file != NULL ? file : open_mapped(&wanted, pid);
}
