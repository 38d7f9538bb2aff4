/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_producer.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

/* Different producers that are told apart; more there are hardly. */
enum { PRODUCERS_MAX = 64 };

struct producers {
	const char *text[PRODUCERS_MAX]; /* of the debug information */
	size_t units[PRODUCERS_MAX];
	size_t count;
};

static void add(struct producers *producers, const char *text)
{
	for (size_t i = 0; i < producers->count; i++)
		if (strcmp(producers->text[i], text) == 0) {
			producers->units[i]++;
			return;
		}
	if (producers->count == PRODUCERS_MAX)
		return;
	producers->text[producers->count] = text;
	producers->units[producers->count++] = 1;
}

/* Assembler has no options that matter. */
static bool is_compiled(Dwarf_Die *unit)
{
	int language = dwarf_srclang(unit);

	return language > 0 && language != DW_LANG_Mips_Assembler;
}

static const char *most_frequent(Dwarf *dwarf)
{
	struct producers producers = {.count = 0};
	Dwarf_Off offset = 0, next;
	size_t header_size, best = 0;

	while (dwarf_nextcu(dwarf, offset, &next, &header_size, NULL, NULL, NULL) == 0) {
		Dwarf_Die unit;
		Dwarf_Attribute attribute;
		const char *text = NULL;

		if (dwarf_offdie(dwarf, offset + header_size, &unit) != NULL && is_compiled(&unit))
			text = dwarf_formstring(
				dwarf_attr(&unit, DW_AT_producer, &attribute) != NULL ? &attribute
										      : NULL);
		if (text != NULL)
			add(&producers, text);
		offset = next;
	}
	for (size_t i = 1; i < producers.count; i++)
		if (producers.units[i] > producers.units[best])
			best = i;
	return producers.count > 0 ? producers.text[best] : NULL;
}

/* One line, whatever is in it. */
static char *line_of(const char *text, size_t length)
{
	char *line = xmalloc(length + 1);

	for (size_t i = 0; i < length; i++)
		line[i] = (char)((unsigned char)text[i] < ' ' ? ' ' : text[i]);
	line[length] = '\0';
	return line;
}

void bench_producer_read(const char *program, char **compiler, char **flags)
{
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	Dwarf *dwarf = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
	const char *text = dwarf != NULL ? most_frequent(dwarf) : NULL;
	const char *options;

	*compiler = *flags = NULL;
	if (text != NULL && *text != '\0') {
		options = strstr(text, " -");
		*compiler =
			line_of(text, options != NULL ? (size_t)(options - text) : strlen(text));
		if (options != NULL)
			*flags = line_of(options + 1, strlen(options + 1));
	}
	if (dwarf != NULL)
		dwarf_end(dwarf);
	if (fd >= 0)
		close(fd);
}
