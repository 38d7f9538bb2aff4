/* SPDX-License-Identifier: MIT */
/* links: internal/runtime/[a-z]*.c internal/runtime/bench/[a-z]*.c internal/runtime/cpu/cpu.c internal/runtime/cpu/cpu_[b-z]*.c internal/runtime/hook/[a-z]*.c
 * internal/runtime/heap/heap_[a-vx-z]*.c internal/runtime/live/[a-z]*.c internal/runtime/mem/[a-z]*.c internal/runtime/sync/[a-z]*.c
 * internal/runtime/trace/trace.c internal/runtime/trace/trace_[a-ln-z]*.c internal/runtime/unwind/[a-z]*.c internal/format/recording_layout.c
 * internal/format/flight_ring.c internal/format/spool_fold.c internal/format/perf_ring.c internal/format/sched_runs.c internal/base/crc32.c internal/base/ticks.c */
/* The recorder of traces: the whole runtime is part of this program, which records itself, and reads that by hand. (All but
 * the wrappers of mmap, malloc and sigaltstack, which sanitizers call before they are ready for that.) */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <pprofmk.h>

#include "asleep.h"
#include "format/trace_events.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_self.h"
#include "sanitized.h"
#include "trace_decode.h"

extern const struct pprof_trace_api_ trace_api;

static char path[] = "/tmp/trace_test.XXXXXX";
static struct decoded_trace trace;

static int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	return close(fd);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static int begin(void **state)
{
	(void)state;
	return trace_self_start(path);
}

static int end(void **state)
{
	(void)state;
	trace_self_stop();
	if (trace.map != NULL)
		decoded_free(&trace);
	trace = (struct decoded_trace){.is_good = false};
	return 0;
}

static void stop_and_decode(void)
{
	assert_int_equal(trace_self_stop(), 0);
	trace = decode(path);
	assert_true(trace.is_good);
}

/* The first event of that type from `from` on, with that first argument where one is given. NULL: none. */
static const struct decoded *find(const struct decoded *from, unsigned type, int64_t argument)
{
	for (; from < trace.events + trace.count; from++)
		if (from->type == type &&
		    (argument < 0 || from->arguments[0] == (uint64_t)argument))
			return from;
	return NULL;
}

static size_t count(unsigned type, int64_t argument)
{
	const struct decoded *event = trace.events;
	size_t found = 0;

	for (; (event = find(event, type, argument)) != NULL; event++)
		found++;
	return found;
}

static const struct decoded *the(unsigned type, int64_t argument)
{
	assert_int_equal(count(type, argument), 1);
	return find(trace.events, type, argument);
}

static uint64_t ticks_of_ns(uint64_t ns)
{
	const struct rec_trace_sync *syncs = decoded_table(&trace, REC_TRACE_SYNCS);
	uint32_t last = trace.header->table[REC_TRACE_SYNCS].len - 1;
	double each = (double)(syncs[last].ticks - syncs[0].ticks) /
		      (double)(syncs[last].ns - syncs[0].ns);

	assert_true(last > 0);
	return (uint64_t)((double)ns * each);
}

static void region(const char *name)
{
	trace_api.region_end(name, trace_api.region_begin(name));
}

static void test_trace_what_a_program_tells(void **state)
{
	struct pprof_task *outer, *inner;
	const struct decoded *event;

	(void)state;
	outer = trace_api.task_begin("outer");
	inner = trace_api.task_begin("inner");
	region("parse");
	trace_api.task_end(inner);
	trace_api.log("cache", "miss for 7");
	trace_api.task_end(outer);
	trace_api.log("cache", "miss for 7");
	stop_and_decode();
	event = find(trace.events, DECODED_TASK_BEGIN, -1);
	assert_string_equal(decoded_string(&trace, event->arguments[1]), "outer");
	assert_int_equal(event->arguments[2], 0);
	event = the(DECODED_REGION_BEGIN, -1);
	assert_string_equal(decoded_string(&trace, event->arguments[0]), "parse");
	assert_int_equal(event->arguments[1], event[-1].arguments[0]);
	assert_int_equal(event[-1].arguments[2], event[-2].arguments[0]);
	assert_int_equal(event[1].type, DECODED_REGION_END);
	event = find(trace.events, DECODED_LOG, -1);
	assert_string_equal(decoded_string(&trace, event->arguments[0]), "cache");
	assert_string_equal(decoded_string(&trace, event->arguments[1]), "miss for 7");
	assert_int_equal(event->arguments[2],
			 find(trace.events, DECODED_TASK_BEGIN, -1)->arguments[0]);
	assert_int_equal(event[2].type, DECODED_LOG);
	assert_int_equal(event[2].arguments[1], event->arguments[1]);
	assert_int_equal(event[2].arguments[2], 0);
	assert_int_equal(count(DECODED_WINDOW, 1), 1);
	assert_int_equal(count(DECODED_WINDOW, 0), 1);
}

