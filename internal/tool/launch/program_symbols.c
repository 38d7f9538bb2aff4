/* SPDX-License-Identifier: MIT */
#include "tool/launch/program_symbols.h"

#include <string.h>

#include "tool/sym/sym.h"
#include "tool/sym/sym_mini.h"

static const char *const entry_symbols[REC_ENTRY_COUNT] = {
#define X(name, symbol) symbol,
	REC_ENTRIES(X)
#undef X
};

static bool is_sanitizer(const char *name)
{
	static const char *const names[] = {"__asan_init", "__tsan_init", "__msan_init",
					    "__hwasan_init", "__lsan_init"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Of jemalloc, mimalloc and tbbmalloc: what they return can't be freed by another allocator, and the other way round. */
static const char *allocator_call(const char *name)
{
	static const char *const names[] = {"mallocx",	       "rallocx",      "dallocx",
					    "sdallocx",	       "mallctl",      "mi_malloc",
					    "mi_free",	       "mi_realloc",   "mi_heap_new",
					    "scalable_malloc", "scalable_free"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return names[i];
	return NULL;
}

static void take_symbol(struct program_symbols *symbols, const char *name, const GElf_Sym *symbol)
{
	symbols->has_sanitizer |= is_sanitizer(name);
	if (symbols->allocator_call == NULL && symbol->st_shndx == SHN_UNDEF)
		symbols->allocator_call = allocator_call(name);
	for (size_t i = 0; i < REC_ENTRY_COUNT; i++) {
		if (strcmp(name, entry_symbols[i]) != 0)
			continue;
		if (symbol->st_shndx == SHN_UNDEF)
			symbols->imports_cmocka = true;
		else if (GELF_ST_TYPE(symbol->st_info) == STT_FUNC &&
			 symbol->st_size >= REC_ENTRY_LEAST_BYTES)
			symbols->entry[i] = symbol->st_value;
	}
}

static void read_table(struct program_symbols *symbols, Elf *elf, GElf_Word type)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;
		GElf_Sym symbol;

		if (gelf_getshdr(section, &header) == NULL || header.sh_type != type)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; gelf_getsym(data, i, &symbol) != NULL; i++) {
			const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);

			if (name != NULL)
				take_symbol(symbols, name, &symbol);
		}
	}
}

bool program_symbols_has_entry(const struct program_symbols *symbols)
{
	return rec_has_entry(symbols->entry);
}

static void read_separate(struct program_symbols *symbols, const struct sym_file *file)
{
	struct sym_file *debug = sym_file_open_debug(file, SYM_DEBUG_ROOT);
	struct sym_mini mini = {0};

	if (debug != NULL)
		read_table(symbols, debug->elf, SHT_SYMTAB);
	else if (sym_mini_open(&mini, file))
		read_table(symbols, mini.elf, SHT_SYMTAB);
	sym_mini_close(&mini);
	sym_file_close(debug);
}

void program_symbols_read_dynamic(struct program_symbols *symbols, const struct sym_file *file)
{
	read_table(symbols, file->elf, SHT_DYNSYM);
}

void program_symbols_read(struct program_symbols *symbols, const struct sym_file *file)
{
	program_symbols_read_dynamic(symbols, file);
	read_table(symbols, file->elf, SHT_SYMTAB);
	if (symbols->imports_cmocka)
		return;
	/* Most programs have neither cmocka nor its code: their debug files are not opened, and what they call like it is theirs. */
	if (!program_has_cmocka_code(file))
		memset(symbols->entry, 0, sizeof symbols->entry);
	else if (!program_symbols_has_entry(symbols))
		read_separate(symbols, file);
}

bool program_has_cmocka_code(const struct sym_file *file)
{
	static const char variable[] = REC_CMOCKA_MARK;
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(file->elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;

		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_PROGBITS ||
		    (header.sh_flags & (SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR)) != SHF_ALLOC)
			continue;
		data = elf_rawdata(section, NULL);
		if (data != NULL && data->d_buf != NULL &&
		    memmem(data->d_buf, data->d_size, variable, sizeof variable) != NULL)
			return true;
	}
	return false;
}
