/* SPDX-License-Identifier: MIT */
#include "tool/launch/program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tool/launch/program_arch.h"
#include "base/shell.h"
#include "base/xalloc.h"
#include "tool/launch/program_symbols.h"
#include "tool/launch/script.h"

static const struct {
	enum program_kind kind;
	bool is_usable, is_loadable;
	const char *refusal;
} kinds_of_program[] = {
	{PROGRAM_CMOCKA, true, true, ""},
	{PROGRAM_CMOCKA_INSIDE, true, true, ""},
	{PROGRAM_SCRIPT, true, true, ""},
	{PROGRAM_NO_CMOCKA, false, true,
	 "is not a cmocka program: _cmocka_run_group_tests is neither imported nor linked into it "
	 "(`pprofmk run` profiles any program as a whole)"},
	{PROGRAM_CMOCKA_STRIPPED, false, true,
	 "has cmocka linked into it statically, and no symbol says where: keep the symbols (no "
	 "strip, no -s, cmocka without -flto), install its debug file, or link libcmocka.so"},
	{PROGRAM_MISSING, false, false,
	 "is not there or not an executable program; build it first"},
	{PROGRAM_STATIC, false, false,
	 "is linked statically, nothing can be preloaded; link it dynamically (without -static and "
	 "-static-pie; cmocka may stay static)"},
	{PROGRAM_LIBRARY, false, false,
	 "is a library or an object file; give the programs that are linked with it"},
	{PROGRAM_MUSL, false, false,
	 "is linked with musl, and the runtime with the GNU C library; build the program with "
	 "that"},
	{PROGRAM_SANITIZED, false, false,
	 "is built with a sanitizer, which brings its own allocator; build it without -fsanitize"},
	{PROGRAM_FOREIGN, false, false,
	 "is built for another architecture than this pprofmk; build it for this machine"},
	{PROGRAM_PRIVILEGED, false, false,
	 "is setuid or setgid or has capabilities, so nothing can be preloaded; take the bit away, "
	 "or profile a copy"},
};

/* The dynamic linker's path, NULL when the program needs none. Points into the file. */
static const char *interpreter_of(Elf *elf)
{
	size_t count = 0, size_bytes = 0;
	const char *bytes = elf_rawfile(elf, &size_bytes);

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) == NULL || header.p_type != PT_INTERP)
			continue;
		if (bytes == NULL || header.p_offset >= size_bytes || header.p_filesz == 0 ||
		    header.p_filesz > size_bytes - header.p_offset ||
		    bytes[header.p_offset + header.p_filesz - 1] != '\0')
			return "";
		return bytes + header.p_offset;
	}
	return NULL;
}

/* Called for each entry of the dynamic section until it returns true: whether it has. */
typedef bool dynamic_entry(Elf *elf, const GElf_Shdr *section, const GElf_Dyn *entry,
			   const void *context);

static bool any_dynamic(Elf *elf, dynamic_entry *is_wanted, const void *context)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;
		GElf_Dyn entry;

		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_DYNAMIC)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL; i++)
			if (is_wanted(elf, &header, &entry, context))
				return true;
	}
	return false;
}

