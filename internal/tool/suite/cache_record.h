/* SPDX-License-Identifier: MIT */
/* What the two halves of the memory of programs share; declared in cache.h is what others may use. */
#ifndef PPROFMK_TOOL_CACHE_RECORD_H
#define PPROFMK_TOOL_CACHE_RECORD_H

#include "base/set.h"
#include "tool/suite/cache.h"

enum cache_type { RECORD_KIND = 'K', RECORD_TESTS = 'T', RECORD_TEXT = 'X' };

struct cache_record {
	enum cache_type type;
	const char *path, *stamp;
	uint64_t hash;
	enum program_kind kind;
	const char *text;
	struct cache_test *tests;
	size_t count;
	bool is_used; /* looked at in this run, and so known to be good */
};

struct cache {
	char *folder, *owner;
	struct arena arena;
	struct cache_record *records;
	size_t count, cap;
	struct set by_hash;
	bool is_changed;
};

/* What tells that a file is still the same one; NULL: it is not there. The caller frees it. */
char *cache_stamp(const char *path);

/* The hash of a record that belongs to a file and not to a way to run it. */
uint64_t cache_path_hash(const char *path, enum cache_type type);

/* Add a record, or put it in the place of the one that there is. Everything it points to is the cache's. */
void cache_put(struct cache *cache, const struct cache_record *record);

/* Put what is in the file of the cache's folder. */
void cache_read(struct cache *cache);

#endif