static void *end_task(void *task)
{
	trace_api.task_use(task);
	region("there");
	trace_api.task_end(task);
	return NULL;
}

static void test_trace_tasks_cross_threads(void **state)
{
	struct pprof_task *task;
	pthread_t thread;
	const struct decoded *event;

	(void)state;
	task = trace_api.task_begin("request");
	assert_ptr_equal(trace_api.task_use(NULL), task);
	region("here");
	assert_int_equal(pthread_create(&thread, NULL, end_task, task), 0);
	pthread_join(thread, NULL);
	stop_and_decode();
	event = the(DECODED_TASK_BEGIN, -1);
	assert_int_equal(the(DECODED_TASK_END, (int64_t)event->arguments[0])->thread,
			 find(trace.events, DECODED_START, -1)->thread);
	assert_int_equal(count(DECODED_REGION_BEGIN, -1), 2);
	for (event = trace.events; (event = find(event, DECODED_REGION_BEGIN, -1)) != NULL; event++)
		assert_int_equal(event->arguments[1],
				 strcmp(decoded_string(&trace, event->arguments[0]), "here") == 0
					 ? 0
					 : the(DECODED_TASK_BEGIN, -1)->arguments[0]);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic int ready;
static _Atomic pid_t waiter; /* the thread that is about to wait; 0 before */

#define HOLD_US 50000

static void hold(void)
{
	usleep(HOLD_US);
}

static void hold_until_joined(void)
{
	await_asleep(getpid());
	hold();
}

static void *wait_for_all(void *argument)
{
	waiter = gettid();
	ready = 1;
	pthread_mutex_lock(&mutex);
	ready = 2;
	pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
	ready = 3;
	sem_wait(&semaphore);
	ready = 4;
	pthread_barrier_wait(&barrier);
	ready = 5;
	pthread_once(&once, hold_until_joined);
	return argument;
}

static void until(int value)
{
	while (ready < value)
		sched_yield();
	await_asleep(waiter);
	hold();
}

static void until_waiting(void)
{
	while (waiter == 0)
		sched_yield();
	await_asleep(waiter);
}

/* A wait of that kind by the other thread for the object, as long as the hold was, and who ended it. */
static void assert_wait(enum rec_wait_kind kind, const void *object, int wake)
{
	const struct decoded *wait = the(DECODED_WAIT, kind);
	const struct decoded *waker = trace.events;

	assert_ptr_equal((void *)(uintptr_t)wait->arguments[1], object);
	assert_int_equal(wait->arguments[2], 0);
	assert_true(wait->duration >= ticks_of_ns(UINT64_C(1000) * HOLD_US / 10));
	assert_int_not_equal(wait->node, 0);
	while ((waker = find(waker, DECODED_WAKE, wake)) != NULL &&
	       waker->arguments[1] != wait->arguments[1])
		waker++;
	assert_non_null(waker);
	if (waker == NULL)
		return; /* for analyzers */
	assert_int_not_equal(waker->thread, wait->thread);
	assert_true(waker->ticks <= wait->ticks);
	assert_true(waker->ticks >= wait->ticks - wait->duration);
}

static void test_trace_waits_and_who_ends_them(void **state)
{
	pthread_t thread;

	(void)state;
	ready = 0;
	sem_init(&semaphore, 0, 0);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_mutex_lock(&mutex);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_all, NULL), 0);
	until(1);
	pthread_mutex_unlock(&mutex);
	until(2);
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	until(3);
	sem_post(&semaphore);
	until(4);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	stop_and_decode();
	assert_wait(REC_WAIT_MUTEX, &mutex, TRACE_WAKE_UNLOCK);
	assert_wait(REC_WAIT_COND, &cond, TRACE_WAKE_SIGNAL);
	assert_wait(REC_WAIT_SEM, &semaphore, TRACE_WAKE_POST);
	assert_wait(REC_WAIT_BARRIER, &barrier, TRACE_WAKE_BARRIER);
	assert_wait(REC_WAIT_JOIN, (const void *)thread, TRACE_WAKE_EXIT);
}

