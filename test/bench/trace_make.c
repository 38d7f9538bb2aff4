/* SPDX-License-Identifier: MIT */
/* links: internal/base/set.c internal/base/xalloc.c internal/format/write_file.c internal/format/trace_*.c */
/* Writes a trace of any size, as a program leaves it that hands work from thread to thread: for measuring what reads traces, and for
 * checking what they are exported to.
 *
 * Usage: trace_make FILE EVENTS [THREADS] [odd]
 *   EVENTS    about how many, switches included
 *   THREADS   besides main, 16 unless told; at least 2
 *   odd       with what clocks of two CPUs that differ, and lost events, do to a trace: two threads on a CPU for a moment, slices that
 *             overlap
 *
 * Four CPUs have a ring of threads each. The one whose turn it is runs for some us, allocates, makes a system call, wakes the next one and
 * waits for its own turn: for a mutex, a condition, a semaphore or the network. Now and then it is preempted. Main starts all and joins
 * them. The same arguments make the same file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/varint.h"
#include "base/xalloc.h"
#include "format/recording.h"
#include "format/trace_file.h"

enum { CPUS = 4, DEPTH = 15, STACKS = 1000, REGIONS_EVERY = 8 };

/* What a thread waits for, by its number. */
static const enum rec_wait_kind kinds[] = {REC_WAIT_MUTEX, REC_WAIT_COND, REC_WAIT_SEM,
					   REC_WAIT_POLL};

/* A thread between two turns. */
struct thread {
	uint64_t blocked_ns; /* since when; 0 with has_run false: since it was started */
	bool has_run;
	uint32_t stack; /* where it waits */
	enum rec_wait_kind kind;
};

struct make {
	struct trace_writer *writer;
	struct thread *threads;
	uint32_t thread_count; /* main is 0 */
	uint32_t stacks[STACKS];
	uint32_t region, category, message;
	uint64_t random, events;
	bool is_odd;
};

/* xorshift64 (Marsaglia 2003). */
static uint64_t random_below(struct make *make, uint64_t limit)
{
	make->random ^= make->random << 13;
	make->random ^= make->random >> 7;
	make->random ^= make->random << 17;
	return make->random % limit;
}

static void make_stacks(struct make *make)
{
	static const char *const leaves[] = {"pthread_mutex_lock", "pthread_cond_wait", "sem_wait",
					     "read"};
	uint32_t file = trace_writer_string(make->writer, "src/work.c");
	uint32_t module = trace_writer_string(make->writer, "/usr/bin/work");

	for (size_t i = 0; i < STACKS; i++) {
		uint32_t frames[DEPTH];

		for (uint32_t j = 0; j < DEPTH; j++) {
			char name[32];
			/* Roots are shared, leaves differ. */
			uint64_t branch = i % (UINT64_C(1) << (DEPTH - j < 10 ? DEPTH - j : 10));
			struct trace_frame frame = {.file = file, .module = module};

			if (j == 0)
				snprintf(name, sizeof name, "%s", leaves[i % 4]);
			else if (j == DEPTH - 1)
				snprintf(name, sizeof name, "work");
			else
				snprintf(name, sizeof name, "step_%u_%u", DEPTH - j,
					 (unsigned)branch);
			frame.function = trace_writer_string(make->writer, name);
			frame.line = 10 * j + 5;
			frame.address = 0x1000 + 64 * frame.function + j;
			frames[j] = trace_writer_frame(make->writer, &frame);
		}
		make->stacks[i] = trace_writer_stack(make->writer, frames, DEPTH);
	}
}

static uint32_t any_stack(struct make *make)
{
	return make->stacks[random_below(make, STACKS)];
}

static void put_event(struct make *make, uint32_t thread, struct trace_event event)
{
	if (event.type != TRACE_WAIT)
		event.waker = TRACE_NO_THREAD;
	trace_writer_event(make->writer, thread, &event);
	make->events++;
}

