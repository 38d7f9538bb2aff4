/* SPDX-License-Identifier: MIT */
/* The file: a line that says whose it is, a line with the hash of what follows, and records. A record is a row of texts, each
 * with a NUL behind:
 *
 *     K path stamp kind
 *     T path stamp hash count, and for each test: group-index test-index group name
 *     X path stamp text
 *
 * `hash` is suite_program_hash(), `stamp` what tells that a file is still the same one. */
#include "tool/cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/set.h"
#include "tool/script.h"
#include "tool/tool.h"

/* Longer ones were not written by us. */
#define FILE_MAX_BYTES (64 << 20)

enum record_type { RECORD_KIND = 'K', RECORD_TESTS = 'T', RECORD_TEXT = 'X' };

struct record {
	enum record_type type;
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
	struct record *records;
	size_t count, cap;
	struct set by_hash;
	bool is_changed;
};

static char *stamp_of(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return NULL;
	return xasprintf("%jx:%jx:%jd:%jd.%09ld:%jd.%09ld", (uintmax_t)status.st_dev,
			 (uintmax_t)status.st_ino, (intmax_t)status.st_size,
			 (intmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
			 (intmax_t)status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

static uint64_t path_hash(const char *path, enum record_type type)
{
	return hash_word(hash_bytes(HASH_START, path, strlen(path)), (uint64_t)type);
}

static bool is_record(const void *things, uint32_t number, const void *wanted)
{
	const struct record *one = &((const struct record *)things)[number - 1];
	const struct record *other = wanted;

	return one->type == other->type && one->hash == other->hash &&
	       strcmp(one->path, other->path) == 0;
}

/* The record of the same program run in the same way, NULL for none. */
static struct record *find(struct cache *cache, const struct record *wanted)
{
	uint32_t number =
		set_find(&cache->by_hash, wanted->hash, is_record, cache->records, wanted, 0);

	return number != 0 ? &cache->records[number - 1] : NULL;
}

/* Add a record, or put it in the place of the one that there is. Everything it points to is the cache's. */
static void put(struct cache *cache, const struct record *record)
{
	struct record *old = find(cache, record);

	if (old != NULL) {
		*old = *record;
		return;
	}
	cache->records = xgrow(cache->records, cache->count, &cache->cap, sizeof *cache->records);
	cache->records[cache->count++] = *record;
	set_find(&cache->by_hash, record->hash, is_record, cache->records, record,
		 (uint32_t)cache->count);
}

/* What is left to read. NULL: it is damaged. */
struct reader {
	const char *at, *end;
};

static const char *read_text(struct reader *reader)
{
	const char *text = reader->at;
	const char *nul = text != NULL ? memchr(text, '\0', (size_t)(reader->end - text)) : NULL;

	reader->at = nul != NULL ? nul + 1 : NULL;
	return nul != NULL ? text : "";
}

static uint64_t read_number(struct reader *reader, uint64_t max)
{
	uint64_t number = 0;

	if (tool_number(read_text(reader), 0, max, &number) != 0)
		reader->at = NULL;
	return number;
}

static void read_tests(struct cache *cache, struct reader *reader, struct record *record)
{
	if (reader->at == NULL)
		return;
	/* A test takes six bytes at least. */
	record->count = read_number(reader, (uint64_t)(reader->end - reader->at) / 6);
	record->tests = arena_get(&cache->arena, record->count + 1, sizeof *record->tests);
	for (size_t i = 0; i < record->count && reader->at != NULL; i++) {
		struct cache_test *test = &record->tests[i];

		test->group_index = (uint32_t)read_number(reader, UINT32_MAX);
		test->test_index = (uint32_t)read_number(reader, UINT32_MAX);
		test->group = read_text(reader);
		test->name = read_text(reader);
	}
}

static void read_records(struct cache *cache, struct reader *reader)
{
	while (reader->at != NULL && reader->at < reader->end) {
		struct record record = {.type = (enum record_type) * read_text(reader)};

		record.path = read_text(reader);
		record.stamp = read_text(reader);
		record.hash = path_hash(record.path, record.type);
		if (record.type == RECORD_KIND) {
			record.kind = (enum program_kind)read_number(reader, PROGRAM_PRIVILEGED);
		} else if (record.type == RECORD_TEXT) {
			record.text = read_text(reader);
		} else {
			record.hash = read_number(reader, UINT64_MAX);
			read_tests(cache, reader, &record);
		}
		if (reader->at != NULL)
			put(cache, &record);
	}
}

static char *hash_line(const char *bytes, size_t size)
{
	return xasprintf("%016" PRIx64 "\n", hash_bytes(HASH_START, bytes, size));
}

/* Is the text at the reader's place? It is passed over then. */
static bool take(struct reader *reader, const char *text)
{
	size_t size = strlen(text);

	if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, text, size) != 0)
		return false;
	reader->at += size;
	return true;
}

static void read_all(struct cache *cache, const char *bytes, size_t size)
{
	struct reader reader = {bytes, bytes + size};
	char *hash;
	bool is_good = false;

	if (take(&reader, cache->owner) && reader.end - reader.at > 17) {
		hash = hash_line(reader.at + 17, (size_t)(reader.end - reader.at) - 17);
		is_good = take(&reader, hash);
		free(hash);
	}
	if (is_good)
		read_records(cache, &reader);
}

static char *file_of(const struct cache *cache)
{
	return xasprintf("%s/" CACHE_FILE, cache->folder);
}

static void read_file(struct cache *cache)
{
	char *path = file_of(cache);
	FILE *file = fopen(path, "re");
	struct stat status;
	char *bytes;

	free(path);
	if (file == NULL)
		return;
	if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
	    status.st_size < FILE_MAX_BYTES) {
		bytes = arena_get(&cache->arena, (size_t)status.st_size, 1);
		read_all(cache, bytes, fread(bytes, 1, (size_t)status.st_size, file));
	}
	fclose(file);
}

