/* SPDX-License-Identifier: MIT */
/* Finishing traces that were recorded by hand: states, wakers and times follow from arithmetic. Times are nanoseconds.
 *
 * links: internal/base/[a-z]*.c internal/format/[a-z]*.c internal/tool/tool.c internal/tool/common/[a-z]*.c internal/tool/sym/[a-z]*.c
 * internal/tool/trace/[a-z]*.c internal/tool/profile/stack_places.c internal/tool/launch/recording.c */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tool/trace/trace_raw_file.h"
#include "trace_double.h"

/* Threads of every test: 0 is "main", of process 100. */
enum { MAIN = 100, FIRST, SECOND };

static struct trace_double made;
static struct trace *trace;
static char path[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/pprofmk-finish-%d.trace", (int)getpid());
	double_new(&made, 8);
	assert_int_equal(0, double_thread(&made, MAIN, 0, 0, "main"));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (trace != NULL)
		trace_close(trace);
	trace = NULL;
	unlink(path);
	double_free(&made);
	return 0;
}

static void finish(void)
{
	char error[256];

	assert_int_equal(0, double_write(&made, path));
	trace = trace_open(path, error, sizeof error);
	if (trace == NULL)
		fail_msg("%s", error);
}

/* The kernel's record of main: on CPU 0 from the beginning until `end`. */
static void run_main(uint64_t end)
{
	double_switch(&made, 0, end, MAIN, SPOOL_SWITCH_END);
}

/* "running 0-100", "mutex 100-200 by 1", ...: all states of a thread. */
static void assert_states(uint32_t thread, const char *expected)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_STATES, thread, 0, UINT64_MAX);
	struct trace_state_item item;
	char text[4096] = "", *to = text;
	uint64_t total = 0;

	while (trace_state_next(cursor, &item)) {
		to += snprintf(to, (size_t)(text + sizeof text - to), "%s%s%s %llu-%llu",
			       to == text ? "" : ", ", item.is_preempted ? "preempted " : "",
			       trace_state_text(item.state), (unsigned long long)item.start_ns,
			       (unsigned long long)item.end_ns);
		if (item.waker != TRACE_NO_THREAD)
			to += snprintf(to, (size_t)(text + sizeof text - to), " by %u",
				       (unsigned)item.waker);
		total += item.end_ns - item.start_ns;
	}
	trace_cursor_free(cursor);
	assert_string_equal(expected, text);
	assert_int_equal(total, trace_thread(trace, thread)->end_ns -
					trace_thread(trace, thread)->start_ns);
}

/* The n-th event of a type of a thread. */
static struct trace_event event_of(uint32_t thread, enum trace_event_type type, unsigned n)
{
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread, 0, UINT64_MAX);
	struct trace_event event;
	bool is_there;

	do
		is_there = trace_event_next(cursor, &event);
	while (is_there && (event.type != type || n-- > 0));
	trace_cursor_free(cursor);
	assert_true(is_there);
	return event;
}

/* A thread made at 100 runs from 110 to 210, where it blocks for a mutex that main has; main unlocks at 400, and it comes back at
 * 420. */
static void make_wait(void)
{
	uint32_t first = double_thread(&made, FIRST, 150, 600, "first");

	double_switch(&made, 0, 100, FIRST, SPOOL_SWITCH_BEGIN);
	double_switch(&made, 1, 110, FIRST, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 210, FIRST, SPOOL_SWITCH_BLOCKED);
	double_event(&made, 0, TRACE_WAKE, 400, 400, TRACE_WAKE_UNLOCK, 0x1000, 0);
	double_switch(&made, 1, 420, FIRST, SPOOL_SWITCH_IN);
	double_event(&made, first, TRACE_WAIT, 200, 500, REC_WAIT_MUTEX, 0x1000,
		     TRACE_OUTCOME_DONE);
	double_switch(&made, 1, 610, FIRST, SPOOL_SWITCH_END);
}

static void test_wait_ends_with_the_unlock(void **state)
{
	struct trace_event event;

	(void)state;
	make_wait();
	run_main(1000);
	finish();
	assert_states(0, "running 0-1000");
	assert_states(1,
		      "runnable 100-110, running 110-210, mutex 210-400 by 0, runnable 400-420 by "
		      "0, running 420-610");
	event = event_of(1, TRACE_WAIT, 0);
	assert_int_equal(200, event.start_ns);
	assert_int_equal(500, event.end_ns);
	assert_int_equal(0, event.waker);
	assert_int_equal(0x1000, trace_object(trace, (uint32_t)event.arguments[1])->address);
	assert_int_equal(REC_WAIT_MUTEX, trace_object(trace, (uint32_t)event.arguments[1])->kind);
	assert_int_equal(event.arguments[1], event_of(0, TRACE_WAKE, 0).arguments[1]);
	assert_int_equal(1000, trace_info(trace)->span_ns);
	assert_false(trace_thread(trace, 1)->is_alive);
	assert_true(trace_thread(trace, 0)->is_alive);
	/* 3 events, and 6 times something of a thread and a CPU. */
	assert_int_equal(2 + 6, trace_info(trace)->event_count);
}

