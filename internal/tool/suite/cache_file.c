/* SPDX-License-Identifier: MIT */
/* The file: a line that says whose it is, a line with the hash of what follows, and records. A record is a row of texts, each
 * with a NUL behind:
 *
 *     K path stamp kind
 *     T path stamp hash count, and for each test: group-index test-index group name
 *     X path stamp text
 *
 * `hash` is suite_program_hash(), `stamp` what tells that a file is still the same one. */
#include "tool/suite/cache_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/xalloc.h"
#include "format/write_file.h"
#include "tool/tool.h"

/* Longer ones were not written by us. */
#define FILE_MAX_BYTES (64 << 20)

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

static void read_tests(struct cache *cache, struct reader *reader, struct cache_record *record)
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
		struct cache_record record = {.type = (enum cache_type) * read_text(reader)};

		record.path = read_text(reader);
		record.stamp = read_text(reader);
		record.hash = cache_path_hash(record.path, record.type);
		if (record.type == RECORD_KIND) {
			record.kind = (enum program_kind)read_number(reader, PROGRAM_PRIVILEGED);
		} else if (record.type == RECORD_TEXT) {
			record.text = read_text(reader);
		} else {
			record.hash = read_number(reader, UINT64_MAX);
			read_tests(cache, reader, &record);
		}
		if (reader->at != NULL)
			cache_put(cache, &record);
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

void cache_read(struct cache *cache)
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

/* Those of programs that are gone or were built anew are not kept for ever. */
static bool is_kept(const struct cache_record *record)
{
	char *stamp;
	bool is_good = record->is_used;

	if (is_good)
		return true;
	stamp = cache_stamp(record->path);
	is_good = stamp != NULL && strncmp(record->stamp, stamp, strlen(stamp)) == 0;
	free(stamp);
	return is_good;
}

static void write_text(FILE *stream, const char *text)
{
	fputs(text, stream);
	putc('\0', stream);
}

static void write_tests(FILE *stream, const struct cache_record *record)
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

static void write_record(FILE *stream, const struct cache_record *record)
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

/* The records, whose texts end in NULs. The caller frees them. */
static char *write_records(const struct cache *cache, size_t *size)
{
	char *lines = NULL;
	FILE *stream = open_memstream(&lines, size);

	if (stream == NULL)
		xalloc_failed();
	for (size_t i = 0; i < cache->count; i++)
		if (is_kept(&cache->records[i]))
			write_record(stream, &cache->records[i]);
	if (fclose(stream) != 0)
		xalloc_failed();
	return lines;
}

void cache_save(struct cache *cache)
{
	char *path, *lines, *hash, *bytes;
	size_t size, head;

	if (cache->folder == NULL || !cache->is_changed)
		return;
	path = file_of(cache);
	lines = write_records(cache, &size);
	hash = hash_line(lines, size);
	bytes = xasprintf("%s%s", cache->owner, hash);
	head = strlen(bytes);
	bytes = xrealloc(bytes, head + size, 1);
	memcpy(bytes + head, lines, size);
	if (fmt_write_file(path, bytes, head + size) == 0)
		cache->is_changed = false;
	free(bytes);
	free(hash);
	free(lines);
	free(path);
}
