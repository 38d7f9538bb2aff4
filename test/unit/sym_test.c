/* SPDX-License-Identifier: MIT */
/* Names of addresses are those that addr2line or llvm-symbolizer give, for all code of programs that gcc and clang
 * build in many ways. links: internal/tool/sym/sym*.c internal/base/xalloc.c test/unit/sym_programs.c */
/* clang-format off: cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sym_programs.h"

struct counts {
	size_t addresses, inlined, with_line;
};

static struct addresses addresses;

static char **ask(const char *peer, const char *program)
{
	char *command = xasprintf("%s %s", peer, program);
	char **texts = programs_ask(command, &addresses);

	free(command);
	return texts;
}

static void free_texts(char **texts)
{
	for (size_t i = 0; texts && i < addresses.len; i++)
		free(texts[i]);
	free(texts);
}

static void note(struct counts *counts, const char *text)
{
	const char *first = strchr(text, '\n');

	counts->addresses++;
	counts->inlined += first[1] != '\0';
	counts->with_line += strstr(text, ":0\n") == NULL;
}

/* Each address of `program` is named as by one of the peers. */
static struct counts compare(const char *program, const char *named_by_peers)
{
	struct counts counts = {0, 0, 0};
	struct sym *sym = sym_open();
	size_t module = sym_module(sym, program, NULL, 0), wrong = 0;
	char **binutils, **llvm = NULL;

	binutils = ask("addr2line -afie", named_by_peers);
	if (programs_have("llvm-symbolizer"))
		llvm = ask("llvm-symbolizer --output-style=GNU --no-demangle -afie",
			   named_by_peers);
	for (size_t i = 0; i < addresses.len; i++) {
		char *ours = programs_ours(sym, module, addresses.offset[i]);

		note(&counts, ours);
		if (strcmp(ours, binutils[i]) != 0 && (!llvm || strcmp(ours, llvm[i]) != 0) &&
		    wrong++ < 3)
			print_error("%s: 0x%lx\nours:\n%saddr2line:\n%sllvm:\n%s", program,
				    (unsigned long)addresses.virtual_[i], ours, binutils[i],
				    llvm ? llvm[i] : "");
		free(ours);
	}
	free_texts(binutils);
	free_texts(llvm);
	sym_close(sym);
	assert_int_equal(wrong, 0);
	return counts;
}

static void build(const char *program, const char *compiler, const char *flags, const char *source)
{
	assert_true(programs_run("\"$F\"/../../unit/build_once.sh %s %s %s \"$F\"/%s", program,
				 compiler, flags, source));
}

/* Build `source` and compare. False, with the reason shown, when there is no such compiler. */
static bool compare_build(const char *compiler, const char *flags, const char *source,
			  struct counts *counts)
{
	const char *program = programs_path("program");

	if (!programs_have(compiler))
		return false;
	build("program", compiler, flags, source);
	programs_addresses(program, strcmp(source, "names.cc") == 0 ? 13 : 3, &addresses);
	*counts = compare(program, program);
	assert_true(counts->addresses > 200);
	return true;
}

/* Where only LLVM can judge: addr2line of binutils 2.40 misreads what clang writes of DWARF 5, and gives inlined C++
 * calls without a linkage name that of the function they are in. */
static void compare_by_llvm(const char *compiler, const char *flags, const char *source,
			    struct counts *counts)
{
	if (!programs_have("llvm-symbolizer") || !compare_build(compiler, flags, source, counts))
		skip();
}

static void test_sym_names_gcc(void **state)
{
	static const char *const flags[] = {
		"-O2 -g",	    "-O3 -g -gdwarf-4",
		"-O2 -g -gz",	    "-O2 -g1 -no-pie",
		"-Os -g -gdwarf-2", "-O2 -g -ffunction-sections -Wl,--gc-sections",
	};
	struct counts counts = {0, 0, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!compare_build("gcc", flags[i], "names.c", &counts))
			skip();
		assert_true(counts.inlined > counts.addresses / 3);
		assert_true(counts.with_line > counts.addresses / 2);
	}
}

static void test_sym_names_gcc_without_optimisation(void **state)
{
	struct counts counts = {0, 0, 0};

	(void)state;
	if (!compare_build("gcc", "-O0 -g", "names.c", &counts))
		skip();
	assert_int_equal(counts.inlined, 0);
}

static void test_sym_names_clang(void **state)
{
	struct counts counts = {0, 0, 0};

	(void)state;
	compare_by_llvm("clang", "-O2 -g", "names.c", &counts);
	assert_true(counts.inlined > counts.addresses / 3);
	compare_by_llvm("clang", "-O2 -g -gdwarf-4", "names.c", &counts);
	assert_true(counts.inlined > counts.addresses / 3);
	compare_by_llvm("clang", "-O0 -g", "names.c", &counts);
	compare_by_llvm("clang", "-O2 -gline-tables-only", "names.c", &counts);
	assert_true(counts.inlined > counts.addresses / 3);
}

static void test_sym_names_cxx(void **state)
{
	struct counts counts = {0, 0, 0};

	(void)state;
	compare_by_llvm("g++", "-O2 -g", "names.cc", &counts);
	compare_by_llvm("g++", "-O0 -g", "names.cc", &counts);
	compare_by_llvm("clang++", "-O2 -g", "names.cc", &counts);
}

/* gcc's link-time optimisation refers from one unit to another; addr2line does not find its inlined calls. */
static void test_sym_names_lto(void **state)
{
	struct counts counts = {0, 0, 0};

	(void)state;
	if (!programs_have("llvm-symbolizer") ||
	    !compare_build("gcc", "-O2 -g -flto", "names.c", &counts))
		skip();
	assert_true(counts.inlined > counts.addresses / 3);
}

