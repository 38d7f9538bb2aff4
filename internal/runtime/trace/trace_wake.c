/* SPDX-License-Identifier: MIT */
/* What ends others' waits besides releases of locks: signals of conditions and posts of semaphores. Who waits is known
 * as for locks (sync_contention.h): where nobody does they cost one load more. */
#include "runtime/sync/sync_wait.h"
#include "runtime/trace/trace.h"
#include "runtime/trace/trace_real.h"

/* Before the call: whoever is woken may run, and destroy the object, at once. */
struct waking {
	uint64_t ticks; /* 0: nobody waits */
};

static struct waking begin(const void *object)
{
	struct waking waking = {trace_now()};

	if (!trace_is_on() || contention_release(object, 0, waking.ticks).waiters == 0)
		waking.ticks = 0;
	return waking;
}

static void end(struct waking waking, enum trace_wake how, const void *object, bool has_woken,
		struct stack_regs regs)
{
	if (waking.ticks != 0 && has_woken)
		trace_wake(how, object, waking.ticks, regs);
}

/* type, name, kind of wake, object's type */
#define WAKERS(X)                                            \
	X(pthread_cond_signal, SIGNAL, pthread_cond_t)       \
	X(pthread_cond_broadcast, BROADCAST, pthread_cond_t) \
	X(cnd_signal, SIGNAL, cnd_t)                         \
	X(cnd_broadcast, BROADCAST, cnd_t)                   \
	X(sem_post, POST, sem_t)

/* All of them return 0 where they have done it. (thrd_success is 0 in glibc.) */
#define X(name, how, type)                                                                     \
	static __attribute__((noinline)) int name##_slow(type *object, struct stack_regs regs) \
	{                                                                                      \
		struct waking waking = begin(object);                                          \
		int result = trace_real.name(object);                                          \
                                                                                               \
		end(waking, TRACE_WAKE_##how, object, result == 0, regs);                      \
		return result;                                                                 \
	}                                                                                      \
                                                                                               \
	RT_EXPORT int name(type *object)                                                       \
	{                                                                                      \
		int result;                                                                    \
                                                                                               \
		if (rt_likely(!contention_is_near(object)))                                    \
			return trace_real.name(object);                                        \
		result = name##_slow(object, stack_regs_here());                               \
		SYNC_KEEP_FRAME();                                                             \
		return result;                                                                 \
	}
WAKERS(X)
#undef X
