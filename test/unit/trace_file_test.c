/* SPDX-License-Identifier: MIT */
/* links: internal/base/set.c internal/base/xalloc.c internal/format/write_file.c internal/format/trace_*.c */
/* Traces that are written and read again, and sums that arithmetic knows. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/varint.h"
#include "format/recording.h"
#include "format/trace_file.h"
#include "sanitized.h"

static char folder[] = "/tmp/trace_file_test.XXXXXX";
static char path[sizeof folder + 16];

static int make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/x.trace", folder);
	return 0;
}

/* The folder is empty but for the trace: no temporary file is left. */
static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static const struct trace_info example_info = {.program = "/bin/x",
					       .test = "test_x",
					       .outcome = "passed",
					       .source = "perf_event",
					       .note = "",
					       .span_ns = 1000,
					       .event_count = 7,
					       .cpu_count = 2,
					       .page_bytes = 4096};

static void state(struct trace_writer *writer, uint32_t thread, uint64_t from_ns, uint64_t to_ns,
		  enum trace_state state)
{
	struct trace_state_item item = {.start_ns = from_ns,
					.end_ns = to_ns,
					.state = state,
					.cpu = state <= TRACE_STATE_SYSCALL ? 1 : TRACE_NO_CPU,
					.object = TRACE_NO_OBJECT,
					.waker = TRACE_NO_THREAD};

	trace_writer_state(writer, thread, &item);
}

static struct trace *read_again(void)
{
	char error[256] = "";
	struct trace *trace = trace_open(path, error, sizeof error);

	assert_string_equal(error, "");
	assert_non_null(trace);
	return trace;
}

static struct trace *finish(struct trace_writer *writer, const struct trace_info *info,
			    size_t thread_count)
{
	struct trace_thread *threads = test_calloc(thread_count + 1, sizeof *threads);

	for (size_t i = 0; i < thread_count; i++)
		threads[i] = (struct trace_thread){.tid = 100 + (uint32_t)i,
						   .creator = TRACE_NO_THREAD,
						   .end_ns = info->span_ns};
	assert_int_equal(trace_writer_end(writer, info, threads, thread_count, NULL, 0), 0);
	test_free(threads);
	return read_again();
}

static void test_trace_file_keeps_what_was_written(void **unused)
{
	struct trace_writer *writer = trace_writer_new(path);
	uint32_t name = trace_writer_string(writer, "worker");
	struct trace_frame frame = {.address = 0x1234, .function = name, .line = 7};
	uint32_t frames[2] = {trace_writer_frame(writer, &frame), 0};
	struct trace_state_item item = {.start_ns = 10,
					.end_ns = 30,
					.state = TRACE_STATE_MUTEX,
					.cpu = TRACE_NO_CPU,
					.object = 0,
					.waker = 1,
					.waker_stack = 1,
					.stack = 1};
	struct trace_event event = {.start_ns = 10,
				    .end_ns = 30,
				    .type = TRACE_WAIT,
				    .stack = 1,
				    .waker = 1,
				    .waker_stack = 1,
				    .arguments = {REC_WAIT_MUTEX, 0, TRACE_OUTCOME_DONE}};
	struct trace_thread threads[2] = {
		{.tid = 1, .creator = TRACE_NO_THREAD, .name = name, .start_ns = 10, .end_ns = 30},
		{.tid = 2, .creator = 0, .is_alive = true, .end_ns = 5}};
	struct trace_object object = {0xabcd, REC_WAIT_MUTEX};
	struct trace_cursor *cursor;
	const uint32_t *found;
	struct trace *trace;
	size_t count;

	(void)unused;
	frame.address = 0x99;
	frame.is_inlined = true;
	frames[1] = trace_writer_frame(writer, &frame);
	assert_int_equal(trace_writer_stack(writer, frames, 2), 1);
	assert_int_equal(trace_writer_stack(writer, frames, 2), 1);
	trace_writer_state(writer, 0, &item);
	trace_writer_event(writer, 0, &event);
	assert_int_equal(trace_writer_end(writer, &example_info, threads, 2, &object, 1), 0);
	trace = read_again();
	assert_string_equal(trace_info(trace)->test, "test_x");
	assert_int_equal(trace_info(trace)->span_ns, 1000);
	assert_int_equal(trace_info(trace)->cut_bytes, 0);
	assert_int_equal(trace_thread_count(trace), 2);
	assert_string_equal(trace_string(trace, trace_thread(trace, 0)->name), "worker");
	assert_int_equal(trace_thread(trace, 0)->state_ns[TRACE_STATE_MUTEX], 20);
	assert_int_equal(trace_thread(trace, 0)->event_count, 1);
	assert_int_equal(trace_thread(trace, 1)->creator, 0);
	assert_true(trace_thread(trace, 1)->is_alive);
	assert_null(trace_thread(trace, 2));
	assert_int_equal(trace_object(trace, 0)->address, 0xabcd);
	found = trace_stack(trace, 1, &count);
	assert_int_equal(count, 2);
	assert_int_equal(trace_frame(trace, found[0])->address, 0x1234);
	assert_int_equal(trace_frame(trace, found[0])->line, 7);
	assert_true(trace_frame(trace, found[1])->is_inlined);
	trace_stack(trace, 2, &count);
	assert_int_equal(count, 0);
	cursor = trace_cursor_new(trace, TRACE_STREAM_STATES, 0, 0, UINT64_MAX);
	memset(&item, 0, sizeof item);
	assert_true(trace_state_next(cursor, &item));
	assert_int_equal(item.start_ns, 10);
	assert_int_equal(item.end_ns, 30);
	assert_int_equal(item.state, TRACE_STATE_MUTEX);
	assert_int_equal(item.cpu, TRACE_NO_CPU);
	assert_int_equal(item.waker, 1);
	assert_int_equal(item.object, 0);
	assert_false(trace_state_next(cursor, &item));
	trace_cursor_free(cursor);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, 0, 30, 31);
	memset(&event, 0, sizeof event);
	assert_true(trace_event_next(cursor, &event));
	assert_int_equal(event.start_ns, 10);
	assert_int_equal(event.type, TRACE_WAIT);
	assert_int_equal(event.waker, 1);
	assert_int_equal(event.stack, 1);
	assert_int_equal(event.arguments[0], REC_WAIT_MUTEX);
	assert_int_equal(event.arguments[2], TRACE_OUTCOME_DONE);
	assert_false(trace_event_next(cursor, &event));
	trace_cursor_free(cursor);
	trace_close(trace);
}