static void *wait_for_post(void *argument)
{
	waiter = gettid();
	ready = 1;
	sem_wait(&semaphore);
	return argument;
}

/* As a thread that the test's set-up has begun: it waits when the window opens. */
static void test_trace_a_wait_begins_before_the_window(void **state)
{
	pthread_t thread;

	(void)state;
	sem_init(&semaphore, 0, 0);
	ready = 0;
	atomic_store(&trace_on, false);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_post, NULL), 0);
	until(1);
	atomic_store(&trace_on, true);
	sem_post(&semaphore);
	pthread_join(thread, NULL);
	stop_and_decode();
	assert_wait(REC_WAIT_SEM, &semaphore, TRACE_WAKE_POST);
}

static void test_trace_nothing_where_nobody_waits(void **state)
{
	(void)state;
	sem_init(&semaphore, 0, 1);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	pthread_cond_signal(&cond);
	sem_wait(&semaphore);
	sem_post(&semaphore);
	stop_and_decode();
	assert_int_equal(count(DECODED_WAIT, -1), 0);
	assert_int_equal(count(DECODED_WAKE, -1), 0);
}

static int ends[2];

/* When the main thread reads. */
static void *write_late(void *argument)
{
	await_asleep(getpid());
	hold();
	assert_int_equal(write(ends[1], "x", 1), 1);
	return argument;
}

static const struct decoded *read_late(void)
{
	pthread_t thread;
	char byte;

	assert_int_equal(pthread_create(&thread, NULL, write_late, NULL), 0);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	errno = EDOM;
	assert_int_equal(read(-1, &byte, 1), -1);
	assert_int_equal(errno, EBADF);
	pthread_join(thread, NULL);
	stop_and_decode();
	return find(trace.events, DECODED_SYSCALL, -1);
}

static void test_trace_system_calls(void **state)
{
	const struct decoded *event;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	read_late();
	event = find(trace.events, DECODED_SYSCALL, TRACE_CALL_READ);
	assert_int_equal(event->arguments[1], ends[0] + 1);
	assert_int_equal(decoded_signed(event->arguments[2]), 1);
	assert_true(event->duration >= ticks_of_ns(UINT64_C(1000) * HOLD_US / 10));
	assert_int_not_equal(event->node, 0);
	event = find(event + 1, DECODED_SYSCALL, TRACE_CALL_READ);
	assert_int_equal(event->arguments[1], 0);
	assert_int_equal(decoded_signed(event->arguments[2]), -EBADF);
	close(ends[0]);
	close(ends[1]);
}

static void *read_for_ever(void *argument)
{
	char byte;

	waiter = gettid();
	return read(ends[0], &byte, 1) == 1 ? argument : NULL;
}

/* What it is doing and where, although there is no event of it. */
static void test_trace_a_call_that_never_ends(void **state)
{
	const struct rec_trace_thread *items, *reader = NULL;
	pthread_t thread;

	(void)state;
	waiter = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(pthread_create(&thread, NULL, read_for_ever, NULL), 0);
	until_waiting();
	stop_and_decode();
	assert_int_equal(write(ends[1], "x", 1), 1);
	pthread_join(thread, NULL);
	items = decoded_table(&trace, REC_TRACE_THREADS);
	for (uint32_t i = 0; i < trace.header->table[REC_TRACE_THREADS].len; i++)
		if (items[i].function == (uint64_t)(uintptr_t)read_for_ever)
			reader = &items[i];
	assert_non_null(reader);
	if (reader == NULL)
		return; /* for analyzers */
	assert_int_equal(reader->now_type, DECODED_SYSCALL);
	assert_int_equal(reader->now_arguments[0], TRACE_CALL_NETWORK_READ);
	assert_int_equal(reader->now_arguments[1], ends[0] + 1);
	assert_int_not_equal(reader->now_node, 0);
	close(ends[0]);
	close(ends[1]);
}

