/* SPDX-License-Identifier: MIT */
/* Names from an ELF file that anybody may have written. links: internal/tool/sym/sym*.c internal/base/xalloc.c */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/sym/sym.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Offsets all over the file, and every one where small programs have their code. */
static void look_up(const char *path, size_t size)
{
	struct sym *sym = sym_open();
	struct sym_frame frames[16];
	size_t module, step = size / 256 + 1;

	sym_set_debug_root(sym, "/nonexistent");
	module = sym_module(sym, path, NULL, 0);
	sym_level(sym, module);
	for (size_t offset = 0; offset < size; offset += step) {
		size_t count = sym_lookup(sym, module, offset, frames, 16);

		for (size_t i = 0; i < count; i++)
			if (!frames[i].function || !frames[i].linkage || !frames[i].file)
				__builtin_trap();
	}
	sym_close(sym);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd;

	fd = memfd_create("image", MFD_CLOEXEC);
	if (fd < 0)
		return 0;
	if (write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		look_up(path, size);
	}
	close(fd);
	return 0;
}
