/* SPDX-License-Identifier: MIT */
/* clang-format off: cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "sym_programs.h"

#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

static char folder[64], fixtures[4096];

int programs_open(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/sym_test.XXXXXX");
	if (!realpath("test/fixtures/sym", fixtures)) {
		print_error("to be run in the repository's folder\n");
		return -1;
	}
	return mkdtemp(folder) ? 0 : -1;
}

int programs_close(void **state)
{
	(void)state;
	return programs_run("rm -rf -- %s", folder) ? 0 : -1;
}

const char *programs_path(const char *name)
{
	static char paths[16][sizeof(folder) + 128];
	static unsigned next;
	char *path = paths[next++ % 16];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

bool programs_run(const char *format, ...)
{
	char *line, *whole;
	va_list arguments;
	bool good;

	va_start(arguments, format);
	if (vasprintf(&line, format, arguments) < 0)
		abort();
	va_end(arguments);
	/* Sanitizers of this program are not meant for those it starts. */
	whole = xasprintf("cd %s && F=%s && unset LD_PRELOAD && %s", folder, fixtures, line);
	good = system(whole) == 0;
	if (!good)
		print_error("failed: %s\n", line);
	free(whole);
	free(line);
	return good;
}

bool programs_have(const char *name)
{
	char *line = xasprintf("command -v %s >/dev/null", name);
	bool have = system(line) == 0;

	free(line);
	if (!have)
		print_message("[  SKIPPED ] part of a test: there is no %s\n", name);
	return have;
}

static bool offset_of(Elf *elf, uint64_t address, uint64_t *offset)
{
	GElf_Phdr segment;
	size_t count;

	assert_int_equal(elf_getphdrnum(elf, &count), 0);
	for (size_t i = 0; i < count && gelf_getphdr(elf, (int)i, &segment); i++) {
		if (segment.p_type != PT_LOAD || address < segment.p_vaddr ||
		    address - segment.p_vaddr >= segment.p_filesz)
			continue;
		*offset = address - segment.p_vaddr + segment.p_offset;
		return true;
	}
	return false;
}

static void add_function(Elf *elf, const GElf_Sym *symbol, unsigned step,
			 struct addresses *addresses)
{
	for (uint64_t i = 0; i < symbol->st_size; i += step) {
		size_t len = addresses->len;

		if (len == PROGRAMS_MAX_ADDRESSES ||
		    !offset_of(elf, symbol->st_value + i, &addresses->offset[len]))
			return;
		addresses->virtual_[addresses->len++] = symbol->st_value + i;
	}
}

static Elf_Data *symbols_of(Elf *elf, GElf_Word type)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == type)
			return elf_getdata(section, NULL);
	return NULL;
}

void programs_addresses(const char *program, unsigned step, struct addresses *addresses)
{
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	Elf_Data *symbols;
	GElf_Sym symbol;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	assert_non_null(elf);
	symbols = symbols_of(elf, SHT_SYMTAB);
	if (!symbols)
		symbols = symbols_of(elf, SHT_DYNSYM);
	addresses->len = 0;
	for (int i = 0; symbols && gelf_getsym(symbols, i, &symbol); i++)
		if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF)
			add_function(elf, &symbol, step, addresses);
	elf_end(elf);
	close(fd);
	assert_in_range(addresses->len, 100, PROGRAMS_MAX_ADDRESSES);
}

/* Where the ending of a clone's name begins. */
static size_t plain_len(const char *name)
{
	static const char *const endings[] = {".part", ".constprop", ".isra", ".cold", ".lto_priv"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const char *found = strstr(name, endings[i]);

		if (found && (size_t)(found - name) < len)
			len = (size_t)(found - name);
	}
	return len;
}

/* "file:12 (discriminator 3)", "file:?", "??:0": where no line is known, the peers may still say a file. */
static void append_frame(char **text, const char *name, const char *place)
{
	const char *colon = strrchr(place, ':');
	long line = colon ? strtol(colon + 1, NULL, 10) : 0;
	char *longer;

	if (line > 0)
		longer = xasprintf("%s%.*s %.*s:%ld\n", *text, (int)plain_len(name), name,
				   (int)(colon - place), place, line);
	else
		longer = xasprintf("%s%.*s :0\n", *text, (int)plain_len(name), name);
	free(*text);
	*text = longer;
}

static char *write_input(const struct addresses *addresses)
{
	char *path = xstrdup(programs_path("addresses"));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (size_t i = 0; i < addresses->len; i++)
		fprintf(file, "0x%" PRIx64 "\n", addresses->virtual_[i]);
	assert_int_equal(fclose(file), 0);
	return path;
}

static bool read_line(FILE *file, char **line, size_t *size)
{
	ssize_t len;

	do
		len = getline(line, size, file);
	while (len == 1); /* llvm-symbolizer's empty lines */
	if (len > 0)
		(*line)[strcspn(*line, "\n")] = '\0';
	return len > 0;
}

char **programs_ask(const char *command, const struct addresses *addresses)
{
	char **texts = xcalloc(addresses->len, sizeof(char *)), *input = write_input(addresses);
	char *line = NULL, *place = NULL;
	char *whole = xasprintf("unset LD_PRELOAD; %s <%s 2>/dev/null", command, input);
	FILE *pipe = popen(whole, "r");
	size_t size = 0, place_size = 0, count = 0;

	assert_non_null(pipe);
	while (read_line(pipe, &line, &size)) {
		if (strncmp(line, "0x", 2) == 0) {
			assert_true(count < addresses->len);
			texts[count++] = xstrdup("");
		} else {
			assert_true(count > 0);
			assert_true(read_line(pipe, &place, &place_size));
			if (place)
				append_frame(&texts[count - 1], line, place);
		}
	}
	assert_int_equal(pclose(pipe), 0);
	assert_int_equal(count, addresses->len);
	free(line);
	free(place);
	free(whole);
	free(input);
	return texts;
}

char *programs_ours(struct sym *sym, size_t module, uint64_t offset)
{
	struct sym_frame frames[64];
	size_t count = sym_lookup(sym, module, offset, frames, 64);
	char *text = xstrdup("");

	for (size_t i = 0; i < count; i++) {
		char *place = xasprintf("%s:%" PRId64, frames[i].file, frames[i].line);

		append_frame(&text, frames[i].linkage, place);
		free(place);
	}
	if (count == 0)
		append_frame(&text, "??", "??:0");
	return text;
}
