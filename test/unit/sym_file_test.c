/* SPDX-License-Identifier: MIT */
/* Where names come from: separate debug files, symbol tables, linkage stubs; and files that are not what they
 * should be. links: internal/tool/sym/sym*.c internal/base/xalloc.c test/unit/sym_programs.c */
/* clang-format off: cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <dlfcn.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "sym_programs.h"

static struct addresses addresses;

/* Builds "whole"; the tests make others from it. */
static int build_whole(void **state)
{
	if (programs_open(state) != 0)
		return -1;
	if (!programs_run("gcc -O2 -g -Wl,--build-id,-z,separate-code -o whole \"$F\"/names.c"))
		return -1;
	programs_addresses(programs_path("whole"), 3, &addresses);
	return 0;
}

/* `program` is named as "whole" is, with debug files below `root`. */
static void assert_as_whole(const char *program, const char *root)
{
	struct sym *sym = sym_open();
	size_t module, whole, inlined = 0;

	sym_set_debug_root(sym, root);
	module = sym_module(sym, program, NULL, 0);
	whole = sym_module(sym, programs_path("whole"), NULL, 0);
	assert_int_equal(sym_level(sym, module), SYM_INLINES);
	for (size_t i = 0; i < addresses.len; i++) {
		char *ours = programs_ours(sym, module, addresses.offset[i]);
		char *truth = programs_ours(sym, whole, addresses.offset[i]);

		assert_string_equal(ours, truth);
		inlined += strchr(ours, '\n')[1] != '\0';
		free(ours);
		free(truth);
	}
	assert_true(inlined > addresses.len / 3);
	sym_close(sym);
}

static enum sym_level level_of(const char *program, const char *root)
{
	struct sym *sym = sym_open();
	enum sym_level level;

	sym_set_debug_root(sym, root);
	level = sym_level(sym, sym_module(sym, program, NULL, 0));
	sym_close(sym);
	return level;
}

/* Lines in which ID, and its two halves X and Y in .build-id's form, are set for a program. */
#define WITH_ID(program)                                                                     \
	"ID=$(readelf -n " program " | sed -n 's/.*Build ID: //p') && X=${ID%%${ID#??}} && " \
	"Y=${ID#??} && "

static void test_sym_file_debug_by_build_id(void **state)
{
	(void)state;
	assert_true(programs_run("cp whole by-id && strip by-id && " WITH_ID(
		"whole") "mkdir -p ids/.build-id/$X && "
			 "objcopy --only-keep-debug whole ids/.build-id/$X/$Y.debug"));
	assert_as_whole(programs_path("by-id"), programs_path("ids"));
	/* What a program imports is no name of its own. */
	assert_int_equal(level_of(programs_path("by-id"), programs_path("none")), SYM_NONE);
}

static void test_sym_file_debug_by_link(void **state)
{
	const char *folder = programs_path("");

	(void)state;
	assert_true(
		programs_run("objcopy --only-keep-debug whole linked.debug && "
			     "objcopy --strip-all --add-gnu-debuglink=linked.debug whole linked"));
	assert_as_whole(programs_path("linked"), programs_path("none"));
	assert_true(programs_run("mkdir .debug && mv linked.debug .debug"));
	assert_as_whole(programs_path("linked"), programs_path("none"));
	assert_true(
		programs_run("mkdir -p root%s && mv .debug/linked.debug root%s", folder, folder));
	assert_as_whole(programs_path("linked"), programs_path("root"));
}

/* Without build ids the checksum decides. Code on pages of its own has the same addresses then. */
static void test_sym_file_debug_by_checksum(void **state)
{
	(void)state;
	assert_true(programs_run(
		"gcc -O2 -g -Wl,--build-id=none,-z,separate-code -o noid \"$F\"/names.c && "
		"objcopy --only-keep-debug noid noid.debug && "
		"objcopy --strip-all --add-gnu-debuglink=noid.debug noid noid-linked"));
	assert_as_whole(programs_path("noid-linked"), programs_path("none"));
	assert_true(programs_run("printf x >>noid.debug"));
	assert_int_equal(level_of(programs_path("noid-linked"), programs_path("none")), SYM_NONE);
}