static void test_cpu_has_who_was_on_it(void **state)
{
	struct trace_cursor *cursor;
	struct trace_cpu_item item;

	(void)state;
	make_wait();
	run_main(1000);
	finish();
	cursor = trace_cursor_new(trace, TRACE_STREAM_CPU, 1, 0, UINT64_MAX);
	assert_true(trace_cpu_next(cursor, &item));
	assert_int_equal(110, item.start_ns);
	assert_int_equal(210, item.end_ns);
	assert_int_equal(1, item.thread);
	assert_false(item.was_preempted);
	assert_true(trace_cpu_next(cursor, &item));
	assert_int_equal(420, item.start_ns);
	assert_int_equal(610, item.end_ns);
	assert_false(trace_cpu_next(cursor, &item));
	trace_cursor_free(cursor);
}

static void test_preempted_is_runnable(void **state)
{
	(void)state;
	double_switch(&made, 0, 300, MAIN, SPOOL_SWITCH_PREEMPTED);
	double_switch(&made, 1, 450, MAIN, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 900, MAIN, SPOOL_SWITCH_END);
	finish();
	assert_states(0, "running 0-300, preempted runnable 300-450, running 450-900");
}

/* On its CPU a thread is in the call from its start on; off it, it is blocked in it. */
static void test_call_is_running_and_blocked(void **state)
{
	(void)state;
	double_event(&made, 0, TRACE_SYSCALL, 50, 80, TRACE_CALL_WRITE, 2, varint_zigzag(1));
	double_switch(&made, 0, 230, MAIN, SPOOL_SWITCH_BLOCKED);
	double_switch(&made, 0, 400, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_SYSCALL, 200, 410, TRACE_CALL_RECEIVE, 4, varint_zigzag(10));
	run_main(500);
	finish();
	assert_states(
		0, "running 0-50, syscall 50-80, running 80-200, syscall 200-230, network 230-400, "
		   "syscall 400-410, running 410-500");
}

static void test_blocked_for_nothing_known(void **state)
{
	(void)state;
	double_switch(&made, 0, 2300, MAIN, SPOOL_SWITCH_BLOCKED);
	double_switch(&made, 0, 9000, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_SYSCALL, 9100, 9200, TRACE_CALL_READ, 4, 0);
	run_main(9500);
	finish();
	assert_states(0, "running 0-2300, blocked 2300-9000, running 9000-9100, syscall 9100-9200, "
			 "running 9200-9500");
}

/* What nobody in the trace ended: 2 turns with 60 ns of waiting for a CPU, of which 10 were a preemption's. */
static void test_ready_as_the_kernel_counted(void **state)
{
	struct spool_run runs[] = {{DOUBLE_ORIGIN + 1000, MAIN, 3, 700, 60}};

	(void)state;
	double_switch(&made, 0, 100, MAIN, SPOOL_SWITCH_PREEMPTED);
	double_switch(&made, 0, 110, MAIN, SPOOL_SWITCH_IN);
	double_switch(&made, 0, 200, MAIN, SPOOL_SWITCH_BLOCKED);
	double_switch(&made, 0, 400, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_WAIT, 190, 410, REC_WAIT_SLEEP, 0, TRACE_OUTCOME_DONE);
	double_switch(&made, 0, 500, MAIN, SPOOL_SWITCH_BLOCKED);
	double_switch(&made, 0, 800, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_WAIT, 490, 810, REC_WAIT_SLEEP, 0, TRACE_OUTCOME_DONE);
	double_block(&made, SPOOL_RUN, 0, 0, 0, runs, sizeof runs);
	run_main(1100);
	finish();
	assert_states(0,
		      "running 0-100, preempted runnable 100-110, running 110-200, sleep 200-375, "
		      "runnable 375-400, running 400-500, sleep 500-775, runnable 775-800, running "
		      "800-1100");
}

/* A thread waits for a condition from 200 on, is signalled at 400, and then blocks from 430 on, for the mutex that main still has. */
static void test_condition_gives_its_mutex_back(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 150, 600, "first");

	(void)state;
	double_switch(&made, 1, 110, FIRST, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 210, FIRST, SPOOL_SWITCH_BLOCKED);
	double_event(&made, 0, TRACE_WAKE, 400, 400, TRACE_WAKE_SIGNAL, 0x2000, 0);
	double_switch(&made, 1, 420, FIRST, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 430, FIRST, SPOOL_SWITCH_BLOCKED);
	/* Of another one that waits. */
	double_event(&made, 0, TRACE_WAKE, 440, 440, TRACE_WAKE_SIGNAL, 0x2000, 0);
	double_switch(&made, 1, 500, FIRST, SPOOL_SWITCH_IN);
	double_event(&made, first, TRACE_WAIT, 200, 510, REC_WAIT_COND, 0x2000, TRACE_OUTCOME_DONE);
	double_switch(&made, 1, 610, FIRST, SPOOL_SWITCH_END);
	run_main(1000);
	finish();
	assert_states(1,
		      "running 110-210, cond 210-400 by 0, runnable 400-420 by 0, running 420-430, "
		      "mutex 430-500 by 0, running 500-610");
}

