/* SPDX-License-Identifier: MIT */
/* links: internal/base/set.c internal/base/xalloc.c internal/format/write_file.c internal/format/trace_*.c */
/* Writes the trace that the viewer's tests look at. Its answers are known by arithmetic:
 *
 *     0 ms       10        20        30             60        70        80       100
 *     main       |creates the others, then joins waiter-b: 10 .. 80, runs to 100
 *     holder     runs 10 .. 60 with the mutex, unlocks it at 60, ends
 *     waiter-a             |waits 20 .. 60 for it, runs to 70 and unlocks it
 *     waiter-b                       |waits 30 .. 70 for it, runs to 80
 *     <b>hostile</b>       sleeps 20 .. 80
 *
 * The mutex is waited for twice, 80 ms together, the longest time 40 ms. The critical path is main to 10, holder to 60,
 * waiter-a to 70, waiter-b to 80, main to 100. A task goes from holder (15) to waiter-b (75). */
#include <stdio.h>
#include <string.h>

#include "format/recording.h"
#include "format/trace_file.h"

#define MS	UINT64_C(1000000)
#define HOSTILE "<b onclick=alert(1)>hostile</b>"

enum { MAIN, HOLDER, WAITER_A, WAITER_B, SLEEPER, THREADS };

static struct trace_writer *writer;
static uint32_t stacks[3];

enum { STACK_LOCK, STACK_UNLOCK, STACK_SLEEP };

static uint32_t stack_of(const char *leaf, const char *caller, uint32_t line)
{
	struct trace_frame frames[2] = {{.address = line, .line = line},
					{.address = 7, .line = 70}};
	uint32_t numbers[2];

	frames[0].function = trace_writer_string(writer, leaf);
	frames[1].function = trace_writer_string(writer, caller);
	for (size_t i = 0; i < 2; i++) {
		frames[i].file = trace_writer_string(writer, "src/" HOSTILE ".c");
		numbers[i] = trace_writer_frame(writer, &frames[i]);
	}
	return trace_writer_stack(writer, numbers, 2);
}

static void state(uint32_t thread, uint64_t from_ms, uint64_t to_ms, enum trace_state state,
		  uint32_t waker)
{
	bool runs = state == TRACE_STATE_RUNNING;
	struct trace_state_item item = {
		.start_ns = from_ms * MS,
		.end_ns = to_ms * MS,
		.state = state,
		.cpu = runs ? thread == MAIN : TRACE_NO_CPU,
		.object = state == TRACE_STATE_MUTEX  ? 0
			  : state == TRACE_STATE_JOIN ? 1
						      : TRACE_NO_OBJECT,
		.stack = runs			      ? 0
			 : state == TRACE_STATE_SLEEP ? stacks[STACK_SLEEP]
						      : stacks[STACK_LOCK],
		.waker = waker,
		.waker_stack = waker == TRACE_NO_THREAD ? 0 : stacks[STACK_UNLOCK]};
	struct trace_cpu_item cpu = {from_ms * MS, to_ms * MS, thread, false};

	trace_writer_state(writer, thread, &item);
	if (runs)
		trace_writer_cpu(writer, thread == MAIN, &cpu);
}

static void event(uint32_t thread, enum trace_event_type type, uint64_t from_ms, uint64_t to_ms,
		  uint64_t a, uint64_t b, uint64_t c)
{
	struct trace_event event = {.start_ns = from_ms * MS,
				    .end_ns = to_ms * MS,
				    .type = type,
				    .stack = type == TRACE_WAKE ? stacks[STACK_UNLOCK]
								: stacks[STACK_LOCK],
				    .waker = TRACE_NO_THREAD,
				    .arguments = {a, b, c}};

	if (type == TRACE_WAIT) {
		event.waker = thread == MAIN ? WAITER_B : thread - 1;
		event.waker_stack = stacks[STACK_UNLOCK];
	}
	trace_writer_event(writer, thread, &event);
}

/* Only states that are one after the other: each thread's in order. */
static void write_states(void)
{
	state(MAIN, 0, 10, TRACE_STATE_RUNNING, TRACE_NO_THREAD);
	state(MAIN, 10, 80, TRACE_STATE_JOIN, WAITER_B);
	state(MAIN, 80, 100, TRACE_STATE_RUNNING, TRACE_NO_THREAD);
	state(HOLDER, 10, 60, TRACE_STATE_RUNNING, TRACE_NO_THREAD);
	state(WAITER_A, 20, 60, TRACE_STATE_MUTEX, HOLDER);
	state(WAITER_A, 60, 70, TRACE_STATE_RUNNING, TRACE_NO_THREAD);
	state(WAITER_B, 30, 70, TRACE_STATE_MUTEX, WAITER_A);
	state(WAITER_B, 70, 80, TRACE_STATE_RUNNING, TRACE_NO_THREAD);
	state(SLEEPER, 20, 80, TRACE_STATE_SLEEP, TRACE_NO_THREAD);
}

