/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/sym/sym_dwarf.h"
#include "tool/sym/sym_file.h"
#include "tool/sym/sym_names.h"
#include "tool/sym/sym_process.h"
#include "tool/sym/sym_symbols.h"

#define UNKNOWN "[unknown]"

/* A loaded file. Opened when it is first asked about. */
struct module {
	char *path;
	uint8_t *build_id;
	size_t build_id_len;
	bool is_open;
	struct sym_file *file, *debug; /* NULL when there is none to be used */
	struct sym_symbols symbols;
	struct sym_dwarf *dwarf;
};

struct sym {
	struct module **modules;
	size_t count, cap;
	struct sym_names *names;
	char *debug_root;
	pid_t process; /* whose files they are, 0: not known */
};

struct sym *sym_open(void)
{
	struct sym *sym = xcalloc(1, sizeof(*sym));

	sym->names = sym_names_new();
	sym->debug_root = xstrdup(SYM_DEBUG_ROOT);
	return sym;
}

static void close_module(struct module *module)
{
	sym_dwarf_close(module->dwarf);
	sym_symbols_free(&module->symbols);
	sym_file_close(module->debug);
	sym_file_close(module->file);
	free(module->build_id);
	free(module->path);
	free(module);
}

void sym_close(struct sym *sym)
{
	if (!sym)
		return;
	for (size_t i = 0; i < sym->count; i++)
		close_module(sym->modules[i]);
	free(sym->modules);
	sym_names_free(sym->names);
	free(sym->debug_root);
	free(sym);
}

void sym_set_debug_root(struct sym *sym, const char *folder)
{
	free(sym->debug_root);
	sym->debug_root = xstrdup(folder);
}

void sym_set_process(struct sym *sym, pid_t process)
{
	sym->process = process;
}

pid_t sym_process(const struct sym *sym)
{
	return sym->process;
}

static bool is_same(const struct module *module, const char *path, const uint8_t *build_id,
		    size_t build_id_len)
{
	return module->build_id_len == build_id_len && strcmp(module->path, path) == 0 &&
	       (build_id_len == 0 || memcmp(module->build_id, build_id, build_id_len) == 0);
}

size_t sym_module(struct sym *sym, const char *path, const uint8_t *build_id, size_t build_id_len)
{
	struct module *module;

	for (size_t i = 0; i < sym->count; i++)
		if (is_same(sym->modules[i], path, build_id, build_id_len))
			return i;
	module = xcalloc(1, sizeof(*module));
	module->path = xstrdup(path);
	module->build_id_len = build_id_len;
	module->build_id = xmalloc(build_id_len);
	if (build_id_len > 0)
		memcpy(module->build_id, build_id, build_id_len);
	sym->modules = xgrow(sym->modules, sym->count, &sym->cap, sizeof(struct module *));
	sym->modules[sym->count] = module;
	return sym->count++;
}

static void open_dwarf(const struct sym *sym, struct module *module)
{
	const struct sym_file *source = module->file;

	if (!sym_file_has_dwarf(module->file)) {
		module->debug = sym_file_open_debug(module->file, sym->debug_root);
		source = module->debug;
	}
	if (source)
		module->dwarf = sym_dwarf_open(module->file, source, sym->debug_root);
}

/* The file that was mapped; NULL: it can't be had. */
static struct sym_file *open_file(const struct sym *sym, const struct module *module)
{
	struct sym_file *file = sym_file_open(module->path);

	if (file != NULL && module->build_id_len > 0 &&
	    !sym_file_has_build_id(file, module->build_id, module->build_id_len)) {
		sym_file_close(file);
		file = NULL;
	}
	if (file == NULL && sym->process > 0)
		file = sym_process_file(sym->process, module->path, module->build_id,
					module->build_id_len);
	return file;
}

/* The module, opened; NULL when there is none of that number or it has no file that can be used. */
static struct module *open_module(const struct sym *sym, size_t number)
{
	struct module *module = number < sym->count ? sym->modules[number] : NULL;

	if (!module)
		return NULL;
	if (!module->is_open) {
		module->is_open = true;
		module->file = open_file(sym, module);
		if (module->file) {
			open_dwarf(sym, module);
			sym_symbols_load(&module->symbols, module->file, module->debug);
		}
	}
	return module->file ? module : NULL;
}

enum sym_level sym_level(const struct sym *sym, size_t number)
{
	const struct module *module = open_module(sym, number);

	if (!module)
		return SYM_NONE;
	if (module->dwarf && module->dwarf->has_functions)
		return SYM_INLINES;
	if (module->dwarf && module->dwarf->unit_count > 0)
		return SYM_LINES;
	return module->symbols.ranges.len > 0 ? SYM_SYMBOLS : SYM_NONE;
}

bool sym_has_file(const struct sym *sym, size_t number)
{
	return open_module(sym, number) != NULL;
}