static void put_state(struct make *make, uint32_t thread, struct trace_state_item item)
{
	bool is_on_cpu = item.state <= TRACE_STATE_SYSCALL;

	if (!is_on_cpu)
		item.cpu = TRACE_NO_CPU;
	if (is_on_cpu || item.state == TRACE_STATE_RUNNABLE) {
		item.object = TRACE_NO_OBJECT;
		item.waker = TRACE_NO_THREAD;
	}
	if (item.start_ns < item.end_ns)
		trace_writer_state(make->writer, thread, &item);
}

/* It had been waiting, was woken by the one before it in the ring, and comes to the CPU some us later. */
static void resume(struct make *make, uint32_t number, uint32_t waker, uint32_t waker_stack,
		   uint64_t wake_ns, uint64_t run_ns)
{
	struct thread *thread = &make->threads[number];

	if (thread->has_run) {
		put_state(make, number,
			  (struct trace_state_item){.start_ns = thread->blocked_ns,
						    .end_ns = wake_ns,
						    .state = trace_state_of_wait(thread->kind),
						    .object = thread->kind == REC_WAIT_POLL
								      ? TRACE_NO_OBJECT
								      : number,
						    .stack = thread->stack,
						    .waker = waker,
						    .waker_stack = waker_stack});
		put_state(make, number,
			  (struct trace_state_item){.start_ns = wake_ns,
						    .end_ns = run_ns,
						    .state = TRACE_STATE_RUNNABLE});
		if (thread->kind != REC_WAIT_POLL)
			put_event(make, number,
				  (struct trace_event){
					  .start_ns = thread->blocked_ns,
					  .end_ns = run_ns,
					  .type = TRACE_WAIT,
					  .stack = thread->stack,
					  .waker = waker,
					  .waker_stack = waker_stack,
					  .arguments = {thread->kind, number, TRACE_OUTCOME_DONE}});
		return;
	}
	put_state(make, number,
		  (struct trace_state_item){
			  .start_ns = 1, .end_ns = run_ns, .state = TRACE_STATE_RUNNABLE});
}

/* It runs from then to then, is perhaps preempted, and makes a system call of a microsecond in the middle. */
static void run(struct make *make, uint32_t cpu, uint32_t number, uint64_t from_ns, uint64_t to_ns)
{
	uint64_t call_ns = from_ns + (to_ns - from_ns) / 2;
	bool is_preempted = random_below(make, 16) == 0;
	struct trace_cpu_item item = {
		.start_ns = from_ns, .end_ns = to_ns, .thread = number, .was_preempted = false};

	put_state(make, number,
		  (struct trace_state_item){.start_ns = from_ns,
					    .end_ns = call_ns,
					    .state = TRACE_STATE_RUNNING,
					    .cpu = cpu});
	put_state(make, number,
		  (struct trace_state_item){.start_ns = call_ns,
					    .end_ns = call_ns + 500,
					    .state = is_preempted ? TRACE_STATE_RUNNABLE
								  : TRACE_STATE_SYSCALL,
					    .cpu = cpu,
					    .is_preempted = is_preempted,
					    .call = is_preempted ? 0 : TRACE_CALL_READ + 1});
	put_state(make, number,
		  (struct trace_state_item){.start_ns = call_ns + 500,
					    .end_ns = to_ns,
					    .state = TRACE_STATE_RUNNING,
					    .cpu = cpu});
	if (is_preempted) {
		item.end_ns = call_ns;
		item.was_preempted = true;
		trace_writer_cpu(make->writer, cpu, &item);
		item = (struct trace_cpu_item){call_ns + 500, to_ns, number, false};
	}
	trace_writer_cpu(make->writer, cpu, &item);
	make->events++;
}