/* Every type, with every argument at the ends of its range. */
static void test_trace_file_has_every_event(void **unused)
{
	static const uint64_t values[] = {0, 1, 127, 128, UINT32_MAX, UINT64_MAX};
	struct trace_writer *writer = trace_writer_new(path);
	struct trace_cursor *cursor;
	struct trace_event event;
	struct trace *trace;
	uint64_t at = 0;

	(void)unused;
	for (int type = 0; type < TRACE_EVENT_COUNT; type++) {
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			const struct trace_event_kind *kind = &trace_event_kinds[type];

			event = (struct trace_event){.start_ns = at / 2,
						     .end_ns = at,
						     .type = (enum trace_event_type)type,
						     .stack = (uint32_t)i,
						     .waker = TRACE_NO_THREAD};
			for (unsigned a = 0; a < kind->argument_count; a++)
				event.arguments[a] = values[i];
			trace_writer_event(writer, 3, &event);
			at += values[i] % 1000;
		}
	}
	trace = finish(writer, &example_info, 4);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, 3, 0, UINT64_MAX);
	at = 0;
	for (int type = 0; type < TRACE_EVENT_COUNT; type++) {
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			const struct trace_event_kind *kind = &trace_event_kinds[type];

			assert_true(trace_event_next(cursor, &event));
			assert_int_equal(event.type, type);
			assert_int_equal(event.end_ns, at);
			assert_int_equal(event.start_ns, kind->has_duration ? at / 2 : at);
			assert_int_equal(event.stack, kind->has_stack ? i : 0);
			assert_int_equal(event.waker, TRACE_NO_THREAD);
			for (unsigned a = 0; a < TRACE_ARGUMENT_MAX; a++)
				assert_true(event.arguments[a] ==
					    (a < kind->argument_count ? values[i] : 0));
			at += values[i] % 1000;
		}
	}
	assert_false(trace_event_next(cursor, &event));
	assert_int_equal(trace_damaged_chunks(trace), 0);
	trace_cursor_free(cursor);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, 3, 0, UINT64_MAX);
	trace_cursor_regions(cursor, at);
	assert_false(trace_event_next(cursor, &event));
	trace_cursor_free(cursor);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, 3, 0, UINT64_MAX);
	trace_cursor_regions(cursor, 1);
	assert_true(trace_event_next(cursor, &event));
	assert_int_equal(event.type, TRACE_REGION);
	trace_cursor_free(cursor);
	/* The deepest that counts is 128. */
	assert_int_equal(trace_thread(trace, 3)->region_depth, 129);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, 3, 0, UINT64_MAX);
	trace_cursor_only(cursor, 1u << TRACE_LOG | 1u << TRACE_WAIT);
	for (size_t i = 0; i < 2 * sizeof values / sizeof *values; i++) {
		assert_true(trace_event_next(cursor, &event));
		assert_int_equal(event.type,
				 i < sizeof values / sizeof *values ? TRACE_WAIT : TRACE_LOG);
	}
	assert_false(trace_event_next(cursor, &event));
	trace_cursor_free(cursor);
	trace_close(trace);
}

