/* SPDX-License-Identifier: MIT */
/* One ELF file, mapped for reading, and the search for the separate file with its debug information.
 *
 * What a file says about itself is never believed without a look: every offset goes through libelf's checks. A
 * file that another process cuts short while it is mapped ends this process with SIGBUS; linkers and package
 * managers replace files rather than write into them. */
#ifndef PPROFMK_TOOL_SYM_FILE_H
#define PPROFMK_TOOL_SYM_FILE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sym_file {
	char *path; /* without symbolic links */
	int fd;	    /* -1 for the vdso */
	Elf *elf;
	void *copy;		      /* of the vdso, else NULL */
	uint64_t code_low, code_high; /* virtual addresses that the executable segments span */
};

/* Open `path`, or the kernel's own "[vdso]". NULL when there is no such regular file or it is not ELF. */
struct sym_file *sym_file_open(const char *path);
void sym_file_close(struct sym_file *file); /* NULL is taken */

/* The build id's length, 0 when there is none. *id points into the file. */
size_t sym_file_build_id(const struct sym_file *file, const uint8_t **id);
bool sym_file_has_build_id(const struct sym_file *file, const uint8_t *id, size_t len);

/* The section of that name, with its header; NULL when there is none. */
Elf_Scn *sym_file_section(const struct sym_file *file, const char *name, GElf_Shdr *header);

/* Has it functions and lines (.debug_info, also in its compressed form) ? */
bool sym_file_has_dwarf(const struct sym_file *file);

/* Translate an offset in the file to the virtual address that the program headers give it. */
bool sym_file_address(const struct sym_file *file, uint64_t offset, uint64_t *address);

/* Could there be code? What the linker left out is still described, at address 0 or beyond every segment. */
static inline bool sym_file_is_code(const struct sym_file *file, uint64_t address)
{
	return address != 0 && address >= file->code_low && address < file->code_high;
}

/* The file's separate debug file: by build id below root/.build-id, then by .gnu_debuglink beside the file, in
 * .debug/ there and below root/. The build ids have to agree or, where one has none, the checksum.
 *
 * root  where debug files are installed, e.g. /usr/lib/debug.
 *
 * NULL when there is none. */
struct sym_file *sym_file_open_debug(const struct sym_file *file, const char *root);

/* The file that dwz moved common debug information of `file` to: as .gnu_debugaltlink names it.
 *
 * name, id  of that link; id_len is the length of its build id, which has to agree. */
struct sym_file *sym_file_open_alternate(const struct sym_file *file, const char *root,
					 const char *name, const uint8_t *id, size_t id_len);

#endif
