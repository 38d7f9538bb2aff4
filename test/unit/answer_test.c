/* SPDX-License-Identifier: MIT */
/* links: tool */
/* What is answered of a recording written by hand: a program without a file, so that its addresses are named by where they are. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "format/recording_layout.h"
#include "tool/live/answer.h"

static const uint32_t items[REC_TABLE_COUNT] = {
	[REC_STRINGS] = 64, [REC_MAPPINGS] = 1, [REC_THREADS] = 2,
	[REC_NODES] = 4,    [REC_SAMPLES] = 4,	[REC_WAITS] = 2,
};

#define ITEM(rec, name, type, index) \
	(((type *)((char *)(rec) + (rec)->table[REC_##name].offset))[index])

/* Two threads in a stack of two frames each, which share the root; 3 of 4 samples are in the first. A wait of 5 ns twice, held by
 * the other. */
static struct rec_header *recording_made(void)
{
	struct rec_config config = {.kind = REC_KIND_LIVE, .period_ns = 10000000};
	struct rec_header header, *rec;

	recording_layout(&header, &config, items);
	rec = xcalloc(1, header.size_bytes);
	memcpy(rec, &header, sizeof header);
	for (int id = 0; id < REC_TABLE_COUNT; id++)
		rec->table[id].len = items[id];
	memcpy(&ITEM(rec, STRINGS, char, 1), "/nowhere/program", 17);
	ITEM(rec, MAPPINGS, struct rec_mapping, 0) = (struct rec_mapping){
		.start = 0x10000, .limit = 0x20000, .path = 1, .epoch_to = UINT32_MAX};
	ITEM(rec, THREADS, struct rec_thread, 0) = (struct rec_thread){101, "main"};
	ITEM(rec, THREADS, struct rec_thread, 1) = (struct rec_thread){102, "worker"};
	ITEM(rec, NODES, struct rec_node, 1) = (struct rec_node){0x10010, 0, 0};
	ITEM(rec, NODES, struct rec_node, 2) = (struct rec_node){0x10020, 1, 0};
	ITEM(rec, NODES, struct rec_node, 3) = (struct rec_node){0x10030, 1, 0};
	for (uint32_t i = 0; i < 4; i++)
		ITEM(rec, SAMPLES, struct rec_sample, i) =
			(struct rec_sample){i == 3, i == 3 ? 3 : 2};
	rec->state.clock = REC_CLOCK_PERF;
	ITEM(rec, WAITS, struct rec_wait, 0) =
		(struct rec_wait){2, 0, REC_WAIT_MUTEX, REC_SIDE_WAITER, 2, 10};
	ITEM(rec, WAITS, struct rec_wait, 1) =
		(struct rec_wait){3, 1, REC_WAIT_MUTEX, REC_SIDE_HOLDER, 1, 7};
	return rec;
}

static int file_with(const void *bytes, size_t size)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	return fd;
}

static int snapshot(void)
{
	struct rec_header *rec = recording_made();
	int fd = file_with(rec, rec->size_bytes);

	free(rec);
	return fd;
}

/* The answer in text[], its size; or the error. */
static int ask(uint32_t kind, uint32_t form, uint32_t count, const int *fds, char *text,
	       size_t size)
{
	struct answer_question question = {ANSWER_MAGIC, sizeof question, kind, form, count};
	struct sym *sym = sym_open();
	char error[240] = "";
	int fd = answer_make(&question, fds, sym, error, sizeof error);
	ssize_t got;

	sym_close(sym);
	if (fd < 0) {
		snprintf(text, size, "%s", error);
		return fd;
	}
	got = pread(fd, text, size - 1, 0);
	close(fd);
	assert_true(got >= 0);
	text[got] = '\0';
	return (int)got;
}

static void expect(uint32_t kind, uint32_t form, const char *expected)
{
	int fd = snapshot();
	char text[2048];

	assert_true(ask(kind, form, 1, &fd, text, sizeof text) > 0);
	assert_string_equal(text, expected);
}

static void test_answer_has_the_text_of_threads(void **state)
{
	(void)state;
	expect(ANSWER_GOROUTINE, ANSWER_TEXT,
	       "goroutine profile: total 4\n"
	       "3 @ 0x10021 0x10011\n# labels: {\"thread\":\"main\"}\n"
	       "#\t0x10020\tprogram+0x20\n#\t0x10010\tprogram+0x10\n\n"
	       "1 @ 0x10031 0x10011\n# labels: {\"thread\":\"worker\"}\n"
	       "#\t0x10030\tprogram+0x30\n#\t0x10010\tprogram+0x10\n\n");
}

