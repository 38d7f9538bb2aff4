/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c */
/* Files that are not what they should be: a sentence that says where, never a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <zlib.h>

#include <cmocka.h>

#include "format/profile_pack.h"
#include "profile_example.h"
#include "sanitized.h"

static uint8_t *plain, *packed;
static size_t plain_size, packed_size;

static int make_bytes(void **state)
{
	struct profile *profile = example_profile();
	int fd = memfd_create("profile", 0);
	ssize_t size = -1;

	(void)state;
	plain = profile_pack(profile, &plain_size);
	packed = malloc(65536);
	if (packed && profile_write_fd(profile, fd) == 0)
		size = pread(fd, packed, 65536, 0);
	packed_size = size > 0 ? (size_t)size : 0;
	close(fd);
	profile_free(profile);
	return size <= 0;
}

static int drop_bytes(void **state)
{
	(void)state;
	free(plain);
	free(packed);
	return 0;
}

/* The sentence for some bytes, which must be refused. */
static const char *refusal(const void *bytes, size_t size)
{
	static char error[256];
	/* A copy of the exact size, so that reading past it is seen by the address sanitizer. */
	uint8_t *copy = malloc(size ? size : 1);

	memcpy(copy, bytes, size);
	strcpy(error, "");
	assert_null(profile_parse(copy, size, error, sizeof(error)));
	free(copy);
	return error;
}

#define REFUSAL(bytes) refusal(bytes, sizeof(bytes) - 1)

/* A message whose string table is {"", "a"} and which has more fields in front. */
#define STRINGS "\x32\x00\x32\x01\x61"

static void test_damage_truncated_gzip_is_told_with_its_byte(void **state)
{
	char expected[64];

	(void)state;
	for (size_t size = 2; size < packed_size; size++) {
		snprintf(expected, sizeof(expected), "truncated at byte %zu", size);
		assert_string_equal(refusal(packed, size), expected);
	}
	assert_string_equal(refusal("", 0), "truncated at byte 0");
}

/* Cut between two fields it is a shorter message, which is well-formed: ids or strings are missing then. */
static void test_damage_truncated_message_is_told_with_its_byte(void **state)
{
	size_t told = 0;
	char expected[64];

	(void)state;
	for (size_t size = 1; size < plain_size; size++) {
		char error[256] = "";
		struct profile *profile = profile_parse(plain, size, error, sizeof(error));

		snprintf(expected, sizeof(expected), "truncated at byte %zu", size);
		told += !profile && strcmp(error, expected) == 0;
		assert_int_equal(!profile, *error != '\0');
		profile_free(profile);
	}
	/* 37 fields end inside: 38 sizes are between fields, the last of which is the whole. */
	assert_in_range(told, plain_size - 40, plain_size - 20);
}

/* Every bit, in the message and in the packed file. Either it is still a profile, or there is a sentence. */
static void flip_bits(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size);

	for (size_t bit = 0; bit < size * 8; bit++) {
		char error[256] = "";
		struct profile *profile;

		memcpy(copy, bytes, size);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		profile = profile_parse(copy, size, error, sizeof(error));
		assert_int_equal(!profile, *error != '\0');
		profile_free(profile);
	}
	free(copy);
}

static void test_damage_flipped_bits_never_crash(void **state)
{
	(void)state;
	flip_bits(plain, plain_size);
	flip_bits(packed, packed_size);
}