enum { LONG_COUNT = 40000, LONG_NS = 7 };

/* Thread 0 alternates between 5 ns of running and 2 ns of waiting for a mutex, thread 1 sleeps, thread 2 is short. */
static struct trace *long_trace(uint64_t *span_ns)
{
	struct trace_writer *writer = trace_writer_new(path);
	struct trace_info info = example_info;
	uint64_t at = 0;

	for (int i = 0; i < LONG_COUNT; i++, at += LONG_NS) {
		struct trace_cpu_item cpu = {at, at + 5, (uint32_t)i % 3, i % 2 == 0};
		struct trace_heap_item heap = {at, i % 100 - 50};

		state(writer, 0, at, at + 5, TRACE_STATE_RUNNING);
		state(writer, 0, at + 5, at + 7, TRACE_STATE_MUTEX);
		trace_writer_cpu(writer, 1, &cpu);
		trace_writer_heap(writer, &heap);
	}
	state(writer, 1, 0, at, TRACE_STATE_SLEEP);
	state(writer, 2, 700, 1400, TRACE_STATE_RUNNING);
	info.span_ns = *span_ns = at;
	return finish(writer, &info, 3);
}

static void assert_near(double value, double wanted, double within)
{
	if (value < wanted - within || value > wanted + within)
		fail_msg("%f is not %f", value, wanted);
}

/* Whatever the width of the parts, all of them add up to what there is, and each to its share. */
static void test_trace_sums_add_up(void **unused)
{
	static const size_t counts[] = {1, 2, 3, 10, 64, 1000, 1777};
	static struct trace_sum sums[1777];
	uint64_t span_ns;
	struct trace *trace = long_trace(&span_ns);

	(void)unused;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		double all = 0, part_ns = (double)span_ns / (double)counts[i];

		trace_sums(trace, TRACE_STREAM_STATES, 0, 0, span_ns, sums, counts[i]);
		for (size_t part = 0; part < counts[i]; part++) {
			double running = sums[part].ns[TRACE_STATE_RUNNING];

			/* A group of 64 items at a boundary is shared in proportion: within one item's length. */
			assert_near(running, part_ns * 5 / 7, 8);
			assert_near(running + sums[part].ns[TRACE_STATE_MUTEX], part_ns, 1);
			all += running;
		}
		assert_near(all, 5.0 * LONG_COUNT, 1);
	}
	trace_close(trace);
}

static void test_trace_sums_of_a_few_items_are_exact(void **unused)
{
	struct trace_sum sums[14];
	uint64_t span_ns;
	struct trace *trace = long_trace(&span_ns);
	uint64_t from = UINT64_C(20000) * LONG_NS;

	(void)unused;
	/* 2 periods in 14 parts of 1 ns: 5 of running, 2 of waiting, twice. */
	trace_sums(trace, TRACE_STREAM_STATES, 0, from, from + 14, sums, 14);
	for (size_t i = 0; i < 14; i++) {
		assert_near(sums[i].ns[TRACE_STATE_RUNNING], i % 7 < 5, 1e-9);
		assert_near(sums[i].ns[TRACE_STATE_MUTEX], i % 7 >= 5, 1e-9);
	}
	trace_sums(trace, TRACE_STREAM_CPU, 1, from, from + 14, sums, 2);
	assert_near(sums[0].ns[TRACE_STATE_RUNNING], 5, 1e-9);
	assert_int_equal(sums[0].top, 20000 % 3);
	assert_int_equal(sums[1].top, 20001 % 3);
	trace_sums(trace, TRACE_STREAM_HEAP, 0, from, from + 14, sums, 2);
	assert_int_equal(sums[0].low, 20000 % 100 - 50);
	assert_int_equal(sums[1].high, 20001 % 100 - 50);
	trace_sums(trace, TRACE_STREAM_HEAP, 0, 0, span_ns, sums, 1);
	assert_int_equal(sums[0].low, -50);
	assert_int_equal(sums[0].high, 49);
	trace_close(trace);
}