/* Two wait, two signal: each signal ends one wait, in the order of time. */
static void test_signals_end_one_wait_each(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 10, 0, "first");
	uint32_t second = double_thread(&made, SECOND, 10, 0, "second");
	uint32_t third = double_thread(&made, SECOND + 1, 10, 0, "third");

	(void)state;
	double_event(&made, third, TRACE_WAKE, 300, 300, TRACE_WAKE_SIGNAL, 0x2000, 0);
	double_event(&made, 0, TRACE_WAKE, 310, 310, TRACE_WAKE_SIGNAL, 0x2000, 0);
	double_event(&made, first, TRACE_WAIT, 100, 400, REC_WAIT_COND, 0x2000, TRACE_OUTCOME_DONE);
	double_event(&made, second, TRACE_WAIT, 120, 420, REC_WAIT_COND, 0x2000,
		     TRACE_OUTCOME_DONE);
	finish();
	assert_int_equal(third, event_of(first, TRACE_WAIT, 0).waker);
	assert_int_equal(0, event_of(second, TRACE_WAIT, 0).waker);
}

/* A broadcast ends all waits; one's own unlock, and one before the wait, ends none. */
static void test_who_can_have_ended_a_wait(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 10, 0, "first");
	uint32_t second = double_thread(&made, SECOND, 10, 0, "second");

	(void)state;
	double_event(&made, 0, TRACE_WAKE, 90, 90, TRACE_WAKE_UNLOCK, 0x1000, 0);
	double_event(&made, first, TRACE_WAKE, 150, 150, TRACE_WAKE_UNLOCK, 0x1000, 0);
	double_event(&made, first, TRACE_WAIT, 100, 200, REC_WAIT_RWLOCK, 0x1000,
		     TRACE_OUTCOME_TIMED_OUT);
	double_event(&made, 0, TRACE_WAKE, 300, 300, TRACE_WAKE_BROADCAST, 0x1000, 0);
	double_event(&made, first, TRACE_WAIT, 250, 350, REC_WAIT_COND, 0x1000, TRACE_OUTCOME_DONE);
	double_event(&made, second, TRACE_WAIT, 260, 360, REC_WAIT_COND, 0x1000,
		     TRACE_OUTCOME_DONE);
	finish();
	assert_int_equal(TRACE_NO_THREAD, event_of(first, TRACE_WAIT, 0).waker);
	assert_int_equal(0, event_of(first, TRACE_WAIT, 1).waker);
	assert_int_equal(0, event_of(second, TRACE_WAIT, 0).waker);
	/* One address, a lock and a condition: two objects; an unlock alone did not say which kind of lock. */
	assert_int_equal(2, trace_object_count(trace));
	assert_int_equal(REC_WAIT_RWLOCK, trace_object(trace, 0)->kind);
	assert_int_equal(REC_WAIT_COND, trace_object(trace, 1)->kind);
}

static void test_join_is_ended_by_the_thread(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 10, 300, "first");

	(void)state;
	double_item(&made, first)->handle = 0x7000;
	double_event(&made, first, TRACE_THREAD_END, 300, 300, 0, 0, 0);
	double_event(&made, 0, TRACE_WAIT, 100, 350, REC_WAIT_JOIN, 0x7000, TRACE_OUTCOME_DONE);
	finish();
	assert_int_equal(first, event_of(0, TRACE_WAIT, 0).waker);
}

/* The reader of a pipe is woken by the one that writes, however its descriptors are called; the call goes on when the reader runs. */
static void test_data_ends_a_read(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 0, 0, "first");

	(void)state;
	double_switch(&made, 1, 5, FIRST, SPOOL_SWITCH_IN);
	double_switch(&made, 0, 200000, MAIN, SPOOL_SWITCH_BLOCKED);
	double_switch(&made, 0, 500000, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_SYSCALL, 199000, 502000, TRACE_CALL_READ, 4, varint_zigzag(1));
	double_event(&made, first, TRACE_SYSCALL, 490000, 520000, TRACE_CALL_WRITE, 5,
		     varint_zigzag(1));
	run_main(900000);
	double_switch(&made, 1, 900000, FIRST, SPOOL_SWITCH_END);
	finish();
	assert_states(0,
		      "running 0-199000, syscall 199000-200000, file 200000-490000 by 1, runnable "
		      "490000-500000 by 1, syscall 500000-502000, running 502000-900000");
}

