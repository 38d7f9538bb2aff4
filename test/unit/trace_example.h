/* SPDX-License-Identifier: MIT */
/* Traces made by hand, in a file that is gone as soon as it is open. Times are milliseconds. */
#ifndef PPROFMK_TEST_UNIT_TRACE_EXAMPLE_H
#define PPROFMK_TEST_UNIT_TRACE_EXAMPLE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/varint.h"
#include "format/recording.h"
#include "format/trace_file.h"

#define MS UINT64_C(1000000)

enum { EXAMPLE_MAX = 16 };

struct example {
	char path[64];
	struct trace_writer *writer;
	struct trace_info info;
	struct trace_thread threads[EXAMPLE_MAX];
	struct trace_object objects[EXAMPLE_MAX];
	size_t thread_count, object_count;
};

static inline void example_begin(struct example *e, uint64_t span_ms)
{
	*e = (struct example){.info = {.program = "/bin/x",
				       .test = "test_x",
				       .outcome = "passed",
				       .source = "perf_event",
				       .note = "",
				       .span_ns = span_ms * MS,
				       .cpu_count = 2,
				       .fault_count = 7,
				       .page_bytes = 4096}};
	snprintf(e->path, sizeof e->path, "/tmp/trace_example.%d.trace", (int)getpid());
	e->writer = trace_writer_new(e->path);
	if (!e->writer)
		abort();
}

/* A thread of that name, started by the function of that name. */
static inline uint32_t example_thread(struct example *e, const char *name, uint32_t creator,
				      uint64_t start_ms, uint64_t end_ms)
{
	uint32_t string = trace_writer_string(e->writer, name);

	e->threads[e->thread_count] =
		(struct trace_thread){.tid = 100 + (uint32_t)e->thread_count,
				      .creator = creator,
				      .name = string,
				      .function = string,
				      .start_ns = start_ms * MS,
				      .end_ns = end_ms * MS,
				      .is_alive = end_ms * MS == e->info.span_ns};
	return (uint32_t)e->thread_count++;
}

static inline uint32_t example_object(struct example *e, enum rec_wait_kind kind, uint64_t address)
{
	e->objects[e->object_count] = (struct trace_object){address, kind};
	return (uint32_t)e->object_count++;
}

/* "lock:3 work:10 main:5": functions and lines, leaf first, all of x.c. One with + before it is inlined into the next. */
static inline uint32_t example_stack(struct example *e, const char *text)
{
	uint32_t frames[EXAMPLE_MAX];
	size_t count = 0;
	char *copy = strdup(text), *rest = copy;

	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		char *line = strchr(word, ':');
		struct trace_frame frame = {.is_inlined = *word == '+'};

		*line++ = '\0';
		frame.function = trace_writer_string(e->writer, word + frame.is_inlined);
		frame.file = trace_writer_string(e->writer, "x.c");
		frame.module = trace_writer_string(e->writer, "/bin/x");
		frame.line = (uint32_t)atoi(line);
		/* The same line of the same function is the same place. */
		frame.address = 0x1000 + frame.function * 0x100 + frame.line;
		frames[count++] = trace_writer_frame(e->writer, &frame);
	}
	free(copy);
	return trace_writer_stack(e->writer, frames, count);
}

/* A state with nothing else about it; on CPU `thread % 2` where it is on one. */
static inline void example_state(struct example *e, uint32_t thread, uint64_t from_ms,
				 uint64_t to_ms, enum trace_state state)
{
	struct trace_state_item item = {.start_ns = from_ms * MS,
					.end_ns = to_ms * MS,
					.state = state,
					.cpu = state <= TRACE_STATE_SYSCALL ? thread % 2
									    : TRACE_NO_CPU,
					.object = TRACE_NO_OBJECT,
					.waker = TRACE_NO_THREAD};

	trace_writer_state(e->writer, thread, &item);
}

/* So many events of a thread are missing between two times. */
static inline void example_lost(struct example *e, uint32_t thread, uint64_t from_ns,
				uint64_t to_ns, uint64_t count)
{
	struct trace_event event = {.type = TRACE_LOST,
				    .start_ns = from_ns,
				    .end_ns = to_ns,
				    .waker = TRACE_NO_THREAD,
				    .arguments = {count}};

	trace_writer_event(e->writer, thread, &event);
	e->threads[thread].lost_events += count;
	e->info.lost_events += count;
}

/* Who ended a wait, and where that one was; TRACE_NO_THREAD and 0: not known. */
struct example_waker {
	uint32_t thread, stack;
};