static void test_trace_load_counts_threads(void **unused)
{
	struct trace_sum sums[10];
	uint64_t span_ns;
	struct trace *trace = long_trace(&span_ns);
	double part_ns = (double)span_ns / 10;

	(void)unused;
	trace_load(trace, 0, span_ns, sums, 10);
	assert_near(sums[5].ns[TRACE_STATE_SLEEP] / part_ns, 1, 1e-3);
	assert_near(sums[5].ns[TRACE_STATE_RUNNING] / part_ns, 5.0 / 7, 1e-3);
	/* Finer than what was summed up when it was written. */
	trace_load(trace, 700, 707, sums, 7);
	for (size_t i = 0; i < 7; i++)
		assert_near(sums[i].ns[TRACE_STATE_RUNNING], 1 + (i < 5), 1e-6);
	trace_close(trace);
}

static void test_trace_cursor_begins_and_ends_where_it_should(void **unused)
{
	uint64_t span_ns, from = UINT64_C(30000) * LONG_NS;
	struct trace *trace = long_trace(&span_ns);
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_STATES, 0, from, from + 8);
	struct trace_state_item item;

	(void)unused;
	assert_true(trace_state_next(cursor, &item));
	assert_int_equal(item.start_ns, from);
	assert_true(trace_state_next(cursor, &item));
	assert_int_equal(item.state, TRACE_STATE_MUTEX);
	assert_true(trace_state_next(cursor, &item));
	assert_int_equal(item.start_ns, from + 7);
	assert_false(trace_state_next(cursor, &item));
	trace_cursor_free(cursor);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, 77, 0, UINT64_MAX);
	assert_false(trace_state_next(cursor, &item));
	trace_cursor_free(cursor);
	trace_close(trace);
}

/* What comes out of order is moved, and nothing breaks. */
static void test_trace_writer_keeps_the_order(void **unused)
{
	struct trace_writer *writer = trace_writer_new(path);
	struct trace_cursor *cursor;
	struct trace_state_item item;
	struct trace *trace;

	(void)unused;
	state(writer, 0, 100, 200, TRACE_STATE_RUNNING);
	state(writer, 0, 150, 120, TRACE_STATE_SLEEP);
	state(writer, 0, 300, 310, TRACE_STATE_MUTEX);
	trace = finish(writer, &example_info, 1);
	assert_int_equal(trace_thread(trace, 0)->state_ns[TRACE_STATE_RUNNING], 100);
	assert_int_equal(trace_thread(trace, 0)->state_ns[TRACE_STATE_SLEEP], 0);
	cursor = trace_cursor_new(trace, TRACE_STREAM_STATES, 0, 205, UINT64_MAX);
	assert_true(trace_state_next(cursor, &item));
	assert_int_equal(item.start_ns, 200);
	assert_int_equal(item.end_ns, 310);
	trace_cursor_free(cursor);
	trace_close(trace);
}

static off_t size_of_file(void)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

static void test_trace_file_opens_when_it_is_cut_off(void **unused)
{
	uint64_t span_ns, count = 0;
	struct trace *trace = long_trace(&span_ns);
	off_t size = size_of_file();
	struct trace_cursor *cursor;
	struct trace_state_item item;

	(void)unused;
	trace_close(trace);
	assert_int_equal(truncate(path, size / 3 * 2), 0);
	trace = read_again();
	assert_int_equal(trace_info(trace)->cut_bytes, size - size / 3 * 2);
	cursor = trace_cursor_new(trace, TRACE_STREAM_STATES, 0, 0, UINT64_MAX);
	while (trace_state_next(cursor, &item))
		count++;
	assert_in_range(count, 1, 2 * LONG_COUNT - 1);
	assert_int_not_equal(trace_damaged_chunks(trace), 0);
	trace_cursor_free(cursor);
	trace_close(trace);
}

/* Each byte of the head and the sections, and some of the chunks, changed: refused with a sentence, or read, and never
 * anything else. */
