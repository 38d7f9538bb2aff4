/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_self.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "format/recording_layout.h"
#include "runtime/loading.h"
#include "runtime/recorder.h"
#include "runtime/thread.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_drain.h"
#include "runtime/trace/trace_file.h"
#include "runtime/trace/trace_strings.h"
#include "runtime/trace/trace_threads.h"
#include "runtime/trace/trace_write.h"
#include "runtime/unwind/stack.h"

/* Room for 250,000 different stacks. Their index has a table for each power of two up to 2^4 * 2^13, which are 31 * 2^13
 * nodes and twice as many entries: see stack_nodes.c. */
#define SELF_NODES  (UINT32_C(31) << 13)
#define SELF_CHUNKS UINT32_C(1024)

static const uint32_t items[REC_TABLE_COUNT] = {
	[REC_STRINGS] = 4u << 20,	   [REC_MAPPINGS] = 1u << 13,
	[REC_THREADS] = 1u << 14,	   [REC_NODES] = SELF_NODES,
	[REC_NODE_INDEX] = SELF_NODES * 2, [REC_TRACE_THREADS] = 1u << 16,
	[REC_TRACE_SYNCS] = 1u << 16,	   [REC_TRACE_CHUNK_STATES] = SELF_CHUNKS,
	[REC_TRACE_CHUNKS] = SELF_CHUNKS,
};

/* Threads that are in the middle of an event have so long to finish it, when a trace stops. */
#define PATIENCE_NS UINT64_C(100000000)

enum state { IDLE, CHANGING, RUNNING };

static _Atomic int state;
static struct rec_header *mapping; /* ours, NULL: none yet */
static int file;		   /* the trace's, until its thread has it */
static bool is_flying;
static bool has_strays; /* threads were still inside when a trace had stopped */

static bool is_ours(void)
{
	return rt_rec == NULL || rt_rec == mapping;
}

/* Where the file system can't allocate it is written. */
static int allocate(int fd, uint64_t size_bytes)
{
	static const char zeros[64 << 10];
	int error = 0;

	if (syscall(SYS_fallocate, fd, 0, 0L, size_bytes) == 0)
		return 0;
	if (errno != EOPNOTSUPP && errno != ENOSYS)
		return -errno;
	for (uint64_t at = 0; at < size_bytes && error == 0; at += sizeof zeros) {
		uint64_t left = size_bytes - at;

		error = trace_file_write(fd, zeros, left < sizeof zeros ? left : sizeof zeros, at);
	}
	return error;
}

/* The file with an empty recording: its descriptor, or -errno, and then no file. */
static int make_file(const char *path, const struct rec_header *header)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
			      0666);
	int error;

	if (fd < 0)
		return -errno;
	error = allocate(fd, header->size_bytes);
	if (error == 0)
		error = trace_file_write(fd, header, sizeof *header, 0);
	if (error == 0)
		return fd;
	syscall(SYS_close, fd);
	syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	return error;
}

static void *map(void *at, uint64_t size_bytes, int fd)
{
	/* Shared: a child of fork has no copy of what its parent writes. */
	int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
	void *start = (void *)syscall(SYS_mmap, at, size_bytes, PROT_READ | PROT_WRITE,
				      flags | (at != NULL ? MAP_FIXED : 0), fd, 0L);

	return start == MAP_FAILED ? NULL : start;
}

/* In place of the file from now on: memory laid out alike. It comes all at once. */
static void map_nothing(void)
{
	struct rec_header *nothing = map(NULL, mapping->size_bytes, -1);
	uint64_t size_bytes = mapping->size_bytes;

	if (nothing == NULL)
		return;
	memcpy(nothing, mapping, sizeof *nothing);
	syscall(SYS_mremap, nothing, size_bytes, size_bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
		mapping);
}

static void header_make(struct rec_header *header, bool is_flight)
{
	struct rec_config config = {.kind = REC_KIND_TRACE, .attach = REC_ATTACH_FILE};

	config.trace.ticks = ticks_is_clock() ? REC_TICKS_COUNTER : REC_TICKS_NS;
	config.trace.is_flight = is_flight;
	recording_layout(header, &config, items);
	header->state.phase = REC_PHASE_WHOLE;
	header->state.pid = (uint32_t)syscall(SYS_getpid);
}

/* Threads that are late by a trace may still use the old mapping's memory: it is replaced in place. */
static int open_recording(const char *path, bool is_flight)
{
	struct rec_header header;
	struct rec_header *made;

	header_make(&header, is_flight);
	file = path != NULL ? make_file(path, &header)
			    : (int)syscall(SYS_memfd_create, "pprofmk-flight", MFD_CLOEXEC);
	if (file < 0)
		return path != NULL ? file : -errno;
	made = map(mapping, header.size_bytes, path != NULL ? file : -1);
	if (made == NULL) {
		int error = -errno;

		syscall(SYS_close, file);
		if (path != NULL)
			syscall(SYS_unlinkat, AT_FDCWD, path, 0);
		return error;
	}
	if (path == NULL)
		memcpy(made, &header, sizeof header);
	mapping = made;
	return 0;
}

