/* SPDX-License-Identifier: MIT */
/* A unit's functions by address, and the inlined calls inside one. */
#include <dwarf.h>

#include "tool/sym/sym_dwarf.h"

/* Entries inside one another that are followed. Code has some ten. */
#define DEEPEST 256

/* A walk through a unit's tree.
 *
 * What an entry says about where its sibling is (DW_AT_sibling) may be a lie. Siblings are only followed forward,
 * and `budget` ends walks that come through the same bytes again and again: no tree has more entries than bytes. */
struct walk {
	const struct sym_dwarf *dwarf;
	struct sym_unit *unit;
	uint64_t address;
	size_t budget;
	unsigned depth;
};

static struct walk walk_of(const struct sym_dwarf *dwarf, struct sym_unit *unit, uint64_t address)
{
	struct walk walk = {dwarf, unit, address, 0, 0};
	Dwarf_Off start = dwarf_dieoffset(&unit->tree) - dwarf_cuoffset(&unit->tree);
	Dwarf_Off next;
	size_t header_size;

	if (dwarf_nextcu(dwarf_cu_getdwarf(unit->tree.cu), start, &next, &header_size, NULL, NULL,
			 NULL) == 0)
		walk.budget = next - start;
	return walk;
}

/* Go to the next entry beside this one. */
static bool step(struct walk *walk, Dwarf_Die *die)
{
	Dwarf_Die next;

	if (walk->budget == 0 || dwarf_siblingof(die, &next) != 0 || next.addr <= die->addr)
		return false;
	walk->budget--;
	*die = next;
	return true;
}

static bool enter(struct walk *walk, Dwarf_Die *die, Dwarf_Die *child)
{
	if (walk->depth == DEEPEST || dwarf_child(die, child) != 0)
		return false;
	walk->depth++;
	return true;
}

static void add_function(struct walk *walk, struct sym_ranges *ranges, Dwarf_Die *die)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0)
		if (sym_file_is_code(walk->dwarf->file, low))
			sym_ranges_add(ranges, low, high, dwarf_dieoffset(die));
}

/* Functions of the unit itself and of its namespaces: all there are in C, nearly all in C++. */
static void list_functions(struct walk *walk, Dwarf_Die *parent)
{
	Dwarf_Die die;

	if (!enter(walk, parent, &die))
		return;
	do {
		int tag = dwarf_tag(&die);

		if (tag == DW_TAG_subprogram)
			add_function(walk, &walk->unit->functions, &die);
		else if (tag == DW_TAG_namespace || tag == DW_TAG_module)
			list_functions(walk, &die);
	} while (step(walk, &die));
	walk->depth--;
}

static bool may_hold_functions(int tag)
{
	switch (tag) {
	case DW_TAG_subprogram:
	case DW_TAG_lexical_block:
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_interface_type:
		return true;
	default:
		return false;
	}
}

/* Those in other functions (GNU C, Ada, Fortran) and in types (Rust). */
static void list_nested(struct walk *walk, Dwarf_Die *parent, bool inside)
{
	Dwarf_Die die;

	if (!enter(walk, parent, &die))
		return;
	do {
		int tag = dwarf_tag(&die);

		if (tag == DW_TAG_subprogram && inside)
			add_function(walk, &walk->unit->nested, &die);
		if (may_hold_functions(tag))
			list_nested(walk, &die, true);
	} while (step(walk, &die));
	walk->depth--;
}

/* The entries may be in a .dwo file, which libdw looks for at this point. */
static void find_tree(struct sym_unit *unit)
{
	Dwarf_Die split;
	uint8_t type;

	unit->tree = unit->die;
	if (dwarf_cu_info(unit->die.cu, NULL, &type, NULL, &split, NULL, NULL, NULL) == 0 &&
	    type == DW_UT_skeleton && dwarf_tag(&split) != DW_TAG_invalid)
		unit->tree = split;
}

static bool find_in(const struct sym_unit *unit, const struct sym_ranges *ranges, uint64_t address,
		    Dwarf_Die *die)
{
	size_t cursor = 0;
	const struct sym_range *range = sym_ranges_next(ranges, address, &cursor);

	return range && dwarf_offdie(dwarf_cu_getdwarf(unit->tree.cu), range->value, die);
}

static bool find_function(struct walk *walk, Dwarf_Die *die)
{
	struct sym_unit *unit = walk->unit;
	bool found = find_in(unit, &unit->functions, walk->address, die);

	if (!found && !unit->has_nested) {
		unit->has_nested = true;
		list_nested(walk, &unit->tree, false);
		sym_ranges_sort(&unit->nested);
	}
	return found || find_in(unit, &unit->nested, walk->address, die);
}

/* Does the code of this block or call hold the address? A block may come without any: then its inside tells. */
static bool is_on_path(Dwarf_Die *die, uint64_t address)
{
	int tag = dwarf_tag(die);

	if (tag == DW_TAG_inlined_subroutine)
		return dwarf_haspc(die, address) > 0;
	if (tag != DW_TAG_lexical_block && tag != DW_TAG_try_block && tag != DW_TAG_catch_block)
		return false;
	if (!dwarf_hasattr(die, DW_AT_low_pc) && !dwarf_hasattr(die, DW_AT_ranges))
		return true;
	return dwarf_haspc(die, address) > 0;
}

/* Append the inlined calls below `parent`. Returns whether there was one. */
static bool follow_inlined(struct walk *walk, Dwarf_Die *parent, struct sym_chain *chain)
{
	bool found = false;
	Dwarf_Die die;

	if (!enter(walk, parent, &die))
		return false;
	do {
		if (!is_on_path(&die, walk->address))
			continue;
		if (dwarf_tag(&die) == DW_TAG_inlined_subroutine) {
			found = true;
			if (chain->len < SYM_MAX_INLINED)
				chain->items[chain->len++] = die;
			follow_inlined(walk, &die, chain);
		} else {
			found = follow_inlined(walk, &die, chain);
		}
	} while (!found && step(walk, &die));
	walk->depth--;
	return found;
}

bool sym_unit_chain(const struct sym_dwarf *dwarf, struct sym_unit *unit, uint64_t address,
		    struct sym_chain *chain)
{
	struct walk walk;

	if (!unit->has_tree)
		find_tree(unit);
	walk = walk_of(dwarf, unit, address);
	if (!unit->has_tree) {
		unit->has_tree = true;
		list_functions(&walk, &unit->tree);
		sym_ranges_sort(&unit->functions);
	}
	chain->len = 0;
	if (!find_function(&walk, &chain->items[0]))
		return false;
	chain->len = 1;
	walk = walk_of(dwarf, unit, address);
	follow_inlined(&walk, &chain->items[0], chain);
	return true;
}
