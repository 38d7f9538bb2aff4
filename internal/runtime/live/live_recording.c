/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_recording.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "format/recording_layout.h"
#include "runtime/heap/heap_record.h"
#include "runtime/live/live_cpu.h"
#include "runtime/live/live_trace.h"
#include "runtime/recorder.h"
#include "runtime/sync/sync_store.h"
#include "runtime/thread.h"
#include "runtime/unwind/stack.h"
#include "runtime/window.h"

static const uint32_t items[REC_TABLE_COUNT] = {
#define X(name, count) [REC_##name] = (count),
	LIVE_TABLES(X)
#undef X
};

static void thread_begin(struct rt_thread *thread)
{
	live_cpu_thread_begin(thread);
	if (live_is_traced)
		rt_recorder_trace.thread_begin(thread);
}

static void thread_end(struct rt_thread *thread)
{
	live_cpu_thread_end(thread);
	/* Also behind a trace: the thread may still be in its list. */
	rt_recorder_trace.thread_end(thread);
	rt_recorder_block.thread_end(thread);
}

/* Any number but 0: the thread is then told of when it has been created. */
static uint32_t thread_promise(uint64_t function)
{
	uint32_t promise = live_is_traced ? rt_recorder_trace.thread_promise(function) : 0;

	return promise != 0 ? promise : 1;
}

static uint64_t now(void)
{
	return live_is_traced ? rt_recorder_trace.now() : 0;
}

static void thread_named(pthread_t handle, const char *name)
{
	if (live_is_traced)
		rt_recorder_trace.thread_named(handle, name);
}

static void thread_created(uint32_t promise, uint64_t function, uint64_t ticks,
			   struct stack_regs regs)
{
	struct rt_thread *thread = rt_thread_self();
	struct rec_wait key = {.side = REC_SIDE_CREATOR};

	if (live_is_traced && ticks != 0)
		rt_recorder_trace.thread_created(promise, function, ticks, regs);
	key.thread = atomic_load_explicit(&thread->index, memory_order_relaxed);
	if (key.thread == UINT32_MAX)
		return;
	thread->guard++;
	key.node = stack_node(thread, regs);
	if (key.node != 0)
		sync_store_add(&key, 1, 0);
	thread->guard--;
}

static const struct rt_recorder recorder_live = {
	.thread_promise = thread_promise,
	.thread_created = thread_created,
	.thread_named = thread_named,
	.now = now,
	.thread_begin = thread_begin,
	.thread_end = thread_end,
};

static uint32_t began_in; /* process that has begun, 0: none */

/* Shared: a child of fork neither copies what it or its parent writes to, nor has to be told that it is not its own. */
static struct rec_header *map_recording(void)
{
	struct rec_config config = {.kind = REC_KIND_LIVE};
	struct rec_header header, *mapped;

	recording_layout(&header, &config, items);
	mapped = (struct rec_header *)syscall(SYS_mmap, NULL, header.size_bytes,
					      PROT_READ | PROT_WRITE,
					      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0L);
	if (mapped == MAP_FAILED)
		return NULL;
	memcpy(mapped, &header, sizeof header);
	mapped->state.pid = (uint32_t)syscall(SYS_getpid);
	mapped->state.phase = REC_PHASE_WHOLE;
	return mapped;
}

bool live_has_begun(void)
{
	return began_in != 0 && began_in == (uint32_t)syscall(SYS_getpid);
}

bool live_has_begun_above(void)
{
	return began_in != 0 && !live_has_begun();
}

int live_begin(void)
{
	struct rec_header *mapped;

	if (live_has_begun())
		return 0;
	if (live_has_begun_above())
		return -ENOTSUP;
	if (rt_rec != NULL)
		return -EBUSY;
	mapped = map_recording();
	if (mapped == NULL)
		return -ENOMEM;
	began_in = mapped->state.pid;
	rt_thread.guard++;
	rt_recorder = &recorder_live;
	rt_rec = mapped;
	rt_attend_forks();
	stack_init();
	thread_init();
	thread_share_rest();
	live_cpu_init();
	rt_thread.guard--;
	rt_thread_self();
	window_open();
	heap_begin();
	return 0;
}
