/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/stack*.c internal/runtime/unwind/unwind*.c */
/* The row of each address of some objects beside what readelf prints, which shares no code with
 * ours. */
#include <dlfcn.h>
#include <inttypes.h>
#include <limits.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt_double.h"
#include "runtime/unwind/unwind.h"
#include "test_arch.h"

/* One row as readelf prints it; "" where it does not. */
struct printed {
	char cfa[24], fp[24], ra[24];
};

/* What was compared, by what it said. */
struct tally {
	unsigned rows, expressions, ends, signals, lost;
};

struct object {
	const char *path;
	uintptr_t bias;
	struct unwind_cfi cfi;
};

static int find_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct object *object = arg;
	const struct unwind_module *module;

	(void)size;
	if (strstr(info->dlpi_name, object->path) == NULL)
		return 0;
	object->bias = info->dlpi_addr;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X))
			continue;
		module = unwind_module_of(unwind_modules_now(),
					  info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
		assert_non_null(module);
		object->cfi = module->cfi;
	}
	if (info->dlpi_name[0] != '\0')
		object->path = info->dlpi_name;
	return 1;
}

static bool is_offset(const char *text, const char *base, int words)
{
	char expected[32];

	snprintf(expected, sizeof expected, "%s%+d", base, words * 8);
	return strcmp(text, expected) == 0;
}

static bool is_cfa(const struct unwind_row *row, const char *text)
{
	switch ((enum unwind_cfa)row->cfa) {
	case UNWIND_CFA_SP:
		return is_offset(text, ARCH_SP_NAME, row->cfa_words);
	case UNWIND_CFA_FP:
		return is_offset(text, ARCH_FP_NAME, row->cfa_words);
	case UNWIND_CFA_SCRATCH:
		return is_offset(text, "r10", row->cfa_words);
	case UNWIND_CFA_SP_DEREF:
	case UNWIND_CFA_FP_DEREF:
	case UNWIND_CFA_SP_DEREF_PLUS_WORD:
	case UNWIND_CFA_FP_DEREF_PLUS_WORD:
	case UNWIND_CFA_PLT:
		return strcmp(text, "exp") == 0;
	default:
		return false;
	}
}

static bool is_fp(const struct unwind_row *row, const char *text)
{
	switch ((enum unwind_fp)row->fp) {
	case UNWIND_FP_SAME:
		return text[0] == '\0' || strcmp(text, "u") == 0 || strcmp(text, "s") == 0;
	case UNWIND_FP_CFA:
		return is_offset(text, "c", row->fp_words);
	case UNWIND_FP_FP:
		return strcmp(text, "exp") == 0;
	default:
		return strcmp(text, "u") == 0;
	}
}

static bool is_ra(const struct unwind_row *row, const char *text)
{
	if (row->ra == UNWIND_RA_SCRATCH)
		return text[0] == '\0' || strcmp(text, "u") == 0;
	return is_offset(text, "c", row->ra_words);
}

/* A rule with a register that the unwinder has no value of. vfork() keeps its return address in
 * one. */
static bool is_foreign(const char *cfa, const char *ra)
{
	if (ra[0] == 'r')
		return true;
	return strncmp(cfa, ARCH_SP_NAME, strlen(ARCH_SP_NAME)) != 0 &&
	       strncmp(cfa, ARCH_FP_NAME, strlen(ARCH_FP_NAME)) != 0 && strncmp(cfa, "r10", 3) != 0;
}

static void check_row(const struct object *object, uintptr_t at, const struct printed *printed,
		      bool is_signal, struct tally *tally)
{
	struct unwind_row row = {0};
	bool good = unwind_cfi_row(&object->cfi, object->bias + at, &row);

	tally->rows++;
	tally->expressions += strcmp(printed->cfa, "exp") == 0;
	if (is_signal) {
		tally->signals++;
		good = good && row.cfa == UNWIND_CFA_SIGNAL;
	} else if (row.cfa == UNWIND_CFA_END) {
		tally->ends++;
		good = good && strcmp(printed->ra, "u") == 0;
	} else if (row.cfa == UNWIND_CFA_LOST) {
		tally->lost++;
		good = good && is_foreign(printed->cfa, printed->ra);
	} else {
		good = good && is_cfa(&row, printed->cfa) && is_fp(&row, printed->fp) &&
		       is_ra(&row, printed->ra);
	}
	if (!good)
		fail_msg("%s %#zx: cfa %d%+d fp %d%+d ra %d%+d, expected %s %s %s", object->path,
			 at, row.cfa, row.cfa_words, row.fp, row.fp_words, row.ra, row.ra_words,
			 printed->cfa, printed->fp, printed->ra);
}

struct cie {
	unsigned long offset;
	bool is_signal;
	struct printed row;
};

/* The state of reading readelf's output: a heading names the columns, rows follow, an empty line
 * ends them. */
struct reading {
	struct object object;
	struct tally *tally;
	char columns[32][16];
	int column_count;
	struct cie cies[64];
	size_t cie_count;
	struct cie *cie; /* the one whose row comes, or the FDE's */
	bool in_eh_frame, in_fde;
	uintptr_t end, at;  /* of the FDE; of the row before */
	struct printed row; /* the one before, or the CIE's when the FDE has none */
	bool has_row;
};

static void parse_heading(struct reading *reading, char *line)
{
	char *save, *word = strtok_r(line, " \n", &save);

	for (reading->column_count = 0; word != NULL && reading->column_count < 32;
	     word = strtok_r(NULL, " \n", &save))
		snprintf(reading->columns[reading->column_count++], 16, "%s", word);
}

