/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Helper of naming.sh: makes a CPU profile without names of a program, and names one as pprofmk does.
 *
 *     naming input PROGRAM COUNT FILE   COUNT distinct addresses over all functions, one sample each, in gperftools'
 *                                       binary format (docs/cpuprofile-fileformat.html there), which pprof reads
 *     naming name FILE OUT.pb.gz        the same addresses through sym_lookup() into profile.proto */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "format/profile.h"
#include "tool/sym/sym.h"

#define BASE	   UINT64_C(0x555555554000) /* where the program is said to be loaded */
#define PERIOD_US  1000
#define MAX_FRAMES 64

struct function {
	uint64_t address, size_bytes;
};

struct functions {
	struct function *items;
	size_t len, cap;
};

static void fail(const char *what)
{
	fprintf(stderr, "naming: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void read_functions(Elf *elf, struct functions *functions)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		for (int i = 0; gelf_getsym(elf_getdata(section, NULL), i, &symbol); i++) {
			if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_size == 0)
				continue;
			functions->items = xgrow(functions->items, functions->len, &functions->cap,
						 sizeof(*functions->items));
			functions->items[functions->len++] =
				(struct function){symbol.st_value, symbol.st_size};
		}
	}
	if (functions->len == 0)
		fail("no functions");
}

static void write_word(FILE *file, uint64_t word)
{
	if (fwrite(&word, sizeof(word), 1, file) != 1)
		fail("write");
}

/* At even distances over the code of all functions, one after the other. */
static void write_samples(FILE *file, const struct functions *functions, size_t count)
{
	uint64_t total = 0, step, next = 0, begin = 0;

	for (size_t i = 0; i < functions->len; i++)
		total += functions->items[i].size_bytes;
	step = total / count;
	if (step == 0)
		fail("more addresses wanted than there are");
	for (size_t i = 0; i < functions->len; i++) {
		for (; count > 0 && next < begin + functions->items[i].size_bytes; next += step) {
			write_word(file, 1);
			write_word(file, 1);
			write_word(file, BASE + functions->items[i].address + (next - begin));
			count--;
		}
		begin += functions->items[i].size_bytes;
	}
}

static void write_mapping(FILE *file, Elf *elf, const char *program)
{
	char *path = realpath(program, NULL);
	GElf_Phdr segment;
	size_t count = 0;

	if (!path || elf_getphdrnum(elf, &count) != 0)
		fail(program);
	for (size_t i = 0; i < count && gelf_getphdr(elf, (int)i, &segment); i++) {
		uint64_t low = segment.p_vaddr & ~UINT64_C(0xfff);

		if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X))
			continue;
		fprintf(file, "%" PRIx64 "-%" PRIx64 " r-xp %08" PRIx64 " 00:00 0 %s\n", BASE + low,
			BASE + ((segment.p_vaddr + segment.p_memsz + 0xfff) & ~UINT64_C(0xfff)),
			segment.p_offset & ~UINT64_C(0xfff), path);
	}
	free(path);
}

static void make_input(const char *program, size_t count, const char *path)
{
	static const uint64_t header[] = {0, 3, 0, PERIOD_US, 0}, trailer[] = {0, 1, 0};
	struct functions functions = {NULL, 0, 0};
	FILE *file = fopen(path, "w");
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!file || !elf)
		fail(file ? program : path);
	read_functions(elf, &functions);
	for (size_t i = 0; i < 5; i++)
		write_word(file, header[i]);
	write_samples(file, &functions, count);
	for (size_t i = 0; i < 3; i++)
		write_word(file, trailer[i]);
	write_mapping(file, elf, program);
	if (fclose(file) != 0)
		fail(path);
	free(functions.items);
	elf_end(elf);
	close(fd);
}

/* The mapping is behind the samples. */
static char *read_mapping(FILE *file, struct profile_mapping *mapping)
{
	char *path = xmalloc(4096);

	if (fscanf(file, "%" SCNx64 "-%" SCNx64 " r-xp %" SCNx64 " 00:00 0 %4095s", &mapping->start,
		   &mapping->limit, &mapping->offset, path) != 4)
		fail("mapping");
	mapping->path = path;
	mapping->build_id = "";
	mapping->has_functions = mapping->has_filenames = 1;
	mapping->has_lines = mapping->has_inlines = 1;
	return path;
}

static void add_sample(struct profile *profile, uint64_t mapping, uint64_t address,
		       const struct sym_frame *frames, size_t count)
{
	struct profile_line lines[MAX_FRAMES];
	struct profile_location location = {mapping, address, count, lines};
	uint64_t id;
	struct profile_sample sample = {
		.location_count = 1, .locations = &id, .values = {1, PERIOD_US * 1000}};

	for (size_t i = 0; i < count; i++) {
		struct profile_function function = {frames[i].function, frames[i].linkage,
						    frames[i].file, frames[i].start_line};

		lines[i].function = profile_add_function(profile, &function);
		lines[i].line = frames[i].line;
	}
	id = profile_add_location(profile, &location);
	profile_add_sample(profile, &sample);
}

static void name_samples(FILE *file, struct profile *profile, long end_of_samples)
{
	struct sym_frame frames[MAX_FRAMES];
	struct sym *sym = sym_open();
	struct profile_mapping mapping;
	uint64_t record[3], id;
	size_t module;
	char *path;

	fseek(file, end_of_samples, SEEK_SET);
	path = read_mapping(file, &mapping);
	id = profile_add_mapping(profile, &mapping);
	module = sym_module(sym, path, NULL, 0);
	fseek(file, 5 * sizeof(uint64_t), SEEK_SET);
	while (fread(record, sizeof(record), 1, file) == 1 && record[0] != 0) {
		uint64_t offset = record[2] - mapping.start + mapping.offset;

		add_sample(profile, id, record[2], frames,
			   sym_lookup(sym, module, offset, frames, MAX_FRAMES));
	}
	sym_close(sym);
	free(path);
}

static void name(const char *path, const char *out)
{
	FILE *file = fopen(path, "r");
	struct profile *profile = profile_new();
	uint64_t record[3] = {1, 1, 0};

	if (!file || fseek(file, 5 * sizeof(uint64_t), SEEK_SET) != 0)
		fail(path);
	while (record[0] != 0)
		if (fread(record, sizeof(record), 1, file) != 1)
			fail(path);
	profile_add_type(profile, "samples", "count");
	profile_add_type(profile, "cpu", "nanoseconds");
	name_samples(file, profile, ftell(file));
	errno = -profile_write(profile, out);
	if (errno != 0)
		fail(out);
	profile_free(profile);
	fclose(file);
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "input") == 0) {
		make_input(argv[2], strtoul(argv[3], NULL, 10), argv[4]);
	} else if (argc == 4 && strcmp(argv[1], "name") == 0) {
		name(argv[2], argv[3]);
	} else {
		fputs("usage: naming input PROGRAM COUNT FILE | naming name FILE OUT\n", stderr);
		return 2;
	}
	return 0;
}