/* Name the function that `die` is, or that it is an instance of. */
static void set_function(struct sym *sym, struct sym_frame *frame, Dwarf_Die *die)
{
	const char *name = sym_die_string(die, DW_AT_name);
	const char *linkage = sym_die_string(die, DW_AT_linkage_name);

	if (!linkage)
		linkage = sym_die_string(die, DW_AT_MIPS_linkage_name);
	if (!linkage)
		linkage = name ? name : UNKNOWN;
	frame->linkage = linkage;
	frame->function = sym_names_demangle(sym->names, linkage);
	/* What is no C++ name has the better name in DW_AT_name, e.g. Rust's and asm() labels'. */
	if (name && frame->function == linkage)
		frame->function = name;
	frame->start_line = sym_die_number(die, DW_AT_decl_line);
}

/* Is the symbol a better name for the frame than the debug information's? A C++ compiler gives functions that no other
 * file sees no linkage name there. Libraries define functions under private names: what they call __libc_malloc,
 * everybody else knows as malloc. */
static bool is_better_name(const struct sym_frame *frame, const char *symbol)
{
	if (strcmp(frame->linkage, UNKNOWN) == 0)
		return true;
	if (frame->linkage != frame->function || strncmp(frame->linkage, "_Z", 2) == 0)
		return false;
	if (strncmp(symbol, "_Z", 2) == 0)
		return true;
	return frame->linkage[0] == '_' && symbol[0] != '_' && !strchr(symbol, '.');
}

/* What the linker calls the code at an address. Compilers split and copy functions: "f.part.0" is f to people, and a
 * symbol of its own to the linker. */
static void set_symbol(struct sym *sym, const struct module *module, uint64_t address,
		       struct sym_frame *frame)
{
	const char *symbol = sym_symbols_find(&module->symbols, sym->names, address);
	size_t len = strlen(frame->linkage);

	if (!symbol)
		return;
	if (strncmp(symbol, frame->linkage, len) == 0 && symbol[len] == '.') {
		frame->linkage = symbol;
	} else if (is_better_name(frame, symbol)) {
		frame->linkage = symbol;
		frame->function = sym_names_demangle(sym->names, symbol);
	}
}

/* frames[0..cap) from the chain, whose order is the other way round. */
static size_t fill_frames(struct sym *sym, const struct sym_dwarf *dwarf, struct sym_unit *unit,
			  struct sym_chain *chain, uint64_t address, struct sym_frame *frames,
			  size_t cap)
{
	size_t count = chain->len < cap ? chain->len : cap;

	for (size_t i = 0; i < count; i++) {
		size_t inner = count - i; /* number in the chain of what this frame calls */
		struct sym_position position;

		if (inner < chain->len)
			position = sym_unit_call(dwarf, unit, sym->names, &chain->items[inner]);
		else
			position = sym_unit_line(dwarf, unit, sym->names, address);
		set_function(sym, &frames[i], &chain->items[inner - 1]);
		frames[i].file = position.file;
		frames[i].line = position.line;
	}
	return count;
}

static size_t lookup_dwarf(struct sym *sym, const struct module *module, uint64_t address,
			   struct sym_frame *frames, size_t cap)
{
	struct sym_chain chain;
	struct sym_unit *unit;
	size_t cursor = 0, count;

	while ((unit = sym_dwarf_unit(module->dwarf, address, &cursor))) {
		if (!sym_unit_chain(module->dwarf, unit, address, &chain))
			continue;
		count = fill_frames(sym, module->dwarf, unit, &chain, address, frames, cap);
		set_symbol(sym, module, address, &frames[count - 1]);
		return count;
	}
	return 0;
}

/* The line of code that no function is said to hold: assembler sources have only lines. */
static struct sym_position find_line(const struct sym *sym, const struct module *module,
				     uint64_t address)
{
	struct sym_position position = {"", 0};
	struct sym_unit *unit;
	size_t cursor = 0;

	while (module->dwarf && position.line == 0 &&
	       (unit = sym_dwarf_unit(module->dwarf, address, &cursor)))
		position = sym_unit_line(module->dwarf, unit, sym->names, address);
	return position;
}

static size_t lookup_symbol(struct sym *sym, const struct module *module, uint64_t address,
			    struct sym_frame *frame)
{
	struct sym_position position = find_line(sym, module, address);
	const char *name = sym_plt_find(module->file, &module->symbols, sym->names, address);

	if (!name)
		name = sym_symbols_find(&module->symbols, sym->names, address);
	if (!name && position.line == 0)
		return 0;
	frame->linkage = name ? name : UNKNOWN;
	frame->function = sym_names_demangle(sym->names, frame->linkage);
	frame->file = position.file;
	frame->line = position.line;
	frame->start_line = 0;
	return 1;
}

size_t sym_lookup(struct sym *sym, size_t number, uint64_t file_offset, struct sym_frame *frames,
		  size_t cap)
{
	const struct module *module = open_module(sym, number);
	uint64_t address;
	size_t count = 0;

	if (cap == 0 || !module || !sym_file_address(module->file, file_offset, &address))
		return 0;
	if (module->dwarf)
		count = lookup_dwarf(sym, module, address, frames, cap);
	return count ? count : lookup_symbol(sym, module, address, &frames[0]);
}
