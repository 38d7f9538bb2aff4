/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_mini.h"

#include <elfutils/libdwelf.h>
#include <sys/mman.h>
#include <unistd.h>

/* Packed. The largest programs of Fedora have about 2 MB; it is unpacked as a whole. */
#define LARGEST_BYTES (8u << 20)

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written <= 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

/* libdw unpacks files only, so the section is made one. */
bool sym_mini_open(struct sym_mini *mini, const struct sym_file *file)
{
	GElf_Shdr header;
	Elf_Scn *section = sym_file_section(file, ".gnu_debugdata", &header);
	Elf_Data *data = section ? elf_rawdata(section, NULL) : NULL;
	int fd;

	if (!data || !data->d_buf || data->d_size > LARGEST_BYTES)
		return false;
	fd = memfd_create("gnu_debugdata", MFD_CLOEXEC);
	if (fd < 0)
		return false;
	if (write_all(fd, data->d_buf, data->d_size))
		mini->elf = dwelf_elf_begin(fd);
	close(fd);
	if (mini->elf && elf_kind(mini->elf) != ELF_K_ELF)
		sym_mini_close(mini);
	return mini->elf != NULL;
}

void sym_mini_close(struct sym_mini *mini)
{
	if (mini->elf)
		elf_end(mini->elf);
	mini->elf = NULL;
}