#define NOBODY ((struct example_waker){TRACE_NO_THREAD, 0})

/* A wait for an object: blocked from then to then, and the event. */
static inline void example_wait(struct example *e, uint32_t thread, uint64_t from_ms,
				uint64_t to_ms, uint32_t object, uint32_t stack,
				struct example_waker waker)
{
	uint32_t kind = e->objects[object].kind;
	struct trace_state_item item = {.start_ns = from_ms * MS,
					.end_ns = to_ms * MS,
					.state = trace_state_of_wait(kind),
					.cpu = TRACE_NO_CPU,
					.object = object,
					.stack = stack,
					.waker = waker.thread,
					.waker_stack = waker.stack};
	struct trace_event event = {.start_ns = from_ms * MS,
				    .end_ns = to_ms * MS,
				    .type = TRACE_WAIT,
				    .stack = stack,
				    .waker = waker.thread,
				    .waker_stack = waker.stack,
				    .arguments = {kind, object, TRACE_OUTCOME_DONE}};

	trace_writer_state(e->writer, thread, &item);
	trace_writer_event(e->writer, thread, &event);
}

/* An event of a moment. */
static inline void example_event(struct example *e, uint32_t thread, uint64_t ms,
				 enum trace_event_type type, uint32_t stack, uint64_t a, uint64_t b,
				 uint64_t c)
{
	struct trace_event event = {.start_ns = ms * MS,
				    .end_ns = ms * MS,
				    .type = type,
				    .stack = stack,
				    .waker = TRACE_NO_THREAD,
				    .arguments = {a, b, c}};

	trace_writer_event(e->writer, thread, &event);
}

/* The file, at e->path. */
static inline void example_write(struct example *e)
{
	if (trace_writer_end(e->writer, &e->info, e->threads, e->thread_count, e->objects,
			     e->object_count) != 0)
		abort();
}

static inline struct trace *example_open(struct example *e)
{
	char error[256] = "";
	struct trace *trace;

	trace = trace_open(e->path, error, sizeof error);
	unlink(e->path);
	if (!trace) {
		fprintf(stderr, "%s\n", error);
		abort();
	}
	return trace;
}

static inline struct trace *example_end(struct example *e)
{
	example_write(e);
	return example_open(e);
}

/* Three threads and one lock: a has it from 0 to 10 ms, b and c want it from 2 and 3 ms on. b gets it at 10 and has it for
 * 5, c at 15 for 5. Main waits for all from 0 to 20. */
static inline struct trace *example_convoy(void)
{
	struct example e;
	uint32_t t_main, a, b, c, lock, joins, in_lock, in_unlock, in_join;

	example_begin(&e, 20);
	t_main = example_thread(&e, "main", TRACE_NO_THREAD, 0, 20);
	a = example_thread(&e, "a", t_main, 0, 10);
	b = example_thread(&e, "worker", t_main, 0, 15);
	c = example_thread(&e, "worker", t_main, 0, 20);
	lock = example_object(&e, REC_WAIT_MUTEX, 0xabc0);
	joins = example_object(&e, REC_WAIT_JOIN, 0x7000);
	in_lock = example_stack(&e, "lock:1 get:20 worker:5");
	in_unlock = example_stack(&e, "unlock:2 put:30 worker:6");
	in_join = example_stack(&e, "join:3 main:9");
	example_wait(&e, t_main, 0, 20, joins, in_join, (struct example_waker){c, 0});
	example_state(&e, a, 0, 10, TRACE_STATE_RUNNING);
	example_event(&e, a, 10, TRACE_WAKE, example_stack(&e, "unlock:2 a:7"), TRACE_WAKE_UNLOCK,
		      lock, 0);
	example_state(&e, b, 0, 2, TRACE_STATE_RUNNING);
	example_wait(&e, b, 2, 10, lock, in_lock,
		     (struct example_waker){a, example_stack(&e, "unlock:2 a:7")});
	example_state(&e, b, 10, 15, TRACE_STATE_RUNNING);
	example_event(&e, b, 15, TRACE_WAKE, in_unlock, TRACE_WAKE_UNLOCK, lock, 0);
	example_state(&e, c, 0, 3, TRACE_STATE_RUNNING);
	example_wait(&e, c, 3, 15, lock, in_lock, (struct example_waker){b, in_unlock});
	example_state(&e, c, 15, 20, TRACE_STATE_RUNNING);
	return example_end(&e);
}

#endif
