/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_symbols.h"

#include <string.h>

/* A range's value: the symbol's index in its table, and the table's number above. */
#define TABLE_SHIFT 32

/* Lower is better; one more when the size is not known. */
enum { KIND_FUNCTION = 0, KIND_LABEL = 2 };

/* What is compared between symbols at one address; see sym_symbols_find(). */
struct candidate {
	const char *name;
	unsigned kind, binding; /* lower is better */
	size_t underscores, len;
};

static bool is_code_section(const struct sym_symbol_table *table, GElf_Section number)
{
	Elf_Scn *section;
	GElf_Shdr header;

	if (number == SHN_UNDEF || number >= SHN_LORESERVE)
		return number == SHN_XINDEX;
	section = elf_getscn(table->elf, number);
	return section && gelf_getshdr(section, &header) && (header.sh_flags & SHF_EXECINSTR);
}

/* A function, or a label in code that an assembler source gave no type. */
static bool is_wanted(const struct sym_symbol_table *table, const GElf_Sym *symbol)
{
	unsigned type = GELF_ST_TYPE(symbol->st_info);

	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return false;
	return sym_file_is_code(table->file, symbol->st_value) &&
	       is_code_section(table, symbol->st_shndx);
}

/* Labels have no size: they reach up to the next symbol, at most to the end of the code. */
static void close_labels(struct sym_ranges *ranges, uint64_t end)
{
	uint64_t next = end;

	for (size_t i = ranges->len; i-- > 0;) {
		struct sym_range *range = &ranges->items[i];

		if (range->high == end)
			range->high = next > range->low ? next : range->low + 1;
		if (i > 0 && ranges->items[i - 1].low != range->low)
			next = range->low;
	}
}

static void add_symbols(struct sym_symbols *symbols, size_t number)
{
	const struct sym_symbol_table *table = &symbols->tables[number];
	size_t count = table->data->d_size / gelf_fsize(table->elf, ELF_T_SYM, 1, EV_CURRENT);
	uint64_t end = table->file->code_high;
	GElf_Sym symbol;

	for (size_t i = 1; i < count && gelf_getsym(table->data, (int)i, &symbol); i++) {
		uint64_t high = symbol.st_value + symbol.st_size;

		if (!is_wanted(table, &symbol))
			continue;
		if (symbol.st_size == 0 || high < symbol.st_value || high > end)
			high = end;
		sym_ranges_add(&symbols->ranges, symbol.st_value, high,
			       (uint64_t)number << TABLE_SHIFT | i);
	}
}

static Elf_Scn *find_table(Elf *elf, GElf_Word type, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, header) && header->sh_type == type)
			return section;
	return NULL;
}

/* Returns whether there is such a table in `elf`. */
static bool load_table(struct sym_symbols *symbols, const struct sym_file *file, Elf *elf,
		       GElf_Word type)
{
	struct sym_symbol_table *table = &symbols->tables[symbols->table_count];
	GElf_Shdr header;
	Elf_Scn *section = find_table(elf, type, &header);

	if (!section)
		return false;
	table->data = elf_getdata(section, NULL);
	if (!table->data || !table->data->d_buf)
		return false;
	table->file = file;
	table->elf = elf;
	table->strings = header.sh_link;
	add_symbols(symbols, symbols->table_count++);
	return true;
}

void sym_symbols_load(struct sym_symbols *symbols, const struct sym_file *file,
		      const struct sym_file *debug)
{
	bool full = load_table(symbols, file, file->elf, SHT_SYMTAB) ||
		    (debug && load_table(symbols, file, debug->elf, SHT_SYMTAB));

	if (!full)
		load_table(symbols, file, file->elf, SHT_DYNSYM);
	if (!full && sym_mini_open(&symbols->mini, file))
		load_table(symbols, file, symbols->mini.elf, SHT_SYMTAB);
	sym_ranges_sort(&symbols->ranges);
	close_labels(&symbols->ranges, file->code_high);
	sym_ranges_sort(&symbols->ranges);
}

void sym_symbols_free(struct sym_symbols *symbols)
{
	sym_ranges_free(&symbols->ranges);
	sym_mini_close(&symbols->mini);
}

/* Fill in what the comparison needs. False when the symbol has no name for people. */
static bool describe(const struct sym_symbols *symbols, uint64_t value, struct candidate *candidate)
{
	const struct sym_symbol_table *table = &symbols->tables[value >> TABLE_SHIFT];
	const char *name;
	GElf_Sym symbol;

	if (!gelf_getsym(table->data, (int)(uint32_t)value, &symbol))
		return false;
	name = elf_strptr(table->elf, table->strings, symbol.st_name);
	/* "$x", "$d": marks of the ARM assembler between code and data. */
	if (!name || name[0] == '\0' || name[0] == '$')
		return false;
	candidate->name = name;
	candidate->kind = GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE ? KIND_LABEL : KIND_FUNCTION;
	candidate->kind += symbol.st_size == 0;
	candidate->binding = GELF_ST_BIND(symbol.st_info) == STB_LOCAL;
	candidate->underscores = strspn(name, "_");
	candidate->len = strcspn(name, "@");
	return true;
}

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind;
	if (a->binding != b->binding)
		return a->binding < b->binding;
	if (a->underscores != b->underscores)
		return a->underscores < b->underscores;
	if (a->len != b->len)
		return a->len < b->len;
	return strncmp(a->name, b->name, a->len) < 0;
}

const char *sym_symbols_find(const struct sym_symbols *symbols, struct sym_names *names,
			     uint64_t address)
{
	struct candidate best = {.name = NULL}, candidate;
	const struct sym_range *range;
	uint64_t low = 0;
	size_t cursor = 0;

	while ((range = sym_ranges_next(&symbols->ranges, address, &cursor))) {
		/* Further down there may still be the function that a label is in. */
		if (best.name && range->low != low && best.kind < KIND_LABEL)
			break;
		if (!describe(symbols, range->value, &candidate))
			continue;
		if (best.name && range->low != low && candidate.kind >= KIND_LABEL)
			continue;
		if (!best.name || is_better(&candidate, &best)) {
			best = candidate;
			low = range->low;
		}
	}
	if (!best.name)
		return NULL;
	return best.name[best.len] ? sym_names_keep(names, best.name, best.len) : best.name;
}