/* The row before holds up to the address before this one. */
static void finish_row(struct reading *reading, uintptr_t next)
{
	if (reading->has_row && reading->in_fde && next > reading->at) {
		check_row(&reading->object, reading->at, &reading->row, reading->cie->is_signal,
			  reading->tally);
		check_row(&reading->object, next - 1, &reading->row, reading->cie->is_signal,
			  reading->tally);
	}
	reading->has_row = false;
}

static void parse_row(struct reading *reading, char *line)
{
	char *save, *word = strtok_r(line, " \n", &save);
	uintptr_t at = strtoull(word, NULL, 16);

	finish_row(reading, at);
	memset(&reading->row, 0, sizeof reading->row);
	for (int i = 1;
	     (word = strtok_r(NULL, " \n", &save)) != NULL && i < reading->column_count;) {
		if (word[0] == '(') /* "r10 (r10)" is one column */
			continue;
		if (strcmp(reading->columns[i], "CFA") == 0)
			snprintf(reading->row.cfa, sizeof reading->row.cfa, "%s", word);
		else if (strcmp(reading->columns[i], ARCH_FP_NAME) == 0)
			snprintf(reading->row.fp, sizeof reading->row.fp, "%s", word);
		else if (strcmp(reading->columns[i], "ra") == 0)
			snprintf(reading->row.ra, sizeof reading->row.ra, "%s", word);
		i++;
	}
	reading->at = at;
	reading->has_row = true;
	if (!reading->in_fde)
		reading->cie->row = reading->row;
}

static void parse_cie(struct reading *reading, const char *line)
{
	const char *augmentation = strchr(line, '"');

	assert_non_null(augmentation);
	assert_in_range(reading->cie_count, 0, 63);
	reading->in_fde = false;
	reading->cie = &reading->cies[reading->cie_count++];
	reading->cie->offset = strtoul(line, NULL, 16);
	reading->cie->is_signal = strchr(augmentation, 'S') != NULL;
}

/* Without rows of its own an FDE has that of its CIE. */
static void parse_fde(struct reading *reading, const char *line)
{
	unsigned long offset;

	assert_int_equal(sscanf(strstr(line, "cie="), "cie=%lx pc=%" SCNxPTR "..%" SCNxPTR, &offset,
				&reading->at, &reading->end),
			 3);
	for (size_t i = 0; i < reading->cie_count; i++)
		if (reading->cies[i].offset == offset)
			reading->cie = &reading->cies[i];
	reading->in_fde = reading->has_row = true;
	reading->row = reading->cie->row;
}

static void parse_line(struct reading *reading, char *line)
{
	if (strncmp(line, "Contents of", 11) == 0)
		reading->in_eh_frame = strstr(line, ".eh_frame ") != NULL;
	else if (!reading->in_eh_frame)
		return;
	else if (strstr(line, " CIE ") != NULL)
		parse_cie(reading, line);
	else if (strstr(line, " FDE ") != NULL)
		parse_fde(reading, line);
	else if (strstr(line, "LOC") != NULL)
		parse_heading(reading, line);
	else if (line[0] == '\n')
		finish_row(reading, reading->end);
	else if (strspn(line, "0123456789abcdef") == 16 && strstr(line, "ZERO") == NULL)
		parse_row(reading, line);
}

/* Compare at the first and the last byte that each row holds for. */
static struct tally compare_with_readelf(const char *name)
{
	struct tally tally = {0};
	struct reading reading = {.object = {.path = name}, .tally = &tally};
	char command[PATH_MAX + 128], line[1024], *exe = realpath("/proc/self/exe", NULL);
	FILE *output;

	dl_iterate_phdr(find_object, &reading.object);
	assert_non_null(reading.object.cfi.hdr);
	assert_non_null(exe);
	snprintf(command, sizeof command,
		 "LC_ALL=C readelf --debug-dump=no-follow-links,frames-interp '%s' 2>/dev/null",
		 name[0] == '\0' ? exe : reading.object.path);
	free(exe);
	output = popen(command, "r");
	assert_non_null(output);
	while (fgets(line, sizeof line, output) != NULL)
		parse_line(&reading, line);
	finish_row(&reading, reading.end);
	assert_int_equal(pclose(output), 0);
	return tally;
}

static void show(const char *name, const struct tally *tally)
{
	print_message(
		"%-10s %6u rows: %u expressions, %u ends, %u signal frames, %u not followed\n",
		name, tally->rows, tally->expressions, tally->ends, tally->signals, tally->lost);
}

static void test_unwind_rows_equal_readelf(void **state)
{
	static const char *const names[] = {"", "libc.so", "ld-linux", "libcmocka"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct tally tally = compare_with_readelf(names[i]);

		assert_in_range(tally.rows, 100, UINT32_MAX);
		show(names[i], &tally);
	}
}

/* Hand-written code in quantity, where it is installed: expressions that no compiler writes. */
static void test_unwind_rows_equal_readelf_in_assembler_code(void **state)
{
	void *crypto = dlopen("libcrypto.so.3", RTLD_NOW);
	struct tally tally;

	(void)state;
	if (crypto == NULL) {
		print_message("libcrypto.so.3 is not installed\n");
		skip();
		return;
	}
	stack_modules_changed();
	tally = compare_with_readelf("libcrypto");
	show("libcrypto", &tally);
	assert_in_range(tally.expressions, ARCH_CRYPTO_EXPRESSIONS, UINT32_MAX);
	dlclose(crypto);
}

static int set_up(void **state)
{
	(void)state;
	double_open(0);
	stack_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unwind_rows_equal_readelf),
		cmocka_unit_test(test_unwind_rows_equal_readelf_in_assembler_code),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