static void test_trace_sockets_are_network(void **state)
{
	const struct decoded *event;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	read_late();
	event = find(trace.events, DECODED_SYSCALL, TRACE_CALL_NETWORK_READ);
	assert_non_null(event);
	assert_int_equal(event->arguments[1], ends[0] + 1);
	close(ends[0]);
	close(ends[1]);
}

enum { CALLS = 200 };

#define ANY_NS UINT64_C(1000000000000)

/* Of calls that found a byte each and took less than that: how many have a stack. */
static size_t received_with_stacks(int flags, uint64_t less_than_ns)
{
	const struct decoded *event;
	size_t calls = 0, with_stack = 0;
	char byte;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | flags, 0, ends), 0);
	for (int i = 0; i < CALLS; i++) {
		assert_int_equal(send(ends[1], "x", 1, 0), 1);
		assert_int_equal(recv(ends[0], &byte, 1, 0), 1);
	}
	stop_and_decode();
	for (event = trace.events; (event = find(event, DECODED_SYSCALL, TRACE_CALL_RECEIVE));
	     event++) {
		calls++;
		with_stack += event->node != 0 && event->duration < trace_ticks_of_ns(less_than_ns);
	}
	assert_int_equal(calls, CALLS);
	close(ends[0]);
	close(ends[1]);
	return with_stack;
}

static void fly(void)
{
	const struct flight_limits limits = {UINT64_C(60000000000), UINT64_C(64) << 20};

	assert_int_equal(trace_self_stop(), 0);
	assert_int_equal(trace_self_fly(&limits, path), 0);
}

/* What may never end has its stack from the beginning. */
static void test_trace_sockets_that_wait_have_stacks(void **state)
{
	(void)state;
	assert_int_equal(received_with_stacks(0, ANY_NS), CALLS);
}

static void test_trace_flight_sockets_that_wait_have_stacks(void **state)
{
	(void)state;
	fly();
	assert_int_equal(received_with_stacks(0, ANY_NS), CALLS);
}

/* A flight recorder's nonblocking ones only when they have been slow: five microseconds. How many are is the machine's business. */
static void test_trace_flight_sockets_that_never_wait_have_none(void **state)
{
	(void)state;
	fly();
	assert_int_equal(received_with_stacks(SOCK_NONBLOCK, 2500), 0);
}

/* Told by fcntl() afterwards, in both directions. */
static void test_trace_flight_sockets_that_change(void **state)
{
	char byte;

	(void)state;
	fly();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	assert_int_equal(recv(ends[0], &byte, 1, 0), -1);
	assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0);
	assert_int_equal(send(ends[1], "x", 1, 0), 1);
	assert_int_equal(recv(ends[0], &byte, 1, 0), 1);
	close(ends[0]);
	close(ends[1]);
	stop_and_decode();
	assert_int_equal(count(DECODED_SYSCALL, TRACE_CALL_RECEIVE), 2);
	assert_int_not_equal(find(find(trace.events, DECODED_SYSCALL, TRACE_CALL_RECEIVE) + 1,
				  DECODED_SYSCALL, TRACE_CALL_RECEIVE)
				     ->node,
			     0);
}

static void *cancelled_in_wait(void *argument)
{
	waiter = gettid();
	sem_wait(&semaphore);
	return argument;
}

static void *cancelled_in_read(void *argument)
{
	char byte;

	waiter = gettid();
	assert_int_equal(read(ends[0], &byte, 1), 1);
	return argument;
}

static void cancel(void *(*start)(void *))
{
	pthread_t thread;
	void *value;

	waiter = 0;
	assert_int_equal(pthread_create(&thread, NULL, start, NULL), 0);
	until_waiting();
	assert_int_equal(pthread_cancel(thread), 0);
	pthread_join(thread, &value);
	assert_ptr_equal(value, PTHREAD_CANCELED);
}

