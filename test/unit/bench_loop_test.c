/* SPDX-License-Identifier: MIT */
/* Benchmarks run through the public header, with the runtime's own functions behind it and a recording in this process.
 * links: internal/runtime/bench/bench*.c internal/runtime/usage.c internal/runtime/window.c */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>
#include <pprofmk.h>

#include "runtime/bench/bench.h"
#include "runtime/loading.h"
#include "runtime/mem/mem.h"
#include "runtime/recorder.h"
#include "runtime/thread.h"
#include "rt_double.h"

/* The rest of the runtime. The clock is this test's: it moves only when somebody looks. */

_Atomic bool rt_window, rt_waits;
_Atomic uint32_t rt_window_number;
static const struct rt_recorder recorder_none;
const struct rt_recorder *rt_recorder = &recorder_none;

static _Atomic uint64_t clock_ns;
static struct mem_sum allocated;

uint64_t rt_clock_ns(int clock_id)
{
	(void)clock_id;
	return atomic_fetch_add(&clock_ns, 1) + 1;
}

void rt_trouble(const char *format, ...)
{
	snprintf(rt_rec->state.message, sizeof rt_rec->state.message, "%s", format);
}

void thread_note_names(void)
{
}

void loading_catch_up(void)
{
}

struct mem_sum mem_allocated(void)
{
	return allocated;
}

extern const struct pprof_api_ pprof_api_1;

static const struct rec_bench *benches(void)
{
	return rt_table(BENCHES, struct rec_bench);
}

static uint32_t items(enum rec_table_id table)
{
	return atomic_load(&rt_rec->table[table].len);
}

static const char *name_of(const struct rec_bench *bench)
{
	return rt_table(STRINGS, char) + bench->name;
}

/* Run a body as the test's first run does. */
static void run(void (*body)(void **), struct rec_bench_config config, enum rec_kind kind)
{
	void *nothing = NULL;

	for (size_t i = 0; i < REC_TABLE_COUNT; i++)
		atomic_store(&rt_rec->table[i].len, i == REC_STRINGS);
	memset(rt_table(BENCHES, struct rec_bench), 0, 64 * sizeof(struct rec_bench));
	memset(rt_table(METRICS, struct rec_metric), 0, 64 * sizeof(struct rec_metric));
	memset(rt_table(BATCHES, struct rec_batch), 0, 4096 * sizeof(struct rec_batch));
	memset(&rt_rec->state, 0, sizeof rt_rec->state);
	config.is_on = 1;
	rt_rec->config = (struct rec_config){.kind = kind, .alone = 1, .bench = config};
	bench_begin();
	bench_body(body, &nothing, false);
	bench_body_end();
	assert_false(atomic_load(&rt_window));
}

/* PPROF_BENCH_LOOP with the table at hand: the header looks it up in the program's dynamic symbols, which a test program
 * has none of. */
#define LOOP()                                          \
	for (uint64_t left_ = pprof_api_1.loop_begin(); \
	     left_ != 0 || (left_ = pprof_api_1.loop_next()) != 0; left_--)

static uint64_t calls;

static void body_counts(void **state)
{
	(void)state;
	LOOP() calls++;
	pprof_api_1.loop_end();
	assert_int_equal(pprof_api_1.count(), calls);
}

static void test_bench_loop_runs_as_often_as_asked(void **state)
{
	(void)state;
	calls = 0;
	run(body_counts, (struct rec_bench_config){.count = 1234}, REC_KIND_TIME);
	assert_int_equal(calls, 1234);
	assert_int_equal(items(REC_BENCHES), 1);
	assert_int_equal(benches()->count, 1234);
	assert_int_equal(benches()->is_complete, 1);
	assert_int_equal(benches()->was_left, 0);
	assert_int_equal(benches()->is_body, 0);
	assert_string_equal(name_of(benches()), "");
	assert_true(bench_is_done());
}

static void body_subs(void **state)
{
	static const char *const names[] = {"size=64", "a b\n", "x"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		pprof_api_1.sub_begin(names[i]);
		pprof_api_1.bytes((uint64_t)i);
		if (i == 2)
			pprof_api_1.sub_begin("y");
		LOOP()
		{
		}
		pprof_api_1.loop_end();
		pprof_api_1.metric("m/s", i);
		pprof_api_1.metric("m/s", i + 10);
		if (i == 2)
			pprof_api_1.sub_end();
		pprof_api_1.sub_end();
	}
}

