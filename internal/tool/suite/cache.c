/* SPDX-License-Identifier: MIT */
#include "tool/suite/cache_record.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "tool/launch/script.h"
#include "tool/tool.h"

char *cache_stamp(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return NULL;
	return xasprintf("%jx:%jx:%jd:%jd.%09ld:%jd.%09ld", (uintmax_t)status.st_dev,
			 (uintmax_t)status.st_ino, (intmax_t)status.st_size,
			 (intmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
			 (intmax_t)status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

uint64_t cache_path_hash(const char *path, enum cache_type type)
{
	return hash_word(hash_bytes(HASH_START, path, strlen(path)), (uint64_t)type);
}

static bool is_record(const void *things, uint32_t number, const void *wanted)
{
	const struct cache_record *one = &((const struct cache_record *)things)[number - 1];
	const struct cache_record *other = wanted;

	return one->type == other->type && one->hash == other->hash &&
	       strcmp(one->path, other->path) == 0;
}

/* The record of the same program run in the same way, NULL for none. */
static struct cache_record *find(struct cache *cache, const struct cache_record *wanted)
{
	uint32_t number =
		set_find(&cache->by_hash, wanted->hash, is_record, cache->records, wanted, 0);

	return number != 0 ? &cache->records[number - 1] : NULL;
}

void cache_put(struct cache *cache, const struct cache_record *record)
{
	struct cache_record *old = find(cache, record);

	if (old != NULL) {
		*old = *record;
		return;
	}
	cache->records = xgrow(cache->records, cache->count, &cache->cap, sizeof *cache->records);
	cache->records[cache->count++] = *record;
	set_find(&cache->by_hash, record->hash, is_record, cache->records, record,
		 (uint32_t)cache->count);
}

struct cache *cache_open(const char *folder)
{
	struct cache *cache = xcalloc(1, sizeof *cache);
	char *self = cache_stamp("/proc/self/exe");

	/* Kinds are numbers of this build. */
	cache->owner = xasprintf("pprofmk catalog %s %s\n", TOOL_VERSION, self != NULL ? self : "");
	free(self);
	if (folder == NULL)
		return cache;
	cache->folder = xstrdup(folder);
	cache_read(cache);
	return cache;
}

/* The record of what is in a file, NULL when there is none or the file is another one by now. *stamp, which the caller
 * frees, is that of the file. */
static struct cache_record *find_file(struct cache *cache, enum cache_type type, const char *path,
				      char **stamp)
{
	struct cache_record wanted = {
		.type = type, .path = path, .hash = cache_path_hash(path, type)};
	struct cache_record *found = find(cache, &wanted);

	*stamp = cache_stamp(path);
	if (found == NULL || *stamp == NULL || strcmp(found->stamp, *stamp) != 0)
		return NULL;
	found->is_used = true;
	return found;
}

/* Of the record, path and stamp are copied. */
static void add(struct cache *cache, struct cache_record record)
{
	record.path = suite_text(&cache->arena, record.path);
	record.stamp = suite_text(&cache->arena, record.stamp);
	record.is_used = true;
	cache_put(cache, &record);
	cache->is_changed = true;
}

enum program_kind cache_kind(struct cache *cache, const char *path)
{
	char *stamp;
	struct cache_record *found = find_file(cache, RECORD_KIND, path, &stamp);
	enum program_kind kind = found != NULL ? found->kind : program_kind(path);

	if (found == NULL && stamp != NULL && kind != PROGRAM_MISSING)
		add(cache, (struct cache_record){.type = RECORD_KIND,
						 .path = path,
						 .stamp = stamp,
						 .hash = cache_path_hash(path, RECORD_KIND),
						 .kind = kind});
	free(stamp);
	return kind;
}

const char *cache_text(struct cache *cache, const char *path)
{
	char *stamp;
	struct cache_record *found = find_file(cache, RECORD_TEXT, path, &stamp);

	free(stamp);
	return found != NULL ? found->text : NULL;
}

const char *cache_add_text(struct cache *cache, const char *path, const char *text)
{
	char *stamp = cache_stamp(path);

	text = suite_text(&cache->arena, text);
	if (stamp != NULL)
		add(cache, (struct cache_record){.type = RECORD_TEXT,
						 .path = path,
						 .stamp = stamp,
						 .hash = cache_path_hash(path, RECORD_TEXT),
						 .text = text});
	free(stamp);
	return text;
}

/* What tells that a program is still the same: of a libtool wrapper that and what it runs. NULL for other scripts, of which
 * nobody knows what they run. */
static char *program_stamp(const char *path, enum program_kind kind)
{
	char *stamp, *inner, *wrapped;

	if (kind != PROGRAM_SCRIPT)
		return cache_stamp(path);
	wrapped = script_libtool_program(path);
	if (wrapped == NULL)
		return NULL;
	stamp = cache_stamp(path);
	inner = cache_stamp(wrapped);
	free(wrapped);
	wrapped = stamp != NULL && inner != NULL ? xasprintf("%s %s", stamp, inner) : NULL;
	free(stamp);
	free(inner);
	return wrapped;
}

const struct cache_test *cache_find(struct cache *cache, const struct suite_program *program,
				    size_t *count)
{
	struct cache_record wanted = {
		.type = RECORD_TESTS, .path = program->path, .hash = suite_program_hash(program)};
	/* Finding the kind may move the records. */
	char *stamp = program_stamp(program->path, cache_kind(cache, program->path));
	struct cache_record *found = find(cache, &wanted);

	if (found != NULL) {
		found->is_used = stamp != NULL && strcmp(found->stamp, stamp) == 0;
		*count = found->count;
	}
	free(stamp);
	return found != NULL && found->is_used ? found->tests : NULL;
}

void cache_add(struct cache *cache, const struct suite_program *program,
	       const struct cache_test *tests, size_t count)
{
	struct cache_record record = {.type = RECORD_TESTS,
				      .path = program->path,
				      .hash = suite_program_hash(program),
				      .count = count};
	char *stamp = program_stamp(program->path, cache_kind(cache, program->path));

	if (stamp == NULL)
		return;
	record.stamp = stamp;
	record.tests = arena_get(&cache->arena, count + 1, sizeof *record.tests);
	for (size_t i = 0; i < count; i++) {
		record.tests[i] = tests[i];
		record.tests[i].name = suite_text(&cache->arena, tests[i].name);
		record.tests[i].group = suite_text(&cache->arena, tests[i].group);
	}
	add(cache, record);
	free(stamp);
}

void cache_close(struct cache *cache)
{
	if (cache == NULL)
		return;
	arena_free(&cache->arena);
	set_free(&cache->by_hash);
	free(cache->records);
	free(cache->folder);
	free(cache->owner);
	free(cache);
}