static void test_regions_are_whole(void **state)
{
	uint32_t outer = double_string(&made, "outer"), inner = double_string(&made, "inner");
	struct trace_event event;

	(void)state;
	double_event(&made, 0, TRACE_REGION_BEGIN, 100, 100, outer, 7, 0);
	double_event(&made, 0, TRACE_REGION_BEGIN, 200, 200, inner, 0, 0);
	double_event(&made, 0, TRACE_REGION_BEGIN, 250, 250, inner, 0, 0);
	double_event(&made, 0, TRACE_REGION_END, 300, 300, inner, 0, 0);
	/* The other inner one was left by a jump. */
	double_event(&made, 0, TRACE_REGION_END, 400, 400, outer, 0, 0);
	double_event(&made, 0, TRACE_REGION_END, 410, 410, outer, 0, 0);
	double_event(&made, 0, TRACE_REGION_BEGIN, 500, 500, outer, 0, 0);
	run_main(900);
	finish();
	event = event_of(0, TRACE_REGION, 0);
	assert_int_equal(250, event.start_ns);
	assert_int_equal(300, event.end_ns);
	assert_int_equal(2, event.arguments[2]);
	event = event_of(0, TRACE_REGION, 1);
	assert_int_equal(200, event.start_ns);
	assert_int_equal(400, event.end_ns);
	event = event_of(0, TRACE_REGION, 2);
	assert_int_equal(100, event.start_ns);
	assert_int_equal(400, event.end_ns);
	assert_int_equal(7, event.arguments[1]);
	assert_int_equal(0, event.arguments[2]);
	assert_string_equal("outer", trace_string(trace, event.arguments[0]));
	event = event_of(0, TRACE_REGION, 3);
	assert_int_equal(500, event.start_ns);
	assert_int_equal(900, event.end_ns);
}

static void test_heap_is_the_sum_of_all_threads(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 10, 0, "first");
	struct trace_cursor *cursor;
	struct trace_heap_item item;

	(void)state;
	double_event(&made, 0, TRACE_HEAP, 100, 100, varint_zigzag(1000), 0, 0);
	double_event(&made, first, TRACE_HEAP, 150, 150, varint_zigzag(-400), 0, 0);
	double_event(&made, 0, TRACE_HEAP, 200, 200, varint_zigzag(50), 0, 0);
	run_main(900);
	finish();
	cursor = trace_cursor_new(trace, TRACE_STREAM_HEAP, 0, 0, UINT64_MAX);
	assert_true(trace_heap_next(cursor, &item));
	assert_int_equal(1000, item.bytes);
	assert_true(trace_heap_next(cursor, &item));
	assert_int_equal(150, item.ns);
	assert_int_equal(600, item.bytes);
	assert_true(trace_heap_next(cursor, &item));
	assert_int_equal(650, item.bytes);
	trace_cursor_free(cursor);
}

/* What a thread was in when it was killed. */
static void test_unfinished_wait(void **state)
{
	struct rec_trace_thread *item = double_item(&made, 0);
	struct trace_event event;

	(void)state;
	item->now_arguments[0] = REC_WAIT_SEM;
	item->now_arguments[1] = 0x3000;
	item->now_ticks = DOUBLE_ORIGIN + 290;
	item->now_type = TRACE_WAIT;
	double_switch(&made, 0, 300, MAIN, SPOOL_SWITCH_BLOCKED);
	double_switch(&made, 0, 800, MAIN, SPOOL_SWITCH_END);
	finish();
	assert_states(0, "running 0-300, semaphore 300-800");
	event = event_of(0, TRACE_WAIT, 0);
	assert_int_equal(290, event.start_ns);
	assert_int_equal(800, event.end_ns);
	assert_int_equal(TRACE_OUTCOME_UNFINISHED, event.arguments[2]);
}

static void test_holes_are_unknown(void **state)
{
	struct spool_lost lost = {DOUBLE_ORIGIN + 300, DOUBLE_ORIGIN + 500, 9};

	(void)state;
	double_switch(&made, 0, 100, MAIN, SPOOL_SWITCH_PREEMPTED);
	double_switch(&made, 0, 200, MAIN, SPOOL_SWITCH_IN);
	double_end_parts(&made);
	made.cpus[0].count = 0;
	double_block(&made, SPOOL_LOST, 0, 0, 0, &lost, sizeof lost);
	double_switch(&made, 0, 600, MAIN, SPOOL_SWITCH_IN);
	run_main(900);
	finish();
	assert_states(
		0, "running 0-100, preempted runnable 100-200, running 200-300, unknown 300-600, "
		   "running 600-900");
	assert_int_equal(9, trace_info(trace)->lost_switches);
}

/* A number that is used again is another thread. */
static void test_two_lives_of_a_number(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 120, 190, "first");
	uint32_t again = double_thread(&made, FIRST, 320, 390, "again");

	(void)state;
	double_switch(&made, 1, 100, FIRST, SPOOL_SWITCH_BEGIN);
	double_switch(&made, 1, 110, FIRST, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 200, FIRST, SPOOL_SWITCH_END);
	double_switch(&made, 1, 300, FIRST, SPOOL_SWITCH_BEGIN);
	double_switch(&made, 1, 310, FIRST, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 400, FIRST, SPOOL_SWITCH_END);
	run_main(900);
	finish();
	assert_states(first, "runnable 100-110, running 110-200");
	assert_states(again, "runnable 300-310, running 310-400");
	assert_int_equal(3, trace_thread_count(trace));
}

