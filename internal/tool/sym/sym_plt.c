/* SPDX-License-Identifier: MIT */
/* The procedure linkage table has no symbols. Its stubs jump through a slot of the global offset table, and the
 * relocation of that slot names the function (System V ABI, processor supplements for AMD64 and AArch64). */
#include <string.h>

#include "tool/sym/sym_symbols.h"

#define STUB_MAX_BYTES 16 /* x86-64 */
#define BTI_C	       0xd503245f

/* What a stub tells: its slot's address, or (lazy x86-64 stubs with endbr64) a number in .rela.plt. */
struct stub {
	uint64_t slot;	/* 0: not known */
	uint32_t index; /* when slot is 0 */
	bool has_index;
};

static uint32_t word_at(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* jmp *slot(%rip) is ff 25 and a displacement from the next instruction; push $index is 68 and the index. */
static bool decode_x86_64(const uint8_t *code, size_t len, uint64_t address, struct stub *stub)
{
	for (size_t i = 0; i + 6 <= len; i++) {
		if (code[i] != 0xff || code[i + 1] != 0x25)
			continue;
		stub->slot = address + i + 6 + (uint64_t)(int64_t)(int32_t)word_at(code + i + 2);
		return true;
	}
	/* At the start, or after endbr64. */
	for (size_t i = 0; i + 5 <= len && i <= 4; i += 4) {
		if (code[i] != 0x68)
			continue;
		stub->index = word_at(code + i + 1);
		stub->has_index = true;
		return true;
	}
	return false;
}

/* adrp x16, page; ldr x17, [x16, #offset] */
static bool decode_load(const uint8_t *code, uint64_t address, struct stub *stub)
{
	uint32_t adrp = word_at(code), ldr = word_at(code + 4);
	uint64_t page;

	if ((adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211)
		return false;
	page = (uint64_t)(adrp >> 5 & 0x7ffff) << 2 | (adrp >> 29 & 3);
	if (page & 0x100000)
		page |= ~UINT64_C(0xfffff);
	stub->slot = (address & ~UINT64_C(0xfff)) + (page << 12) + ((ldr >> 10 & 0xfff) << 3);
	return true;
}

/* Stubs have 4 instructions, or 6 that begin with "bti c" where branches are protected: so go back to the load. */
static bool decode_aarch64(const uint8_t *code, size_t len, size_t at, uint64_t address,
			   struct stub *stub)
{
	at &= ~(size_t)3;
	if (at + 4 <= len && word_at(code + at) == BTI_C)
		at += 4;
	for (unsigned back = 0; back < 6; back++, at -= 4) {
		if (at + 8 <= len && decode_load(code + at, address + at, stub))
			return true;
		if (at < 4)
			break;
	}
	return false;
}

static bool holds(const GElf_Shdr *header, uint64_t address)
{
	return address >= header->sh_addr && address - header->sh_addr < header->sh_size;
}

/* The section .plt, .plt.sec or .plt.got at an address. */
static Elf_Scn *find_plt(const struct sym_file *file, uint64_t address, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;
	const char *name;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(file->elf, section))) {
		if (!gelf_getshdr(section, header) || !(header->sh_flags & SHF_EXECINSTR) ||
		    !holds(header, address))
			continue;
		name = elf_strptr(file->elf, names, header->sh_name);
		return name && strncmp(name, ".plt", 4) == 0 ? section : NULL;
	}
	return NULL;
}

static bool decode(const struct sym_file *file, Elf_Data *data, const GElf_Shdr *header,
		   uint64_t address, struct stub *stub)
{
	size_t at = address - header->sh_addr, size = header->sh_entsize == 8 ? 8 : STUB_MAX_BYTES;
	size_t start = at / size * size;
	const uint8_t *code;
	GElf_Ehdr ehdr;

	if (!data || !data->d_buf || at >= data->d_size || !gelf_getehdr(file->elf, &ehdr))
		return false;
	code = data->d_buf;
	if (ehdr.e_machine == EM_AARCH64)
		return decode_aarch64(code, data->d_size, at, header->sh_addr, stub);
	if (ehdr.e_machine != EM_X86_64)
		return false;
	if (size > data->d_size - start)
		size = data->d_size - start;
	return decode_x86_64(code + start, size, header->sh_addr + start, stub);
}

/* "name@plt" of a relocation's symbol. An IRELATIVE one has none but the address of what chooses the function. */
static const char *name_of(const struct sym_file *file, const struct sym_symbols *symbols,
			   struct sym_names *names, const GElf_Shdr *header, const GElf_Rela *rela)
{
	Elf_Scn *section = elf_getscn(file->elf, header->sh_link);
	const char *name = NULL;
	GElf_Shdr table;
	GElf_Sym symbol;
	char text[1024];
	size_t len;

	if (GELF_R_SYM(rela->r_info) == 0)
		name = sym_symbols_find(symbols, names, (uint64_t)rela->r_addend);
	else if (section && gelf_getshdr(section, &table) &&
		 gelf_getsym(elf_getdata(section, NULL), (int)GELF_R_SYM(rela->r_info), &symbol))
		name = elf_strptr(file->elf, table.sh_link, symbol.st_name);
	if (!name)
		return NULL;
	len = strcspn(name, "@");
	if (len == 0 || len + sizeof("@plt") > sizeof(text))
		return NULL;
	memcpy(text, name, len);
	memcpy(text + len, "@plt", sizeof("@plt"));
	return sym_names_keep(names, text, len + strlen("@plt"));
}

/* Does the relocation belong to the stub? */
static bool is_meant(const struct stub *stub, const GElf_Shdr *header, size_t index,
		     const GElf_Rela *rela)
{
	/* .rela.plt is the table that says, in sh_info, which section its slots are in. */
	if (stub->has_index)
		return (header->sh_flags & SHF_INFO_LINK) && index == stub->index;
	return rela->r_offset == stub->slot;
}

const char *sym_plt_find(const struct sym_file *file, const struct sym_symbols *symbols,
			 struct sym_names *names, uint64_t address)
{
	struct stub stub = {0, 0, false};
	GElf_Shdr header;
	Elf_Scn *section = find_plt(file, address, &header);

	if (!section || !decode(file, elf_getdata(section, NULL), &header, address, &stub))
		return NULL;
	for (section = NULL; (section = elf_nextscn(file->elf, section));) {
		Elf_Data *data;
		GElf_Rela rela;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; gelf_getrela(data, i, &rela); i++)
			if (is_meant(&stub, &header, (size_t)i, &rela))
				return name_of(file, symbols, names, &header, &rela);
	}
	return NULL;
}