/* The child of a fork may record a trace of its own: in a mapping of its own, for this one is its parent's file. */
static void forget_in_child(void)
{
	if (atomic_load(&state) == RUNNING)
		trace_drain_forget();
	atomic_store(&state, IDLE);
	mapping = NULL;
	rt_thread.tid = (uint32_t)syscall(SYS_gettid);
	trace_threads_forget();
}

static void begin_once(void)
{
	static bool has_begun;

	if (has_begun) {
		stack_renew(!has_strays);
		return;
	}
	has_begun = true;
	rt_attend_forks();
	pthread_atfork(NULL, NULL, forget_in_child);
	stack_init();
	thread_init();
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

static void open_window(void)
{
	atomic_fetch_add(&rt_window_number, 1);
	rt_recorder->window_open();
	atomic_store(&rt_window, true);
}

/* Context: trace_on is off. */
static void end_waits(void)
{
	atomic_store(&rt_waits, false);
	atomic_store(&trace_waits, false);
	trace_self_wait_until_outside();
}

static int start(const char *path, const struct flight_limits *flight)
{
	int error;

	if (!is_ours())
		return -EBUSY;
	error = open_recording(path, flight != NULL);
	if (error != 0)
		return error;
	/* Threads that are late by a trace may read it: the same mapping is not stored again. */
	if (rt_rec != mapping)
		rt_rec = mapping;
	rt_recorder = &rt_recorder_trace;
	begin_once();
	trace_strings_forget();
	trace_threads_meet();
	rt_recorder->start();
	error = trace_drain_start(file, path != NULL ? mapping->size_bytes : 0, flight);
	if (error != 0) {
		end_waits();
		trace_forget();
		map_nothing();
		if (path != NULL)
			syscall(SYS_unlinkat, AT_FDCWD, path, 0);
		return error;
	}
	trace_threads_begin();
	trace_drain_begin();
	return 0;
}

static int begin(const char *path, const struct flight_limits *flight)
{
	int is_idle = IDLE, error;

	if (!atomic_compare_exchange_strong(&state, &is_idle, CHANGING))
		return -EBUSY;
	rt_thread.guard++;
	error = start(path, flight);
	rt_thread.guard--;
	if (error == 0)
		open_window();
	is_flying = error == 0 && flight != NULL;
	atomic_store(&state, error == 0 ? RUNNING : IDLE);
	return error;
}

int trace_self_start(const char *path)
{
	return path != NULL ? begin(path, NULL) : -EINVAL;
}

/* Only libpprofmk-live.so has these. */
int live_trace_fly(const struct flight_limits *limits) __attribute__((weak, visibility("hidden")));
int live_trace_write(const char *path) __attribute__((weak, visibility("hidden")));

static bool is_live(void)
{
	return rt_rec != NULL && rt_rec->config.kind == REC_KIND_LIVE;
}

int trace_self_fly(const struct flight_limits *limits, const char *path)
{
	if (is_live() && &live_trace_fly != NULL)
		return path == NULL ? live_trace_fly(limits) : -ENOTSUP;
	return begin(path, limits);
}

int trace_self_write(const char *path)
{
	bool is_of_live = is_live() && &live_trace_write != NULL;
	int error;

	if (!is_of_live && (atomic_load(&state) != RUNNING || !is_flying))
		return -ENOENT;
	rt_thread.guard++;
	error = is_of_live ? live_trace_write(path) : trace_write(path);
	rt_thread.guard--;
	return error;
}

static void pass(uint64_t ns)
{
	struct timespec time = {0, (long)ns};

	syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
}

/* No thread is at an event any more, and none will begin one. One that a handler's longjmp has taken out of ours never
 * leaves: it does not write, either. */
void trace_self_wait_until_outside(void)
{
	uint64_t until_ns = rt_now_ns() + PATIENCE_NS;

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
		pass(PATIENCE_NS / 10);
	while (trace_threads_are_inside()) {
		if (rt_now_ns() >= until_ns) {
			has_strays = true;
			return;
		}
		pass(PATIENCE_NS / 1000);
	}
}

int trace_self_stop(void)
{
	int is_running = RUNNING;

	if (!atomic_compare_exchange_strong(&state, &is_running, CHANGING))
		return -EINVAL;
	rt_recorder->window_close();
	rt_thread.guard++;
	atomic_store(&rt_window, false);
	end_waits();
	trace_drain_stop();
	loading_note_all();
	rt_rec->state.phase = REC_PHASE_DONE;
	trace_forget();
	map_nothing();
	rt_thread.guard--;
	atomic_store(&state, IDLE);
	return 0;
}

/* A program that never stops its trace has all of it, up to its exit(). */
__attribute__((destructor)) static void leave(void)
{
	if (atomic_load(&state) == RUNNING)
		trace_self_stop();
}