static void test_trace_cancelled_waits_end(void **state)
{
	(void)state;
	if (SANITIZED) {
		print_message(
			"skipped: to sanitizers a cancelled thread is in its call for ever\n");
		skip();
	}
	sem_init(&semaphore, 0, 0);
	assert_int_equal(pipe(ends), 0);
	cancel(cancelled_in_wait);
	cancel(cancelled_in_read);
	/* Nobody is thought to wait for it any more. */
	sem_post(&semaphore);
	stop_and_decode();
	assert_int_equal(the(DECODED_WAIT, REC_WAIT_SEM)->arguments[2], TRACE_OUTCOME_CANCELLED);
	assert_int_equal(decoded_signed(the(DECODED_SYSCALL, TRACE_CALL_READ)->arguments[2]),
			 -ECANCELED);
	assert_int_equal(count(DECODED_WAKE, TRACE_WAKE_POST), 0);
	close(ends[0]);
	close(ends[1]);
}

enum { WRITERS = 8, REGIONS = 5000 };

static void *write_regions(void *argument)
{
	for (int i = 0; i < REGIONS; i++)
		region("written");
	return argument;
}

/* What there was no room for is counted: events and the lost ones together are all. */
static void test_trace_many_threads_at_once(void **state)
{
	const struct rec_trace_thread *items;
	pthread_t threads[WRITERS];

	(void)state;
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_regions, NULL), 0);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	stop_and_decode();
	items = decoded_table(&trace, REC_TRACE_THREADS);
	for (uint32_t i = 0; i < trace.header->table[REC_TRACE_THREADS].len; i++) {
		uint64_t events = items[i].lost_all;

		if (items[i].function != (uint64_t)(uintptr_t)write_regions)
			continue;
		for (size_t at = 0; at < trace.count; at++)
			events += trace.events[at].thread == i &&
				  (trace.events[at].type == DECODED_REGION_BEGIN ||
				   trace.events[at].type == DECODED_REGION_END);
		assert_int_equal(events, 2 * REGIONS);
	}
	assert_int_equal(count(DECODED_START, -1), WRITERS);
	assert_int_equal(count(DECODED_END, -1), WRITERS);
}

static void *nothing(void *argument)
{
	return argument;
}

static void *wait_at_barrier(void *both)
{
	pthread_barrier_wait(both);
	return both;
}

static void test_trace_threads_of_microseconds(void **state)
{
	enum { SHORT = 1000 };
	const struct decoded *event = NULL;
	const struct rec_trace_thread *items;

	(void)state;
	for (int i = 0; i < SHORT; i++) {
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, nothing, NULL), 0);
		pthread_join(thread, NULL);
	}
	stop_and_decode();
	assert_int_equal(count(DECODED_CREATE, -1), SHORT);
	assert_int_equal(count(DECODED_START, -1), SHORT);
	assert_int_equal(count(DECODED_END, -1), SHORT);
	items = decoded_table(&trace, REC_TRACE_THREADS);
	for (event = trace.events; (event = find(event, DECODED_CREATE, -1)) != NULL; event++) {
		const struct rec_trace_thread *item = &items[event->arguments[0] - 1];

		assert_int_equal(event->arguments[1], (uint64_t)(uintptr_t)nothing);
		assert_int_equal(item->creator, event->thread + 1);
		assert_true(item->start_ticks >= event->ticks);
		assert_true(item->end_ticks >= item->start_ticks);
	}
}

/* Short lives, one after the other, and in between those that stay, whose creator is gone. */
static void *start_one_that_stays(void *both)
{
	static pthread_t staying;

	assert_int_equal(pthread_create(&staying, NULL, wait_at_barrier, both), 0);
	return &staying;
}

static uint32_t table_len(enum rec_table_id id)
{
	uint32_t len = atomic_load(&rt_rec->table[id].len);

	return len < rt_rec->table[id].cap ? len : rt_rec->table[id].cap;
}

/* More threads than are of the last 50 ms. Those of AddressSanitizer or an emulator take half a millisecond each, ThreadSanitizer's more. */
static uint32_t room_for_threads(void)
{
	return UNDER_TSAN ? 400 : is_slowed() ? 1500 : 8000;
}