static void write_events(void)
{
	uint64_t request = trace_writer_string(writer, "request");
	uint64_t parse = trace_writer_string(writer, "parse"),
		 inner = trace_writer_string(writer, "inner");

	event(MAIN, TRACE_WINDOW, 0, 0, 1, 0, 0);
	event(MAIN, TRACE_WAIT, 10, 80, REC_WAIT_JOIN, 1, TRACE_OUTCOME_DONE);
	event(MAIN, TRACE_WINDOW, 100, 100, 0, 0, 0);
	event(HOLDER, TRACE_TASK_BEGIN, 15, 15, 1, request, 0);
	event(HOLDER, TRACE_LOG, 40, 40, trace_writer_string(writer, "cache"),
	      trace_writer_string(writer, HOSTILE), 1);
	event(HOLDER, TRACE_WAKE, 60, 60, TRACE_WAKE_UNLOCK, 0, 0);
	event(WAITER_A, TRACE_WAIT, 20, 60, REC_WAIT_MUTEX, 0, TRACE_OUTCOME_DONE);
	event(WAITER_A, TRACE_REGION, 62, 66, inner, 1, 1);
	event(WAITER_A, TRACE_REGION, 60, 70, parse, 1, 0);
	event(WAITER_A, TRACE_WAKE, 70, 70, TRACE_WAKE_UNLOCK, 0, 0);
	event(WAITER_A, TRACE_MAP, 70, 70, 0x1000, 4096, 0);
	event(WAITER_B, TRACE_WAIT, 30, 70, REC_WAIT_MUTEX, 0, TRACE_OUTCOME_DONE);
	event(WAITER_B, TRACE_TASK_END, 75, 75, 1, 0, 0);
	event(WAITER_B, TRACE_WAKE, 80, 80, TRACE_WAKE_EXIT, 1, 0);
	event(SLEEPER, TRACE_SYSCALL, 20, 80, TRACE_CALL_SLEEP, 0, 0);
}

int main(int argc, char **argv)
{
	static const char *const names[THREADS] = {"main", "holder", "waiter-a", "waiter-b",
						   HOSTILE};
	static const uint64_t lives_ms[THREADS][2] = {
		{0, 100}, {10, 60}, {20, 70}, {30, 80}, {20, 80}};
	struct trace_thread threads[THREADS];
	const struct trace_object objects[] = {{0xabc0, REC_WAIT_MUTEX}, {0xdef0, REC_WAIT_JOIN}};
	const struct trace_info info = {.program = "/bin/" HOSTILE,
					.test = "test_convoy",
					.outcome = "passed",
					.source = "perf_event",
					.note = "",
					.start_realtime_ns = 1790000000000000000,
					.span_ns = 100 * MS,
					.event_count = 30,
					.lost_events = 3,
					.cpu_count = 2,
					.page_bytes = 4096};
	struct trace_heap_item heap = {0, 1000};

	if (argc != 2 || (writer = trace_writer_new(argv[1])) == NULL) {
		fprintf(stderr, "usage: known_trace FILE\n");
		return 2;
	}
	stacks[STACK_LOCK] = stack_of("cache_lock", "work", 12);
	stacks[STACK_UNLOCK] = stack_of("cache_unlock", "work", 34);
	stacks[STACK_SLEEP] = stack_of("nap", "idle", 56);
	write_states();
	write_events();
	trace_writer_heap(writer, &heap);
	heap = (struct trace_heap_item){50 * MS, 3000000};
	trace_writer_heap(writer, &heap);
	for (uint32_t i = 0; i < THREADS; i++)
		threads[i] = (struct trace_thread){
			.tid = 500 + i,
			.creator = i == MAIN ? TRACE_NO_THREAD : MAIN,
			.name = trace_writer_string(writer, names[i]),
			.function = trace_writer_string(writer, i == MAIN      ? "main"
								: i == SLEEPER ? "idle"
									       : "work"),
			.start_ns = lives_ms[i][0] * MS,
			.end_ns = lives_ms[i][1] * MS};
	return trace_writer_end(writer, &info, threads, THREADS, objects, 2) != 0;
}
