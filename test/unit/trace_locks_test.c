/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Who waited for which lock, and who held it, where that is known by construction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "format/trace_layout.h"
#include "tool/analysis/trace_locks.h"
#include "tool/analysis/trace_locks_print.h"
#include "tool/analysis/trace_lost.h"
#include "trace_example.h"

static const char *leaf(const struct trace *trace, uint32_t stack)
{
	size_t count;
	const uint32_t *frames = trace_stack(trace, stack, &count);

	assert_true(count > 1);
	return trace_string(trace, trace_frame(trace, frames[1])->function);
}

static void test_trace_locks_names_waiter_and_holder(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_locks *locks = trace_locks_new(trace, 0, 20 * MS);
	const struct trace_lock *lock;
	const struct trace_lock_pair *pairs;

	(void)unused;
	/* The join of 20 ms, and the lock: 8 and 12 ms, which are equal, so by their numbers. */
	assert_int_equal(locks->count, 2);
	assert_false(locks->locks[1].is_lock);
	lock = &locks->locks[0];
	assert_true(lock->is_lock);
	assert_int_equal(trace_object(trace, lock->object)->address, 0xabc0);
	assert_int_equal(lock->sum.count, 2);
	assert_int_equal(lock->sum.total_ns, 20 * MS);
	assert_int_equal(lock->sum.longest_ns, 12 * MS);
	assert_int_equal(lock->sum.longest_start_ns, 3 * MS);
	assert_int_equal(lock->sum.longest_thread, 3);
	assert_int_equal(lock->sum.longest_waker, 2);
	/* c waited for b, and b for a, at one place, for two holders. */
	assert_int_equal(lock->count, 2);
	pairs = &locks->pairs[lock->first];
	assert_int_equal(pairs[0].sum.total_ns, 12 * MS);
	assert_string_equal(leaf(trace, pairs[0].stack), "get");
	assert_string_equal(leaf(trace, pairs[0].waker_stack), "put");
	assert_string_equal(trace_string(trace, pairs[0].waker_function), "worker");
	assert_int_equal(pairs[1].sum.total_ns, 8 * MS);
	assert_string_equal(leaf(trace, pairs[1].waker_stack), "a");
	trace_locks_free(locks);
	trace_close(trace);
}

static void test_trace_locks_of_a_range(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_locks *locks = trace_locks_new(trace, 8 * MS, 12 * MS);

	(void)unused;
	/* Main's join 4 ms; b's wait until 10, c's all the time. */
	assert_int_equal(locks->locks[0].sum.total_ns, (2 + 4) * MS);
	assert_int_equal(locks->locks[0].sum.longest_start_ns, 8 * MS);
	assert_int_equal(locks->locks[1].sum.total_ns, 4 * MS);
	trace_locks_free(locks);
	trace_close(trace);
}

static void test_trace_locks_counts_waits_in_vain(void **unused)
{
	struct example e;
	struct trace_event event = {.start_ns = 0,
				    .end_ns = MS,
				    .type = TRACE_WAIT,
				    .waker = TRACE_NO_THREAD,
				    .arguments = {REC_WAIT_SEM, 0, TRACE_OUTCOME_TIMED_OUT}};
	struct trace *trace;
	struct trace_locks *locks;

	(void)unused;
	example_begin(&e, 10);
	example_thread(&e, "a", TRACE_NO_THREAD, 0, 10);
	example_object(&e, REC_WAIT_SEM, 0x1);
	trace_writer_event(e.writer, 0, &event);
	/* An object that the table does not have: a damaged file. */
	event.arguments[1] = 7;
	trace_writer_event(e.writer, 0, &event);
	trace = example_end(&e);
	locks = trace_locks_new(trace, 0, 10 * MS);
	assert_int_equal(locks->count, 1);
	assert_int_equal(locks->locks[0].sum.count, 1);
	assert_int_equal(locks->locks[0].sum.unsuccessful, 1);
	assert_int_equal(locks->locks[0].sum.longest_waker, TRACE_NO_THREAD);
	trace_locks_free(locks);
	trace_close(trace);
}