/* A thread that did not go through pthread_create is known to the kernel alone. */
static void test_thread_of_the_kernel_alone(void **state)
{
	(void)state;
	double_switch(&made, 1, 100, 777, SPOOL_SWITCH_BEGIN);
	double_switch(&made, 1, 110, 777, SPOOL_SWITCH_IN);
	double_switch(&made, 1, 200, 777, SPOOL_SWITCH_END);
	run_main(900);
	finish();
	assert_int_equal(2, trace_thread_count(trace));
	assert_int_equal(777, trace_thread(trace, 1)->tid);
	assert_states(1, "runnable 100-110, running 110-200");
}

static void test_without_a_scheduler(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 100, 800, "first");

	(void)state;
	double_event(&made, 0, TRACE_WAKE, 400, 400, TRACE_WAKE_POST, 0x1000, 0);
	double_event(&made, first, TRACE_WAIT, 200, 500, REC_WAIT_SEM, 0x1000, TRACE_OUTCOME_DONE);
	double_event(&made, first, TRACE_SYSCALL, 600, 610, TRACE_CALL_WRITE, 3, 0);
	finish();
	assert_states(first, "unknown 100-200, semaphore 200-500 by 0, unknown 500-800");
}

/* Where nothing could be stored any more nothing is known from then on, but for what threads still told. */
static void test_record_that_ends_early(void **state)
{
	struct spool_lost lost = {DOUBLE_ORIGIN + 400, UINT64_MAX, 0};

	(void)state;
	double_switch(&made, 0, 100, MAIN, SPOOL_SWITCH_PREEMPTED);
	double_switch(&made, 0, 200, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_WAIT, 500, 700, REC_WAIT_SLEEP, 0, TRACE_OUTCOME_DONE);
	double_end_parts(&made);
	made.cpus[0].count = 0;
	made.threads[0].used = 0;
	double_block(&made, SPOOL_LOST, 0, 0, 0, &lost, sizeof lost);
	finish();
	assert_states(
		0, "running 0-100, preempted runnable 100-200, running 200-400, unknown 400-500, "
		   "sleep 500-700");
}

/* 1 tick is 2 ns for the first 10 ms, and 3 ns from then on. */
static void test_ticks_follow_the_clock(void **state)
{
	static const uint64_t moments[][2] = {{1000, 0}, {5001000, 10000000}, {15001000, 40000000}};

	(void)state;
	made.recording.rec->config.trace.ticks = REC_TICKS_COUNTER;
	for (uint32_t i = 0; i < 3; i++) {
		struct rec_trace_sync *sync =
			&double_table(&made, TRACE_SYNCS, struct rec_trace_sync)[i];

		sync->ticks = moments[i][0];
		sync->ns = DOUBLE_ORIGIN + moments[i][1];
		made.recording.rec->table[REC_TRACE_SYNCS].len++;
	}
	double_item(&made, 0)->start_ticks = 1000;
	double_event_at(&made, 0, TRACE_WINDOW, 1000 + 100, 0, 0, 1, 0, 0);
	double_event_at(&made, 0, TRACE_WINDOW, 5001000 + 100, 0, 0, 0, 0, 0);
	double_event_at(&made, 0, TRACE_WINDOW, 15001000 + 100, 0, 0, 0, 0, 0);
	finish();
	assert_int_equal(200, event_of(0, TRACE_WINDOW, 0).end_ns);
	assert_int_equal(10000000 + 300, event_of(0, TRACE_WINDOW, 1).end_ns);
	assert_int_equal(40000000 + 300, event_of(0, TRACE_WINDOW, 2).end_ns);
}

/* Coming to a CPU costs what the kernel has counted more than its records have: 100 turns of 50 ns each, and 100 ns missing in
 * each. */
static void test_way_to_a_cpu_is_the_threads(void **state)
{
	uint32_t first = double_thread(&made, FIRST, 500, 0, "first");
	struct spool_run runs[] = {{DOUBLE_ORIGIN + 200000, FIRST, 100, 15000, 0}};
	double on_ns;

	(void)state;
	double_switch(&made, 0, 1, FIRST, SPOOL_SWITCH_BEGIN);
	for (uint64_t i = 1; i <= 100; i++) {
		double_switch(&made, 1, i * 1000, FIRST, SPOOL_SWITCH_IN);
		double_switch(&made, 1, i * 1000 + 50, FIRST, SPOOL_SWITCH_BLOCKED);
	}
	double_block(&made, SPOOL_RUN, 0, 0, 0, runs, sizeof runs);
	run_main(300000);
	finish();
	on_ns = (double)trace_thread(trace, first)->state_ns[TRACE_STATE_RUNNING];
	assert_int_equal(15000, (uint64_t)on_ns);
}