static void test_trace_file_stands_damage(void **unused)
{
	uint64_t span_ns;
	struct trace *trace = long_trace(&span_ns);
	off_t size = size_of_file();
	unsigned refused = 0;

	(void)unused;
	trace_close(trace);
	for (off_t at = 0; at < size; at += at < 2000 ? 1 : 997) {
		int fd = open(path, O_RDWR | O_CLOEXEC);
		struct trace_sum sums[20];
		char error[256] = "";
		uint8_t byte, other;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		other = (uint8_t)~byte;
		assert_int_equal(pwrite(fd, &other, 1, at), 1);
		trace = trace_open(path, error, sizeof error);
		assert_int_equal(trace == NULL, *error != '\0');
		if (trace != NULL) {
			trace_sums(trace, TRACE_STREAM_STATES, 0, 0, 5000, sums, 20);
			trace_load(trace, 0, span_ns, sums, 20);
			trace_close(trace);
		} else {
			refused++;
		}
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		close(fd);
	}
	assert_in_range(refused, 100, 4000);
}

static void test_trace_file_refuses_what_is_none(void **unused)
{
	char error[256];

	(void)unused;
	assert_null(trace_open("/etc/passwd", error, sizeof error));
	assert_string_equal(error, "/etc/passwd: not a trace");
	assert_null(trace_open("/", error, sizeof error));
	assert_null(trace_open("/nowhere", error, sizeof error));
	assert_string_equal(error, "/nowhere: No such file or directory");
}

static void test_trace_writer_refuses_a_folder_that_is_not_there(void **unused)
{
	struct trace_writer *writer;
	struct trace_heap_item item = {0, 0};

	(void)unused;
	assert_null(trace_writer_new("/nowhere/x.trace"));
	writer = trace_writer_new(path);
	assert_non_null(writer);
	trace_writer_heap(writer, &item);
	trace_writer_cancel(writer);
}

static int write_states(unsigned count)
{
	struct trace_thread thread = {.tid = 100, .creator = TRACE_NO_THREAD, .end_ns = 1000};
	struct trace_writer *writer = trace_writer_new(path);

	assert_non_null(writer);
	for (unsigned i = 0; i < count; i++)
		state(writer, 0, i, i + 1, i % 2 ? TRACE_STATE_RUNNING : TRACE_STATE_RUNNABLE);
	return trace_writer_end(writer, &example_info, &thread, 1, NULL, 0);
}

/* As of a disk that is full after so many bytes: of the chunks, of the file that they are copied to, or of what stands before them. */
static int write_limited(unsigned count, rlim_t limit)
{
	struct rlimit before, files;
	int error;

	getrlimit(RLIMIT_FSIZE, &before);
	files = (struct rlimit){limit, before.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &files);
	error = write_states(count);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	return error;
}

static void test_trace_writer_on_a_full_disk_leaves_the_old_file(void **unused)
{
	struct stat info, after;

	(void)unused;
	/* Of 1,000 the chunks are there in one piece at the end, of 10,000 in several before. */
	for (unsigned count = 1000; count <= 10000; count *= 10) {
		assert_int_equal(write_states(count), 0);
		assert_int_equal(stat(path, &info), 0);
		for (rlim_t limit = 0; limit < (rlim_t)info.st_size;
		     limit += 1 + limit / (is_slowed() ? 4 : 8))
			assert_int_equal(write_limited(count, limit), -EFBIG);
		assert_int_equal(write_limited(count, (rlim_t)info.st_size - 1), -EFBIG);
		assert_int_equal(stat(path, &after), 0);
		assert_int_equal(after.st_ino, info.st_ino);
		assert_int_equal(write_limited(count, (rlim_t)info.st_size), 0);
		trace_close(read_again());
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace_file_keeps_what_was_written),
		cmocka_unit_test(test_trace_file_has_every_event),
		cmocka_unit_test(test_trace_sums_add_up),
		cmocka_unit_test(test_trace_sums_of_a_few_items_are_exact),
		cmocka_unit_test(test_trace_load_counts_threads),
		cmocka_unit_test(test_trace_cursor_begins_and_ends_where_it_should),
		cmocka_unit_test(test_trace_writer_keeps_the_order),
		cmocka_unit_test(test_trace_file_opens_when_it_is_cut_off),
		cmocka_unit_test(test_trace_file_stands_damage),
		cmocka_unit_test(test_trace_file_refuses_what_is_none),
		cmocka_unit_test(test_trace_writer_refuses_a_folder_that_is_not_there),
		cmocka_unit_test(test_trace_writer_on_a_full_disk_leaves_the_old_file),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