struct cache *cache_open(const char *folder)
{
	struct cache *cache = xcalloc(1, sizeof *cache);
	char *self = stamp_of("/proc/self/exe");

	/* Kinds are numbers of this build. */
	cache->owner = xasprintf("pprofmk catalog %s %s\n", TOOL_VERSION, self != NULL ? self : "");
	free(self);
	if (folder == NULL)
		return cache;
	cache->folder = xstrdup(folder);
	read_file(cache);
	return cache;
}

/* The record of what is in a file, NULL when there is none or the file is another one by now. *stamp, which the caller
 * frees, is that of the file. */
static struct record *find_file(struct cache *cache, enum record_type type, const char *path,
				char **stamp)
{
	struct record wanted = {.type = type, .path = path, .hash = path_hash(path, type)};
	struct record *found = find(cache, &wanted);

	*stamp = stamp_of(path);
	if (found == NULL || *stamp == NULL || strcmp(found->stamp, *stamp) != 0)
		return NULL;
	found->is_used = true;
	return found;
}

/* Of the record, path and stamp are copied. */
static void add(struct cache *cache, struct record record)
{
	record.path = suite_text(&cache->arena, record.path);
	record.stamp = suite_text(&cache->arena, record.stamp);
	record.is_used = true;
	put(cache, &record);
	cache->is_changed = true;
}

enum program_kind cache_kind(struct cache *cache, const char *path)
{
	char *stamp;
	struct record *found = find_file(cache, RECORD_KIND, path, &stamp);
	enum program_kind kind = found != NULL ? found->kind : program_kind(path);

	if (found == NULL && stamp != NULL && kind != PROGRAM_MISSING)
		add(cache, (struct record){.type = RECORD_KIND,
					   .path = path,
					   .stamp = stamp,
					   .hash = path_hash(path, RECORD_KIND),
					   .kind = kind});
	free(stamp);
	return kind;
}

const char *cache_text(struct cache *cache, const char *path)
{
	char *stamp;
	struct record *found = find_file(cache, RECORD_TEXT, path, &stamp);

	free(stamp);
	return found != NULL ? found->text : NULL;
}

