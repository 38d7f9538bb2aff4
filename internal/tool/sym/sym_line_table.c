/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_line_table.h"

#include <dwarf.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define COUNT_BITS 32

/* What a header says about the program behind it, and the machine's registers that rows are made of. */
struct state {
	struct sym_line_table *table;
	const struct sym_file *file;
	struct dwarf_bytes program;
	unsigned version, opcode_base, line_range, step; /* step: bytes of an instruction */
	int8_t line_base;
	const uint8_t *operands;	/* [opcode - 1]: number of LEB128 operands */
	uint64_t address, number, line; /* number: of the file */
	size_t first_row;		/* of this sequence */
};

static struct dwarf_bytes section(const struct sym_file *file, const char *name, const char *packed)
{
	GElf_Shdr header;
	Elf_Scn *found = sym_file_section(file, name, &header);
	Elf_Data *data;
	const uint8_t *start = (const uint8_t *)"";

	if (!found)
		found = sym_file_section(file, packed, &header);
	data = found && header.sh_type != SHT_NOBITS ? elf_getdata(found, NULL) : NULL;
	if (!data || !data->d_buf)
		return (struct dwarf_bytes){start, start, false};
	start = data->d_buf;
	return (struct dwarf_bytes){start, start + data->d_size, false};
}

void sym_line_sections_find(struct sym_line_sections *sections, const struct sym_file *file)
{
	sections->line = section(file, ".debug_line", ".zdebug_line");
	sections->line_strings = section(file, ".debug_line_str", ".zdebug_line_str");
	sections->strings = section(file, ".debug_str", ".zdebug_str");
}

static void begin_sequence(struct state *state)
{
	state->address = 0;
	state->number = 1;
	state->line = 1;
	state->first_row = state->table->row_count;
}

/* The last row at an address counts: those before it have no code. Returns whether nothing needs to be added. */
static bool merge_row(const struct state *state, const struct sym_line_row *row)
{
	struct sym_line_row *last;

	if (state->table->row_count == state->first_row)
		return false;
	last = &state->table->rows[state->table->row_count - 1];
	if (last->address != row->address)
		return last->file == row->file && last->line == row->line;
	*last = *row;
	return true;
}

static void add_row(struct state *state)
{
	struct sym_line_table *table = state->table;
	struct sym_line_row row = {state->address, (uint32_t)state->number, (uint32_t)state->line};

	if (merge_row(state, &row))
		return;
	table->rows = xgrow(table->rows, table->row_count, &table->row_cap, sizeof(row));
	table->rows[table->row_count++] = row;
}

/* Of what the linker left out, the rows are forgotten. */
static void end_sequence(struct state *state)
{
	struct sym_line_table *table = state->table;
	size_t first = state->first_row, count = table->row_count - first;

	if (count > 0 && sym_file_is_code(state->file, table->rows[first].address))
		sym_ranges_add(&table->sequences, table->rows[first].address, state->address,
			       (uint64_t)first << COUNT_BITS | count);
	else
		table->row_count = first;
	begin_sequence(state);
}

static void run_extended(struct state *state)
{
	uint64_t size = dwarf_bytes_uleb(&state->program);
	struct dwarf_bytes operation = dwarf_bytes_take(&state->program, size);

	switch (dwarf_bytes_number(&operation, 1)) {
	case DW_LNE_end_sequence:
		if (!operation.bad)
			end_sequence(state);
		break;
	case DW_LNE_set_address:
		state->address = dwarf_bytes_number(&operation, dwarf_bytes_left(&operation));
		break;
	default:
		break;
	}
}

static void run_standard(struct state *state, unsigned opcode)
{
	struct dwarf_bytes *program = &state->program;

	switch (opcode) {
	case DW_LNS_copy:
		add_row(state);
		break;
	case DW_LNS_advance_pc:
		state->address += dwarf_bytes_uleb(program) * state->step;
		break;
	case DW_LNS_advance_line:
		state->line += (uint64_t)dwarf_bytes_sleb(program);
		break;
	case DW_LNS_set_file:
		state->number = dwarf_bytes_uleb(program);
		break;
	case DW_LNS_const_add_pc:
		state->address +=
			(uint64_t)((255 - state->opcode_base) / state->line_range) * state->step;
		break;
	case DW_LNS_fixed_advance_pc:
		state->address += dwarf_bytes_number(program, 2);
		break;
	default:
		for (unsigned i = 0; i < state->operands[opcode - 1]; i++)
			dwarf_bytes_uleb(program);
	}
}