static void test_bench_loop_subs_have_names_bytes_and_metrics(void **state)
{
	const struct rec_metric *metrics = rt_table(METRICS, struct rec_metric);

	(void)state;
	run(body_subs, (struct rec_bench_config){.count = 3}, REC_KIND_TIME);
	assert_int_equal(items(REC_BENCHES), 4);
	assert_string_equal(name_of(&benches()[0]), "size=64");
	assert_string_equal(name_of(&benches()[1]), "a_b_");
	assert_int_equal(benches()[1].op_bytes, 1);
	/* The outer one was spoken of, and has no loop. */
	assert_string_equal(name_of(&benches()[2]), "x");
	assert_int_equal(benches()[2].is_complete, 0);
	assert_string_equal(name_of(&benches()[3]), "x/y");
	assert_int_equal(benches()[3].count, 3);
	assert_int_equal(items(REC_METRICS), 3);
	assert_int_equal(metrics[1].bench, 2);
	assert_true(metrics[1].value == 11);
}

static void body_bad_unit(void **state)
{
	(void)state;
	pprof_api_1.metric("frames per s", 1);
}

static void test_bench_loop_refuses_a_unit_with_a_space(void **state)
{
	(void)state;
	run(body_bad_unit, (struct rec_bench_config){.count = 3}, REC_KIND_TIME);
	assert_int_equal(items(REC_METRICS), 0);
	assert_non_null(strstr(rt_rec->state.message, "no unit"));
}

static void body_no_number(void **state)
{
	(void)state;
	pprof_api_1.metric("frames/s", NAN);
	pprof_api_1.metric("frames/op", INFINITY);
}

static void test_bench_loop_refuses_a_value_that_is_no_number(void **state)
{
	(void)state;
	run(body_no_number, (struct rec_bench_config){.count = 3}, REC_KIND_TIME);
	assert_int_equal(items(REC_METRICS), 0);
	assert_non_null(strstr(rt_rec->state.message, "no number"));
}

/* Parts, and what is said of them, in a loop. */
static void body_part_in_a_loop(void **state)
{
	(void)state;
	LOOP()
	{
		pprof_api_1.sub_begin("part");
		pprof_api_1.metric("frames/s", 25);
		pprof_api_1.sub_end();
	}
	pprof_api_1.loop_end();
}

/* In a body without a loop, which is called in one. */
static void body_part_without_a_loop(void **state)
{
	(void)state;
	pprof_api_1.sub_begin("part");
	pprof_api_1.metric("frames/s", 25);
	pprof_api_1.sub_end();
}

static void test_bench_loop_has_no_parts_inside(void **state)
{
	void *nothing = NULL;

	(void)state;
	run(body_part_in_a_loop, (struct rec_bench_config){.count = 55}, REC_KIND_TIME);
	assert_int_equal(items(REC_BENCHES), 1);
	assert_string_equal(name_of(benches()), "");
	assert_int_equal(items(REC_METRICS), 1);
	run(body_part_without_a_loop, (struct rec_bench_config){.count = 55}, REC_KIND_TIME);
	bench_body(body_part_without_a_loop, &nothing, false);
	bench_body_end();
	/* One of the first call, which could not yet be known to be the operation. */
	assert_int_equal(items(REC_BENCHES), 2);
	assert_int_equal(benches()[1].is_body, 1);
	assert_int_equal(benches()[1].count, 55);
}

static void body_allocates(void **state)
{
	(void)state;
	allocated.count += 1000; /* set-up */
	LOOP()
	{
		allocated.count += 3;
		allocated.bytes += 50;
	}
	pprof_api_1.loop_end();
	allocated.count += 1000;
}

static void test_bench_loop_counts_allocations_of_the_loop(void **state)
{
	(void)state;
	run(body_allocates, (struct rec_bench_config){.count = 70}, REC_KIND_MEM);
	assert_int_equal(benches()->alloc_count, 210);
	assert_int_equal(benches()->alloc_bytes, 3500);
	run(body_allocates, (struct rec_bench_config){.count = 70}, REC_KIND_TIME);
	assert_int_equal(benches()->alloc_count, 0);
}