/* dwz moves what two programs have in common to a third file. */
static void test_sym_file_debug_of_dwz(void **state)
{
	(void)state;
	if (!programs_have("dwz"))
		skip();
	assert_true(programs_run("cp whole dwz1 && gcc -O3 -g -o dwz2 \"$F\"/names.c && "
				 "dwz -m common.debug dwz1 dwz2 && readelf -S dwz1 | "
				 "grep -q gnu_debugaltlink"));
	assert_as_whole(programs_path("dwz1"), programs_path("none"));
	assert_true(programs_run("cp whole dwz-alone && dwz dwz-alone"));
	assert_as_whole(programs_path("dwz-alone"), programs_path("none"));
}

static void test_sym_file_other_build_id_is_not_used(void **state)
{
	static const uint8_t other[20] = {1, 2, 3};
	struct sym *sym = sym_open();
	struct sym_frame frame;
	size_t module = sym_module(sym, programs_path("whole"), other, sizeof(other));

	(void)state;
	assert_int_equal(sym_level(sym, module), SYM_NONE);
	assert_int_equal(sym_lookup(sym, module, addresses.offset[0], &frame, 1), 0);
	assert_int_not_equal(sym_module(sym, programs_path("whole"), NULL, 0), module);
	assert_int_equal(sym_module(sym, programs_path("whole"), other, sizeof(other)), module);
	sym_close(sym);
}

/* Functions that are static have names in .gnu_debugdata only. */
static void test_sym_file_mini_debug_info(void **state)
{
	struct sym *sym;
	struct sym_frame frame;
	size_t module, found = 0;

	(void)state;
	if (!programs_have("xz"))
		skip();
	assert_true(programs_run("cp whole mini.debug && objcopy --strip-debug mini.debug && "
				 "xz -k mini.debug && objcopy --strip-all whole mini && objcopy "
				 "--add-section=.gnu_debugdata=mini.debug.xz mini"));
	sym = sym_open();
	module = sym_module(sym, programs_path("mini"), NULL, 0);
	assert_int_equal(sym_level(sym, module), SYM_SYMBOLS);
	for (size_t i = 0; i < addresses.len; i++)
		if (sym_lookup(sym, module, addresses.offset[i], &frame, 1) == 1)
			found += strcmp(frame.function, "epsilon") == 0;
	assert_true(found > 5);
	sym_close(sym);
}

/* Offset in the file of an address in this process, and the file. */
static const char *locate(const void *pointer, uint64_t *offset)
{
	Dl_info info;

	assert_int_not_equal(dladdr(pointer, &info), 0);
	/* Of a shared library, whose first segment begins at offset and address 0; so do code's in glibc's build. */
	*offset = (uint64_t)((const char *)pointer - (const char *)info.dli_fbase);
	return info.dli_fname;
}