const char *cache_add_text(struct cache *cache, const char *path, const char *text)
{
	char *stamp = stamp_of(path);

	text = suite_text(&cache->arena, text);
	if (stamp != NULL)
		add(cache, (struct record){.type = RECORD_TEXT,
					   .path = path,
					   .stamp = stamp,
					   .hash = path_hash(path, RECORD_TEXT),
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
		return stamp_of(path);
	wrapped = script_libtool_program(path);
	if (wrapped == NULL)
		return NULL;
	stamp = stamp_of(path);
	inner = stamp_of(wrapped);
	free(wrapped);
	wrapped = stamp != NULL && inner != NULL ? xasprintf("%s %s", stamp, inner) : NULL;
	free(stamp);
	free(inner);
	return wrapped;
}

const struct cache_test *cache_find(struct cache *cache, const struct suite_program *program,
				    size_t *count)
{
	struct record wanted = {
		.type = RECORD_TESTS, .path = program->path, .hash = suite_program_hash(program)};
	struct record *found = find(cache, &wanted);
	char *stamp;

	if (found == NULL)
		return NULL;
	stamp = program_stamp(program->path, cache_kind(cache, program->path));
	found->is_used = stamp != NULL && strcmp(found->stamp, stamp) == 0;
	free(stamp);
	*count = found->count;
	return found->is_used ? found->tests : NULL;
}

void cache_add(struct cache *cache, const struct suite_program *program,
	       const struct cache_test *tests, size_t count)
{
	struct record record = {.type = RECORD_TESTS,
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

/* Those of programs that are gone or were built anew are not kept for ever. */
static bool is_kept(const struct record *record)
{
	char *stamp;
	bool is_good = record->is_used;

	if (is_good)
		return true;
	stamp = stamp_of(record->path);
	is_good = stamp != NULL && strncmp(record->stamp, stamp, strlen(stamp)) == 0;
	free(stamp);
	return is_good;
}

static void write_text(FILE *stream, const char *text)
{
	fputs(text, stream);
	putc('\0', stream);
}

static void write_tests(FILE *stream, const struct record *record)
{
	fprintf(stream, "%" PRIu64 "%c%zu%c", record->hash, '\0', record->count, '\0');
	for (size_t i = 0; i < record->count; i++) {
		const struct cache_test *test = &record->tests[i];

		fprintf(stream, "%" PRIu32 "%c%" PRIu32 "%c", test->group_index, '\0',
			test->test_index, '\0');
		write_text(stream, test->group);
		write_text(stream, test->name);
	}
}

static void write_record(FILE *stream, const struct record *record)
{
	fprintf(stream, "%c%c", (char)record->type, '\0');
	write_text(stream, record->path);
	write_text(stream, record->stamp);
	if (record->type == RECORD_TESTS)
		write_tests(stream, record);
	else if (record->type == RECORD_TEXT)
		write_text(stream, record->text);
	else
		fprintf(stream, "%d%c", (int)record->kind, '\0');
}
static bool write_file(const struct cache *cache, const char *path)
{
	char *bytes = NULL, *hash;
	size_t size = 0;
	FILE *stream = open_memstream(&bytes, &size);
	bool is_written;

	if (stream == NULL)
		return false;
	for (size_t i = 0; i < cache->count; i++)
		if (is_kept(&cache->records[i]))
			write_record(stream, &cache->records[i]);
	if (fclose(stream) != 0 || (stream = fopen(path, "we")) == NULL) {
		free(bytes);
		return false;
	}
	hash = hash_line(bytes, size);
	is_written = fputs(cache->owner, stream) >= 0 && fputs(hash, stream) >= 0 &&
		     fwrite(bytes, 1, size, stream) == size;
	free(hash);
	free(bytes);
	return fclose(stream) == 0 && is_written;
}

void cache_save(struct cache *cache)
{
	char *path, *temporary;

	if (cache->folder == NULL || !cache->is_changed)
		return;
	path = file_of(cache);
	temporary = xasprintf("%s.%d.tmp", path, (int)getpid());
	if (write_file(cache, temporary) && rename(temporary, path) == 0)
		cache->is_changed = false;
	else
		unlink(temporary);
	free(temporary);
	free(path);
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
