/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_dwarf.h"

#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* What libdw unpacks as soon as it is opened, and nobody here asks for. */
static const char *const unread_sections[] = {
	".debug_aranges", ".debug_frame", ".debug_loc",	     ".debug_loclists",
	".debug_macinfo", ".debug_macro", ".debug_pubnames",
};

static bool is_unread(const char *name)
{
	for (size_t i = 0; i < sizeof(unread_sections) / sizeof(unread_sections[0]); i++)
		if (strcmp(unread_sections[i], name) == 0)
			return true;
	return false;
}

/* Sections without contents libdw leaves alone. With it, a sixth of what there is to unpack in Debian's of libc goes; sections that are
 * not compressed cost nothing. */
static void leave_out_unread(const struct sym_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names) != 0)
		return;
	while ((section = elf_nextscn(file->elf, section))) {
		const char *name;

		if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_COMPRESSED))
			continue;
		name = elf_strptr(file->elf, names, header.sh_name);
		if (!name || !is_unread(name))
			continue;
		header.sh_type = SHT_NOBITS;
		gelf_update_shdr(section, &header);
	}
}

static Dwarf *open_dwarf(const struct sym_file *file)
{
	leave_out_unread(file);
	return dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
}

/* Without it libdw looks for the file itself, in the usual places only. */
static void open_alternate(struct sym_dwarf *dwarf, const struct sym_file *debug, const char *root)
{
	const char *name;
	const void *id;
	ssize_t len = dwelf_dwarf_gnu_debugaltlink(dwarf->dwarf, &name, &id);

	if (len <= 0)
		return;
	dwarf->alternate = sym_file_open_alternate(debug, root, name, id, (size_t)len);
	if (!dwarf->alternate)
		return;
	dwarf->alternate_dwarf = open_dwarf(dwarf->alternate);
	if (dwarf->alternate_dwarf)
		dwarf_setalt(dwarf->dwarf, dwarf->alternate_dwarf);
}

static void add_unit(struct sym_dwarf *dwarf, Dwarf_Die *die)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	dwarf->units =
		xgrow(dwarf->units, dwarf->unit_count, &dwarf->unit_cap, sizeof(*dwarf->units));
	dwarf->units[dwarf->unit_count] = (struct sym_unit){.die = *die};
	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0)
		if (sym_file_is_code(dwarf->file, low))
			sym_ranges_add(&dwarf->by_address, low, high, dwarf->unit_count);
	dwarf->unit_count++;
}

static void list_units(struct sym_dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	uint8_t type;
	Dwarf_Die die;

	while (dwarf_get_units(dwarf->dwarf, unit, &unit, NULL, &type, &die, NULL) == 0) {
		bool has_code = type == DW_UT_compile || type == DW_UT_skeleton;

		if (!has_code || dwarf_tag(&die) == DW_TAG_partial_unit)
			continue;
		if (type == DW_UT_skeleton || dwarf_haschildren(&die) > 0)
			dwarf->has_functions = true;
		add_unit(dwarf, &die);
	}
	sym_ranges_sort(&dwarf->by_address);
}

struct sym_dwarf *sym_dwarf_open(const struct sym_file *file, const struct sym_file *debug,
				 const char *root)
{
	struct sym_dwarf *dwarf = xcalloc(1, sizeof(*dwarf));

	dwarf->file = file;
	dwarf->dwarf = open_dwarf(debug);
	if (!dwarf->dwarf) {
		sym_dwarf_close(dwarf);
		return NULL;
	}
	open_alternate(dwarf, debug, root);
	/* After libdw: it has unpacked the sections. */
	sym_line_sections_find(&dwarf->line_sections, debug);
	list_units(dwarf);
	return dwarf;
}

void sym_dwarf_close(struct sym_dwarf *dwarf)
{
	if (!dwarf)
		return;
	for (size_t i = 0; i < dwarf->unit_count; i++) {
		sym_ranges_free(&dwarf->units[i].functions);
		sym_ranges_free(&dwarf->units[i].nested);
		sym_line_table_free(dwarf->units[i].lines);
	}
	free(dwarf->units);
	sym_ranges_free(&dwarf->by_address);
	if (dwarf->dwarf)
		dwarf_end(dwarf->dwarf);
	if (dwarf->alternate_dwarf)
		dwarf_end(dwarf->alternate_dwarf);
	sym_file_close(dwarf->alternate);
	free(dwarf);
}

struct sym_unit *sym_dwarf_unit(const struct sym_dwarf *dwarf, uint64_t address, size_t *cursor)
{
	const struct sym_range *range = sym_ranges_next(&dwarf->by_address, address, cursor);

	return range ? &dwarf->units[range->value] : NULL;
}

int64_t sym_die_number(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute found;
	Dwarf_Word number;

	if (!dwarf_attr_integrate(die, attribute, &found) || dwarf_formudata(&found, &number) != 0)
		return 0;
	return number <= INT32_MAX ? (int64_t)number : 0;
}

const char *sym_die_string(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute found;

	return dwarf_attr_integrate(die, attribute, &found) ? dwarf_formstring(&found) : NULL;
}
