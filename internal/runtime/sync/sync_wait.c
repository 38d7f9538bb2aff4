/* SPDX-License-Identifier: MIT */
#include "runtime/sync/sync_wait.h"

#include <errno.h>

#include "runtime/recorder.h"
#include "runtime/sync/sync_store.h"

const struct sync_tracer *sync_tracer;

static bool is_recording(void)
{
	return sync_is_on() && rt_thread.guard == 0 && rt_rec != NULL &&
	       (rt_rec->config.kind == REC_KIND_BLOCK || rt_rec->config.kind == REC_KIND_LIVE);
}

/* In a program that is looked at while it runs waits are counted whether a trace is recorded or not. */
static bool is_only_traced(const struct sync_tracer *tracer)
{
	return tracer != NULL && (rt_rec == NULL || rt_rec->config.kind != REC_KIND_LIVE);
}

static uint32_t window_now(void)
{
	return atomic_load_explicit(&rt_window_number, memory_order_relaxed);
}

static void drop(uint64_t count)
{
	atomic_fetch_add_explicit(&rt_rec->table[REC_WAITS].lost, (uint32_t)count,
				  memory_order_relaxed);
}

/* Context: guard held, thread ready. */
static void add(uint32_t node, uint32_t kind, enum rec_wait_side side, struct contention_sum sum)
{
	struct rec_wait key = {.node = node, .kind = kind, .side = side};

	key.thread = atomic_load_explicit(&rt_thread.index, memory_order_relaxed);
	if (node != 0)
		sync_store_add(&key, sum.waiters, sum.delay_ns);
	else
		drop(sum.waiters);
}

/* 0: the thread has no number, or there is no room. */
static uint32_t node_guarded(struct stack_regs regs)
{
	if (atomic_load_explicit(&rt_thread.index, memory_order_relaxed) == UINT32_MAX)
		return 0;
	return stack_node(&rt_thread, regs);
}

enum sync_outcome sync_outcome(int error)
{
	switch (error) {
	case 0:
	case EOWNERDEAD:
		return SYNC_DONE;
	case ETIMEDOUT:
	case ENOTRECOVERABLE:
		return SYNC_GAVE_UP;
	}
	return SYNC_REFUSED;
}

bool sync_is_deadline(clockid_t clock, const struct timespec *deadline)
{
	return deadline != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) &&
	       deadline->tv_nsec >= 0 && deadline->tv_nsec < 1000000000;
}

/* Context: guard held, recording. */
static void add_wait(const struct rt_wait *wait, uint64_t end_ns)
{
	struct contention_sum sum = {.waiters = 1, .delay_ns = end_ns - wait->start_ns};

	if (wait->window == window_now())
		add(wait->node, wait->kind, REC_SIDE_WAITER, sum);
}

/* What is counted and traced has one stack, in one table. 0: the trace has none of it. */
static uint32_t traced_node(const struct sync_wait *wait)
{
	return wait->tracer != NULL && wait->trace.own.start_ticks != 0 ? wait->trace.own.node : 0;
}

/* The stack is walked now: a cancelled thread has no end_without_lock(). Stacks grow downward: a wait above the noted
 * one can't be in its middle, so that one was left, by a jump or to run cleanup handlers. */
static void begin_without_lock(struct sync_wait *wait)
{
	struct rt_thread *thread = rt_thread_self();

	if ((uintptr_t)thread->wait.frame > (uintptr_t)wait)
		wait->outer = thread->wait;
	thread->guard++;
	wait->own.node = traced_node(wait);
	if (wait->own.node == 0)
		wait->own.node = node_guarded(wait->regs);
	thread->guard--;
	wait->own.start_ns = rt_now_ns();
	thread->wait = wait->own;
}

/* Where it isn't the noted one a signal handler has waited on a stack of its own. */
static void end_without_lock(const struct sync_wait *wait, enum sync_outcome outcome,
			     uint64_t end_ns)
{
	if (rt_thread.wait.frame == wait->own.frame)
		rt_thread.wait = wait->outer;
	if (!is_recording() || outcome == SYNC_REFUSED)
		return;
	rt_thread.guard++;
	add_wait(&wait->own, end_ns);
	rt_thread.guard--;
}

/* The stack is walked at the end, when the lock can't be missed for it any more. */
static void end_of_lock(struct sync_wait *wait, enum sync_outcome outcome, uint64_t end_ns)
{
	if (wait->contention != NULL)
		contention_leave(wait->contention, wait->own.start_ns, end_ns,
				 outcome == SYNC_GAVE_UP);
	if (!is_recording() || wait->own.window != window_now())
		return;
	if (wait->contention == NULL)
		drop(1);
	if (outcome == SYNC_REFUSED)
		return;
	/* Before the guard: a thread is made ready only while it is not held. */
	rt_thread_self();
	rt_thread.guard++;
	wait->own.node = node_guarded(wait->regs);
	add_wait(&wait->own, end_ns);
	rt_thread.guard--;
}