/* As if as many threads had come before that there is only so much room. */
static void fill_table(uint32_t room)
{
	atomic_store(&rt_rec->table[REC_TRACE_THREADS].len,
		     rt_rec->table[REC_TRACE_THREADS].cap - room);
}

/* Of what others may be writing to: by the kernel, whose reading is no race to ThreadSanitizer. The emulator does not know that call. */
static struct rec_trace_thread copy_of(const struct rec_trace_thread *item)
{
	struct rec_trace_thread copy;
	struct iovec to = {&copy, sizeof copy}, from = {(void *)(uintptr_t)item, sizeof copy};

	if (syscall(SYS_process_vm_readv, getpid(), &to, 1UL, &from, 1UL, 0UL) != (long)sizeof copy)
		copy = *item;
	return copy;
}

/* Of a flight only the end is kept, and so are the threads of the end only: a table of 65,536 serves any number. */
static void test_trace_flight_has_room_for_any_number_of_threads(void **state)
{
	enum { AT_ONCE = 8 };
	const struct flight_limits limits = {50000000, UINT64_C(256) << 20};
	const struct rec_trace_thread *items;
	pthread_barrier_t both;
	pthread_t threads[AT_ONCE], creator, *staying;
	const uint32_t lives = 2 * room_for_threads();
	uint32_t with_creator = 0;

	(void)state;
	assert_int_equal(trace_self_stop(), 0);
	assert_int_equal(trace_self_fly(&limits, NULL), 0);
	pthread_barrier_init(&both, NULL, 2);
	assert_int_equal(pthread_create(&creator, NULL, start_one_that_stays, &both), 0);
	pthread_join(creator, (void **)&staying);
	fill_table(room_for_threads());
	for (uint32_t i = 0; i < lives; i += AT_ONCE) {
		for (int j = 0; j < AT_ONCE; j++)
			assert_int_equal(pthread_create(&threads[j], NULL, nothing, NULL), 0);
		for (int j = 0; j < AT_ONCE; j++)
			pthread_join(threads[j], NULL);
	}
	items = rt_table(TRACE_THREADS, struct rec_trace_thread);
	assert_int_equal(table_len(REC_TRACE_THREADS), rt_rec->table[REC_TRACE_THREADS].cap);
	assert_int_equal(atomic_load(&rt_rec->table[REC_TRACE_THREADS].lost), 0);
	assert_int_equal(atomic_load(&rt_rec->state.events_dropped), 0);
	/* Who stays has the creator that it had. */
	for (uint32_t i = 0; i < table_len(REC_TRACE_THREADS); i++) {
		struct rec_trace_thread item = copy_of(&items[i]), maker;

		if (item.function != (uint64_t)(uintptr_t)wait_at_barrier)
			continue;
		with_creator++;
		maker = copy_of(&items[item.creator - 1]);
		assert_int_equal(maker.function, (uint64_t)(uintptr_t)start_one_that_stays);
	}
	assert_int_equal(with_creator, 1);
	pthread_barrier_wait(&both);
	pthread_join(*staying, NULL);
	pthread_barrier_destroy(&both);
	assert_int_equal(trace_self_stop(), 0);
}

static void *stay(void *barriers)
{
	region("alive");
	pthread_barrier_wait(barriers);
	return barriers;
}

static void test_trace_a_thousand_threads_alive(void **state)
{
	/* ThreadSanitizer's threads take a millisecond each. */
	enum { ALIVE = UNDER_TSAN ? 200 : 1000 };
	static pthread_t threads[ALIVE];
	pthread_attr_t small;

	(void)state;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 256 << 10);
	pthread_barrier_init(&barrier, NULL, ALIVE + 1);
	for (int i = 0; i < ALIVE; i++)
		assert_int_equal(pthread_create(&threads[i], &small, stay, &barrier), 0);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < ALIVE; i++)
		pthread_join(threads[i], NULL);
	pthread_attr_destroy(&small);
	stop_and_decode();
	assert_int_equal(count(DECODED_REGION_BEGIN, -1), ALIVE);
	assert_int_equal(count(DECODED_END, -1), ALIVE);
	assert_int_equal(count(DECODED_LOST, -1), 0);
}