/* The runtime has nothing of them, and its tables no place. */
static void test_threads_that_only_the_scheduler_knows(void **state)
{
	enum { STRANGERS = 40 };

	(void)state;
	for (uint32_t i = 0; i < STRANGERS; i++) {
		double_switch(&made, 1, 100 + 20 * i, 5000 + i, SPOOL_SWITCH_IN);
		double_switch(&made, 1, 110 + 20 * i, 5000 + i, SPOOL_SWITCH_BLOCKED);
	}
	run_main(2000);
	finish();
	assert_int_equal(1 + STRANGERS, trace_thread_count(trace));
	assert_int_equal(0, trace_info(trace)->lost_events);
}

/* Chunks that were not taken away are read where they are; a byte that is no type ends its chunk. */
static void test_chunks_left_and_damaged(void **state)
{
	_Atomic uint32_t *states = double_table(&made, TRACE_CHUNK_STATES, _Atomic uint32_t);
	struct rec_trace_chunk *chunks = double_table(&made, TRACE_CHUNKS, struct rec_trace_chunk);

	(void)state;
	double_event(&made, 0, TRACE_WINDOW, 100, 100, 1, 0, 0);
	double_event(&made, 0, TRACE_WINDOW, 200, 200, 2, 0, 0);
	made.threads[0].chunk.events[made.threads[0].used++] = 0xee;
	chunks[5] = made.threads[0].chunk;
	chunks[5].used_bytes = made.threads[0].used;
	states[5] = REC_CHUNK_OWNED;
	made.threads[0].used = 0;
	made.threads[0].sequence = 1;
	double_event(&made, 0, TRACE_WINDOW, 300, 300, 3, 0, 0);
	finish();
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(i + 1, event_of(0, TRACE_WINDOW, i).arguments[0]);
	assert_int_equal(1, trace_thread(trace, 0)->lost_events);
	assert_int_equal(1, trace_info(trace)->lost_events);
}

/* Behind a block that is not sound there is nothing. */
static void test_spool_cut_off(void **state)
{
	size_t whole;

	(void)state;
	double_event(&made, 0, TRACE_WINDOW, 100, 100, 1, 0, 0);
	double_flush(&made, 0);
	whole = made.spool_len;
	double_event(&made, 0, TRACE_WINDOW, 200, 200, 2, 0, 0);
	double_flush(&made, 0);
	made.spool[made.spool_len - 1] ^= 1;
	assert_true(made.spool_len > whole);
	finish();
	assert_int_equal(1, event_of(0, TRACE_WINDOW, 0).arguments[0]);
	assert_int_equal(1, trace_thread(trace, 0)->event_count);
}

static void test_lost_events_are_an_event(void **state)
{
	struct rec_trace_thread *item = double_item(&made, 0);
	struct trace_event event;

	(void)state;
	item->lost = 5;
	item->lost_all = 12;
	item->lost_from_ticks = DOUBLE_ORIGIN + 600;
	double_event(&made, 0, TRACE_WINDOW, 100, 100, 1, 0, 0);
	run_main(900);
	finish();
	assert_int_equal(12, trace_info(trace)->lost_events);
	event = event_of(0, TRACE_LOST, 0);
	assert_int_equal(600, event.start_ns);
	assert_int_equal(900, event.end_ns);
	assert_int_equal(5, event.arguments[0]);
}

/* What a program recorded for itself is finished as that is; and refused, by a sentence, where it is not whole. */
static void test_raw_file(void **state)
{
	struct trace_raw_file file;
	char raw[80], error[256];

	(void)state;
	snprintf(raw, sizeof raw, "%s.raw", path);
	make_wait();
	run_main(1000);
	double_write_raw(&made, raw);
	assert_true(trace_raw_file_is(raw));
	assert_int_equal(0, trace_raw_file_finish(raw, path, 0));
	trace = trace_open(path, error, sizeof error);
	assert_non_null(trace);
	assert_states(1,
		      "runnable 100-110, running 110-210, mutex 210-400 by 0, runnable 400-420 by "
		      "0, running 420-610");
	assert_false(trace_raw_file_is(path));
	assert_int_equal(0, truncate(raw, 4096));
	assert_false(trace_raw_file_open(&file, raw, error, sizeof error));
	assert_non_null(strstr(error, "cut off in its tables"));
	made.recording.rec->version++;
	double_write_raw(&made, raw);
	assert_false(trace_raw_file_open(&file, raw, error, sizeof error));
	assert_non_null(strstr(error, "another version"));
	unlink(raw);
}

static const char *note_of_raw(const char *raw)
{
	char error[256];

	assert_int_equal(0, trace_raw_file_finish(raw, path, 0));
	if (trace != NULL)
		trace_close(trace);
	trace = trace_open(path, error, sizeof error);
	assert_non_null(trace);
	return trace_info(trace)->note;
}