static bool has_holder(enum rec_wait_kind kind)
{
	return kind == REC_WAIT_MUTEX || kind == REC_WAIT_RWLOCK || kind == REC_WAIT_SPIN ||
	       kind == REC_WAIT_ONCE;
}

/* For whoever asks what this thread is in. */
static void show(struct sync_wait *wait, struct stack_regs regs)
{
	wait->regs = regs;
	wait->outer_at = rt_thread.waits_at;
	rt_thread.waits_at = &wait->regs;
}

/* What is counted of a wait begins; what is traced has begun. */
static void begin(struct sync_wait *wait, enum rec_wait_kind kind, const void *object,
		  struct stack_regs regs)
{
	int saved = errno;

	wait->lock = object;
	wait->own.start_ns = 0;
	show(wait, regs);
	if (is_only_traced(wait->tracer))
		return;
	wait->own = (struct rt_wait){.kind = kind, .frame = wait};
	wait->lock = has_holder(kind) ? object : NULL;
	wait->contention = NULL;
	wait->outer.start_ns = 0;
	if (!is_recording())
		return;
	wait->own.window = window_now();
	if (wait->lock != NULL) {
		wait->own.start_ns = rt_now_ns();
		rt_thread.guard++;
		wait->contention = contention_enter(object, wait->own.window, wait->own.start_ns);
		rt_thread.guard--;
	} else {
		begin_without_lock(wait);
	}
	errno = saved;
}

void sync_call_begin(struct sync_wait *wait, enum rec_wait_kind kind, enum trace_call call, int fd,
		     struct stack_regs regs)
{
	wait->tracer = sync_tracer;
	if (wait->tracer != NULL) {
		wait->is_call = true;
		wait->tracer->call_begin(&wait->trace, call, fd, regs, true);
	}
	begin(wait, kind, NULL, regs);
}

void sync_wait_begin(struct sync_wait *wait, enum rec_wait_kind kind, const void *object,
		     struct stack_regs regs)
{
	wait->tracer = sync_tracer;
	if (wait->tracer != NULL) {
		wait->is_call = false;
		wait->tracer->wait_begin(&wait->trace, kind, object, regs);
	}
	begin(wait, kind, object, regs);
}

/* Where there was no hope of a lock no time was over either, but no wait has both. */
static enum trace_outcome trace_outcome(enum sync_outcome outcome)
{
	if (outcome == SYNC_GAVE_UP)
		return errno == EINTR ? TRACE_OUTCOME_INTERRUPTED : TRACE_OUTCOME_TIMED_OUT;
	return outcome == SYNC_DONE ? TRACE_OUTCOME_DONE : TRACE_OUTCOME_FAILED;
}

static void end_traced(struct sync_wait *wait, enum sync_outcome outcome)
{
	if (wait->is_call)
		wait->tracer->call_end(&wait->trace, wait->call_result, wait->regs);
	else
		wait->tracer->wait_end(&wait->trace, outcome != SYNC_REFUSED,
				       trace_outcome(outcome));
}

void sync_wait_end(struct sync_wait *wait, enum sync_outcome outcome)
{
	int saved = errno;
	uint64_t end_ns;

	rt_thread.waits_at = wait->outer_at;
	if (wait->tracer != NULL)
		end_traced(wait, outcome);
	if (wait->own.start_ns == 0)
		return;
	end_ns = rt_now_ns();
	if (wait->lock != NULL)
		end_of_lock(wait, outcome, end_ns);
	else
		end_without_lock(wait, outcome, end_ns);
	errno = saved;
}

/* A wait that is still noted has ended by cancellation. */
static void block_thread_end(struct rt_thread *thread)
{
	if (thread->wait.start_ns != 0 && sync_is_on())
		add_wait(&thread->wait, rt_now_ns());
	thread->wait.start_ns = 0;
}

const struct rt_recorder rt_recorder_block = {.thread_end = block_thread_end};

void sync_release_begin(struct sync_release *release, const void *lock)
{
	int saved = errno;

	rt_thread.guard++;
	release->tracer = sync_tracer;
	release->lock = lock;
	release->sum.waiters = release->traced.waiters = 0;
	/* What a trace notes of waits is not of windows. */
	if (release->tracer != NULL) {
		release->start = release->tracer->now();
		release->traced = contention_release(lock, 0, release->start);
	}
	release->window = window_now();
	if (!is_only_traced(release->tracer))
		release->sum = contention_release(lock, release->window, rt_now_ns());
	rt_thread.guard--;
	errno = saved;
}

void sync_release_end(const struct sync_release *release, enum rec_wait_kind kind,
		      struct stack_regs regs)
{
	int saved = errno;

	if (release->traced.waiters != 0)
		release->tracer->wake(kind == REC_WAIT_ONCE ? TRACE_WAKE_ONCE : TRACE_WAKE_UNLOCK,
				      release->lock, release->start, regs);
	if (release->sum.waiters != 0 && is_recording() && window_now() == release->window) {
		rt_thread_self();
		rt_thread.guard++;
		add(node_guarded(regs), kind, REC_SIDE_HOLDER, release->sum);
		rt_thread.guard--;
	}
	errno = saved;
}
