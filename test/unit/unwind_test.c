/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/unwind/stack*.c internal/runtime/unwind/unwind*.c */
/* Rows of hand-made call frame information, by arithmetic; and of damaged one, which must do no
 * harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt_double.h"
#include "runtime/unwind/unwind.h"
#include "runtime/unwind/unwind_arch.h"
#include "runtime/unwind/unwind_memory.h"

#define SP	  UNWIND_REG_SP
#define FP	  UNWIND_REG_FP
#define RA	  UNWIND_REG_RA
#define BREG(reg) (0x70 + (reg))

/* An object of one function of FUNCTION_SIZE bytes. CIE: CFA = sp + 8, return address at CFA -
 * 8; offsets in the FDE's instructions are multiplied by -8 where they are factored. */
#define FUNCTION_SIZE 70000

struct image {
	struct {
		uint8_t version, frame_encoding, count_encoding, table_encoding;
		int32_t frame;
		uint32_t count;
		int32_t start, fde;
	} hdr;
	struct {
		uint32_t length, id;
		uint8_t version;
		char augmentation[3];
		uint8_t code_align, data_align, ra_register, augmentation_size, encoding;
		uint8_t program[7];
	} cie;
	struct __attribute__((packed)) {
		uint32_t length, back;
		int32_t start;
		uint32_t size;
		uint8_t augmentation_size;
		uint8_t program[63];
	} fde;
	uint32_t zero;
	uint8_t function[FUNCTION_SIZE];
};

static struct image image;
static const struct unwind_cfi cfi = {(const uint8_t *)&image, (const uint8_t *)&image,
				      (const uint8_t *)(&image + 1)};

static int32_t distance(const void *from, const void *to)
{
	return (int32_t)((intptr_t)to - (intptr_t)from);
}

static void make_image(const uint8_t *program, size_t size)
{
	static const uint8_t start[] = {0x0c, SP, 8, 0x80 + RA,
					1,    0,  0}; /* def_cfa, offset, nop, nop */

	memset(&image, 0, offsetof(struct image, function));
	image.hdr.version = 1;
	image.hdr.frame_encoding = 0x1b; /* pcrel, sdata4 */
	image.hdr.count_encoding = 0x03; /* udata4 */
	image.hdr.table_encoding = 0x3b; /* datarel, sdata4 */
	image.hdr.frame = distance(&image.hdr.frame, &image.cie);
	image.hdr.count = 1;
	image.hdr.start = distance(&image, image.function);
	image.hdr.fde = distance(&image, &image.fde);
	image.cie.length = sizeof image.cie - 4;
	image.cie.version = 1;
	memcpy(image.cie.augmentation, "zR", 3);
	image.cie.code_align = 1;
	image.cie.data_align = 0x78; /* -8 */
	image.cie.ra_register = RA;
	image.cie.augmentation_size = 1;
	image.cie.encoding = 0x1b;
	memcpy(image.cie.program, start, sizeof start);
	image.fde.length = sizeof image.fde - 4;
	image.fde.back = (uint32_t)distance(&image.cie, &image.fde.back);
	image.fde.start = distance(&image.fde.start, image.function);
	image.fde.size = sizeof image.function;
	assert_in_range(size, 0, sizeof image.fde.program);
	memcpy(image.fde.program, program, size);
}

static struct unwind_row row_at(size_t offset)
{
	struct unwind_row row = {0};

	if (!unwind_cfi_row(&cfi, (uintptr_t)image.function + offset, &row))
		row.cfa = UNWIND_CFA_NONE;
	return row;
}

