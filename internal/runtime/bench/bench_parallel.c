/* SPDX-License-Identifier: MIT */
/* A loop whose iterations several threads share.
 *
 * Each batch of the loop is a turn: fresh threads call the body, wait for each other at their loops, and take their
 * iterations from one counter, some at a time. The clock runs from when the last one has come to its loop until the last
 * one has left it. Waiting is a futex: pthread's functions may be recorders' or the program's own. */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/bench/bench.h"
#include "runtime/bench/bench_loop.h"

enum {
	BATCHES = 5,
	/* Iterations are taken in so many portions a thread: a turn ends evenly, and the counter is no bottleneck. */
	PORTIONS = 1024,
	THREADS_MAX = 4096,
};

static struct {
	void (*body)(void *);
	void *argument;
	uint64_t total, portion;
	_Atomic uint64_t next; /* iteration that nobody has taken */
	atomic_flag lock;      /* of the three below; held for some instructions */
	unsigned expected;     /* threads that are at the loop, or may still come to it */
	unsigned arrived;
	unsigned inside; /* that have not left it */
	_Atomic uint32_t has_begun;
} turn;

/* Of one thread, in one turn. */
static RT_TLS struct {
	bool is_worker, has_arrived, is_inside;
} worker;

static void lock(void)
{
	while (atomic_flag_test_and_set_explicit(&turn.lock, memory_order_acquire))
		syscall(SYS_sched_yield);
}

static void unlock(void)
{
	atomic_flag_clear_explicit(&turn.lock, memory_order_release);
}

/* With the lock: are all here that will come? */
static void begin_if_complete(void)
{
	if (turn.arrived == 0 || turn.arrived < turn.expected || turn.has_begun)
		return;
	bench_loop_run();
	atomic_store(&turn.has_begun, 1);
	syscall(SYS_futex, &turn.has_begun, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static uint64_t portion_take(void)
{
	uint64_t at = atomic_fetch_add_explicit(&turn.next, turn.portion, memory_order_relaxed);

	if (at >= turn.total)
		return 0;
	return turn.total - at < turn.portion ? turn.total - at : turn.portion;
}

bool bench_is_worker(void)
{
	return worker.is_worker;
}

uint64_t bench_worker_begin(void)
{
	if (worker.has_arrived)
		return 1; /* a second loop of the body is not measured */
	worker.has_arrived = worker.is_inside = true;
	lock();
	turn.arrived++;
	turn.inside++;
	begin_if_complete();
	unlock();
	while (!atomic_load(&turn.has_begun))
		syscall(SYS_futex, &turn.has_begun, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return portion_take();
}

uint64_t bench_worker_next(void)
{
	uint64_t count = worker.is_inside ? portion_take() : 0;

	if (count == 0)
		bench_worker_end();
	return count;
}

void bench_worker_end(void)
{
	if (!worker.is_inside)
		return;
	worker.is_inside = false;
	lock();
	if (--turn.inside == 0)
		bench_loop_pause();
	unlock();
}

static void *worker_main(void *unused)
{
	(void)unused;
	worker.is_worker = true;
	turn.body(turn.argument);
	bench_worker_end();
	if (!worker.has_arrived) {
		lock();
		turn.expected--;
		begin_if_complete();
		unlock();
	}
	worker.is_worker = false;
	return NULL;
}

/* With a message where it fails. Those that were started have the work to themselves. */
static unsigned threads_start(pthread_t *handles, unsigned threads)
{
	for (unsigned i = 0; i < threads; i++) {
		int error;

		/* A thread of the program: those that are created with the guard held are ours, and record nothing. */
		rt_thread.guard--;
		error = pthread_create(&handles[i], NULL, worker_main, NULL);
		rt_thread.guard++;
		if (error == 0)
			continue;
		rt_trouble("pprof_bench_parallel: %s: %u of %u threads", strerror(error), i,
			   threads);
		lock();
		turn.expected -= threads - i;
		begin_if_complete();
		unlock();
		return i;
	}
	return threads;
}

/* False when no thread came to a loop. */
static bool turn_run(pthread_t *handles, unsigned threads, uint64_t total)
{
	unsigned started;

	turn.total = total;
	turn.portion = total / ((uint64_t)PORTIONS * threads);
	if (turn.portion == 0)
		turn.portion = 1;
	turn.expected = threads;
	turn.arrived = turn.inside = 0;
	atomic_store(&turn.next, 0);
	atomic_store(&turn.has_begun, 0);
	started = threads_start(handles, threads);
	for (unsigned i = 0; i < started; i++)
		pthread_join(handles[i], NULL);
	return turn.has_begun && atomic_load(&turn.next) >= turn.total;
}

void bench_parallel(unsigned threads, void (*body)(void *), void *argument)
{
	pthread_t handles[THREADS_MAX];
	uint64_t total;

	if (threads == 0 || threads > THREADS_MAX)
		threads = threads == 0 ? rt_rec->config.bench.cpus : THREADS_MAX;
	if (threads == 0)
		threads = 1;
	turn.body = body;
	turn.argument = argument;
	rt_thread.guard++;
	total = bench_loop_open(threads, BATCHES);
	while (total != 0 && turn_run(handles, threads, total))
		total = bench_loop_batch();
	if (total != 0 && !turn.has_begun)
		rt_trouble("pprof_bench_parallel: no thread came to a PPROF_BENCH_LOOP in its "
			   "body: nothing was measured");
	bench_loop_close();
	rt_thread.guard--;
}