static void body_stops(void **state)
{
	(void)state;
	LOOP()
	{
		assert_true(atomic_load(&rt_window));
		pprof_api_1.timer_stop();
		assert_false(atomic_load(&rt_window));
		atomic_fetch_add(&clock_ns, 1000000);
		pprof_api_1.timer_start();
		atomic_fetch_add(&clock_ns, 100);
	}
	pprof_api_1.loop_end();
}

static void test_bench_loop_stopped_time_does_not_count(void **state)
{
	(void)state;
	run(body_stops, (struct rec_bench_config){.count = 40}, REC_KIND_TIME);
	/* A reading of this clock takes a nanosecond. */
	assert_in_range(benches()->wall_ns, 40 * 100, 40 * 110);
}

static void body_resets(void **state)
{
	bool is_first = true;

	(void)state;
	LOOP()
	{
		atomic_fetch_add(&clock_ns, is_first ? 1000000 : 10);
		if (is_first)
			pprof_api_1.timer_reset();
		is_first = false;
	}
	pprof_api_1.loop_end();
}

static void test_bench_loop_reset_forgets_the_time(void **state)
{
	(void)state;
	run(body_resets, (struct rec_bench_config){.count = 100}, REC_KIND_TIME);
	assert_in_range(benches()->wall_ns, 990, 1100);
	assert_int_equal(benches()->count, 100);
}

static void body_leaves(void **state)
{
	(void)state;
	LOOP() break;
	pprof_api_1.loop_end();
	LOOP();
	pprof_api_1.loop_end();
}

static void test_bench_loop_that_was_left_is_marked(void **state)
{
	(void)state;
	run(body_leaves, (struct rec_bench_config){.count = 100}, REC_KIND_TIME);
	assert_int_equal(items(REC_BENCHES), 2);
	assert_int_equal(benches()[0].was_left, 1);
	assert_int_equal(benches()[0].is_complete, 1);
	assert_int_equal(benches()[0].count, 0);
	assert_int_equal(benches()[1].was_left, 0);
	assert_int_equal(benches()[1].count, 100);
}

static void body_counts_inside(void)
{
	LOOP() calls++;
	pprof_api_1.loop_end();
}

static void body_nests(void **state)
{
	(void)state;
	LOOP() body_counts_inside();
	pprof_api_1.loop_end();
}

static void test_bench_loop_inside_a_loop_runs_once(void **state)
{
	(void)state;
	calls = 0;
	run(body_nests, (struct rec_bench_config){.count = 55}, REC_KIND_TIME);
	assert_int_equal(calls, 55);
	assert_int_equal(items(REC_BENCHES), 1);
	assert_int_equal(benches()->count, 55);
}

static void body_plain(void **state)
{
	assert_null(*state);
	*state = &calls;
	calls++;
}

static void test_bench_body_without_a_loop_is_the_operation(void **state)
{
	void *nothing = NULL;

	(void)state;
	calls = 0;
	run(body_plain, (struct rec_bench_config){.count = 200}, REC_KIND_TIME);
	assert_int_equal(items(REC_BENCHES), 0);
	assert_false(bench_is_done());
	/* The second run calls it over and over, with the state as it was. */
	bench_body(body_plain, &nothing, false);
	bench_body_end();
	assert_int_equal(calls, 1 + 200);
	assert_int_equal(benches()->is_body, 1);
	assert_int_equal(benches()->is_each_timed, 0);
	assert_int_equal(benches()->count, 200);
	assert_true(bench_is_done());
}

static void test_bench_body_with_fixtures_is_one_call_a_run(void **state)
{
	(void)state;
	calls = 0;
	run(body_plain, (struct rec_bench_config){.count = 30}, REC_KIND_TIME);
	for (unsigned i = 1; i <= 30; i++) {
		void *nothing = NULL;

		assert_false(bench_is_done());
		bench_body(body_plain, &nothing, true);
		bench_body_end();
		assert_int_equal(calls, 1 + i);
	}
	assert_true(bench_is_done());
	assert_int_equal(benches()->count, 30);
	assert_int_equal(benches()->is_body, 1);
	assert_int_equal(benches()->is_each_timed, 1);
}

