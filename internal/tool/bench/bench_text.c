/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define FILE_MAX_BYTES ((size_t)256 << 20)
/* More than any text has; each line looks through those before it. */
#define UNITS_MAX 256

const char *const bench_text_keys[] = {
#define X(name, text) text,
	BENCH_TEXT_KEYS(X)
#undef X
};

/* Where a text is being read. Lines are ended in place. */
struct reader {
	struct bench_text *text;
	const char *now[BENCH_TEXT_KEY_COUNT]; /* values that hold */
	size_t line;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next field of a line, ended in place; NULL at the line's end. */
static char *next_field(char **rest)
{
	char *field = *rest, *end;

	while (is_blank(*field))
		field++;
	if (*field == '\0')
		return NULL;
	for (end = field; *end != '\0' && !is_blank(*end); end++)
		;
	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return field;
}

static void note_bad(struct reader *reader, const char *reason)
{
	if (reader->text->bad++ > 0)
		return;
	reader->text->bad_line = reader->line;
	reader->text->bad_reason = reason;
}

static void add_value(struct reader *reader, const char *name, const char *unit, double value)
{
	struct bench_text *text = reader->text;

	text->values = xgrow(text->values, text->count, &text->cap, sizeof *text->values);
	text->values[text->count++] = (struct bench_text_value){name, reader->now[BENCH_TEXT_PKG],
								unit, value, text->lines};
}

static void note_config(struct reader *reader)
{
	struct bench_text *text = reader->text;

	for (size_t key = 0; key < BENCH_TEXT_KEY_COUNT; key++) {
		struct bench_text_config *config = &text->config[key];

		if (text->lines == 0)
			config->value = reader->now[key];
		else if (strcmp(config->value, reader->now[key]) != 0)
			config->varies = true;
	}
}

static bool is_iterations(const char *field)
{
	size_t digits;

	field += *field == '+';
	digits = strspn(field, "0123456789");
	return digits > 0 && field[digits] == '\0';
}

/* The pairs of value and unit. NULL, or what is wrong; then some may have been added. */
static const char *read_pairs(struct reader *reader, const char *name, char *rest)
{
	char *field = next_field(&rest), *unit, *end;

	if (field == NULL)
		return "it has no figures";
	for (; field != NULL; field = next_field(&rest)) {
		double value = strtod(field, &end);

		if (*end != '\0' || !isfinite(value))
			return "a figure is no number";
		unit = next_field(&rest);
		if (unit == NULL)
			return "a figure has no unit";
		add_value(reader, name, unit, value);
	}
	return NULL;
}

static void read_result(struct reader *reader, char *line)
{
	size_t before = reader->text->count;
	char *name = next_field(&line);
	char *iterations = next_field(&line);
	const char *wrong;

	/* A name alone is what `go test -v` says before it runs it, and what a failed one leaves. */
	if (iterations == NULL)
		return;
	wrong = is_iterations(iterations) ? read_pairs(reader, name, line)
					  : "its number of iterations is none";
	if (wrong != NULL) {
		reader->text->count = before;
		note_bad(reader, wrong);
		return;
	}
	note_config(reader);
	reader->text->lines++;
}

static struct bench_text_unit *unit_of(struct bench_text *text, const char *unit)
{
	for (size_t i = 0; i < text->unit_count; i++)
		if (strcmp(text->units[i].unit, unit) == 0)
			return &text->units[i];
	if (text->unit_count == UNITS_MAX)
		return NULL;
	text->units = xgrow(text->units, text->unit_count, &text->unit_cap, sizeof *text->units);
	text->units[text->unit_count] = (struct bench_text_unit){.unit = unit};
	return &text->units[text->unit_count++];
}

static void read_unit(struct bench_text *text, char *line)
{
	char *name, *word;
	struct bench_text_unit *unit;

	next_field(&line);
	name = next_field(&line);
	unit = name != NULL ? unit_of(text, name) : NULL;
	if (unit == NULL)
		return;
	while ((word = next_field(&line)) != NULL) {
		if (strcmp(word, "better=lower") == 0)
			unit->better = BENCH_BETTER_LOWER;
		else if (strcmp(word, "better=higher") == 0)
			unit->better = BENCH_BETTER_HIGHER;
		else if (strcmp(word, "assume=exact") == 0)
			unit->is_exact = true;
		else if (strcmp(word, "assume=nothing") == 0)
			unit->is_exact = false;
	}
}

/* "key: value" of a key that is kept; without a value the key holds no more. */
static void read_config(struct reader *reader, char *line)
{
	char *colon = strchr(line, ':');
	char *value, *end;

	if (colon == NULL || (colon[1] != '\0' && colon[1] != ' ' && colon[1] != '\t'))
		return;
	value = colon + 1 + strspn(colon + 1, " \t");
	for (end = value + strlen(value); end > value && is_blank(end[-1]); end--)
		;
	*colon = *end = '\0';
	for (size_t key = 0; key < BENCH_TEXT_KEY_COUNT; key++)
		if (strcmp(line, bench_text_keys[key]) == 0)
			reader->now[key] = value;
}

/* "Benchmark", and then no small letter: "Benchmarking ..." is prose. */
static bool is_result(const char *line)
{
	return strncmp(line, "Benchmark", 9) == 0 && !(line[9] >= 'a' && line[9] <= 'z');
}

static void read_line(struct reader *reader, char *line)
{
	if (is_result(line))
		read_result(reader, line);
	else if (strncmp(line, "Unit ", 5) == 0 || strncmp(line, "Unit\t", 5) == 0)
		read_unit(reader->text, line);
	else if (*line >= 'a' && *line <= 'z')
		read_config(reader, line);
}

static char *keep(struct bench_text *text, char *buffer)
{
	text->buffers =
		xgrow(text->buffers, text->buffer_count, &text->buffer_cap, sizeof *text->buffers);
	return text->buffers[text->buffer_count++] = buffer;
}

/* Read buffer[0..len], which ends with a zero and is ours now. */
static void parse_kept(struct bench_text *text, char *buffer, size_t len)
{
	struct reader reader = {.text = text};
	char *end = buffer + len;

	keep(text, buffer);
	for (size_t key = 0; key < BENCH_TEXT_KEY_COUNT; key++)
		reader.now[key] = "";
	for (char *line = buffer, *next; line < end; line = next) {
		char *newline = memchr(line, '\n', (size_t)(end - line));

		next = newline != NULL ? newline + 1 : end;
		if (newline != NULL)
			*newline = '\0';
		reader.line++;
		/* A line with a zero byte in it is no text. */
		if (strlen(line) == (size_t)((newline != NULL ? newline : end) - line))
			read_line(&reader, line);
		else if (is_result(line))
			note_bad(&reader, "it has a zero byte");
	}
}

void bench_text_parse(struct bench_text *text, const char *bytes, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	parse_kept(text, copy, len);
}

/* All that is left in the stream, and a zero. NULL, with errno set, when it can't be read. */
static char *read_all(FILE *stream, size_t *len)
{
	size_t cap = 1 << 16, got;
	char *bytes = xmalloc(cap);

	*len = 0;
	while ((got = fread(bytes + *len, 1, cap - 1 - *len, stream)) > 0) {
		*len += got;
		if (*len > FILE_MAX_BYTES)
			break;
		if (*len == cap - 1)
			bytes = xrealloc(bytes, cap *= 2, 1);
	}
	bytes[*len] = '\0';
	if (*len <= FILE_MAX_BYTES && !ferror(stream))
		return bytes;
	if (*len > FILE_MAX_BYTES)
		errno = EFBIG;
	free(bytes);
	return NULL;
}

int bench_text_read(struct bench_text *text, const char *path)
{
	FILE *stream = fopen(path, "re");
	char *bytes;
	size_t len;
	int error;

	if (stream == NULL)
		return -errno;
	bytes = read_all(stream, &len);
	error = bytes == NULL ? -errno : 0;
	fclose(stream);
	if (error == 0)
		parse_kept(text, bytes, len);
	return error;
}

void bench_text_free(struct bench_text *text)
{
	for (size_t i = 0; i < text->buffer_count; i++)
		free(text->buffers[i]);
	free(text->buffers);
	free(text->values);
	free(text->units);
	memset(text, 0, sizeof *text);
}
