/* SPDX-License-Identifier: MIT */
#include "format/profile_unpack.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/set.h"
#include "base/xalloc.h"
#include "format/profile_wire.h"
#include "profile.pb-c.h"

/* Ids as the file has them, and what the same things are called in the profile. Both [place in the file]. */
struct ids {
	struct set set;
	uint64_t *theirs, *ours;
	size_t count;
};

struct reader {
	const Perftools__Profiles__Profile *message;
	struct profile *profile;
	struct ids mappings, functions, locations;
	char *error;
	size_t error_size;
};

static bool fail(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool fail(struct reader *reader, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reader->error, reader->error_size, format, arguments);
	va_end(arguments);
	return false;
}

static bool same_id(const void *things, uint32_t number, const void *wanted)
{
	return ((const struct ids *)things)->theirs[number - 1] == *(const uint64_t *)wanted;
}

static void ids_room(struct ids *ids, size_t count)
{
	ids->theirs = xcalloc(count, sizeof(*ids->theirs));
	ids->ours = xcalloc(count, sizeof(*ids->ours));
}

static void ids_free(struct ids *ids)
{
	set_free(&ids->set);
	free(ids->theirs);
	free(ids->ours);
}

/* Note the next id. What it is called in the profile is stored in ours[] afterwards. */
static bool ids_add(struct reader *reader, struct ids *ids, uint64_t id, const char *what)
{
	uint32_t number = (uint32_t)ids->count + 1;

	if (!id)
		return fail(reader, "%s %zu has no id", what, ids->count);
	ids->theirs[ids->count] = id;
	if (set_find(&ids->set, hash_word(HASH_START, id), same_id, ids, &id, number) != number)
		return fail(reader, "two %ss have the id %" PRIu64, what, id);
	ids->count++;
	return true;
}

/* What an id is called in the profile; 0 when it is not there. */
static uint64_t ids_find(struct ids *ids, uint64_t id)
{
	uint32_t number = set_find(&ids->set, hash_word(HASH_START, id), same_id, ids, &id, 0);

	return number ? ids->ours[number - 1] : 0;
}

static bool read_string(struct reader *reader, int64_t number, const char **text)
{
	*text = "";
	if (number < 0 || (uint64_t)number >= reader->message->n_string_table)
		return fail(reader, "string %" PRId64 " is not there, the table has %zu", number,
			    reader->message->n_string_table);
	*text = reader->message->string_table[number];
	return true;
}

static bool read_types(struct reader *reader)
{
	const Perftools__Profiles__Profile *message = reader->message;

	if (message->n_sample_type > PROFILE_MAX_VALUES)
		return fail(reader, "%zu sample types, more than %d", message->n_sample_type,
			    PROFILE_MAX_VALUES);
	for (size_t i = 0; i < message->n_sample_type; i++) {
		const char *type, *unit;

		if (!read_string(reader, message->sample_type[i]->type, &type) ||
		    !read_string(reader, message->sample_type[i]->unit, &unit))
			return false;
		profile_add_type(reader->profile, type, unit);
	}
	return true;
}

static bool read_mappings(struct reader *reader)
{
	const Perftools__Profiles__Profile *message = reader->message;

	ids_room(&reader->mappings, message->n_mapping);
	for (size_t i = 0; i < message->n_mapping; i++) {
		const Perftools__Profiles__Mapping *from = message->mapping[i];
		struct profile_mapping mapping = {
			.start = from->memory_start,
			.limit = from->memory_limit,
			.offset = from->file_offset,
			.has_functions = from->has_functions,
			.has_filenames = from->has_filenames,
			.has_lines = from->has_line_numbers,
			.has_inlines = from->has_inline_frames,
		};

		if (!ids_add(reader, &reader->mappings, from->id, "mapping") ||
		    !read_string(reader, from->filename, &mapping.path) ||
		    !read_string(reader, from->build_id, &mapping.build_id))
			return false;
		reader->mappings.ours[i] = profile_add_mapping(reader->profile, &mapping);
	}
	return true;
}

static bool read_functions(struct reader *reader)
{
	const Perftools__Profiles__Profile *message = reader->message;

	ids_room(&reader->functions, message->n_function);
	for (size_t i = 0; i < message->n_function; i++) {
		const Perftools__Profiles__Function *from = message->function[i];
		struct profile_function function = {.start_line = from->start_line};

		if (!ids_add(reader, &reader->functions, from->id, "function") ||
		    !read_string(reader, from->name, &function.name) ||
		    !read_string(reader, from->system_name, &function.system_name) ||
		    !read_string(reader, from->filename, &function.file))
			return false;
		reader->functions.ours[i] = profile_add_function(reader->profile, &function);
	}
	return true;
}

static bool read_lines(struct reader *reader, const Perftools__Profiles__Location *from,
		       struct profile_line *lines)
{
	for (size_t i = 0; i < from->n_line; i++) {
		lines[i].line = from->line[i]->line;
		lines[i].function = ids_find(&reader->functions, from->line[i]->function_id);
		if (!lines[i].function)
			return fail(reader,
				    "location %" PRIu64 ": function %" PRIu64 " is not there",
				    from->id, from->line[i]->function_id);
	}
	return true;
}

