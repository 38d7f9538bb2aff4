/* SPDX-License-Identifier: MIT */
/* What programs are and which tests they have, remembered from one run of the tool to the next.
 *
 * Kept in a file of the folder of profiles. An answer holds as long as the program's file is the same (device, inode, size,
 * times of change, to the nanosecond) and the program is run in the same way. A file that is damaged, or of another build
 * of the tool, counts as none. Tests that are not in the program's own file (a shared library's) may have changed all the
 * same: who is going to run one asks the program. */
#ifndef PPROFMK_TOOL_CACHE_H
#define PPROFMK_TOOL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/launch/program.h"
#include "tool/suite/suite_program.h"

#define CACHE_FILE ".catalog"

struct cache_test {
	const char *name, *group;
	uint32_t group_index, test_index;
};

/* Read what is remembered in a folder, which need not be there. NULL: remember nothing. Never fails. */
struct cache *cache_open(const char *folder);

/* As program_kind(). */
enum program_kind cache_kind(struct cache *cache, const char *path);

/* The tests that a program has; valid until cache_close(). NULL: they have to be asked for. */
const struct cache_test *cache_find(struct cache *cache, const struct suite_program *program,
				    size_t *count);

/* Remember the answer of a program. Nothing is for a script, unless it is known what that runs. */
void cache_add(struct cache *cache, const struct suite_program *program,
	       const struct cache_test *tests, size_t count);

/* What was read out of a file, as long as that is the same. NULL: nothing is remembered. Adding returns a copy that is as
 * old as the cache. */
const char *cache_text(struct cache *cache, const char *path);
const char *cache_add_text(struct cache *cache, const char *path, const char *text);

/* Write what is new, by rename, if the folder is there. That it can't be written is no error: the next run asks again. */
void cache_save(struct cache *cache);
void cache_close(struct cache *cache);

#endif
