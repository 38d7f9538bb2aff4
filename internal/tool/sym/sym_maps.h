/* SPDX-License-Identifier: MIT */
/* Which file is mapped where in another process. */
#ifndef PPROFMK_TOOL_SYM_MAPS_H
#define PPROFMK_TOOL_SYM_MAPS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sym_map {
	uint64_t start, limit, offset;
	char *path;
};

/* All zero has none. */
struct sym_maps {
	struct sym_map *items;
	size_t len, cap;
};

/* Read the executable mappings of files from /proc/PID/maps. 0 or -errno; freed with sym_maps_free() in any case. */
int sym_maps_read(struct sym_maps *maps, pid_t pid);
void sym_maps_free(struct sym_maps *maps);

/* NULL when nothing is mapped there. */
const struct sym_map *sym_maps_find(const struct sym_maps *maps, uint64_t address);

#endif
