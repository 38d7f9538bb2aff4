/* SPDX-License-Identifier: MIT */
#include "tool/suite/suite_program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

char *suite_text(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(arena_get(arena, size, 1), text, size);
}

static size_t count_of(char *const *list)
{
	size_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	return count;
}

char **suite_list(struct arena *arena, char *const *list)
{
	size_t count = count_of(list);
	char **copy = arena_get(arena, count + 1, sizeof *copy);

	for (size_t i = 0; i < count; i++)
		copy[i] = suite_text(arena, list[i]);
	return copy;
}

struct suite_program *suite_program_copy(struct arena *arena, const struct suite_program *program)
{
	struct suite_program *copy = arena_get(arena, 1, sizeof *copy);

	copy->path = suite_text(arena, program->path);
	copy->name = suite_text(arena, program->name);
	copy->package = suite_text(arena, program->package);
	copy->arguments = suite_list(arena, program->arguments);
	if (program->directory != NULL)
		copy->directory = suite_text(arena, program->directory);
	copy->environment = suite_list(arena, program->environment);
	copy->verdict = program->verdict;
	if (program->before != NULL)
		copy->before = suite_text(arena, program->before);
	copy->is_benchmark = program->is_benchmark;
	if (program->verdict.property != NULL)
		copy->verdict.property = suite_text(arena, program->verdict.property);
	return copy;
}

static bool is_same_list(char *const *one, char *const *other)
{
	for (; *one != NULL && *other != NULL; one++, other++)
		if (strcmp(*one, *other) != 0)
			return false;
	return *one == *other;
}

static bool is_same_text(const char *one, const char *other)
{
	return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

bool suite_program_is_same(const struct suite_program *one, const struct suite_program *other)
{
	return strcmp(one->path, other->path) == 0 &&
	       is_same_text(one->directory, other->directory) &&
	       is_same_list(one->arguments, other->arguments) &&
	       is_same_list(one->environment, other->environment);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text) + 1);
}

static uint64_t hash_list(uint64_t hash, char *const *list)
{
	hash = hash_word(hash, count_of(list));
	for (; *list != NULL; list++)
		hash = hash_text(hash, *list);
	return hash;
}

uint64_t suite_program_hash(const struct suite_program *program)
{
	char *here = program->directory == NULL ? getcwd(NULL, 0) : NULL;
	const char *directory = here != NULL ? here : program->directory;
	uint64_t hash = hash_text(HASH_START, program->path);

	hash = hash_text(hash, directory != NULL ? directory : "");
	hash = hash_list(hash, program->arguments);
	hash = hash_list(hash, program->environment);
	free(here);
	return hash;
}
