/* SPDX-License-Identifier: MIT */
/* Low in priority, but not idle: it sleeps most of the time, and what wakes up is let in soon. Its system calls go directly,
 * like all of the runtime's; it allocates nothing, and blocks all signals. */
#include "runtime/trace/trace_drain.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32.h"
#include "format/trace_spool.h"
#include "runtime/loading.h"
#include "runtime/thread.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_file.h"
#include "runtime/trace/trace_flight.h"
#include "runtime/trace/trace_switches.h"
#include "runtime/trace/trace_write.h"

/* Between two looks: a thread at full speed fills a chunk in 50 us, and SELF_CHUNKS of them in 50 ms. A look wakes this thread, for
 * which another one may have to leave its CPU: it is not for a few chunks. */
#define BUSY_NS	    UINT64_C(2000000)
#define IDLE_NS	    UINT64_C(10000000)
#define MANY_CHUNKS 32
#define SYNC_NS	    UINT64_C(100000000)

/* What is appended is at most so much: the bound of Tracesize. */
#define LIMIT_BYTES (UINT64_C(1) << 30)

enum { NICE = 5 };

static struct {
	pthread_t thread;
	int fd;
	uint64_t at;	/* in the file: the end of the last block */
	uint64_t taken; /* ticks: chunks that were full by then have been appended */
	_Atomic bool is_ready, is_begun, is_over;
	bool is_flight;
	bool is_file;  /* and no memory: it is there when the program is not any more */
	bool is_apart; /* it has a descriptor table of its own */
	struct crc32_table sums;
} drain;

/* What was dropped from then on is counted, and in the file. */
static void fill_up(const char *why)
{
	if (!atomic_exchange(&rt_rec->state.trace_is_full, 1))
		snprintf(rt_rec->state.message, sizeof rt_rec->state.message,
			 "trace: %s; later events are lost", why);
}

/* Head and payload. Half a block is cut off: another would not be found behind it. 0 or -errno. */
static int write_block(const struct spool_block *block, const void *payload)
{
	int error = trace_file_write(drain.fd, block, sizeof *block, drain.at);

	if (error == 0)
		error = trace_file_write(drain.fd, payload, block->size_bytes,
					 drain.at + sizeof *block);
	if (error == 0)
		drain.at += sizeof *block + block->size_bytes;
	else
		syscall(SYS_ftruncate, drain.fd, drain.at);
	return error;
}

static bool append(const struct spool_block *block, const void *payload)
{
	int error;

	if (!drain.is_flight &&
	    drain.at - rt_rec->size_bytes + sizeof *block + block->size_bytes > LIMIT_BYTES) {
		fill_up("it has 1 GiB");
		return false;
	}
	do {
		error = write_block(block, payload);
		if (error == 0)
			return true;
	} while (drain.is_flight && error == -ENOSPC && trace_flight_shrink(drain.at));
	fill_up(strerror(-error));
	return false;
}

static bool append_chunk(const struct rec_trace_chunk *chunk)
{
	struct spool_block block = {
		.magic = SPOOL_MAGIC,
		.kind = SPOOL_EVENTS,
		.owner = chunk->thread,
		.sequence = chunk->sequence,
		.base = chunk->base_ticks,
		.size_bytes = atomic_load_explicit(&chunk->used_bytes, memory_order_relaxed),
	};

	block.crc = crc32_of(&drain.sums, chunk->events, block.size_bytes);
	return append(&block, chunk->events);
}

/* Chunks that can't be appended stay: they are found in the recording. Returns how many there were. */
static unsigned take_chunks(void)
{
	_Atomic uint32_t *states = rt_table(TRACE_CHUNK_STATES, _Atomic uint32_t);
	struct rec_trace_chunk *chunks = rt_table(TRACE_CHUNKS, struct rec_trace_chunk);
	uint32_t count = rt_rec->table[REC_TRACE_CHUNKS].cap;
	uint64_t begun = trace_now();
	unsigned found = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (atomic_load_explicit(&states[i], memory_order_acquire) != REC_CHUNK_FULL)
			continue;
		if (atomic_load(&rt_rec->state.trace_is_full) || !append_chunk(&chunks[i]))
			return found;
		found++;
		atomic_store_explicit(&chunks[i].used_bytes, 0, memory_order_relaxed);
		atomic_store_explicit(&states[i], REC_CHUNK_FREE, memory_order_release);
	}
	drain.taken = begun;
	return found;
}