static void test_answer_has_the_text_of_waits(void **state)
{
	(void)state;
	expect(ANSWER_BLOCK, ANSWER_TEXT,
	       "--- contention:\ncycles/second=1000000000\n"
	       "10 2 @ 0x10021 0x10011\n# labels: {\"thread\":\"main\"}\n"
	       "#\t0x10020\tprogram+0x20\n#\t0x10010\tprogram+0x10\n\n");
	expect(ANSWER_MUTEX, ANSWER_TEXT,
	       "--- mutex:\ncycles/second=1000000000\nsampling period=1\n"
	       "7 1 @ 0x10031 0x10011\n# labels: {\"thread\":\"worker\"}\n"
	       "#\t0x10030\tprogram+0x30\n#\t0x10010\tprogram+0x10\n\n");
	expect(ANSWER_BLOCK, ANSWER_GPERFTOOLS,
	       "--- contention:\ncycles/second = 1000000000\nsampling period = 1\n"
	       "10 2 @ 0x10021 0x10011\n"
	       "--- Memory map: ---\n10000-20000 r-xp 00000000 00:00 0 /nowhere/program\n");
}

static void test_answer_dumps_each_thread(void **state)
{
	static const char one[] = "goroutine 101 [main]:\nprogram+0x20(...)\n\t\?\?:0\n"
				  "program+0x10(...)\n\t\?\?:0\n\n";
	char expected[1024];

	(void)state;
	snprintf(expected, sizeof expected, "%s%s%s%s", one, one, one,
		 "goroutine 102 "
		 "[worker]:\nprogram+0x30(...)\n\t\?\?:0\nprogram+0x10(...)\n\t\?\?:0\n\n");
	expect(ANSWER_GOROUTINE, ANSWER_DUMP, expected);
}

static void test_answer_has_gperftools_words_of_cpu(void **state)
{
	static const uintptr_t words[] = {0,	   3, 0, 10000,	  0,	   3, 2, 0x10020,
					  0x10011, 1, 2, 0x10030, 0x10011, 0, 1, 0};
	int fd = snapshot();
	char text[2048];
	int size = ask(ANSWER_PROFILE, ANSWER_GPERFTOOLS, 1, &fd, text, sizeof text);

	(void)state;
	assert_true(size > (int)sizeof words);
	assert_memory_equal(text, words, sizeof words);
	assert_string_equal(text + sizeof words,
			    "10000-20000 r-xp 00000000 00:00 0 /nowhere/program\n");
}

static void test_answer_names_no_address_that_has_no_name(void **state)
{
	static const char words[] = "0x10010+12+x+0+99999999999999999999+-1+0x";
	int fds[] = {snapshot(), file_with(words, sizeof words - 1)};
	char text[256];

	(void)state;
	assert_true(ask(ANSWER_SYMBOL, ANSWER_PROTO, 2, fds, text, sizeof text) > 0);
	assert_string_equal(text, "num_symbols: 1\n");
}

static void test_answer_subtracts_what_was_there_before(void **state)
{
	int fds[] = {snapshot(), snapshot()};
	char text[256];

	(void)state;
	assert_true(ask(ANSWER_GOROUTINE, ANSWER_TEXT, 2, fds, text, sizeof text) > 0);
	assert_string_equal(text, "goroutine profile: total 0\n");
}

static void refuse(uint32_t kind, uint32_t form, const void *bytes, size_t size)
{
	int fd = file_with(bytes, size);
	char text[256];

	assert_true(ask(kind, form, 1, &fd, text, sizeof text) < 0);
	assert_string_not_equal(text, "");
	/* It was closed. */
	assert_int_equal(close(fd), -1);
}

static void test_answer_refuses_what_is_no_recording(void **state)
{
	struct rec_header *rec = recording_made();
	uint64_t size = rec->size_bytes;

	(void)state;
	refuse(ANSWER_HEAP, ANSWER_PROTO, "", 0);
	refuse(ANSWER_HEAP, ANSWER_PROTO, "x", 1);
	refuse(ANSWER_HEAP, ANSWER_PROTO, rec, sizeof *rec);
	refuse(ANSWER_TRACE, ANSWER_PROTO, rec, sizeof *rec);
	refuse(ANSWER_KIND_COUNT, ANSWER_PROTO, rec, size);
	refuse(ANSWER_HEAP, ANSWER_FORM_COUNT, rec, size);
	refuse(ANSWER_SYMBOL, ANSWER_PROTO, rec, size);
	refuse(ANSWER_MUTEX, ANSWER_GPERFTOOLS, rec, size);
	rec->table[REC_NODES].offset++;
	refuse(ANSWER_HEAP, ANSWER_PROTO, rec, size);
	rec->table[REC_NODES].offset--;
	rec->version++;
	refuse(ANSWER_HEAP, ANSWER_PROTO, rec, size);
	free(rec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_has_the_text_of_threads),
		cmocka_unit_test(test_answer_has_the_text_of_waits),
		cmocka_unit_test(test_answer_dumps_each_thread),
		cmocka_unit_test(test_answer_has_gperftools_words_of_cpu),
		cmocka_unit_test(test_answer_names_no_address_that_has_no_name),
		cmocka_unit_test(test_answer_subtracts_what_was_there_before),
		cmocka_unit_test(test_answer_refuses_what_is_no_recording),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