/* What the C library is called by others, not what it calls itself; without its debug information. */
static void test_sym_file_libc(void **state)
{
	static const char *const names[] = {"malloc", "write",	   "qsort",
					    "printf", "nanosleep", "pthread_mutex_lock"};
	struct sym *sym = sym_open();

	(void)state;
	sym_set_debug_root(sym, programs_path("none"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
		struct sym_frame frame;
		uint64_t offset;
		const char *path = locate(dlsym(libc, names[i]), &offset);
		size_t module = sym_module(sym, path, NULL, 0);

		assert_int_equal(sym_lookup(sym, module, offset + 1, &frame, 1), 1);
		assert_string_equal(frame.function, names[i]);
		dlclose(libc);
	}
	sym_close(sym);
}

static void test_sym_file_vdso(void **state)
{
	struct sym *sym = sym_open();
	struct sym_frame frame;
	size_t module = sym_module(sym, "[vdso]", NULL, 0), found = 0;

	(void)state;
	if (getauxval(AT_SYSINFO_EHDR) == 0)
		skip(); /* the kernel gives none, as under some emulators */
	for (uint64_t offset = 0; offset < 8192; offset += 16)
		if (sym_lookup(sym, module, offset, &frame, 1) == 1)
			found += strstr(frame.function, "gettime") != NULL;
	assert_true(found > 0);
	sym_close(sym);
}

/* Each stub of .plt, whichever way it is built, by the name of what it jumps to. */
static void assert_plt(const char *program, const char *section, size_t at_least)
{
	struct sym *sym = sym_open();
	size_t module = sym_module(sym, program, NULL, 0), found = 0;
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	Elf_Scn *scn = NULL;
	struct sym_frame frame;
	GElf_Shdr header;
	size_t names;

	assert_int_equal(elf_getshdrstrndx(elf, &names), 0);
	while ((scn = elf_nextscn(elf, scn))) {
		assert_non_null(gelf_getshdr(scn, &header));
		if (strcmp(elf_strptr(elf, names, header.sh_name), section) != 0)
			continue;
		for (uint64_t i = 0; i < header.sh_size; i += 16)
			if (sym_lookup(sym, module, header.sh_offset + i + 5, &frame, 1) == 1)
				found += strcmp(frame.function, "qsort@plt") == 0 ||
					 strcmp(frame.function, "strlen@plt") == 0 ||
					 strcmp(frame.function, "abort@plt") == 0;
	}
	elf_end(elf);
	close(fd);
	sym_close(sym);
	assert_in_range(found, at_least, 3);
}

static void test_sym_file_linkage_stubs(void **state)
{
	(void)state;
	assert_true(programs_run(
		"gcc -O2 -fcf-protection=none -o lazy \"$F\"/names.c -Wl,-z,lazy && "
		"gcc -O2 -fcf-protection=full -o ibt \"$F\"/names.c -Wl,-z,lazy,-z,ibtplt "
		"&& strip lazy ibt"));
	assert_plt(programs_path("lazy"), ".plt", 3);
	assert_plt(programs_path("ibt"), ".plt.sec", 3);
	assert_plt(programs_path("ibt"), ".plt", 3);
}

/* Each of the instructions of two stubs, but for the header's 8. */
static void assert_aarch64_stubs(const char *program, size_t instructions)
{
	struct sym *sym = sym_open();
	size_t module = sym_module(sym, program, NULL, 0), puts_count = 0, other_count = 0;
	struct sym_frame frame;

	for (uint64_t offset = 0; offset < 4096; offset += 4) {
		if (sym_lookup(sym, module, offset, &frame, 1) == 0)
			continue;
		puts_count += strcmp(frame.function, "puts@plt") == 0;
		other_count += strcmp(frame.function, "other@plt") == 0;
	}
	sym_close(sym);
	assert_int_equal(puts_count, instructions);
	assert_int_equal(other_count, instructions);
}

static void test_sym_file_linkage_stubs_of_aarch64(void **state)
{
	(void)state;
	if (!programs_have("clang") || !programs_have("ld.lld"))
		skip();
	assert_true(programs_run(
		"printf 'int puts(const char *); int other(void);\\n"
		"int f(void) { return puts(\"x\") + other(); }\\n' >stubs.c && "
		"B='clang -w --target=aarch64-linux-gnu -O2 -nostdlib -fuse-ld=lld -shared -fPIC' "
		"&& "
		"$B -o a64 stubs.c && "
		"$B -mbranch-protection=standard -Wl,-z,force-bti -o a64-bti stubs.c"));
	assert_aarch64_stubs(programs_path("a64"), 4);
	assert_aarch64_stubs(programs_path("a64-bti"), 6);
}

static void test_sym_file_no_such_file(void **state)
{
	(void)state;
	assert_true(programs_run("mkfifo fifo && mkdir folder && printf '\\177ELF' >short && "
				 ": >empty && cp \"$F\"/names.c text"));
	assert_int_equal(level_of(programs_path("vanished"), "/"), SYM_NONE);
	assert_int_equal(level_of(programs_path("fifo"), "/"), SYM_NONE);
	assert_int_equal(level_of(programs_path("folder"), "/"), SYM_NONE);
	assert_int_equal(level_of(programs_path("short"), "/"), SYM_NONE);
	assert_int_equal(level_of(programs_path("empty"), "/"), SYM_NONE);
	assert_int_equal(level_of(programs_path("text"), "/"), SYM_NONE);
	assert_int_equal(level_of("", "/"), SYM_NONE);
}

static size_t name_all(const char *program)
{
	struct sym *sym = sym_open();
	size_t module = sym_module(sym, program, NULL, 0), named = 0;

	sym_set_debug_root(sym, programs_path("none"));
	for (size_t i = 0; i < addresses.len; i += 7) {
		struct sym_frame frames[8];

		named += sym_lookup(sym, module, addresses.offset[i], frames, 8) > 0;
	}
	sym_close(sym);
	return named;
}

/* Cut short anywhere: fewer names, no crash. */
static void test_sym_file_truncated(void **state)
{
	struct stat status;
	size_t named = 0;

	(void)state;
	assert_int_equal(stat(programs_path("whole"), &status), 0);
	for (int i = 0; i < 16; i++) {
		assert_true(programs_run("head -c %ld whole >cut", (long)status.st_size * i / 16));
		named += name_all(programs_path("cut"));
	}
	/* Without section headers, which are at the end, nothing can be found. */
	assert_int_equal(named, 0);
	assert_true(name_all(programs_path("whole")) > addresses.len / 8);
}

static void overwrite(const char *path, char *image, size_t size, unsigned seed)
{
	FILE *file;

	for (unsigned i = 0; i < 40; i++) {
		seed = seed * 1103515245u + 12345;
		/* The ELF header stays, or nearly nothing would be read. */
		image[sizeof(Elf64_Ehdr) + (seed >> 8) % (size - sizeof(Elf64_Ehdr))] = (char)seed;
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(image, size, 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

/* Bytes changed at random, ever more of them; the fuzz target does it better and longer. */
static void test_sym_file_damaged(void **state)
{
	FILE *file = fopen(programs_path("whole"), "r");
	char *image;
	long size;

	(void)state;
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	rewind(file);
	image = xmalloc((size_t)size);
	assert_int_equal(fread(image, (size_t)size, 1, file), 1);
	fclose(file);
	for (unsigned seed = 1; seed <= 60; seed++) {
		overwrite(programs_path("damaged"), image, (size_t)size, seed);
		name_all(programs_path("damaged"));
	}
	free(image);
}

/* Assembler sources have lines, and functions only in the symbol table. */
static void test_sym_file_assembler(void **state)
{
	struct sym *sym = sym_open();
	struct sym_frame frame;
	size_t module;

	(void)state;
	assert_true(
		programs_run("printf '\\t.text\\n\\t.globl twice\\n\\t.type twice,@function\\n"
			     "twice:\\n\\tnop\\n\\tnop\\n\\tnop\\n\\tnop\\n\\tret\\n"
			     "\\t.size twice,.-twice\\n\\t.section .note.GNU-stack\\n' >asm.s && "
			     "gcc -g -Wa,-gdwarf-5 -o asm -DMAIN asm.s \"$F\"/names.c"));
	programs_addresses(programs_path("asm"), 1, &addresses);
	module = sym_module(sym, programs_path("asm"), NULL, 0);
	for (size_t i = 0; i < addresses.len; i++) {
		if (sym_lookup(sym, module, addresses.offset[i], &frame, 1) == 0 ||
		    strcmp(frame.function, "twice") != 0)
			continue;
		assert_string_equal(strrchr(frame.file, '/'), "/asm.s");
		assert_int_equal(frame.line, 5);
		sym_close(sym);
		return;
	}
	fail_msg("twice is not found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sym_file_debug_by_build_id),
		cmocka_unit_test(test_sym_file_debug_by_link),
		cmocka_unit_test(test_sym_file_debug_by_checksum),
		cmocka_unit_test(test_sym_file_debug_of_dwz),
		cmocka_unit_test(test_sym_file_other_build_id_is_not_used),
		cmocka_unit_test(test_sym_file_mini_debug_info),
		cmocka_unit_test(test_sym_file_libc),
		cmocka_unit_test(test_sym_file_vdso),
		cmocka_unit_test(test_sym_file_linkage_stubs),
		cmocka_unit_test(test_sym_file_linkage_stubs_of_aarch64),
		cmocka_unit_test(test_sym_file_no_such_file),
		cmocka_unit_test(test_sym_file_truncated),
		cmocka_unit_test(test_sym_file_damaged),
		cmocka_unit_test(test_sym_file_assembler),
	};

	return cmocka_run_group_tests(tests, build_whole, programs_close);
}
