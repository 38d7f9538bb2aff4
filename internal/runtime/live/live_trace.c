/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_trace.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ticks.h"
#include "runtime/recorder.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_drain.h"
#include "runtime/trace/trace_self.h"
#include "runtime/trace/trace_threads.h"
#include "runtime/trace/trace_write.h"

/* What a trace of some seconds may take: the memory is the program's. */
static const struct flight_limits trace_limits = {UINT64_MAX, UINT64_C(1) << 30};

_Atomic bool live_is_traced;

static bool is_flying, is_tracing;
static uint64_t from_ns; /* the trace's beginning, in a flight */
static int64_t from_heap;
static char message[sizeof((struct rec_state *)0)->message]; /* of what is counted */

/* The child has neither the thread nor the recording. */
static void forget_in_child(void)
{
	if (atomic_load(&live_is_traced))
		trace_drain_forget();
	atomic_store(&live_is_traced, false);
	is_flying = is_tracing = false;
	trace_threads_forget();
}

static void begin_once(void)
{
	static bool has_begun;

	if (has_begun)
		return;
	has_begun = true;
	pthread_atfork(NULL, NULL, forget_in_child);
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

static void empty_table(enum rec_table_id id)
{
	struct rec_table *table = &rt_rec->table[id];
	uint64_t size_bytes = (uint64_t)table->cap * table->item_size;

	/* Gives the memory back, too: of shared memory that is to remove it. Tables begin at pages. */
	if (syscall(SYS_madvise, (char *)rt_rec + table->offset, size_bytes, MADV_REMOVE) != 0)
		memset((char *)rt_rec + table->offset, 0, size_bytes);
	atomic_store(&table->len, 0);
	atomic_store(&table->lost, 0);
}

/* Nothing of an earlier trace. */
static void renew(void)
{
	struct rec_state *state = &rt_rec->state;

	empty_table(REC_TRACE_THREADS);
	empty_table(REC_TRACE_SYNCS);
	empty_table(REC_TRACE_CHUNK_STATES);
	empty_table(REC_TRACE_CHUNKS);
	rt_rec->config.trace.ticks = ticks_is_clock() ? REC_TICKS_COUNTER : REC_TICKS_NS;
	rt_rec->config.trace.is_flight = 1;
	atomic_store(&state->trace_is_full, 0);
	atomic_store(&state->trace_heap_bytes, 0);
	memset(&state->trace_cut, 0, sizeof state->trace_cut);
	memcpy(message, state->message, sizeof message);
	state->message[0] = '\0';
}

static int begin(const struct flight_limits *limits)
{
	int fd = (int)syscall(SYS_memfd_create, "pprofmk-flight", MFD_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	begin_once();
	renew();
	trace_threads_meet();
	rt_recorder_trace.start();
	error = trace_drain_start(fd, 0, limits);
	if (error != 0) {
		atomic_store(&trace_waits, false);
		memcpy(rt_rec->state.message, message, sizeof message);
		return error;
	}
	trace_threads_begin();
	trace_drain_begin();
	atomic_store(&live_is_traced, true);
	rt_recorder_trace.window_open();
	return 0;
}

static void end(void)
{
	atomic_store(&live_is_traced, false);
	trace_drain_stop();
	trace_forget();
	memcpy(rt_rec->state.message, message, sizeof message);
}

int live_trace_start(void)
{
	int error;

	if (is_tracing)
		return -EBUSY;
	error = is_flying ? 0 : begin(&trace_limits);
	is_tracing = error == 0;
	from_ns = rt_now_ns();
	from_heap = atomic_load(&rt_rec->state.trace_heap_bytes);
	return error;
}

/* Written when no thread is at an event any more, or out of what goes on. */
int live_trace_stop(void)
{
	int fd;

	if (!is_tracing)
		return -EINVAL;
	is_tracing = false;
	if (is_flying)
		return trace_write_from(from_ns, from_heap);
	rt_recorder_trace.window_close();
	atomic_store(&trace_waits, false);
	trace_self_wait_until_outside();
	fd = trace_write(NULL);
	end();
	return fd;
}

int live_trace_flight(void)
{
	return is_flying ? trace_write(NULL) : -ENOENT;
}

int live_trace_fly(const struct flight_limits *limits)
{
	int error;

	if (is_flying || is_tracing)
		return -EBUSY;
	rt_thread.guard++;
	error = begin(limits);
	is_flying = error == 0;
	rt_thread.guard--;
	return error;
}

int live_trace_write(const char *path)
{
	return is_flying ? trace_write(path) : -ENOENT;
}
