/* SPDX-License-Identifier: MIT */
/* The folders and files in a line table's header. */
#include <dwarf.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/sym/sym_line_table.h"

/* What DWARF 5 says of one entry; others of its fields are skipped. */
struct entry {
	const char *path;
	uint64_t folder;
};

static void add_folder(struct sym_line_table *table, const char *path)
{
	table->folders = xgrow((void *)table->folders, table->folder_count, &table->folder_cap,
			       sizeof(*table->folders));
	table->folders[table->folder_count++] = path;
}

static void add_file(struct sym_line_table *table, const char *name, uint64_t folder)
{
	table->files =
		xgrow(table->files, table->file_count, &table->file_cap, sizeof(*table->files));
	table->files[table->file_count++] = (struct sym_line_file){name, folder, NULL};
}

/* Up to DWARF 4: two lists that an empty name ends. Folder 0 is the unit's. */
static void read_lists(struct sym_line_table *table, struct dwarf_bytes *header)
{
	const char *name;

	table->first_file = 1;
	while (*(name = dwarf_bytes_string(header)))
		add_folder(table, name);
	while (*(name = dwarf_bytes_string(header))) {
		add_file(table, name, dwarf_bytes_uleb(header));
		dwarf_bytes_uleb(header); /* time of change */
		dwarf_bytes_uleb(header); /* size */
	}
}

static const char *string_at(struct dwarf_bytes section, uint64_t offset)
{
	dwarf_bytes_skip(&section, offset);
	return dwarf_bytes_string(&section);
}

static void skip_form(struct dwarf_bytes *header, uint64_t form)
{
	switch (form) {
	case DW_FORM_data1:
		dwarf_bytes_skip(header, 1);
		break;
	case DW_FORM_data2:
		dwarf_bytes_skip(header, 2);
		break;
	case DW_FORM_data4:
		dwarf_bytes_skip(header, 4);
		break;
	case DW_FORM_data8:
		dwarf_bytes_skip(header, 8);
		break;
	case DW_FORM_data16:
		dwarf_bytes_skip(header, 16);
		break;
	case DW_FORM_udata:
		dwarf_bytes_uleb(header);
		break;
	case DW_FORM_block:
		dwarf_bytes_skip(header, dwarf_bytes_uleb(header));
		break;
	case DW_FORM_string:
		dwarf_bytes_string(header);
		break;
	default:
		dwarf_bytes_fail(header);
	}
}

static const char *read_path(const struct sym_line_sections *sections, struct dwarf_bytes *header,
			     uint64_t form, size_t offset_size)
{
	switch (form) {
	case DW_FORM_string:
		return dwarf_bytes_string(header);
	case DW_FORM_line_strp:
		return string_at(sections->line_strings, dwarf_bytes_number(header, offset_size));
	case DW_FORM_strp:
		return string_at(sections->strings, dwarf_bytes_number(header, offset_size));
	default:
		skip_form(header, form);
		return "";
	}
}

static uint64_t read_folder(struct dwarf_bytes *header, uint64_t form)
{
	switch (form) {
	case DW_FORM_data1:
		return dwarf_bytes_number(header, 1);
	case DW_FORM_data2:
		return dwarf_bytes_number(header, 2);
	case DW_FORM_udata:
		return dwarf_bytes_uleb(header);
	default:
		skip_form(header, form);
		return 0;
	}
}

/* `format` are pairs of content and form. */
static struct entry read_entry(const struct sym_line_sections *sections, struct dwarf_bytes *header,
			       struct dwarf_bytes format, size_t offset_size)
{
	struct entry entry = {"", 0};

	while (dwarf_bytes_left(&format) > 0) {
		uint64_t content = dwarf_bytes_uleb(&format), form = dwarf_bytes_uleb(&format);

		if (content == DW_LNCT_path)
			entry.path = read_path(sections, header, form, offset_size);
		else if (content == DW_LNCT_directory_index)
			entry.folder = read_folder(header, form);
		else if (form == DW_FORM_line_strp || form == DW_FORM_strp)
			dwarf_bytes_skip(header, offset_size);
		else
			skip_form(header, form);
	}
	return entry;
}

static struct dwarf_bytes read_format(struct dwarf_bytes *header)
{
	uint64_t count = dwarf_bytes_number(header, 1);
	struct dwarf_bytes format = {header->at, header->at, false};

	for (uint64_t i = 0; i < 2 * count; i++)
		dwarf_bytes_uleb(header);
	format.end = header->at;
	return format;
}

/* DWARF 5: two tables that say themselves how they are laid out. */
static void read_tables(struct sym_line_table *table, const struct sym_line_sections *sections,
			struct dwarf_bytes *header, size_t offset_size)
{
	for (int files = 0; files <= 1; files++) {
		struct dwarf_bytes format = read_format(header);
		uint64_t count = dwarf_bytes_uleb(header);

		/* An entry without a byte has no name either: not so many of them. */
		if (count > dwarf_bytes_left(header))
			return;
		for (uint64_t i = 0; i < count && !header->bad; i++) {
			struct entry entry = read_entry(sections, header, format, offset_size);

			if (files)
				add_file(table, entry.path, entry.folder);
			else if (i > 0) /* 0 is the unit's, which is there */
				add_folder(table, entry.path);
		}
	}
}

void sym_line_files_read(struct sym_line_table *table, const struct sym_line_sections *sections,
			 struct dwarf_bytes *header, unsigned version, size_t offset_size)
{
	if (version >= 5)
		read_tables(table, sections, header, offset_size);
	else
		read_lists(table, header);
}

static const char *keep(struct sym_names *names, char *text)
{
	const char *kept = sym_names_keep(names, text, strlen(text));

	free(text);
	return kept;
}

static const char *join(const struct sym_line_table *table, struct sym_names *names,
			const struct sym_line_file *file)
{
	const char *unit = table->folders[0], *folder;

	if (file->name[0] == '/' || file->name[0] == '\0' || file->folder >= table->folder_count)
		return file->name;
	folder = table->folders[file->folder];
	if (folder[0] == '\0')
		return file->name;
	if (file->folder == 0 || folder[0] == '/' || unit[0] == '\0')
		return keep(names, xasprintf("%s/%s", folder, file->name));
	return keep(names, xasprintf("%s/%s/%s", unit, folder, file->name));
}

const char *sym_line_table_path(struct sym_line_table *table, struct sym_names *names,
				uint64_t number)
{
	struct sym_line_file *file;

	if (number < table->first_file || number - table->first_file >= table->file_count)
		return "";
	file = &table->files[number - table->first_file];
	if (!file->path)
		file->path = join(table, names, file);
	return file->path;
}
