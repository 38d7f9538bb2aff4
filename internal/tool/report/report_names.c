/* SPDX-License-Identifier: MIT */
#include "tool/report/report_names.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/xalloc.h"
#include "tool/picture/flame_svg.h"
#include "tool/picture/svg_text.h"

/* Of what is longer nobody reads the rest. */
#define NAME_COLUMNS 300
#define FILE_COLUMNS 200
/* Brackets, line, colour. */
#define ROW_BYTES 20

static bool same_name(const void *things, uint32_t number, const void *wanted)
{
	const struct report_name *a = &((const struct report_names *)things)->items[number - 1];
	const struct frame *b = wanted;

	return strcmp(a->name, b->name) == 0 && strcmp(a->file, b->file) == 0;
}

static uint64_t hash_of(const struct frame *frame)
{
	uint64_t hash = hash_bytes(HASH_START, frame->name, strlen(frame->name) + 1);

	return hash_bytes(hash, frame->file, strlen(frame->file));
}

static json_t *clean(const char *text, size_t columns)
{
	char *cleaned = svg_clean(text, columns);
	json_t *value = json_string(cleaned);

	free(cleaned);
	return value;
}

static void append(struct report_names *names, const struct frame *frame)
{
	const char *file;

	if (!names->list) {
		names->list = json_array();
		names->cwd = getcwd(NULL, 0);
	}
	file = frames_short_file(frame->file, names->cwd ? names->cwd : "");
	json_array_append_new(names->list,
			      json_pack("[o, o, I, i]", clean(frame->name, NAME_COLUMNS),
					clean(file, FILE_COLUMNS), (json_int_t)frame->line,
					flame_svg_colour(frame->name, file)));
}

size_t report_names_add(struct report_names *names, const struct frame *frame)
{
	uint32_t number = set_find(&names->set, hash_of(frame), same_name, names, frame,
				   (uint32_t)names->count + 1);
	struct report_name *item;

	if (number <= names->count)
		return number - 1;
	names->items = xgrow(names->items, names->count, &names->cap, sizeof(*names->items));
	item = &names->items[names->count++];
	item->name = arena_copy(&names->arena, frame->name, strlen(frame->name) + 1, 1);
	item->file = arena_copy(&names->arena, frame->file, strlen(frame->file) + 1, 1);
	append(names, frame);
	return number - 1;
}

static size_t cut(size_t len, size_t columns)
{
	/* A character may take four bytes, and a quote two. */
	return len < 4 * columns ? len : 4 * columns;
}

size_t report_names_cost(struct report_names *names, const struct frame *frame)
{
	if (names->count && set_find(&names->set, hash_of(frame), same_name, names, frame, 0))
		return 0;
	return ROW_BYTES + cut(strlen(frame->name), NAME_COLUMNS) +
	       cut(strlen(frame->file), FILE_COLUMNS);
}

json_t *report_names_end(struct report_names *names)
{
	json_t *list = names->list ? names->list : json_array();

	free(names->items);
	free(names->cwd);
	set_free(&names->set);
	arena_free(&names->arena);
	*names = (struct report_names){0};
	return list;
}