static void store_block(struct spool_block *block, const void *payload)
{
	block->magic = SPOOL_MAGIC;
	block->crc = crc32_of(&drain.sums, payload, block->size_bytes);
	if (!atomic_load(&rt_rec->state.trace_is_full))
		append(block, payload);
}

static void store(enum spool_kind kind, uint32_t owner, const void *payload, size_t size_bytes)
{
	struct spool_block block = {
		.kind = kind, .owner = owner, .size_bytes = (uint32_t)size_bytes};

	store_block(&block, payload);
}

static void pass(uint64_t ns)
{
	struct timespec time = {0, (long)ns};

	syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
}

/* In memory it goes with the program. */
static void mark(void)
{
	trace_flight_mark(drain.at, drain.taken, drain.is_file ? store_block : NULL);
}

/* What has been collected is stored at the end of each group. */
static void keep_end(void)
{
	if (!drain.is_flight || !trace_flight_is_due(drain.at))
		return;
	trace_switches_take(true);
	mark();
}

/* Up to now, whenever that is. */
static int write_end(int fd, const struct spool_cut *part)
{
	trace_sync(true);
	take_chunks();
	trace_switches_take(true);
	mark();
	return trace_flight_write(fd, drain.at, part);
}

static void look(uint64_t *last_sync_ns)
{
	unsigned found = take_chunks();
	uint64_t now = rt_now_ns();
	bool is_time = now - *last_sync_ns >= SYNC_NS;
	bool is_busy = trace_switches_take(is_time) || found >= MANY_CHUNKS;

	if (is_time) {
		trace_sync(true);
		loading_catch_up();
		*last_sync_ns = now;
	}
	keep_end();
	trace_write_answer(write_end);
	pass(is_busy ? BUSY_NS : IDLE_NS);
}

/* The first three are the program's as they are: messages go there. */
static void go_apart(void)
{
	drain.is_apart = drain.fd > STDERR_FILENO && syscall(SYS_unshare, CLONE_FILES) == 0;
	if (!drain.is_apart)
		return;
	syscall(SYS_close_range, 3, drain.fd - 1, 0);
	syscall(SYS_close_range, drain.fd + 1, ~0U, 0);
}

static void *drain_main(void *nothing)
{
	uint64_t last_sync_ns = rt_now_ns();

	thread_own_begin();
	go_apart();
	trace_switches_open(store);
	if (drain.is_flight)
		trace_write_begin();
	atomic_store(&drain.is_ready, true);
	/* What the kernel has counted before is where its counts begin: the first look is at a time of the trace. */
	while (!atomic_load(&drain.is_begun))
		pass(BUSY_NS / 20);
	syscall(SYS_setpriority, PRIO_PROCESS, syscall(SYS_gettid), NICE);
	while (!atomic_load(&drain.is_over))
		look(&last_sync_ns);
	trace_write_end();
	take_chunks();
	trace_switches_take(true);
	trace_switches_close();
	if (drain.is_flight)
		trace_flight_close();
	syscall(SYS_close, drain.fd);
	thread_own_end();
	return nothing;
}

int trace_drain_start(int fd, uint64_t first, const struct flight_limits *flight)
{
	int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
		(int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))rt_real(
			"pthread_create");
	sigset_t all, saved;
	int error;

	drain.fd = fd;
	drain.at = first;
	drain.is_flight = flight != NULL;
	drain.is_file = first > 0;
	drain.is_apart = false;
	if (flight != NULL)
		trace_flight_open(flight, fd, first);
	atomic_store(&drain.is_ready, false);
	atomic_store(&drain.is_begun, false);
	atomic_store(&drain.is_over, false);
	crc32_table_make(&drain.sums);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	error = create(&drain.thread, NULL, drain_main, NULL);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	/* What follows is in the kernel's record from its beginning on. */
	while (error == 0 && !atomic_load(&drain.is_ready))
		pass(BUSY_NS / 20);
	if (error != 0 || drain.is_apart)
		syscall(SYS_close, fd);
	return -error;
}

void trace_drain_begin(void)
{
	atomic_store(&drain.is_begun, true);
}

void trace_drain_stop(void)
{
	int (*join)(pthread_t, void **) = (int (*)(pthread_t, void **))rt_real("pthread_join");

	atomic_store(&drain.is_over, true);
	join(drain.thread, NULL);
}

/* Descriptors of a table of its own have gone with the thread. */
void trace_drain_forget(void)
{
	if (!drain.is_apart) {
		trace_switches_close();
		syscall(SYS_close, drain.fd);
	}
	trace_write_end();
}
