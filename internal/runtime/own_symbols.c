/* SPDX-License-Identifier: MIT */
#include "runtime/own_symbols.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The file in memory. What it says of itself is checked against its size: it may have been damaged since it was linked,
 * and runs all the same. */
struct image {
	const char *bytes;
	uint64_t size;
};

static const char *const symbols[REC_ENTRY_COUNT] = {
#define X(name, symbol) symbol,
	REC_ENTRIES(X)
#undef X
};

static struct image image_open(void)
{
	long fd = syscall(SYS_openat, AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct image image = {NULL, 0};
	struct stat status;
	void *bytes;

	if (fd < 0)
		return image;
	if (syscall(SYS_fstat, fd, &status) == 0 && status.st_size > 0) {
		bytes = (void *)syscall(SYS_mmap, NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd,
					0L);
		if (bytes != MAP_FAILED)
			image = (struct image){bytes, (uint64_t)status.st_size};
	}
	syscall(SYS_close, fd);
	return image;
}

/* `size` bytes of the file, NULL when it has not so many there. */
static const void *image_part(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset ? image->bytes + offset : NULL;
}

/* The section headers, NULL when the file is none that we can read. */
static const ElfW(Shdr) * sections_of(const struct image *image, size_t *count)
{
	const ElfW(Ehdr) *header = image_part(image, 0, sizeof *header);

	if (header == NULL || header->e_shentsize != sizeof(ElfW(Shdr)) ||
	    header->e_shoff % _Alignof(ElfW(Shdr)) != 0)
		return NULL;
	*count = header->e_shnum;
	return image_part(image, header->e_shoff, (uint64_t)header->e_shnum * sizeof(ElfW(Shdr)));
}

static void take_symbol(struct rec_file *file, const ElfW(Sym) * symbol, const char *name)
{
	if (symbol->st_shndx == SHN_UNDEF || ELF64_ST_TYPE(symbol->st_info) != STT_FUNC ||
	    symbol->st_size < REC_ENTRY_LEAST_BYTES)
		return;
	for (size_t i = 0; i < REC_ENTRY_COUNT; i++)
		if (strcmp(name, symbols[i]) == 0)
			file->entry[i] = symbol->st_value;
}

static void read_table(struct rec_file *file, const struct image *image, const ElfW(Shdr) * table,
		       const ElfW(Shdr) * texts)
{
	const ElfW(Sym) *items = image_part(image, table->sh_offset, table->sh_size);
	const char *names = image_part(image, texts->sh_offset, texts->sh_size);

	if (items == NULL || table->sh_offset % _Alignof(ElfW(Sym)) != 0 || names == NULL ||
	    texts->sh_size == 0 || names[texts->sh_size - 1] != '\0')
		return;
	for (size_t i = 0; i < table->sh_size / sizeof *items; i++)
		if (items[i].st_name < texts->sh_size)
			take_symbol(file, &items[i], names + items[i].st_name);
}

static bool read_image(struct rec_file *file, const struct image *image)
{
	size_t count = 0;
	const ElfW(Shdr) *sections = sections_of(image, &count);

	for (size_t i = 0; sections != NULL && i < count; i++)
		if (sections[i].sh_type == SHT_SYMTAB && sections[i].sh_link < count)
			read_table(file, image, &sections[i], &sections[sections[i].sh_link]);
	return rec_has_entry(file->entry) &&
	       memmem(image->bytes, image->size, REC_CMOCKA_MARK, sizeof REC_CMOCKA_MARK) != NULL;
}

bool own_symbols_read(struct rec_file *file)
{
	int saved = errno;
	struct image image = image_open();
	struct rec_file found = {0};
	bool is_found = image.bytes != NULL && read_image(&found, &image);

	if (is_found)
		*file = found;
	if (image.bytes != NULL)
		syscall(SYS_munmap, image.bytes, image.size);
	errno = saved;
	return is_found;
}