static void run(struct state *state)
{
	begin_sequence(state);
	while (dwarf_bytes_left(&state->program) > 0) {
		unsigned opcode = *state->program.at++;

		if (opcode >= state->opcode_base) {
			unsigned special = opcode - state->opcode_base;

			state->address += (uint64_t)(special / state->line_range) * state->step;
			state->line += (uint64_t)(int64_t)(state->line_base +
							   (int)(special % state->line_range));
			add_row(state);
		} else if (opcode == 0) {
			run_extended(state);
		} else {
			run_standard(state, opcode);
		}
	}
	/* A sequence without an end is no sequence. */
	state->table->row_count = state->first_row;
}

/* Up to the folders. False when it is not for us, or damaged. */
static bool read_header(struct state *state, struct dwarf_bytes *header, size_t offset_size)
{
	uint64_t header_size;

	state->version = (unsigned)dwarf_bytes_number(header, 2);
	if (state->version < 2 || state->version > 5)
		return false;
	if (state->version >= 5)
		dwarf_bytes_skip(header, 2); /* sizes of addresses and of segment selectors */
	header_size = dwarf_bytes_number(header, offset_size);
	state->program = *header;
	dwarf_bytes_skip(&state->program, header_size);
	header->end = state->program.bad ? header->end : state->program.at;
	state->step = (unsigned)dwarf_bytes_number(header, 1);
	if (state->version >= 4)
		dwarf_bytes_skip(header,
				 1); /* operations of an instruction: 1 but on VLIW machines */
	dwarf_bytes_skip(header, 1); /* whether a row begins a statement, to begin with */
	state->line_base = (int8_t)dwarf_bytes_number(header, 1);
	state->line_range = (unsigned)dwarf_bytes_number(header, 1);
	state->opcode_base = (unsigned)dwarf_bytes_number(header, 1);
	if (state->opcode_base == 0 || state->line_range == 0)
		return false;
	state->operands = header->at;
	dwarf_bytes_skip(header, state->opcode_base - 1);
	return !header->bad && !state->program.bad;
}

struct sym_line_table *sym_line_table_read(const struct sym_line_sections *sections,
					   uint64_t offset, const char *folder,
					   const struct sym_file *file)
{
	struct sym_line_table *table = xcalloc(1, sizeof(*table));
	struct state state = {.table = table, .file = file};
	struct dwarf_bytes unit = sections->line, header;
	size_t offset_size = 4;
	uint64_t size;

	table->folders = xgrow(NULL, 0, &table->folder_cap, sizeof(*table->folders));
	table->folders[table->folder_count++] = folder;
	dwarf_bytes_skip(&unit, offset);
	size = dwarf_bytes_number(&unit, 4);
	if (size == 0xffffffff) {
		offset_size = 8;
		size = dwarf_bytes_number(&unit, 8);
	}
	header = dwarf_bytes_take(&unit, size);
	if (!read_header(&state, &header, offset_size))
		return table;
	sym_line_files_read(table, sections, &header, state.version, offset_size);
	run(&state);
	sym_ranges_sort(&table->sequences);
	return table;
}

void sym_line_table_free(struct sym_line_table *table)
{
	if (!table)
		return;
	sym_ranges_free(&table->sequences);
	free((void *)table->folders);
	free(table->files);
	free(table->rows);
	free(table);
}

const struct sym_line_row *sym_line_table_find(const struct sym_line_table *table, uint64_t address)
{
	size_t cursor = 0, from = 0, to;
	const struct sym_range *range = sym_ranges_next(&table->sequences, address, &cursor);
	const struct sym_line_row *rows;

	if (!range)
		return NULL;
	rows = &table->rows[range->value >> COUNT_BITS];
	to = range->value & UINT32_MAX;
	while (to - from > 1) {
		size_t middle = from + (to - from) / 2;

		if (rows[middle].address <= address)
			from = middle;
		else
			to = middle;
	}
	return &rows[from];
}