#define PROGRAM(...) \
	make_image((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void assert_cfa(size_t offset, enum unwind_cfa cfa, int words)
{
	struct unwind_row row = row_at(offset);

	assert_int_equal(row.cfa, cfa);
	assert_int_equal(row.cfa_words, words);
}

static void assert_fp(size_t offset, enum unwind_fp fp, int words)
{
	struct unwind_row row = row_at(offset);

	assert_int_equal(row.fp, fp);
	assert_int_equal(row.fp_words, words);
}

static void test_unwind_rows_hold_from_their_address_on(void **state)
{
	(void)state;
	/* offset 16; advance 4: 24; advance1 200: 32; advance2 0x1000: 40; advance4 0x10000: 48 */
	PROGRAM(0x0e, 16, 0x44, 0x0e, 24, 0x02, 200, 0x0e, 32, 0x03, 0, 0x10, 0x0e, 40, 0x04, 0, 0,
		1, 0, 0x0e, 48);
	assert_cfa(0, UNWIND_CFA_SP, 2);
	assert_cfa(3, UNWIND_CFA_SP, 2);
	assert_cfa(4, UNWIND_CFA_SP, 3);
	assert_cfa(203, UNWIND_CFA_SP, 3);
	assert_cfa(204, UNWIND_CFA_SP, 4);
	assert_cfa(204 + 0x1000, UNWIND_CFA_SP, 5);
	assert_cfa(204 + 0x1000 + 0xffff, UNWIND_CFA_SP, 5);
	assert_cfa(204 + 0x1000 + 0x10000, UNWIND_CFA_SP, 6);
	assert_int_equal(row_at(FUNCTION_SIZE - 1).cfa, UNWIND_CFA_SP);
	assert_int_equal(row_at(FUNCTION_SIZE).cfa, UNWIND_CFA_NONE);
	assert_int_equal(row_at((size_t)-1).cfa, UNWIND_CFA_NONE);
}

static void test_unwind_rows_follow_each_kind_of_cfa(void **state)
{
	(void)state;
	PROGRAM(0x0c, FP, 32); /* def_cfa */
	assert_cfa(0, UNWIND_CFA_FP, 4);
	PROGRAM(0x12, FP, 0x7e); /* def_cfa_sf: -2 * -8 */
	assert_cfa(0, UNWIND_CFA_FP, 2);
	PROGRAM(0x0d, FP, 0x13, 0x7d); /* def_cfa_register, def_cfa_offset_sf: -3 * -8 */
	assert_cfa(0, UNWIND_CFA_FP, 3);
	PROGRAM(0x0c, UNWIND_REG_SCRATCH, 0);
	assert_cfa(0, UNWIND_CFA_SCRATCH, 0);
	PROGRAM(0x0f, 3, BREG(FP), 0x78, 0x06); /* *(fp - 8) */
	assert_cfa(0, UNWIND_CFA_FP_DEREF, -1);
	PROGRAM(0x0f, 4, BREG(SP), 0x98, 0x01, 0x06); /* *(sp + 152) */
	assert_cfa(0, UNWIND_CFA_SP_DEREF, 19);
	PROGRAM(0x0f, 6, BREG(SP), 0x98, 0x01, 0x06, 0x23, 8); /* *(sp + 152) + 8 */
	assert_cfa(0, UNWIND_CFA_SP_DEREF_PLUS_WORD, 19);
	PROGRAM(0x0f, 5, BREG(FP), 0x70, 0x06, 0x23, 8);
	assert_cfa(0, UNWIND_CFA_FP_DEREF_PLUS_WORD, -2);
	PROGRAM(0x0f, 11, BREG(SP), 8, BREG(RA), 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22);
	assert_cfa(0, UNWIND_CFA_PLT, 11);
}

static void test_unwind_rows_say_where_the_frame_pointer_is(void **state)
{
	(void)state;
	PROGRAM(0);
	assert_fp(0, UNWIND_FP_SAME, 0);
	PROGRAM(0x80 + FP, 2); /* offset: 2 * -8 */
	assert_fp(0, UNWIND_FP_CFA, -2);
	PROGRAM(0x05, FP, 3); /* offset_extended */
	assert_fp(0, UNWIND_FP_CFA, -3);
	PROGRAM(0x11, FP, 0x7c); /* offset_extended_sf: -4 * -8 */
	assert_fp(0, UNWIND_FP_CFA, 4);
	PROGRAM(0x2f, FP, 2); /* GNU_negative_offset_extended: -(2 * -8) */
	assert_fp(0, UNWIND_FP_CFA, 2);
	PROGRAM(0x10, FP, 2, BREG(FP),
		0); /* expression: at fp + 0, as gcc writes for realigned stacks */
	assert_fp(0, UNWIND_FP_FP, 0);
	PROGRAM(0x80 + FP, 2, 0x41, 0xc0 + FP); /* restore: as in the CIE */
	assert_fp(0, UNWIND_FP_CFA, -2);
	assert_fp(1, UNWIND_FP_SAME, 0);
	PROGRAM(0x80 + FP, 2, 0x41, 0x08, FP); /* same_value */
	assert_fp(1, UNWIND_FP_SAME, 0);
	PROGRAM(0x80 + FP, 2, 0x0a, 0x41, 0x80 + FP, 3, 0x41, 0x0b); /* remember, restore state */
	assert_fp(0, UNWIND_FP_CFA, -2);
	assert_fp(1, UNWIND_FP_CFA, -3);
	assert_fp(2, UNWIND_FP_CFA, -2);
	PROGRAM(0x14, FP, 2); /* val_offset: a value, not a place */
	assert_fp(0, UNWIND_FP_UNKNOWN, 0);
	PROGRAM(0x16, FP, 2, BREG(SP), 8); /* val_expression */
	assert_fp(0, UNWIND_FP_UNKNOWN, 0);
	PROGRAM(0x09, FP, 3); /* in another register */
	assert_fp(0, UNWIND_FP_UNKNOWN, 0);
}

static void test_unwind_rows_end_where_there_is_no_return_address(void **state)
{
	(void)state;
	PROGRAM(0x07, RA, 0x41, 0x06, RA); /* undefined, restore_extended */
	assert_cfa(0, UNWIND_CFA_END, 0);
	assert_cfa(1, UNWIND_CFA_SP, 1);
	image.cie.augmentation[1] = 'S'; /* and no 'R': absolute addresses, which are not these */
	assert_int_equal(row_at(0).cfa, UNWIND_CFA_NONE);
}

/* Never a guess. */
static void test_unwind_rows_are_lost_where_a_rule_is_not_known(void **state)
{
	(void)state;
	PROGRAM(0x0d, 3); /* CFA from a register that is not kept */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x09, RA, 5); /* return address in a register, as in vfork() */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x0e, 12); /* not whole words */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x0e, 0x80, 0x80, 0x80, 0x80, 0x01); /* 2^28: more than the row has room for */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x0f, 4, BREG(SP), 8, 0x06, 0x06); /* *(*(sp + 8)) */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x0f, 60, BREG(SP), 8, 0x06); /* an expression longer than the program */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x3d); /* no such instruction */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x0b); /* restore_state without remember_state */
	assert_cfa(0, UNWIND_CFA_LOST, 0);
	PROGRAM(0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a);
	assert_cfa(0, UNWIND_CFA_LOST, 0);
}