static bool read_location(struct reader *reader, size_t i)
{
	const Perftools__Profiles__Location *from = reader->message->location[i];
	struct profile_location location = {.address = from->address, .line_count = from->n_line};
	bool good;

	if (!ids_add(reader, &reader->locations, from->id, "location"))
		return false;
	location.mapping = ids_find(&reader->mappings, from->mapping_id);
	if (from->mapping_id && !location.mapping)
		return fail(reader, "location %" PRIu64 ": mapping %" PRIu64 " is not there",
			    from->id, from->mapping_id);
	location.lines = xcalloc(from->n_line, sizeof(*location.lines));
	good = read_lines(reader, from, location.lines);
	if (good)
		reader->locations.ours[i] = profile_add_location(reader->profile, &location);
	free(location.lines);
	return good;
}

static bool read_locations(struct reader *reader)
{
	ids_room(&reader->locations, reader->message->n_location);
	for (size_t i = 0; i < reader->message->n_location; i++) {
		if (!read_location(reader, i))
			return false;
	}
	return true;
}

/* The labels that are words, and the number that we know. `labels` has room for all. */
static bool read_labels(struct reader *reader, const Perftools__Profiles__Sample *from,
			struct profile_sample *sample)
{
	for (size_t i = 0; i < from->n_label; i++) {
		struct profile_label *label = &sample->labels[sample->label_count];

		if (!read_string(reader, from->label[i]->key, &label->key) ||
		    !read_string(reader, from->label[i]->str, &label->value))
			return false;
		if (*label->value != '\0')
			sample->label_count++;
		else if (strcmp(label->key, "bytes") == 0)
			sample->block_bytes = from->label[i]->num;
	}
	return true;
}

static bool read_stack(struct reader *reader, const Perftools__Profiles__Sample *from,
		       uint64_t *locations)
{
	for (size_t i = 0; i < from->n_location_id; i++) {
		locations[i] = ids_find(&reader->locations, from->location_id[i]);
		if (!locations[i])
			return fail(reader, "location %" PRIu64 " of a sample is not there",
				    from->location_id[i]);
	}
	return true;
}

static bool read_sample(struct reader *reader, const Perftools__Profiles__Sample *from)
{
	struct profile_sample sample = {.location_count = from->n_location_id};
	bool good;

	if (from->n_value != reader->profile->type_count)
		return fail(reader, "a sample has %zu values, there are %zu sample types",
			    from->n_value, reader->profile->type_count);
	sample.locations = xcalloc(from->n_location_id, sizeof(*sample.locations));
	sample.labels = xcalloc(from->n_label, sizeof(*sample.labels));
	if (from->n_value)
		memcpy(sample.values, from->value, from->n_value * sizeof(sample.values[0]));
	good = read_stack(reader, from, sample.locations) && read_labels(reader, from, &sample);
	if (good)
		profile_add_sample(reader->profile, &sample);
	free(sample.locations);
	free(sample.labels);
	return good;
}

static bool read_samples(struct reader *reader)
{
	for (size_t i = 0; i < reader->message->n_sample; i++) {
		if (!read_sample(reader, reader->message->sample[i]))
			return false;
	}
	return true;
}

static bool read_header(struct reader *reader)
{
	const Perftools__Profiles__Profile *message = reader->message;
	struct profile *profile = reader->profile;
	const char *text, *unit;

	if (!read_string(reader, message->default_sample_type, &text))
		return false;
	profile->default_type = profile_string(profile, text);
	if (message->period_type) {
		if (!read_string(reader, message->period_type->type, &text) ||
		    !read_string(reader, message->period_type->unit, &unit))
			return false;
		profile->period_type.type = profile_string(profile, text);
		profile->period_type.unit = profile_string(profile, unit);
	}
	for (size_t i = 0; i < message->n_comment; i++) {
		if (!read_string(reader, message->comment[i], &text))
			return false;
		profile_add_comment(profile, text);
	}
	profile->period = message->period;
	profile->time_nanos = message->time_nanos;
	profile->duration_nanos = message->duration_nanos;
	return true;
}

static bool read_profile(struct reader *reader)
{
	if (!reader->message->n_string_table || *reader->message->string_table[0])
		return fail(reader, "its string table does not begin with \"\"");
	return read_types(reader) && read_mappings(reader) && read_functions(reader) &&
	       read_locations(reader) && read_samples(reader) && read_header(reader);
}

/* The message, or NULL with what is wrong. */
static Perftools__Profiles__Profile *unpack_message(const uint8_t *bytes, size_t size,
						    uint64_t limit, const char *where, char *error,
						    size_t error_size)
{
	Perftools__Profiles__Profile *message = NULL;
	struct wire_report report;

	if (!wire_check(&perftools__profiles__profile__descriptor, bytes, size, &report)) {
		if (report.truncated)
			snprintf(error, error_size, "truncated at byte %zu%s", report.at, where);
		else
			snprintf(error, error_size, "damaged at byte %zu%s: %s", report.at, where,
				 report.problem);
		return NULL;
	}
	if (report.memory <= limit)
		message = perftools__profiles__profile__unpack(NULL, size, bytes);
	if (!message)
		snprintf(error, error_size, "too large: it takes about %" PRIu64 " MiB of memory",
			 report.memory >> 20);
	return message;
}

struct profile *profile_unpack(const uint8_t *bytes, size_t size, uint64_t limit, const char *where,
			       char *error, size_t error_size)
{
	Perftools__Profiles__Profile *message =
		unpack_message(bytes, size, limit, where, error, error_size);
	struct reader reader = {.message = message, .error = error, .error_size = error_size};

	if (!message)
		return NULL;
	reader.profile = profile_new();
	if (!read_profile(&reader)) {
		profile_free(reader.profile);
		reader.profile = NULL;
	}
	ids_free(&reader.mappings);
	ids_free(&reader.functions);
	ids_free(&reader.locations);
	perftools__profiles__profile__free_unpacked(message, NULL);
	return reader.profile;
}
