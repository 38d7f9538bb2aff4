/* SPDX-License-Identifier: MIT */
#include "tool/program.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#endif

static const struct {
	enum program_kind kind;
	bool is_usable;
	const char *refusal;
} kinds_of_program[] = {
	{PROGRAM_CMOCKA, true, ""},
	{PROGRAM_SCRIPT, true, ""},
	{PROGRAM_NO_CMOCKA, false,
	 "is not a cmocka program: it does not import _cmocka_run_group_tests"},
	{PROGRAM_MISSING, false, "is not there or not an executable program; build it first"},
	{PROGRAM_STATIC, false,
	 "is linked statically, nothing can be preloaded; link it dynamically"},
	{PROGRAM_STATIC_CMOCKA, false,
	 "has cmocka linked into it statically, where it can't be hooked; link libcmocka.so"},
	{PROGRAM_OLD_API, false,
	 "uses cmocka's old run_tests(); use cmocka_run_group_tests() (cmocka 1.0 and later)"},
	{PROGRAM_SANITIZED, false,
	 "is built with a sanitizer, which brings its own allocator; build it without -fsanitize"},
	{PROGRAM_FOREIGN, false, "is built for another architecture than this pprofmk"},
	{PROGRAM_PRIVILEGED, false,
	 "is setuid or setgid, so nothing can be preloaded; take the bit away"},
};

/* What a dynamic symbol table says. */
struct symbols {
	bool has_hook, has_old_api, has_sanitizer;
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

static void read_symbols(Elf *elf, uint32_t section_type, struct symbols *found)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;
		GElf_Sym symbol;

		if (gelf_getshdr(section, &header) == NULL || header.sh_type != section_type)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; gelf_getsym(data, i, &symbol) != NULL; i++) {
			const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);

			if (name == NULL)
				continue;
			found->has_hook |= strcmp(name, "_cmocka_run_group_tests") == 0;
			found->has_old_api |= strcmp(name, "_run_tests") == 0;
			found->has_sanitizer |= is_sanitizer(name);
		}
	}
}

static bool has_interpreter(Elf *elf)
{
	size_t count = 0;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) != NULL && header.p_type == PT_INTERP)
			return true;
	}
	return false;
}

static enum program_kind kind_of_elf(Elf *elf)
{
	struct symbols dynamic = {0}, all = {0};
	GElf_Ehdr header;

	if (gelf_getehdr(elf, &header) == NULL)
		return PROGRAM_MISSING;
	if (header.e_machine != OUR_MACHINE || gelf_getclass(elf) != ELFCLASS64)
		return PROGRAM_FOREIGN;
	read_symbols(elf, SHT_DYNSYM, &dynamic);
	read_symbols(elf, SHT_SYMTAB, &all);
	if (dynamic.has_sanitizer || all.has_sanitizer)
		return PROGRAM_SANITIZED;
	if (!has_interpreter(elf))
		return all.has_hook ? PROGRAM_STATIC_CMOCKA : PROGRAM_STATIC;
	if (dynamic.has_hook)
		return PROGRAM_CMOCKA;
	if (dynamic.has_old_api)
		return PROGRAM_OLD_API;
	return all.has_hook ? PROGRAM_STATIC_CMOCKA : PROGRAM_NO_CMOCKA;
}

static enum program_kind kind_of_fd(int fd)
{
	enum program_kind kind = PROGRAM_MISSING;
	char magic[2];
	Elf *elf;

	if (pread(fd, magic, 2, 0) != 2)
		return PROGRAM_MISSING;
	if (memcmp(magic, "#!", 2) == 0)
		return PROGRAM_SCRIPT;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf != NULL && elf_kind(elf) == ELF_K_ELF)
		kind = kind_of_elf(elf);
	elf_end(elf);
	return kind;
}

enum program_kind program_kind(const char *path)
{
	enum program_kind kind;
	struct stat status;
	int fd;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || access(path, X_OK) != 0)
		return PROGRAM_MISSING;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return PROGRAM_MISSING;
	kind = kind_of_fd(fd);
	close(fd);
	if (program_is_usable(kind) && (status.st_mode & (S_ISUID | S_ISGID)))
		kind = PROGRAM_PRIVILEGED;
	return kind;
}

bool program_is_usable(enum program_kind kind)
{
	return kinds_of_program[kind].is_usable;
}

const char *program_refusal(enum program_kind kind)
{
	return kinds_of_program[kind].refusal;
}

static bool elf_needs(Elf *elf, const char *prefix)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;
		GElf_Dyn entry;

		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_DYNAMIC)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL;
		     i++) {
			const char *name =
				entry.d_tag == DT_NEEDED
					? elf_strptr(elf, header.sh_link, entry.d_un.d_val)
					: NULL;

			if (name != NULL && strncmp(name, prefix, strlen(prefix)) == 0)
				return true;
		}
	}
	return false;
}

bool program_needs(const char *path, const char *prefix)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool found = false;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf != NULL)
		found = elf_needs(elf, prefix);
	elf_end(elf);
	close(fd);
	return found;
}
