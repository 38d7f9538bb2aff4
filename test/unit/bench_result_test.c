/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Results read from recordings made by hand, with arithmetic answers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/bench/bench_goal.h"
#include "tool/bench/bench_result.h"

#define TABLE(recording, name, type) \
	((type *)((char *)(recording)->rec + (recording)->rec->table[REC_##name].offset))

static const struct catalog_test encode = {.name = "bench_encode", .occurrence = 1};
static struct recording recording;
static struct bench_set set;

static int set_up(void **state)
{
	(void)state;
	set = (struct bench_set){0};
	return recording_new(&recording, &(struct rec_config){.kind = REC_KIND_TIME}) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	bench_set_free(&set);
	recording_free(&recording);
	return 0;
}

static uint32_t string(const char *text)
{
	struct rec_table *table = &recording.rec->table[REC_STRINGS];
	uint32_t at = table->len;

	memcpy(TABLE(&recording, STRINGS, char) + at, text, strlen(text) + 1);
	table->len += (uint32_t)strlen(text) + 1;
	return at;
}

/* A loop that has ended. */
static struct rec_bench *bench(const char *sub, uint64_t count, uint64_t wall_ns)
{
	struct rec_table *table = &recording.rec->table[REC_BENCHES];
	struct rec_bench *item = &TABLE(&recording, BENCHES, struct rec_bench)[table->len++];

	item->name = *sub != '\0' ? string(sub) : 0;
	item->threads = 1;
	item->count = count;
	item->wall_ns = wall_ns;
	item->is_complete = 1;
	return item;
}

static void metric(const char *unit, double value)
{
	struct rec_table *table = &recording.rec->table[REC_METRICS];
	struct rec_metric *item = &TABLE(&recording, METRICS, struct rec_metric)[table->len++];

	item->unit = string(unit);
	item->value = value;
	item->bench = recording.rec->table[REC_BENCHES].len;
}

static void read_set(void)
{
	bench_set_read(&set, &recording, &encode, 2);
}

static void check_name(const char *test, uint32_t occurrence, const char *expected)
{
	struct catalog_test item = {.name = test, .occurrence = occurrence};
	char *name = bench_name(&item);

	assert_string_equal(name, expected);
	free(name);
}

static void test_bench_names_are_gos(void **state)
{
	(void)state;
	check_name("bench_encode", 1, "BenchmarkEncode");
	check_name("bench_encode_fast", 1, "BenchmarkEncodeFast");
	check_name("benchmark_encode_fast", 1, "BenchmarkEncodeFast");
	check_name("test_send_code", 1, "BenchmarkTestSendCode");
	check_name("bench_x", 3, "BenchmarkX#02");
	check_name("bench_1_64", 1, "Benchmark1_64");
	check_name("bench__double_", 1, "BenchmarkDouble");
	check_name("bench_", 1, "Benchmark");
	check_name("", 1, "Benchmark");
	check_name("sends a\tcode\n", 1, "BenchmarkSends_a_code_");
	/* No-break and ideographic spaces split a line as well, for Go; a byte that is no text is none. */
	check_name("a\xc2\xa0"
		   "b\xe3\x80\x80"
		   "c\xff\xc3\xa4",
		   1, "BenchmarkA_b_c_\xc3\xa4");
	assert_true(bench_is_named("bench_x"));
	assert_true(bench_is_named("benchmark_x"));
	assert_false(bench_is_named("benches"));
	assert_false(bench_is_named("test_bench_x"));
}

static void check_full(const char *sub, unsigned cpus, const char *expected)
{
	char *name = bench_full_name(&encode, sub, cpus);

	assert_string_equal(name, expected);
	free(name);
}

static void test_bench_names_of_parts_and_processors(void **state)
{
	(void)state;
	check_full("", 1, "BenchmarkEncode");
	check_full("", 16, "BenchmarkEncode-16");
	check_full("size=64/fast", 2, "BenchmarkEncode/size=64/fast-2");
	check_full("a b", 4294967295u, "BenchmarkEncode/a_b-4294967295");
}

static void test_bench_result_figures(void **state)
{
	const struct bench_result *result;

	(void)state;
	bench("", 1000, 2500)->op_bytes = 64;
	metric("zz/op", 3);
	metric("aa/op", 1.5);
	read_set();
	assert_int_equal(set.count, 1);
	result = &set.items[0];
	assert_string_equal(result->name, "BenchmarkEncode-2");
	assert_null(result->problem);
	assert_int_equal(result->iterations, 1000);
	assert_float_equal(result->ns_op, 2.5, 1e-12);
	/* 64,000 bytes in 2.5 us. */
	assert_float_equal(result->mb_s, 25600, 1e-6);
	assert_false(result->has_mem);
	assert_int_equal(result->metric_count, 2);
	assert_string_equal(result->metrics[0].unit, "aa/op");
	assert_string_equal(result->metrics[1].unit, "zz/op");
}

static void test_bench_result_own_figures_replace_ours(void **state)
{
	struct bench_set mem = {0};
	struct bench_result known = {
		.name = "BenchmarkEncode-2", .bytes_op = 1, .allocs_op = 2, .has_mem = true};
	const struct bench_result *result;

	(void)state;
	bench("", 10, 100)->op_bytes = 8;
	metric("ns/op", 7);
	metric("MB/s", 4.5);
	metric("B/op", 99.9);
	read_set();
	mem.items = &known;
	mem.count = 1;
	bench_set_add_mem(&set, &mem);
	result = &set.items[0];
	assert_float_equal(result->ns_op, 7, 0);
	assert_float_equal(result->mb_s, 4.5, 0);
	assert_int_equal(result->bytes_op, 99); /* Go's int64() */
	assert_int_equal(result->allocs_op, 2);
	assert_true(result->has_mem);
	assert_int_equal(result->metric_count, 0);
}

static void test_bench_result_metrics_that_are_no_numbers_are_none(void **state)
{
	(void)state;
	bench("", 10, 100);
	metric("nan/op", 0.0 / 0.0);
	metric("ns/op", 1.0 / 0.0);
	metric("no\xc2\xa0text\xff/op", 1);
	read_set();
	assert_int_equal(set.items[0].metric_count, 1);
	assert_string_equal(set.items[0].metrics[0].unit, "no_text_/op");
	assert_float_equal(set.items[0].ns_op, 10, 0);
}

static void test_bench_result_allocations_of_the_measured_iterations(void **state)
{
	struct rec_bench *item = bench("", 90, 100);

	(void)state;
	recording.rec->config.kind = REC_KIND_MEM;
	item->warm_count = 10;
	item->alloc_count = 269;
	item->alloc_bytes = 5760;
	read_set();
	assert_true(set.items[0].has_mem);
	assert_int_equal(set.items[0].allocs_op, 2); /* 2.98, cut as by Go */
	assert_int_equal(set.items[0].bytes_op, 64);
}

static void test_bench_result_no_allocations_where_none_are_seen(void **state)
{
	(void)state;
	recording.rec->config.kind = REC_KIND_MEM;
	snprintf(recording.rec->state.message, sizeof recording.rec->state.message,
		 "mem: malloc is the program's own");
	bench("", 90, 100);
	read_set();
	assert_false(set.items[0].has_mem);
}

static void test_bench_result_no_allocations_where_some_were_missed(void **state)
{
	(void)state;
	recording.rec->config.kind = REC_KIND_MEM;
	recording.rec->state.events_dropped = 1;
	bench("", 90, 100)->alloc_count = 89;
	read_set();
	assert_false(set.items[0].has_mem);
}

static void test_bench_result_counters(void **state)
{
	struct rec_bench *item = bench("", 100, 100);
	struct bench_set plain = {0};

	(void)state;
	item->counters[REC_COUNTER_PAGE_FAULTS] = 250;
	item->counters[REC_COUNTER_CYCLES] = 7; /* was not asked for, or not to be had */
	recording.rec->state.counters = 1u << REC_COUNTER_PAGE_FAULTS;
	read_set();
	assert_int_equal(set.items[0].metric_count, 1);
	recording.rec->state.counters = 0;
	bench_set_read(&plain, &recording, &encode, 2);
	assert_int_equal(plain.items[0].metric_count, 0);
	bench_set_add_counters(&plain, &set);
	assert_string_equal(plain.items[0].metrics[0].unit, "page-faults/op");
	assert_float_equal(plain.items[0].metrics[0].value, 2.5, 0);
	bench_set_free(&plain);
}

static void test_bench_result_batches_are_each_ones_own(void **state)
{
	struct rec_table *table = &recording.rec->table[REC_BATCHES];
	struct rec_batch *batches = TABLE(&recording, BATCHES, struct rec_batch);

	(void)state;
	bench("a", 10, 100);
	bench("b", 10, 100);
	batches[0] = (struct rec_batch){.bench = 2, .count = 4, .wall_ns = 10};
	batches[1] = (struct rec_batch){.bench = 1, .count = 5, .wall_ns = 10};
	batches[2] = (struct rec_batch){.bench = 2, .count = 8, .wall_ns = 10};
	batches[3] = (struct rec_batch){.bench = 0, .count = 8, .wall_ns = 10}; /* half filled in */
	table->len = 4;
	read_set();
	assert_int_equal(set.items[0].batch_count, 1);
	assert_float_equal(set.items[0].batches[0], 2, 0);
	assert_int_equal(set.items[1].batch_count, 2);
	assert_float_equal(set.items[1].batches[0], 2.5, 0);
	assert_float_equal(set.items[1].batches[1], 1.25, 0);
}

static void test_bench_result_repeated_parts_are_numbered(void **state)
{
	(void)state;
	bench("a", 1, 1);
	bench("a", 1, 1);
	bench("a", 1, 1);
	read_set();
	assert_string_equal(set.items[0].name, "BenchmarkEncode/a-2");
	assert_string_equal(set.items[1].name, "BenchmarkEncode/a#01-2");
	assert_string_equal(set.items[2].name, "BenchmarkEncode/a#02-2");
	assert_null(set.items[2].problem);
}

/* As many as a recording holds, in less than the test's time. */
static void test_bench_result_thousands_of_one_name(void **state)
{
	(void)state;
	for (int i = 0; i < 4096; i++)
		bench("a", 1, 1);
	read_set();
	assert_int_equal(set.count, 4096);
	assert_string_equal(set.items[4095].name, "BenchmarkEncode/a#4095-2");
}

static void test_bench_result_problems(void **state)
{
	(void)state;
	bench("good", 1, 1);
	bench("left", 1, 1)->was_left = 1;
	bench("cut off", 1, 1)->is_complete = 0;
	bench("none", 0, 0);
	bench("", 1, 1);
	bench("", 1, 1);
	read_set();
	assert_null(set.items[0].problem);
	assert_non_null(strstr(set.items[1].problem, "left by break"));
	assert_non_null(strstr(set.items[2].problem, "did not come to its end"));
	assert_non_null(strstr(set.items[3].problem, "no iteration"));
	assert_null(set.items[4].problem);
	assert_non_null(strstr(set.items[5].problem, "two loops"));
}

static void test_bench_goal_is_read(void **state)
{
	struct bench_goal goal = {7, 7};
	static const char *const wrong[] = {"abc", "x",	  "-1x", "+1x", "1",   "",   "1.5x",
					    "1xx", "1 x", "1 s", "-1s", "0x1", "1sx"};
	static const char *const outside[] = {"0x", "0s", "1000000000001x", "25h"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(bench_goal_read(&goal, wrong[i]), -EINVAL);
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		assert_int_equal(bench_goal_read(&goal, outside[i]), -ERANGE);
	assert_int_equal(goal.ns, 7);
	assert_int_equal(bench_goal_read(&goal, "100x"), 0);
	assert_int_equal(goal.count, 100);
	assert_int_equal(goal.ns, 0);
	assert_int_equal(bench_goal_read(&goal, "1.5s"), 0);
	assert_int_equal(goal.count, 0);
	assert_int_equal(goal.ns, 1500000000);
}

static void test_bench_median(void **state)
{
	double odd[] = {9, 1, 5}, even[] = {4, 1, 3, 2};

	(void)state;
	assert_float_equal(bench_median(odd, 3), 5, 0);
	assert_float_equal(bench_median(even, 4), 2.5, 0);
	assert_float_equal(bench_median(NULL, 0), 0, 0);
}

#define RECORDED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bench_names_are_gos),
		cmocka_unit_test(test_bench_names_of_parts_and_processors),
		RECORDED(test_bench_result_figures),
		RECORDED(test_bench_result_own_figures_replace_ours),
		RECORDED(test_bench_result_metrics_that_are_no_numbers_are_none),
		RECORDED(test_bench_result_allocations_of_the_measured_iterations),
		RECORDED(test_bench_result_no_allocations_where_none_are_seen),
		RECORDED(test_bench_result_no_allocations_where_some_were_missed),
		RECORDED(test_bench_result_counters),
		RECORDED(test_bench_result_batches_are_each_ones_own),
		RECORDED(test_bench_result_repeated_parts_are_numbered),
		RECORDED(test_bench_result_thousands_of_one_name),
		RECORDED(test_bench_result_problems),
		cmocka_unit_test(test_bench_goal_is_read),
		cmocka_unit_test(test_bench_median),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