/* What it does in its turn. */
static void put_turn_events(struct make *make, uint32_t number, uint64_t from_ns, uint64_t to_ns)
{
	uint64_t call_ns = from_ns + (to_ns - from_ns) / 2;

	put_event(make, number,
		  (struct trace_event){.start_ns = from_ns + 100,
				       .end_ns = from_ns + 100,
				       .type = TRACE_HEAP,
				       .arguments = {varint_zigzag(64)}});
	put_event(make, number,
		  (struct trace_event){.start_ns = call_ns,
				       .end_ns = call_ns + 500 + (make->is_odd ? 700 : 0),
				       .type = TRACE_SYSCALL,
				       .stack = any_stack(make),
				       .arguments = {TRACE_CALL_READ, 4, varint_zigzag(512)}});
	put_event(make, number,
		  (struct trace_event){
			  .start_ns = call_ns + 600,
			  .end_ns = call_ns + (make->is_odd ? 1300 : 600),
			  .type = make->is_odd ? TRACE_SYSCALL : TRACE_HEAP,
			  .arguments = {make->is_odd ? TRACE_CALL_WRITE : varint_zigzag(-64)}});
	if (random_below(make, REGIONS_EVERY) == 0)
		put_event(make, number,
			  (struct trace_event){.start_ns = from_ns + 50,
					       .end_ns = to_ns - 200,
					       .type = TRACE_REGION,
					       .arguments = {make->region, 0, 0}});
	if (random_below(make, 64) == 0)
		put_event(make, number,
			  (struct trace_event){.start_ns = to_ns - 150,
					       .end_ns = to_ns - 150,
					       .type = TRACE_LOG,
					       .arguments = {make->category, make->message, 0}});
}

/* A CPU's ring: turn after turn, until there are enough events. Returns when it ended. */
static uint64_t run_ring(struct make *make, uint32_t cpu, uint32_t first, uint32_t count,
			 uint64_t events)
{
	uint64_t at = 10000 + 1000 * cpu, goal = make->events + events, wake_ns = 0;
	uint32_t waker = 0, waker_stack = 0;

	for (uint32_t turn = 0; make->events < goal || turn < count; turn++) {
		uint32_t number = first + turn % count;
		struct thread *thread = &make->threads[number];
		uint64_t end = at + 4000 + random_below(make, 16000);

		resume(make, number, waker, waker_stack, wake_ns, at);
		run(make, cpu, number, at, end);
		put_turn_events(make, number, at, end);
		waker = number;
		waker_stack = any_stack(make);
		wake_ns = end - 100;
		put_event(make, number,
			  (struct trace_event){
				  .start_ns = wake_ns,
				  .end_ns = wake_ns,
				  .type = TRACE_WAKE,
				  .stack = waker_stack,
				  .arguments = {TRACE_WAKE_UNLOCK, first + (turn + 1) % count}});
		thread->has_run = true;
		thread->blocked_ns = end;
		thread->kind = kinds[number % 4];
		thread->stack = any_stack(make);
		/* With clocks that differ the next one is there before this one has left. */
		at = make->is_odd && turn % 8 == 0 ? end - 50 : end + 200;
	}
	return at;
}

/* Main starts them all and joins them; whoever is not done waits until the end. */
static void finish(struct make *make, struct trace_thread *threads, uint64_t end_ns)
{
	uint32_t last = make->thread_count - 1;

	put_state(make, 0,
		  (struct trace_state_item){
			  .start_ns = 0, .end_ns = 1000, .state = TRACE_STATE_RUNNING, .cpu = 0});
	put_state(make, 0,
		  (struct trace_state_item){.start_ns = 1000,
					    .end_ns = end_ns - 1000,
					    .state = TRACE_STATE_JOIN,
					    .object = 0,
					    .stack = make->stacks[0],
					    .waker = last});
	put_state(make, 0,
		  (struct trace_state_item){.start_ns = end_ns - 1000,
					    .end_ns = end_ns,
					    .state = TRACE_STATE_RUNNING,
					    .cpu = 0});
	for (uint32_t i = 1; i < make->thread_count; i++) {
		struct thread *thread = &make->threads[i];

		threads[i].end_ns = thread->blocked_ns;
		if (make->is_odd)
			threads[i].lost_events = i;
		/* The others have ended after their last turn. The last one lasts. */
		if (i != last)
			continue;
		put_state(make, i,
			  (struct trace_state_item){.start_ns = thread->blocked_ns,
						    .end_ns = end_ns - 1000,
						    .state = TRACE_STATE_SLEEP,
						    .object = TRACE_NO_OBJECT,
						    .waker = TRACE_NO_THREAD,
						    .stack = thread->stack});
		threads[i].end_ns = end_ns - 1000;
	}
}