static bool needs(Elf *elf, const GElf_Shdr *section, const GElf_Dyn *entry, const void *prefix)
{
	const char *name = entry->d_tag == DT_NEEDED
				   ? elf_strptr(elf, section->sh_link, entry->d_un.d_val)
				   : NULL;

	return name != NULL && strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool is_pie(Elf *elf, const GElf_Shdr *section, const GElf_Dyn *entry, const void *context)
{
	(void)elf, (void)section, (void)context;
	return entry->d_tag == DT_FLAGS_1 && (entry->d_un.d_val & DF_1_PIE);
}

/* Of a file without a dynamic linker's name: a library is like a static program that may lie anywhere, which is marked. */
static bool is_library(Elf *elf, const GElf_Ehdr *header)
{
	return header->e_type == ET_REL ||
	       (header->e_type == ET_DYN && !any_dynamic(elf, is_pie, NULL));
}

static enum program_kind kind_of_elf(const struct sym_file *file)
{
	struct program_symbols symbols = {0};
	const char *interpreter;
	GElf_Ehdr header;

	if (gelf_getehdr(file->elf, &header) == NULL)
		return PROGRAM_MISSING;
	if (header.e_machine != PROGRAM_OUR_MACHINE || gelf_getclass(file->elf) != ELFCLASS64)
		return PROGRAM_FOREIGN;
	program_symbols_read(&symbols, file);
	if (symbols.has_sanitizer)
		return PROGRAM_SANITIZED;
	interpreter = interpreter_of(file->elf);
	if (interpreter == NULL)
		return is_library(file->elf, &header) ? PROGRAM_LIBRARY : PROGRAM_STATIC;
#ifdef __GLIBC__
	if (strstr(interpreter, "/ld-musl") != NULL)
		return PROGRAM_MUSL;
#endif
	if (symbols.imports_cmocka)
		return PROGRAM_CMOCKA;
	if (program_symbols_has_entry(&symbols))
		return PROGRAM_CMOCKA_INSIDE;
	return program_has_cmocka_code(file) ? PROGRAM_CMOCKA_STRIPPED : PROGRAM_NO_CMOCKA;
}

static enum program_kind kind_of_content(const char *path)
{
	enum program_kind kind = PROGRAM_MISSING;
	struct sym_file *file;
	char *interpreter = script_interpreter(path);

	free(interpreter);
	if (interpreter != NULL)
		return PROGRAM_SCRIPT;
	file = sym_file_open(path);
	if (file != NULL)
		kind = kind_of_elf(file);
	sym_file_close(file);
	return kind;
}

static bool is_privileged(const char *path, const struct stat *status)
{
	return (status->st_mode & (S_ISUID | S_ISGID)) ||
	       getxattr(path, "security.capability", NULL, 0) > 0;
}

enum program_kind program_kind(const char *path)
{
	enum program_kind kind;
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || access(path, X_OK) != 0)
		return PROGRAM_MISSING;
	kind = kind_of_content(path);
	return program_is_loadable(kind) && is_privileged(path, &status) ? PROGRAM_PRIVILEGED
									 : kind;
}

bool program_is_usable(enum program_kind kind)
{
	return kinds_of_program[kind].is_usable;
}

bool program_is_loadable(enum program_kind kind)
{
	return kinds_of_program[kind].is_loadable;
}

const char *program_refusal(enum program_kind kind)
{
	return kinds_of_program[kind].refusal;
}

bool program_needs(const char *path, const char *prefix)
{
	struct sym_file *file = sym_file_open(path);
	bool found = file != NULL && any_dynamic(file->elf, needs, prefix);

	sym_file_close(file);
	return found;
}

static bool identify(const char *path, struct rec_file *file)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	file->device = status.st_dev;
	file->inode = status.st_ino;
	return true;
}

/* What is in the program, or in what a libtool wrapper is going to start: its path is returned, to be freed. */
static char *read_program(const char *path, struct program_symbols *symbols)
{
	char *wrapped = script_libtool_program(path);
	char *program = wrapped != NULL ? wrapped : xstrdup(path);
	struct sym_file *image = sym_file_open(program);

	memset(symbols, 0, sizeof *symbols);
	if (image != NULL)
		program_symbols_read_dynamic(symbols, image);
	/* Most programs import it: no other table of theirs is read for each run. */
	if (image != NULL && !symbols->imports_cmocka)
		program_symbols_read(symbols, image);
	sym_file_close(image);
	return program;
}

void program_file(const char *path, struct rec_file *file)
{
	struct program_symbols symbols;
	char *program = read_program(path, &symbols);

	memset(file, 0, sizeof *file);
	if (program_symbols_has_entry(&symbols) && !symbols.imports_cmocka &&
	    identify(program, file))
		memcpy(file->entry, symbols.entry, sizeof file->entry);
	free(program);
}

const char *program_allocator_call(const char *path)
{
	struct program_symbols symbols;

	free(read_program(path, &symbols));
	return symbols.allocator_call;
}

bool program_whole_file(const char *path, struct rec_file *file, bool *is_prepared)
{
	char *wrapped = script_libtool_program(path);
	char *interpreter = wrapped == NULL ? script_interpreter(path) : NULL;
	const char *program = wrapped != NULL ? wrapped : interpreter != NULL ? interpreter : path;
	bool is_there;

	memset(file, 0, sizeof *file);
	is_there = identify(program, file);
	/* An interpreter may be a script, too: those of version managers. */
	*is_prepared = interpreter != NULL &&
		       (shell_is_one(interpreter) || program_kind(interpreter) == PROGRAM_SCRIPT);
	free(wrapped);
	free(interpreter);
	return is_there;
}