static void test_sym_names_symbols_only(void **state)
{
	struct counts counts = {0, 0, 0};

	(void)state;
	if (!compare_build("gcc", "-O2", "names.c", &counts))
		skip();
	assert_int_equal(counts.with_line, 0);
}

/* The peers do not find what is in .dwo files in all cases: the same code without them is the truth. */
static void split_equals_whole(const char *compiler)
{
	const char *split = programs_path("split"), *whole = programs_path("whole");
	struct sym *sym = sym_open();
	size_t modules[2], inlined = 0;

	assert_true(programs_run("%s -O2 -g -gsplit-dwarf -c -o split.o \"$F\"/names.c && "
				 "%s -o split split.o && %s -O2 -g -c -o whole.o \"$F\"/names.c && "
				 "%s -o whole whole.o",
				 compiler, compiler, compiler, compiler));
	programs_addresses(whole, 3, &addresses);
	modules[0] = sym_module(sym, split, NULL, 0);
	modules[1] = sym_module(sym, whole, NULL, 0);
	for (size_t i = 0; i < addresses.len; i++) {
		char *ours = programs_ours(sym, modules[0], addresses.offset[i]);
		char *truth = programs_ours(sym, modules[1], addresses.offset[i]);

		assert_string_equal(ours, truth);
		inlined += strchr(ours, '\n')[1] != '\0';
		free(ours);
		free(truth);
	}
	assert_true(inlined > addresses.len / 3);
	sym_close(sym);
}

static void test_sym_names_split_dwarf(void **state)
{
	(void)state;
	if (!programs_have("gcc"))
		skip();
	split_equals_whole("gcc");
	if (programs_have("clang"))
		split_equals_whole("clang");
}

static size_t find_function(struct sym *sym, size_t module, const char *name,
			    struct sym_frame *frame)
{
	size_t found = 0;

	for (size_t i = 0; i < addresses.len; i++) {
		struct sym_frame frames[64];
		size_t count = sym_lookup(sym, module, addresses.offset[i], frames, 64);

		for (size_t k = 0; k < count; k++) {
			if (strcmp(frames[k].function, name) != 0)
				continue;
			*frame = frames[k];
			found++;
		}
	}
	return found;
}

static void test_sym_names_cxx_as_people_write_them(void **state)
{
	struct sym *sym;
	struct sym_frame frame = {.linkage = ""};
	size_t module;

	(void)state;
	if (!programs_have("g++"))
		skip();
	sym = sym_open();
	build("cxx", "g++", "-O2 -g", "names.cc");
	programs_addresses(programs_path("cxx"), 5, &addresses);
	module = sym_module(sym, programs_path("cxx"), NULL, 0);
	assert_true(find_function(sym, module, "shop::basket::total() const", &frame) > 0);
	assert_string_equal(frame.linkage, "_ZNK4shop6basket5totalEv");
	assert_int_equal(frame.start_line, 38);
	assert_true(find_function(sym, module,
				  "shop::(anonymous namespace)::discount::total() const",
				  &frame) > 0);
	sym_close(sym);
}

static void test_sym_names_clones_by_their_function(void **state)
{
	struct sym *sym;
	struct sym_frame frame = {.linkage = ""};
	size_t module;

	(void)state;
	if (!programs_have("gcc"))
		skip();
	sym = sym_open();
	build("clones", "gcc", "-O2 -g", "names.c");
	programs_addresses(programs_path("clones"), 1, &addresses);
	module = sym_module(sym, programs_path("clones"), NULL, 0);
	assert_true(find_function(sym, module, "scaled", &frame) > 0);
	assert_string_equal(frame.linkage, "scaled.constprop.0");
	assert_int_equal(find_function(sym, module, "scaled.constprop.0", &frame), 0);
	sym_close(sym);
}

static void test_sym_names_keeps_outermost_frames(void **state)
{
	struct sym *sym;
	struct sym_frame all[64], some[2];
	size_t module, deep = 0;

	(void)state;
	if (!programs_have("gcc"))
		skip();
	sym = sym_open();
	build("deep", "gcc", "-O2 -g", "names.c");
	programs_addresses(programs_path("deep"), 3, &addresses);
	module = sym_module(sym, programs_path("deep"), NULL, 0);
	for (size_t i = 0; i < addresses.len; i++) {
		size_t count = sym_lookup(sym, module, addresses.offset[i], all, 64);

		if (count < 3)
			continue;
		deep++;
		assert_int_equal(sym_lookup(sym, module, addresses.offset[i], some, 2), 2);
		for (size_t k = 0; k < 2; k++) {
			assert_string_equal(some[k].function, all[count - 2 + k].function);
			assert_int_equal(some[k].line, all[count - 2 + k].line);
		}
	}
	assert_true(deep > 20);
	sym_close(sym);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sym_names_gcc),
		cmocka_unit_test(test_sym_names_gcc_without_optimisation),
		cmocka_unit_test(test_sym_names_clang),
		cmocka_unit_test(test_sym_names_cxx),
		cmocka_unit_test(test_sym_names_lto),
		cmocka_unit_test(test_sym_names_symbols_only),
		cmocka_unit_test(test_sym_names_split_dwarf),
		cmocka_unit_test(test_sym_names_cxx_as_people_write_them),
		cmocka_unit_test(test_sym_names_clones_by_their_function),
		cmocka_unit_test(test_sym_names_keeps_outermost_frames),
	};

	return cmocka_run_group_tests(tests, programs_open, programs_close);
}