/* Of a damaged one it is said how much is missing. Half a block at its end is where a program was killed: that is no damage. */
static void test_raw_file_damaged(void **state)
{
	size_t whole, tables = made.recording.rec->size_bytes;
	char raw[80], expected[80], error[256];
	struct trace_raw_file file;

	(void)state;
	snprintf(raw, sizeof raw, "%s.raw", path);
	double_event(&made, 0, TRACE_WINDOW, 100, 100, 1, 0, 0);
	double_flush(&made, 0);
	whole = made.spool_len;
	double_event(&made, 0, TRACE_WINDOW, 200, 200, 2, 0, 0);
	run_main(1000);
	double_write_raw(&made, raw);
	assert_string_equal("", note_of_raw(raw));
	assert_int_equal(0, truncate(raw, (off_t)(tables + made.spool_len - 1)));
	assert_string_equal("", note_of_raw(raw));
	made.spool[whole + sizeof(struct spool_block)] ^= 1;
	double_write_raw(&made, raw);
	snprintf(expected, sizeof expected, "damaged at byte %zu: the last %zu bytes are left out",
		 tables + whole, made.spool_len - whole);
	assert_string_equal(expected, note_of_raw(raw));
	assert_int_equal(0, truncate(raw, 0));
	assert_false(trace_raw_file_open(&file, raw, error, sizeof error));
	assert_non_null(strstr(error, strerror(ENODATA)));
	unlink(raw);
}

/* The trace begins so long after the recording. */
static void cut_at(uint64_t ns, int64_t heap_bytes)
{
	const struct spool_cut cut = {DOUBLE_ORIGIN, DOUBLE_ORIGIN + ns, DOUBLE_ORIGIN + 3000000,
				      heap_bytes};

	made.recording.rec->config.trace.is_flight = 1;
	double_block(&made, SPOOL_CUT, 0, 0, 0, &cut, sizeof cut);
}

/* What its thread was last seen to do before the cut, among what was dropped. */
static void was(uint64_t at, uint32_t tid, uint16_t cpu, enum spool_switch_kind kind)
{
	const struct spool_switch item = {DOUBLE_ORIGIN + at, tid, cpu, (uint16_t)kind};

	double_block(&made, SPOOL_WAS, 0, 0, 0, &item, sizeof item);
}

/* At 2 ms main runs on CPU 0, by a switch that is still there; FIRST has waited for its mutex since 100, by one that was dropped; a
 * thread has ended 1.9 ms before. */
static void test_cut_begins_in_the_middle(void **state)
{
	uint32_t gone = double_thread(&made, SECOND, 50, 90000, "gone");
	uint32_t first = double_thread(&made, FIRST, 60, 0, "first");

	(void)state;
	double_item(&made, first)->creator = gone + 1;
	was(100, FIRST, 1, SPOOL_SWITCH_BLOCKED);
	cut_at(2000000, 5000);
	double_event(&made, gone, TRACE_LOG, 80000, 80000, 0, 0, 0);
	double_event(&made, 0, TRACE_LOG, 1900000, 1900000, 0, 0, 0);
	double_switch(&made, 0, 1950000, MAIN, SPOOL_SWITCH_IN);
	double_event(&made, 0, TRACE_WAKE, 2000400, 2000400, TRACE_WAKE_UNLOCK, 0x1000, 0);
	double_switch(&made, 1, 2000420, FIRST, SPOOL_SWITCH_IN);
	double_event(&made, first, TRACE_WAIT, 90, 2000500, REC_WAIT_MUTEX, 0x1000,
		     TRACE_OUTCOME_DONE);
	double_event(&made, 0, TRACE_HEAP, 2000600, 2000600, varint_zigzag(-1000), 0, 0);
	finish();
	assert_int_equal(2, trace_thread_count(trace));
	assert_states(0, "running 0-1000000");
	assert_states(1, "mutex 0-400 by 0, runnable 400-420 by 0, running 420-1000000");
	assert_int_equal(0, event_of(1, TRACE_WAIT, 0).start_ns);
	assert_int_equal(500, event_of(1, TRACE_WAIT, 0).end_ns);
	assert_int_equal(400, event_of(0, TRACE_WAKE, 0).start_ns);
	assert_int_equal(TRACE_NO_THREAD, trace_thread(trace, 1)->creator);
	assert_string_equal("first", trace_string(trace, trace_thread(trace, 1)->name));
	assert_string_equal("main", trace_string(trace, trace_thread(trace, 0)->function));
	assert_int_equal(1000000, trace_info(trace)->span_ns);
	/* Of main: the wake, the heap; no line. */
	assert_int_equal(2, trace_thread(trace, 0)->event_count);
}