static _Atomic uint64_t shared_calls;
static _Atomic unsigned entered, most_inside, now_inside;

static void worker(void *argument)
{
	unsigned inside;

	assert_ptr_equal(argument, &shared_calls);
	atomic_fetch_add(&entered, 1);
	inside = atomic_fetch_add(&now_inside, 1) + 1;
	if (inside > atomic_load(&most_inside))
		atomic_store(&most_inside, inside);
	LOOP() atomic_fetch_add(&shared_calls, 1);
	pprof_api_1.loop_end();
	atomic_fetch_sub(&now_inside, 1);
}

static void body_parallel(void **state)
{
	(void)state;
	pprof_api_1.parallel(0, worker, &shared_calls);
}

static void test_bench_parallel_threads_share_the_iterations(void **state)
{
	(void)state;
	atomic_store(&shared_calls, 0);
	atomic_store(&entered, 0);
	run(body_parallel, (struct rec_bench_config){.count = 5000, .cpus = 7}, REC_KIND_TIME);
	assert_int_equal(atomic_load(&shared_calls), 5000);
	assert_int_equal(benches()->count, 5000);
	assert_int_equal(benches()->threads, 7);
	assert_int_equal(benches()->is_complete, 1);
	assert_int_equal(atomic_load(&entered) % 7, 0);
	/* They all come to the loop before any goes through it. */
	assert_int_equal(atomic_load(&most_inside), 7);
	assert_int_equal(rt_thread.guard, 0);
}

static void worker_or_not(void *argument)
{
	if (atomic_fetch_add(&entered, 1) % 3 == 0)
		return;
	if (atomic_load(&entered) % 2 == 0) {
		LOOP() atomic_fetch_add(&shared_calls, 1);
		pprof_api_1.loop_end();
		return;
	}
	worker(argument);
}

static void body_some(void **state)
{
	(void)state;
	pprof_api_1.parallel(8, worker_or_not, &shared_calls);
}

static void test_bench_parallel_waits_for_none_that_does_not_come(void **state)
{
	(void)state;
	atomic_store(&shared_calls, 0);
	run(body_some, (struct rec_bench_config){.count = 800}, REC_KIND_TIME);
	assert_int_equal(atomic_load(&shared_calls), 800);
	assert_int_equal(benches()->count, 800);
}

static void worker_idle(void *argument)
{
	(void)argument;
}

static void body_idle(void **state)
{
	(void)state;
	pprof_api_1.parallel(3, worker_idle, NULL);
}

static void test_bench_parallel_without_a_loop_ends(void **state)
{
	(void)state;
	run(body_idle, (struct rec_bench_config){.count = 10}, REC_KIND_TIME);
	assert_int_equal(benches()->count, 0);
	assert_int_equal(benches()->was_left, 1);
	assert_non_null(strstr(rt_rec->state.message, "no thread came to a PPROF_BENCH_LOOP"));
}

static int open_recording(void **state)
{
	(void)state;
	double_open(0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bench_loop_runs_as_often_as_asked),
		cmocka_unit_test(test_bench_loop_subs_have_names_bytes_and_metrics),
		cmocka_unit_test(test_bench_loop_refuses_a_unit_with_a_space),
		cmocka_unit_test(test_bench_loop_refuses_a_value_that_is_no_number),
		cmocka_unit_test(test_bench_loop_has_no_parts_inside),
		cmocka_unit_test(test_bench_loop_counts_allocations_of_the_loop),
		cmocka_unit_test(test_bench_loop_stopped_time_does_not_count),
		cmocka_unit_test(test_bench_loop_reset_forgets_the_time),
		cmocka_unit_test(test_bench_loop_that_was_left_is_marked),
		cmocka_unit_test(test_bench_loop_inside_a_loop_runs_once),
		cmocka_unit_test(test_bench_parallel_threads_share_the_iterations),
		cmocka_unit_test(test_bench_parallel_waits_for_none_that_does_not_come),
		cmocka_unit_test(test_bench_parallel_without_a_loop_ends),
		cmocka_unit_test(test_bench_body_without_a_loop_is_the_operation),
		cmocka_unit_test(test_bench_body_with_fixtures_is_one_call_a_run),
	};

	return cmocka_run_group_tests(tests, open_recording, NULL);
}