static void test_trace_locks_text(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_locks *locks = trace_locks_new(trace, 0, 20 * MS);
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	(void)unused;
	trace_locks_print(stream, trace, locks, 1);
	fclose(stream);
	assert_string_equal(
		text, "\n"
		      "object        waits  total  longest         at  by            ended by\n"
		      "mutex 0xabc0      2   20ms     12ms  0.003000s  worker (103)  worker (102)\n"
		      "... 1 more\n"
		      "\n"
		      "mutex 0xabc0: 2 waits\n"
		      "    12ms (60.00%) in 1 wait, longest 12ms\n"
		      "      waited  worker: lock (x.c:1) < get (x.c:20) < worker (x.c:5)\n"
		      "      held    worker: unlock (x.c:2) < put (x.c:30) < worker (x.c:6)\n"
		      "    8ms (40.00%) in 1 wait, longest 8ms\n"
		      "      waited  worker: lock (x.c:1) < get (x.c:20) < worker (x.c:5)\n"
		      "      held    a: unlock (x.c:2) < a (x.c:7)\n");
	free(text);
	trace_locks_free(locks);
	trace_close(trace);
}

static void test_trace_locks_json(void **unused)
{
	struct trace *trace = example_convoy();
	struct trace_locks *locks = trace_locks_new(trace, 0, 20 * MS);
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	json_t *root, *lock, *pair;

	(void)unused;
	trace_locks_print_json(stream, trace, locks);
	fclose(stream);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	lock = json_array_get(json_object_get(root, "locks"), 0);
	assert_string_equal(json_string_value(json_object_get(lock, "address")), "0xabc0");
	pair = json_array_get(json_object_get(lock, "pairs"), 1);
	assert_string_equal(json_string_value(json_object_get(json_object_get(pair, "ended_by"),
							      "started_with")),
			    "a");
	json_decref(root);
	free(text);
	trace_locks_free(locks);
	trace_close(trace);
}

/* All events and states, which begin where the head says. */
static void damage_chunks(const char *path)
{
	FILE *file = fopen(path, "r+");
	struct trace_head head;

	assert_non_null(file);
	assert_int_equal(1, fread(&head, sizeof head, 1, file));
	assert_int_equal(0, fseek(file, (long)head.data_offset, SEEK_SET));
	for (uint64_t at = head.data_offset; at < head.file_bytes; at++)
		fputc(0xff, file);
	assert_int_equal(0, fclose(file));
}

/* What was in chunks that can't be read is no lock, and no silence. */
static void test_trace_locks_says_that_chunks_are_damaged(void **unused)
{
	struct trace_locks *locks;
	struct trace *trace;
	struct example e;
	uint32_t lock;
	char *text;

	(void)unused;
	example_begin(&e, 20);
	example_thread(&e, "main", TRACE_NO_THREAD, 0, 20);
	lock = example_object(&e, REC_WAIT_MUTEX, 0xabc0);
	example_wait(&e, 0, 2, 10, lock, 0, (struct example_waker){TRACE_NO_THREAD, 0});
	example_write(&e);
	damage_chunks(e.path);
	trace = example_open(&e);
	text = trace_lost_text(trace);
	assert_string_equal("nothing was lost", text);
	free(text);
	locks = trace_locks_new(trace, 0, 20 * MS);
	trace_locks_free(locks);
	locks = trace_locks_new(trace, 0, 20 * MS);
	assert_int_equal(0, locks->count);
	text = trace_lost_text(trace);
	assert_string_equal("1 damaged chunk was passed over", text);
	free(text);
	trace_locks_free(locks);
	trace_close(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_locks_names_waiter_and_holder),
		cmocka_unit_test(test_trace_locks_of_a_range),
		cmocka_unit_test(test_trace_locks_counts_waits_in_vain),
		cmocka_unit_test(test_trace_locks_text),
		cmocka_unit_test(test_trace_locks_json),
		cmocka_unit_test(test_trace_locks_says_that_chunks_are_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