static void test_unwind_rows_are_none_without_tables(void **state)
{
	(void)state;
	PROGRAM(0);
	image.hdr.version = 2;
	assert_int_equal(row_at(0).cfa, UNWIND_CFA_NONE);
	PROGRAM(0);
	image.hdr.table_encoding = 0xff;
	assert_int_equal(row_at(0).cfa, UNWIND_CFA_NONE);
	PROGRAM(0);
	image.hdr.count = UINT32_MAX;
	assert_int_equal(row_at(0).cfa, UNWIND_CFA_NONE);
	PROGRAM(0);
	image.cie.augmentation[0] = 'e';
	assert_int_equal(row_at(0).cfa, UNWIND_CFA_NONE);
	PROGRAM(0);
	image.fde.back = 1u << 30;
	assert_int_equal(row_at(0).cfa, UNWIND_CFA_NONE);
}

static uint32_t random_state = 2463534242;

static uint32_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Where the object's code begins and how long it is, seen from its .eh_frame_hdr. */
static void look_up_some(const struct unwind_cfi *copy, intptr_t code, size_t size)
{
	struct unwind_row row;

	for (int i = 0; i < 40; i++)
		unwind_cfi_row(copy,
			       (uintptr_t)copy->hdr + (uintptr_t)code + random_number() % size,
			       &row);
}

/* Between this program's constants AddressSanitizer has places that memcpy must not read. */
UNWIND_NO_SANITIZE static void copy_all(uint8_t *to, const volatile uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = from[i];
}

/* The information of this test itself in a block of its exact size, some bytes of it changed, or
 * cut short: under AddressSanitizer any byte read outside of it is a failure, and so is a loop
 * without end by the time limit. */
static void test_unwind_rows_survive_damage(void **state)
{
	const struct unwind_module *module;
	size_t size, hdr_at, code_size;
	uint8_t *whole, *bytes;

	(void)state;
	double_open(0);
	stack_init();
	module = unwind_module_of(unwind_modules_now(), (uintptr_t)look_up_some);
	assert_non_null(module);
	assert_non_null(module->cfi.hdr);
	size = (size_t)(module->cfi.high - module->cfi.low);
	hdr_at = (size_t)(module->cfi.hdr - module->cfi.low);
	code_size = module->end - module->start;
	whole = malloc(size);
	assert_non_null(whole);
	copy_all(whole, module->cfi.low, size);
	for (int round = 0; round < 1000; round++) {
		/* most damage between the header and the end: the rest of the segment is
		 * constants */
		size_t cut = round % 4 == 0 ? hdr_at + random_number() % (size - hdr_at) : size;
		struct unwind_cfi copy;

		bytes = malloc(cut);
		assert_non_null(bytes);
		memcpy(bytes, whole, cut);
		for (uint32_t i = random_number() % 40; i > 0 && cut > hdr_at; i--)
			bytes[hdr_at + random_number() % (cut - hdr_at)] = (uint8_t)random_number();
		copy = (struct unwind_cfi){bytes + hdr_at, bytes, bytes + cut};
		look_up_some(&copy, (intptr_t)module->start - (intptr_t)module->cfi.hdr, code_size);
		free(bytes);
	}
	free(whole);
	rt_unmap(rt_rec, rt_rec->size_bytes);
	rt_rec = NULL;
}

/* The same with instructions of every kind: nearly all of the program is random. */
static void test_unwind_rows_survive_random_programs(void **state)
{
	uint8_t program[63];

	(void)state;
	for (int round = 0; round < 40000; round++) {
		for (size_t i = 0; i < sizeof program; i++)
			program[i] = (uint8_t)(random_number() % 3 ? random_number() % 0x30
								   : random_number());
		make_image(program, sizeof program);
		row_at(random_number() % FUNCTION_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unwind_rows_hold_from_their_address_on),
		cmocka_unit_test(test_unwind_rows_follow_each_kind_of_cfa),
		cmocka_unit_test(test_unwind_rows_say_where_the_frame_pointer_is),
		cmocka_unit_test(test_unwind_rows_end_where_there_is_no_return_address),
		cmocka_unit_test(test_unwind_rows_are_lost_where_a_rule_is_not_known),
		cmocka_unit_test(test_unwind_rows_are_none_without_tables),
		cmocka_unit_test(test_unwind_rows_survive_damage),
		cmocka_unit_test(test_unwind_rows_survive_random_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
