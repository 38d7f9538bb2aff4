/* SPDX-License-Identifier: MIT */
#include "tool/live/answer_symbol.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/profile/stack_places.h"

/* The innermost function at an address, inlined ones included, as Go's FuncForPC has it. NULL: it has no name. */
static const char *name_of(struct stack_places *places, struct sym *sym, uint64_t address)
{
	const struct stack_mapping *mapping = stack_places_mapping(places, address);
	struct sym_frame frames[32];
	size_t count = 0;

	if (mapping != NULL)
		count = sym_lookup(sym, mapping->module, stack_offset(mapping, address), frames,
				   sizeof frames / sizeof *frames);
	return count > 0 ? frames[0].function : NULL;
}

/* 0: it is none. */
static uint64_t read_address(const char *word)
{
	char *end;
	uint64_t address;

	if (!isdigit((unsigned char)*word))
		return 0;
	errno = 0;
	address = strtoull(word, &end, 0);
	return *end == '\0' && errno == 0 ? address : 0;
}

/* The whole file as a string, NULL: it can't be read. */
static char *read_text(int fd)
{
	struct stat status;
	char *text;
	ssize_t size;

	if (fstat(fd, &status) != 0 || status.st_size > 1 << 20)
		return NULL;
	text = xcalloc(1, (size_t)status.st_size + 1);
	size = pread(fd, text, (size_t)status.st_size, 0);
	if (size >= 0)
		return text;
	free(text);
	return NULL;
}

int answer_symbol(FILE *out, const struct recording *recording, struct sym *sym, int fd,
		  char between)
{
	struct stack_namer namer = {NULL, NULL, NULL};
	struct stack_places *places;
	char *text = read_text(fd), *rest = text, *word;

	if (text == NULL)
		return -EINVAL;
	places = stack_places_new(recording, sym, STACK_LEAF_EXACT, &namer);
	fputs("num_symbols: 1\n", out);
	while ((word = strsep(&rest, "+")) != NULL) {
		uint64_t address = read_address(word);
		const char *name = address != 0 ? name_of(places, sym, address) : NULL;

		if (name != NULL)
			fprintf(out, "%#llx%c%s\n", (unsigned long long)address, between, name);
	}
	stack_places_free(places);
	free(text);
	return 0;
}