static void test_damage_wire_format_is_told_with_its_byte(void **state)
{
	(void)state;
	/* Field 0; a group; a string where a number belongs, in a mapping; a varint of eleven bytes. */
	assert_string_equal(REFUSAL(STRINGS "\x02\x00"),
			    "damaged at byte 5: a field without a number");
	assert_string_equal(REFUSAL(STRINGS "\x83\x01"),
			    "damaged at byte 5: a field of a type that does not exist");
	assert_string_equal(REFUSAL(STRINGS "\x1a\x03\x0a\x01\x61"),
			    "damaged at byte 7: a field of another type than it should have");
	assert_string_equal(REFUSAL(STRINGS "\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
			    "damaged at byte 6: a number of more than ten bytes");
	/* A line longer than the location that holds it. */
	assert_string_equal(REFUSAL(STRINGS "\x22\x03\x22\x05\x08"),
			    "damaged at byte 7: a field longer than what holds it");
	/* A length of 2^63. */
	assert_string_equal(REFUSAL(STRINGS "\x12\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
			    "truncated at byte 16");
	assert_string_equal(REFUSAL("hello, world\n"),
			    "damaged at byte 2: a field of another type than it should have");
}

static void test_damage_numbers_that_lead_nowhere_are_told(void **state)
{
	(void)state;
	assert_string_equal(REFUSAL("\x32\x01\x61"), "its string table does not begin with \"\"");
	assert_string_equal(REFUSAL("\x48\x01"), "its string table does not begin with \"\"");
	/* default_sample_type 2, and -1. */
	assert_string_equal(REFUSAL(STRINGS "\x70\x02"), "string 2 is not there, the table has 2");
	assert_string_equal(REFUSAL(STRINGS "\x70\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
			    "string -1 is not there, the table has 2");
	/* A function without an id; two with the same. */
	assert_string_equal(REFUSAL(STRINGS "\x2a\x02\x10\x01"), "function 0 has no id");
	assert_string_equal(REFUSAL(STRINGS "\x2a\x02\x08\x07\x2a\x02\x08\x07"),
			    "two functions have the id 7");
	/* A location of mapping 9; one with a line of function 9; a sample of location 9. */
	assert_string_equal(REFUSAL(STRINGS "\x22\x04\x08\x01\x10\x09"),
			    "location 1: mapping 9 is not there");
	assert_string_equal(REFUSAL(STRINGS "\x22\x06\x08\x01\x22\x02\x08\x09"),
			    "location 1: function 9 is not there");
	assert_string_equal(REFUSAL(STRINGS "\x12\x03\x0a\x01\x09"),
			    "location 9 of a sample is not there");
	/* A sample with one value, no sample type; a nameless label. */
	assert_string_equal(REFUSAL(STRINGS "\x12\x02\x10\x01"),
			    "a sample has 1 values, there are 0 sample types");
	assert_string_equal(REFUSAL(STRINGS "\x12\x06\x1a\x04\x08\x05\x10\x01"),
			    "string 5 is not there, the table has 2");
	/* Nine sample types. */
	assert_string_equal(
		REFUSAL(STRINGS
			"\x0a\x00\x0a\x00\x0a\x00\x0a\x00\x0a\x00\x0a\x00\x0a\x00\x0a\x00\x0a\x00"),
		"9 sample types, more than 8");
}

#define MIB ((size_t)1 << 20)

/* Pack so many MiB of one field with gzip: a member of 1 MiB again and again. The caller frees the result. */
static uint8_t *pack_repeated(const char *field, size_t field_size, size_t mib, size_t *result_size)
{
	z_stream stream = {0};
	uint8_t *block = malloc(MIB), *result = malloc(65536);
	size_t member_size;

	for (size_t i = 0; i < MIB; i++)
		block[i] = (uint8_t)field[i % field_size];
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = block;
	stream.avail_in = (uInt)MIB;
	stream.next_out = result;
	stream.avail_out = 65536;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	member_size = 65536 - stream.avail_out;
	deflateEnd(&stream);
	free(block);
	*result_size = mib * member_size;
	result = realloc(result, *result_size);
	for (size_t i = 1; i < mib; i++)
		memcpy(result + i * member_size, result, member_size);
	return result;
}

/* A gigabyte under a sanitizer, or an emulator, is ten seconds. */
static void skip_what_is_large(void)
{
	if (is_slowed()) {
		print_message("skipped: too large for a sanitizer or an emulator\n");
		skip();
	}
}

static void test_damage_gzip_bomb_is_refused(void **state)
{
	size_t size;
	uint8_t *bomb;

	(void)state;
	skip_what_is_large();
	bomb = pack_repeated("\x32\x00", 2, 1025, &size);
	assert_true(size < 2 * MIB);
	assert_string_equal(refusal(bomb, size), "too large: it unpacks to more than 1024 MiB");
	free(bomb);
}

/* 80 MiB of empty samples: two bytes each in the file, a hundred in memory. */
static void test_damage_what_would_fill_the_memory_is_refused(void **state)
{
	size_t size;
	uint8_t *bomb;

	(void)state;
	skip_what_is_large();
	bomb = pack_repeated("\x12\x00", 2, 80, &size);
	assert_non_null(strstr(refusal(bomb, size), "too large: it takes about "));
	free(bomb);
}

/* gzip files may be put one behind the other: so is what they hold. */
static void test_damage_none_in_two_gzip_members(void **state)
{
	size_t first_size, second_size;
	char error[256] = "";
	uint8_t *both = malloc(4096);
	struct profile *profile;
	z_stream stream;

	(void)state;
	first_size = plain_size / 2;
	second_size = plain_size - first_size;
	memset(&stream, 0, sizeof(stream));
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_out = both;
	stream.avail_out = 4096;
	stream.next_in = plain;
	stream.avail_in = (uInt)first_size;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateReset(&stream), Z_OK);
	stream.next_in = plain + first_size;
	stream.avail_in = (uInt)second_size;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	profile = profile_parse(both, 4096 - stream.avail_out, error, sizeof(error));
	deflateEnd(&stream);
	assert_string_equal(error, "");
	assert_int_equal(profile->sample_count, 2);
	profile_free(profile);
	free(both);
}

static void test_damage_file_is_named(void **state)
{
	char error[256];

	(void)state;
	assert_null(profile_read("/nonexistent/x.pb.gz", error, sizeof(error)));
	assert_string_equal(error, "/nonexistent/x.pb.gz: No such file or directory");
	assert_null(profile_read("/", error, sizeof(error)));
	assert_string_equal(error, "/: Is a directory");
	assert_null(profile_read("/dev/null", error, sizeof(error)));
	assert_string_equal(error, "/dev/null: truncated at byte 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage_truncated_gzip_is_told_with_its_byte),
		cmocka_unit_test(test_damage_truncated_message_is_told_with_its_byte),
		cmocka_unit_test(test_damage_flipped_bits_never_crash),
		cmocka_unit_test(test_damage_wire_format_is_told_with_its_byte),
		cmocka_unit_test(test_damage_numbers_that_lead_nowhere_are_told),
		cmocka_unit_test(test_damage_gzip_bomb_is_refused),
		cmocka_unit_test(test_damage_what_would_fill_the_memory_is_refused),
		cmocka_unit_test(test_damage_none_in_two_gzip_members),
		cmocka_unit_test(test_damage_file_is_named),
	};

	return cmocka_run_group_tests(tests, make_bytes, drop_bytes);
}