/* "outer" and "inner" are open when the trace begins, "over" is not; "last" begins later. */
static void test_cut_leaves_regions_open(void **state)
{
	uint32_t outer = double_string(&made, "outer"), inner = double_string(&made, "inner");
	uint32_t over = double_string(&made, "over"), last = double_string(&made, "last");
	struct trace_event event;

	(void)state;
	cut_at(2000000, 0);
	/* The beginning of "outer" was dropped. */
	double_event(&made, 0, TRACE_REGION_BEGIN, 1000, 1000, over, 0, 0);
	double_event(&made, 0, TRACE_REGION_END, 1100, 1100, over, 0, 0);
	double_event(&made, 0, TRACE_REGION_BEGIN, 1200, 1200, inner, 7, 0);
	double_event(&made, 0, TRACE_REGION_END, 2000100, 2000100, inner, 0, 0);
	double_event(&made, 0, TRACE_REGION_BEGIN, 2000200, 2000200, last, 0, 0);
	double_event(&made, 0, TRACE_REGION_END, 2000300, 2000300, last, 0, 0);
	double_event(&made, 0, TRACE_REGION_END, 2000400, 2000400, outer, 0, 0);
	finish();
	event = event_of(0, TRACE_REGION, 0);
	assert_string_equal("inner", trace_string(trace, event.arguments[0]));
	assert_int_equal(0, event.start_ns);
	assert_int_equal(100, event.end_ns);
	assert_int_equal(7, event.arguments[1]);
	assert_int_equal(1, event.arguments[2]);
	event = event_of(0, TRACE_REGION, 1);
	assert_string_equal("last", trace_string(trace, event.arguments[0]));
	assert_int_equal(1, event.arguments[2]);
	event = event_of(0, TRACE_REGION, 2);
	assert_string_equal("outer", trace_string(trace, event.arguments[0]));
	assert_int_equal(0, event.start_ns);
	assert_int_equal(400, event.end_ns);
	assert_int_equal(0, event.arguments[2]);
	assert_int_equal(3, trace_thread(trace, 0)->event_count);
}

/* Those lost before the trace begins are none of it. */
static void test_cut_counts_what_it_lost(void **state)
{
	(void)state;
	cut_at(2000000, 0);
	double_item(&made, 0)->lost_all = 12;
	double_event(&made, 0, TRACE_LOST, 1000, 1500, 7, 0, 0);
	double_event(&made, 0, TRACE_LOST, 1999900, 2000100, 5, 0, 0);
	finish();
	assert_int_equal(5, trace_info(trace)->lost_events);
	assert_int_equal(0, event_of(0, TRACE_LOST, 0).start_ns);
	assert_int_equal(100, event_of(0, TRACE_LOST, 0).end_ns);
	/* Nothing happened, but time passed. */
	assert_int_equal(1000000, trace_info(trace)->span_ns);
}

/* The runtime has the end of a thread before the kernel does: it is not begun again by that. */
static void test_cut_passes_over_a_late_end(void **state)
{
	(void)state;
	double_thread(&made, FIRST, 50, 900000, "first");
	was(100, MAIN, 0, SPOOL_SWITCH_IN);
	cut_at(2000000, 0);
	double_switch(&made, 1, 2000010, FIRST, SPOOL_SWITCH_END);
	double_switch(&made, 0, 2000500, MAIN, SPOOL_SWITCH_BLOCKED);
	finish();
	assert_int_equal(1, trace_thread_count(trace));
	assert_states(0, "running 0-500, blocked 500-1000000");
}

#define FINISH_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FINISH_TEST(test_wait_ends_with_the_unlock),
		FINISH_TEST(test_cpu_has_who_was_on_it),
		FINISH_TEST(test_preempted_is_runnable),
		FINISH_TEST(test_call_is_running_and_blocked),
		FINISH_TEST(test_blocked_for_nothing_known),
		FINISH_TEST(test_ready_as_the_kernel_counted),
		FINISH_TEST(test_condition_gives_its_mutex_back),
		FINISH_TEST(test_signals_end_one_wait_each),
		FINISH_TEST(test_who_can_have_ended_a_wait),
		FINISH_TEST(test_join_is_ended_by_the_thread),
		FINISH_TEST(test_data_ends_a_read),
		FINISH_TEST(test_regions_are_whole),
		FINISH_TEST(test_heap_is_the_sum_of_all_threads),
		FINISH_TEST(test_unfinished_wait),
		FINISH_TEST(test_holes_are_unknown),
		FINISH_TEST(test_two_lives_of_a_number),
		FINISH_TEST(test_thread_of_the_kernel_alone),
		FINISH_TEST(test_without_a_scheduler),
		FINISH_TEST(test_record_that_ends_early),
		FINISH_TEST(test_ticks_follow_the_clock),
		FINISH_TEST(test_way_to_a_cpu_is_the_threads),
		FINISH_TEST(test_threads_that_only_the_scheduler_knows),
		FINISH_TEST(test_chunks_left_and_damaged),
		FINISH_TEST(test_spool_cut_off),
		FINISH_TEST(test_lost_events_are_an_event),
		FINISH_TEST(test_raw_file),
		FINISH_TEST(test_raw_file_damaged),
		FINISH_TEST(test_cut_begins_in_the_middle),
		FINISH_TEST(test_cut_leaves_regions_open),
		FINISH_TEST(test_cut_counts_what_it_lost),
		FINISH_TEST(test_cut_passes_over_a_late_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
