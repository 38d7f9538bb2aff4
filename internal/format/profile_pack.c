/* SPDX-License-Identifier: MIT */
#include "format/profile_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/set.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "profile.pb-c.h"

/* A message being made. Everything it points to is in the arena, its strings but for repaired ones in the profile. */
struct packer {
	const struct profile *profile;
	struct arena arena;
	struct set string_set;
	char **strings;
	size_t string_count, string_cap;
};

static bool same_string(const void *things, uint32_t number, const void *wanted)
{
	const struct packer *packer = things;

	return strcmp(packer->strings[number - 1], wanted) == 0;
}

/* Number of a string in the string table. */
static int64_t number_of(struct packer *packer, const char *text)
{
	char *item = (char *)text;
	uint32_t number;

	if (!utf8_is_valid(text)) {
		item = arena_get(&packer->arena, strlen(text) * 3 + 1, 1);
		utf8_repair(text, item);
	}
	number = set_find(&packer->string_set, hash_bytes(HASH_START, item, strlen(item)),
			  same_string, packer, item, (uint32_t)packer->string_count + 1);
	if (number > packer->string_count) {
		packer->strings = xgrow(packer->strings, packer->string_count, &packer->string_cap,
					sizeof(*packer->strings));
		packer->strings[packer->string_count++] = item;
	}
	return number - 1;
}

/* The array of pointers to items that protobuf-c wants beside the items. */
static void *pointers(struct packer *packer, void *items, size_t count, size_t item_size)
{
	void **array = arena_get(&packer->arena, count, sizeof(*array));

	for (size_t i = 0; i < count; i++)
		array[i] = (char *)items + i * item_size;
	return array;
}

static Perftools__Profiles__ValueType *pack_type(struct packer *packer,
						 const struct profile_value_type *type)
{
	Perftools__Profiles__ValueType *message = arena_get(&packer->arena, 1, sizeof(*message));

	perftools__profiles__value_type__init(message);
	message->type = number_of(packer, type->type);
	message->unit = number_of(packer, type->unit);
	return message;
}

static void pack_types(struct packer *packer, Perftools__Profiles__Profile *out)
{
	const struct profile *profile = packer->profile;

	out->n_sample_type = profile->type_count;
	out->sample_type =
		arena_get(&packer->arena, profile->type_count, sizeof(*out->sample_type));
	for (size_t i = 0; i < profile->type_count; i++)
		out->sample_type[i] = pack_type(packer, &profile->types[i]);
}

