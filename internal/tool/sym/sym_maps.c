/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_maps.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* "start-limit perms offset device inode   path", see proc(5). */
static void add_line(struct sym_maps *maps, char *line)
{
	struct sym_map map;
	char permissions[5];
	int path = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %n", &map.start,
		   &map.limit, permissions, &map.offset, &path) != 4)
		return;
	if (path == 0 || line[path] == '\0' || permissions[2] != 'x')
		return;
	map.path = xstrdup(line + path);
	maps->items = xgrow(maps->items, maps->len, &maps->cap, sizeof(*maps->items));
	maps->items[maps->len++] = map;
}

int sym_maps_read(struct sym_maps *maps, pid_t pid)
{
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0)
		add_line(maps, line);
	free(line);
	fclose(file);
	return 0;
}

void sym_maps_free(struct sym_maps *maps)
{
	for (size_t i = 0; i < maps->len; i++)
		free(maps->items[i].path);
	free(maps->items);
	*maps = (struct sym_maps){NULL, 0, 0};
}

const struct sym_map *sym_maps_find(const struct sym_maps *maps, uint64_t address)
{
	for (size_t i = 0; i < maps->len; i++)
		if (address >= maps->items[i].start && address < maps->items[i].limit)
			return &maps->items[i];
	return NULL;
}