static bool is_mapped(const char *name)
{
	const struct rec_mapping *mappings = decoded_table(&trace, REC_MAPPINGS);

	for (uint32_t i = 0; i < trace.header->table[REC_MAPPINGS].len; i++)
		if (strstr(decoded_string(&trace, mappings[i].path), name) != NULL)
			return true;
	return false;
}

/* Its addresses mean something, and not only in the first trace. */
static void test_trace_libraries_that_come_later(void **state)
{
	void *library = dlopen("libresolv.so.2", RTLD_NOW);

	(void)state;
	assert_non_null(library);
	stop_and_decode();
	assert_true(is_mapped("libresolv"));
	assert_true(is_mapped("trace_test"));
	dlclose(library);
}

static _Atomic uint64_t handled;

static void log_in_handler(int number)
{
	(void)number;
	handled++;
	trace_api.log("signal", "came");
}

/* Whatever a handler interrupts is whole, and its own events are there or counted. */
static void test_trace_signals_during_events(void **state)
{
	struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
	const struct rec_trace_thread *items;
	uint64_t lost = 0;

	(void)state;
	handled = 0;
	signal(SIGALRM, log_in_handler);
	setitimer(ITIMER_REAL, &often, NULL);
	/* Where a handler takes as long as the time to the next signal little else is done. */
	for (int i = 0; (i < 200000 && handled < 20000) || handled < 20; i++)
		region("interrupted");
	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_DFL);
	stop_and_decode();
	items = decoded_table(&trace, REC_TRACE_THREADS);
	for (uint32_t i = 0; i < trace.header->table[REC_TRACE_THREADS].len; i++)
		lost += items[i].lost_all;
	assert_in_range(count(DECODED_LOG, -1), handled - (lost < handled ? lost : handled),
			handled);
}

static void test_trace_lost_events_are_told(void **state)
{
	const struct decoded *event;

	(void)state;
	atomic_store(&rt_rec->state.trace_is_full, 1);
	/* More than the chunk that there is. */
	for (int i = 0; i < 20000; i++)
		region("lost");
	atomic_store(&rt_rec->state.trace_is_full, 0);
	usleep(1000);
	region("kept");
	stop_and_decode();
	event = the(DECODED_LOST, -1);
	assert_int_equal(event->arguments[0] + count(DECODED_REGION_BEGIN, -1) +
				 count(DECODED_REGION_END, -1) + count(DECODED_SYSCALL, -1),
			 2 * 20001 + 1);
	assert_true(event->duration >= ticks_of_ns(1000000));
	assert_int_equal(event[1].type, DECODED_SYSCALL);
	assert_int_equal(event[2].type, DECODED_REGION_BEGIN);
	assert_string_equal(decoded_string(&trace, event[2].arguments[0]), "kept");
}

static void test_trace_a_child_records_nothing(void **state)
{
	pid_t child;

	(void)state;
	region("parent");
	child = fork();
	if (child == 0) {
		region("child");
		_exit(0);
	}
	waitpid(child, NULL, 0);
	stop_and_decode();
	assert_int_equal(the(DECODED_FORK, -1)->arguments[0], child);
	assert_int_equal(count(DECODED_REGION_BEGIN, -1), 1);
}

static void test_trace_a_killed_program_leaves_all(void **state)
{
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (trace_self_start(path) != 0)
			_exit(1);
		for (int i = 0; i < 5000; i++)
			region("before");
		raise(SIGKILL);
	}
	waitpid(child, NULL, 0);
	trace = decode(path);
	assert_true(trace.is_good);
	assert_int_equal(count(DECODED_REGION_BEGIN, -1), 5000);
	assert_int_equal(count(DECODED_REGION_END, -1), 5000);
}