static int make_trace(const char *path, uint64_t events, uint32_t thread_count, bool is_odd)
{
	struct make make = {.writer = trace_writer_new(path),
			    .thread_count = thread_count + 1,
			    .random = 88172645463325252,
			    .is_odd = is_odd};
	struct trace_thread *threads = xcalloc(make.thread_count, sizeof *threads);
	struct trace_object *objects = xcalloc(make.thread_count, sizeof *objects);
	struct trace_info info = {.program = "/usr/bin/work",
				  .test = "test_work",
				  .outcome = "passed",
				  .source = "trace_make",
				  .note = "",
				  .start_realtime_ns = 1700000000000000000,
				  .cpu_count = CPUS,
				  .page_bytes = 4096};
	uint64_t end_ns = 0;
	int error;

	if (!make.writer)
		return -errno;
	make.threads = xcalloc(make.thread_count, sizeof *make.threads);
	make.region = trace_writer_string(make.writer, "turn");
	make.category = trace_writer_string(make.writer, "work");
	make.message = trace_writer_string(make.writer, "handed over");
	make_stacks(&make);
	for (uint32_t i = 0; i < make.thread_count; i++) {
		char name[16];

		snprintf(name, sizeof name, i ? "worker-%u" : "main", i);
		threads[i] = (struct trace_thread){
			.tid = 1000 + i,
			.creator = i ? 0 : TRACE_NO_THREAD,
			.name = trace_writer_string(make.writer, name),
			.function = trace_writer_string(make.writer, i ? "work" : "main"),
			.start_ns = i > 0};
		objects[i] = (struct trace_object){0x600000 + 64 * i, kinds[i % 4] == REC_WAIT_POLL
									      ? REC_WAIT_JOIN
									      : kinds[i % 4]};
	}
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		uint32_t first = 1 + cpu * thread_count / CPUS;
		uint32_t next = 1 + (cpu + 1) * thread_count / CPUS;
		uint64_t end =
			next > first ? run_ring(&make, cpu, first, next - first, events / CPUS) : 0;

		end_ns = end > end_ns ? end : end_ns;
	}
	end_ns += 10000;
	finish(&make, threads, end_ns);
	for (uint64_t i = 0; i <= 1000; i++)
		trace_writer_heap(make.writer,
				  &(struct trace_heap_item){i * (end_ns / 1001),
							    (int64_t)(1000000 + i % 100 * 64)});
	threads[0].end_ns = info.span_ns = end_ns;
	info.event_count = make.events;
	if (is_odd)
		info.lost_events = (uint64_t)thread_count * (thread_count + 1) / 2;
	error = trace_writer_end(make.writer, &info, threads, make.thread_count, objects,
				 make.thread_count);
	free(make.threads);
	free(threads);
	free(objects);
	return error;
}

int main(int argc, char **argv)
{
	uint64_t events = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	unsigned long threads = argc > 3 ? strtoul(argv[3], NULL, 10) : 16;
	int error;

	if (argc < 3 || events == 0 || threads < 2 || threads > 1000000) {
		fputs("usage: trace_make FILE EVENTS [THREADS] [odd]\n", stderr);
		return 2;
	}
	error = make_trace(argv[1], events, (uint32_t)threads,
			   argc > 4 && strcmp(argv[4], "odd") == 0);
	if (error)
		fprintf(stderr, "trace_make: %s: %s\n", argv[1], strerror(-error));
	return error ? 1 : 0;
}
