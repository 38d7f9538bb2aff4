/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_file.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

/* The kernel's vdso is two pages today (x86-64 and AArch64). */
#define VDSO_MAX_BYTES (1u << 16)

static void find_code(struct sym_file *file)
{
	GElf_Phdr segment;
	size_t count;

	if (elf_getphdrnum(file->elf, &count) != 0)
		return;
	for (size_t i = 0; i < count && gelf_getphdr(file->elf, (int)i, &segment); i++) {
		if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X))
			continue;
		if (segment.p_vaddr + segment.p_memsz < segment.p_vaddr)
			continue;
		if (file->code_high == 0 || segment.p_vaddr < file->code_low)
			file->code_low = segment.p_vaddr;
		if (segment.p_vaddr + segment.p_memsz > file->code_high)
			file->code_high = segment.p_vaddr + segment.p_memsz;
	}
}

static bool open_regular(struct sym_file *file, const char *path)
{
	struct stat status;

	/* O_NONBLOCK: a FIFO of that name must not hold us up. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0 || fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	/* Private: headers of sections are changed in memory (sym_dwarf.c). */
	file->elf = elf_begin(file->fd, ELF_C_READ_MMAP_PRIVATE, NULL);
	file->path = realpath(path, NULL);
	if (!file->path)
		file->path = xstrdup(path);
	return true;
}

/* Our own vdso is the test's: both run on this kernel (the build id is compared as ever). */
static bool open_vdso(struct sym_file *file)
{
	const char *image = (const char *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);
	ElfW(Ehdr) header;
	size_t size_bytes;

	if (!image)
		return false;
	memcpy(&header, image, sizeof(header));
	size_bytes = header.e_shoff + (size_t)header.e_shnum * header.e_shentsize;
	if (size_bytes < sizeof(header) || size_bytes > VDSO_MAX_BYTES)
		return false;
	file->copy = xmalloc(size_bytes);
	memcpy(file->copy, image, size_bytes);
	file->elf = elf_memory(file->copy, size_bytes);
	file->path = xstrdup("[vdso]");
	return true;
}

struct sym_file *sym_file_open(const char *path)
{
	struct sym_file *file = xcalloc(1, sizeof(*file));
	bool opened;

	file->fd = -1;
	elf_version(EV_CURRENT);
	opened = strcmp(path, "[vdso]") == 0 ? open_vdso(file) : open_regular(file, path);
	if (!opened || !file->elf || elf_kind(file->elf) != ELF_K_ELF) {
		sym_file_close(file);
		return NULL;
	}
	find_code(file);
	return file;
}

void sym_file_close(struct sym_file *file)
{
	if (!file)
		return;
	if (file->elf)
		elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	free(file->copy);
	free(file->path);
	free(file);
}

size_t sym_file_build_id(const struct sym_file *file, const uint8_t **id)
{
	const void *bytes;
	ssize_t len = dwelf_elf_gnu_build_id(file->elf, &bytes);

	if (len <= 0)
		return 0;
	*id = bytes;
	return (size_t)len;
}

bool sym_file_has_build_id(const struct sym_file *file, const uint8_t *id, size_t len)
{
	const uint8_t *own;
	size_t own_len = sym_file_build_id(file, &own);

	return own_len != 0 && own_len == len && memcmp(own, id, len) == 0;
}

Elf_Scn *sym_file_section(const struct sym_file *file, const char *name, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(file->elf, section))) {
		const char *found;

		if (!gelf_getshdr(section, header))
			continue;
		found = elf_strptr(file->elf, names, header->sh_name);
		if (found && strcmp(found, name) == 0)
			return section;
	}
	return NULL;
}

bool sym_file_has_dwarf(const struct sym_file *file)
{
	GElf_Shdr header;

	if (sym_file_section(file, ".debug_info", &header) && header.sh_type != SHT_NOBITS)
		return true;
	return sym_file_section(file, ".zdebug_info", &header) && header.sh_type != SHT_NOBITS;
}

bool sym_file_address(const struct sym_file *file, uint64_t offset, uint64_t *address)
{
	bool found = false;
	GElf_Phdr segment;
	size_t count;

	if (elf_getphdrnum(file->elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count && gelf_getphdr(file->elf, (int)i, &segment); i++) {
		if (segment.p_type != PT_LOAD || offset < segment.p_offset ||
		    offset - segment.p_offset >= segment.p_filesz)
			continue;
		/* One page of the file may be in two segments: the code's is meant. */
		if (found && !(segment.p_flags & PF_X))
			continue;
		*address = segment.p_vaddr + (offset - segment.p_offset);
		found = true;
	}
	return found;
}