/* Threads live through several of them, too. */
static void test_trace_starts_and_stops_any_number_of_times(void **state)
{
	pthread_t old;

	(void)state;
	sem_init(&semaphore, 0, 0);
	for (int i = 0; i < 20; i++) {
		pthread_t thread;

		assert_int_equal(trace_self_start(path), 0);
		if (i == 0)
			assert_int_equal(pthread_create(&old, NULL, wait_for_post, NULL), 0);
		if (i == 10) {
			sem_post(&semaphore);
			pthread_join(old, NULL);
		}
		for (int j = 0; j < 2; j++) {
			assert_int_equal(pthread_create(&thread, NULL, nothing, NULL), 0);
			pthread_join(thread, NULL);
		}
		assert_int_equal(trace_self_start(path), -EBUSY);
		assert_int_equal(pthread_create(&thread, NULL, write_regions, NULL), 0);
		region("again");
		assert_int_equal(trace_self_stop(), 0);
		assert_int_equal(trace_self_stop(), -EINVAL);
		pthread_join(thread, NULL);
		region("never");
	}
	trace = decode(path);
	assert_true(trace.is_good);
	assert_string_equal(
		decoded_string(&trace, find(trace.events, DECODED_REGION_BEGIN, -1)->arguments[0]),
		"again");
}

enum { NO_FILTER = 255 };

/* In a child, to which the kernel answers as for a file system that has no such call. What trace_self_start() said there, as an
 * errno. */
static int start_without_fallocate(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fallocate, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
			_exit(NO_FILTER);
		_exit(-trace_self_start(path));
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_trace_start_says_what_is_wrong(void **state)
{
	struct rlimit before, none = {(1 << 20) + 100, 0}; /* in the middle of what is written */
	struct stat status;
	int error;

	(void)state;
	assert_int_equal(trace_self_start(NULL), -EINVAL);
	assert_int_equal(trace_self_start("/nowhere/x"), -ENOENT);
	/* As of a disk that is full. */
	getrlimit(RLIMIT_FSIZE, &before);
	none.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &none);
	error = start_without_fallocate();
	if (error == NO_FILTER)
		print_message("skipped part of a test: no seccomp filters here\n");
	else
		assert_int_equal(error, EFBIG);
	assert_int_equal(trace_self_start(path), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(stat(path, &status), -1);
	assert_int_equal(trace_self_start(path), 0);
	assert_int_equal(trace_self_stop(), 0);
}

/* Without room for the stack of the thread that takes chunks away. */
static void test_trace_a_start_that_fails_leaves_nothing_on(void **state)
{
	pthread_attr_t before, huge;
	struct stat status;

	(void)state;
	if (is_emulated())
		skip();
	pthread_getattr_default_np(&before);
	pthread_attr_init(&huge);
	pthread_attr_setstacksize(&huge, (size_t)1 << 46);
	assert_int_equal(pthread_setattr_default_np(&huge), 0);
	assert_true(trace_self_start(path) < 0);
	pthread_setattr_default_np(&before);
	pthread_attr_destroy(&huge);
	pthread_attr_destroy(&before);
	assert_int_equal(stat(path, &status), -1);
	assert_false(trace_is_on());
	assert_false(atomic_load(&trace_waits));
	assert_false(atomic_load(&rt_waits));
	assert_int_equal(trace_self_start(path), 0);
	assert_int_equal(trace_self_stop(), 0);
}

#define CASE(name)     cmocka_unit_test_setup_teardown(test_trace_##name, begin, end)
#define CASE_OFF(name) cmocka_unit_test_teardown(test_trace_##name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_a_program_tells),
		CASE(tasks_cross_threads),
		CASE(waits_and_who_ends_them),
		CASE(a_wait_begins_before_the_window),
		CASE(nothing_where_nobody_waits),
		CASE(system_calls),
		CASE(sockets_are_network),
		CASE(sockets_that_wait_have_stacks),
		CASE(flight_sockets_that_wait_have_stacks),
		CASE(flight_sockets_that_never_wait_have_none),
		CASE(flight_sockets_that_change),
		CASE(a_call_that_never_ends),
		CASE(cancelled_waits_end),
		CASE(many_threads_at_once),
		CASE(threads_of_microseconds),
		CASE(flight_has_room_for_any_number_of_threads),
		CASE(a_thousand_threads_alive),
		CASE(libraries_that_come_later),
		CASE(signals_during_events),
		CASE(lost_events_are_told),
		CASE(a_child_records_nothing),
		CASE_OFF(a_killed_program_leaves_all),
		CASE_OFF(starts_and_stops_any_number_of_times),
		CASE_OFF(start_says_what_is_wrong),
		CASE_OFF(a_start_that_fails_leaves_nothing_on),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