static void pack_labels(struct packer *packer, const struct profile_sample *sample,
			Perftools__Profiles__Sample *out)
{
	size_t words = sample->label_count, count = words + (sample->block_bytes != 0);
	Perftools__Profiles__Label *items = arena_get(&packer->arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		perftools__profiles__label__init(&items[i]);
	for (size_t i = 0; i < words; i++) {
		items[i].key = number_of(packer, sample->labels[i].key);
		items[i].str = number_of(packer, sample->labels[i].value);
	}
	if (count > words) {
		items[words].key = number_of(packer, "bytes");
		items[words].num = sample->block_bytes;
	}
	out->n_label = count;
	out->label = pointers(packer, items, count, sizeof(*items));
}

static void pack_samples(struct packer *packer, Perftools__Profiles__Profile *out)
{
	const struct profile *profile = packer->profile;
	size_t count = profile->sample_count;
	Perftools__Profiles__Sample *items = arena_get(&packer->arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		struct profile_sample *sample = &profile->samples[i];

		perftools__profiles__sample__init(&items[i]);
		items[i].n_location_id = sample->location_count;
		items[i].location_id = sample->locations;
		items[i].n_value = profile->type_count;
		items[i].value = sample->values;
		pack_labels(packer, sample, &items[i]);
	}
	out->n_sample = count;
	out->sample = pointers(packer, items, count, sizeof(*items));
}

static void pack_mappings(struct packer *packer, Perftools__Profiles__Profile *out)
{
	const struct profile *profile = packer->profile;
	size_t count = profile->mapping_count;
	Perftools__Profiles__Mapping *items = arena_get(&packer->arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		const struct profile_mapping *mapping = &profile->mappings[i];

		perftools__profiles__mapping__init(&items[i]);
		items[i].id = i + 1;
		items[i].memory_start = mapping->start;
		items[i].memory_limit = mapping->limit;
		items[i].file_offset = mapping->offset;
		items[i].filename = number_of(packer, mapping->path);
		items[i].build_id = number_of(packer, mapping->build_id);
		items[i].has_functions = mapping->has_functions;
		items[i].has_filenames = mapping->has_filenames;
		items[i].has_line_numbers = mapping->has_lines;
		items[i].has_inline_frames = mapping->has_inlines;
	}
	out->n_mapping = count;
	out->mapping = pointers(packer, items, count, sizeof(*items));
}

static void pack_lines(struct packer *packer, const struct profile_location *location,
		       Perftools__Profiles__Location *out)
{
	size_t count = location->line_count;
	Perftools__Profiles__Line *items = arena_get(&packer->arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		perftools__profiles__line__init(&items[i]);
		items[i].function_id = location->lines[i].function;
		items[i].line = location->lines[i].line;
	}
	out->n_line = count;
	out->line = pointers(packer, items, count, sizeof(*items));
}

static void pack_locations(struct packer *packer, Perftools__Profiles__Profile *out)
{
	const struct profile *profile = packer->profile;
	size_t count = profile->location_count;
	Perftools__Profiles__Location *items = arena_get(&packer->arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		perftools__profiles__location__init(&items[i]);
		items[i].id = i + 1;
		items[i].mapping_id = profile->locations[i].mapping;
		items[i].address = profile->locations[i].address;
		pack_lines(packer, &profile->locations[i], &items[i]);
	}
	out->n_location = count;
	out->location = pointers(packer, items, count, sizeof(*items));
}

static void pack_functions(struct packer *packer, Perftools__Profiles__Profile *out)
{
	const struct profile *profile = packer->profile;
	size_t count = profile->function_count;
	Perftools__Profiles__Function *items = arena_get(&packer->arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		const struct profile_function *function = &profile->functions[i];

		perftools__profiles__function__init(&items[i]);
		items[i].id = i + 1;
		items[i].name = number_of(packer, function->name);
		items[i].system_name = number_of(packer, function->system_name);
		items[i].filename = number_of(packer, function->file);
		items[i].start_line = function->start_line;
	}
	out->n_function = count;
	out->function = pointers(packer, items, count, sizeof(*items));
}

static void pack_header(struct packer *packer, Perftools__Profiles__Profile *out)
{
	const struct profile *profile = packer->profile;

	out->time_nanos = profile->time_nanos;
	out->duration_nanos = profile->duration_nanos;
	out->period = profile->period;
	if (*profile->period_type.type)
		out->period_type = pack_type(packer, &profile->period_type);
	out->default_sample_type = number_of(packer, profile->default_type);
	out->n_comment = profile->comment_count;
	out->comment = arena_get(&packer->arena, profile->comment_count, sizeof(*out->comment));
	for (size_t i = 0; i < profile->comment_count; i++)
		out->comment[i] = number_of(packer, profile->comments[i]);
}

static uint8_t *serialize(const Perftools__Profiles__Profile *message, size_t *size)
{
	uint8_t *bytes;

	*size = perftools__profiles__profile__get_packed_size(message);
	bytes = malloc(*size ? *size : 1);
	if (bytes)
		perftools__profiles__profile__pack(message, bytes);
	return bytes;
}

uint8_t *profile_pack(const struct profile *profile, size_t *size)
{
	Perftools__Profiles__Profile message = PERFTOOLS__PROFILES__PROFILE__INIT;
	struct packer packer = {.profile = profile};
	uint8_t *bytes;

	number_of(&packer, "");
	pack_types(&packer, &message);
	pack_samples(&packer, &message);
	pack_mappings(&packer, &message);
	pack_locations(&packer, &message);
	pack_functions(&packer, &message);
	pack_header(&packer, &message);
	message.n_string_table = packer.string_count;
	message.string_table = packer.strings;
	bytes = serialize(&message, size);
	set_free(&packer.string_set);
	arena_free(&packer.arena);
	free(packer.strings);
	return bytes;
}
