/* SPDX-License-Identifier: MIT */
/* What the wrappers share: timing a call that waits, and charging a release with the waiting it ends.
 *
 * Block profile: the waiter's stack, one contention and the time spent in the call, for each call that had to wait. A
 * wait counts if it began and ended in the same window: one that is still going when the test's body returns is
 * not in the profile, as a goroutine that is still blocked is not in Go's. Worked example: five threads find a mutex
 * taken and get it after 50, 51, 52, 53 and 54 ms: 5 contentions, 260 ms.
 *
 * Mutex profile: the releaser's stack; the arithmetic is in sync_contention.h.
 *
 * Between begin and end nothing is held: the thread may be cancelled in the real call, and a signal handler may leave it
 * by longjmp. A wait that ends by cancellation lasts until its thread has ended, and is not recorded where a
 * cleanup handler waits too. One that a jump has left is not recorded, unless its thread ends without ever waiting
 * again. (Of a lock, where POSIX allows neither, a waiter is left behind and charged until the window ends.) Signal
 * handlers' own waits are recorded like others. errno is as the real call left it. */
#ifndef PPROFMK_RUNTIME_SYNC_WAIT_H
#define PPROFMK_RUNTIME_SYNC_WAIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "format/recording.h"
#include "runtime/rt.h"
#include "runtime/sync/sync_contention.h"
#include "runtime/trace/trace_wait.h"
#include "runtime/unwind/stack.h"

/* Whether wrappers have anything to do beyond calling the real function: the inline half of every one. */
static inline bool sync_is_on(void)
{
	return atomic_load_explicit(&rt_waits, memory_order_relaxed);
}

enum sync_outcome {
	SYNC_REFUSED, /* an error that needed no waiting */
	SYNC_DONE,    /* waited, and has what it waited for */
	SYNC_GAVE_UP, /* waited until its time was over, or without hope (ENOTRECOVERABLE) */
};

/* Of a pthread function's result. */
enum sync_outcome sync_outcome(int error);

/* Whether a timed function would accept this deadline. Where it would not, the wrapper leaves everything to the real
 * function: which of them check before they try, and which after, is libc's business. */
bool sync_is_deadline(clockid_t clock, const struct timespec *deadline);

/* Where a trace is recorded and not the block profile: what is done in its place. Its functions are those of
 * trace_wait.h. */
struct sync_tracer {
	uint64_t (*now)(void);
	void (*wait_begin)(struct trace_wait *wait, uint32_t kind, const void *object,
			   struct stack_regs regs);
	void (*wait_end)(struct trace_wait *wait, bool has_waited, enum trace_outcome outcome);
	void (*call_begin)(struct trace_wait *wait, enum trace_call call, int fd,
			   struct stack_regs regs, bool waits);
	void (*call_end)(struct trace_wait *wait, int64_t result, struct stack_regs regs);
	void (*wake)(enum trace_wake how, const void *object, uint64_t ticks,
		     struct stack_regs regs);
};

/* NULL: none. Set before the first window. */
extern __attribute__((visibility("hidden"))) const struct sync_tracer *sync_tracer;

struct sync_wait {
	const struct sync_tracer *tracer; /* when it began; NULL: it is not traced */
	struct trace_wait trace; /* in a tool's trace this and the next two are all there is */
	bool is_call;
	const struct stack_regs *
		outer_at; /* rt_thread.waits_at of a wait that a signal handler's is in the middle of */
	int64_t call_result;
	struct rt_wait own; /* start_ns is 0: not to be recorded */
	struct stack_regs regs;
	const void *lock;
	struct contention *contention; /* of a lock */
	struct rt_wait
		outer; /* without a lock: the one that a signal handler's is in the middle of */
};

/* The caller is about to call a function that waits.
 *
 * wait    in the frame of `regs` or below it.
 * object  what is waited for: where it has a holder, its release will be charged. NULL for sleeps and polls. Its memory is
 *         not read.
 * regs    the stack of these is the waiter's. It is walked at the end, when a lock can be waited for no more; without a
 *         lock at once, because a cancelled thread has no such end.
 *
 * Context: any. A wait of our own code (guard held) is not recorded. */
void sync_wait_begin(struct sync_wait *wait, enum rec_wait_kind kind, const void *object,
		     struct stack_regs regs);

/* The same for a system call, which a trace knows as such: fd is the descriptor that it waits for, -1: none or many. */
void sync_call_begin(struct sync_wait *wait, enum rec_wait_kind kind, enum trace_call call, int fd,
		     struct stack_regs regs);

/* It has returned, into the frame it was called from. */
void sync_wait_end(struct sync_wait *wait, enum sync_outcome outcome);

/* Time one call of a real function. `regs` are the wrapper's, so that the leaf of the recorded stack is what the program
 * called; `outcome` is evaluated after the call and may use errno. */
#define SYNC_TIMED(result, kind, object, call, outcome, regs) \
	do {                                                  \
		struct sync_wait wait_;                       \
                                                              \
		sync_wait_begin(&wait_, kind, object, regs);  \
		(result) = (call);                            \
		sync_wait_end(&wait_, outcome);               \
	} while (0)

/* The same for a system call. traced: what the trace has as its result, e.g. bytes or -errno. */
#define SYNC_CALLED(result, kind, trace, fd, call, traced, outcome)                       \
	do {                                                                              \
		struct sync_wait wait_;                                                   \
                                                                                          \
		sync_call_begin(&wait_, kind, TRACE_CALL_##trace, fd, stack_regs_here()); \
		(result) = (call);                                                        \
		wait_.call_result = (traced);                                             \
		sync_wait_end(&wait_, outcome);                                           \
	} while (0)

struct sync_release {
	struct contention_sum sum, traced; /* as counted, and for the trace */
	const struct sync_tracer *tracer;
	uint64_t start; /* ticks, in a trace */
	const void *lock;
	uint32_t window;
};

/* The caller is about to release `lock`, and contention_is_near() said that it may be waited for. Takes the sum; the
 * stack is walked when the lock is free again, so that the hold is not longer for it. */
void sync_release_begin(struct sync_release *release, const void *lock);

/* The lock has been released: nothing of it is touched any more. */
void sync_release_end(const struct sync_release *release, enum rec_wait_kind kind,
		      struct stack_regs regs);

/* Release `lock` by `call`, whose result is 0 where it was released. */
#define SYNC_RELEASED(result, kind, lock, call, regs)            \
	do {                                                     \
		struct sync_release release_;                    \
                                                                 \
		sync_release_begin(&release_, lock);             \
		(result) = (call);                               \
		if ((result) == 0)                               \
			sync_release_end(&release_, kind, regs); \
	} while (0)

/* Where a wrapper gave its registers to a function: keeps that call from becoming a jump, which would take the
 * wrapper's frame away before it is walked. */
#define SYNC_KEEP_FRAME() __asm__ volatile("" ::: "memory")

/* Note the release of a mutex that the real function is going to do inside (a wait for a condition). Its stack is walked
 * beforehand: afterwards may be never. */
#define SYNC_RELEASE_EARLY(lock)                                                        \
	do {                                                                            \
		struct sync_release release_;                                           \
                                                                                        \
		if (contention_is_near(lock)) {                                         \
			sync_release_begin(&release_, lock);                            \
			sync_release_end(&release_, REC_WAIT_MUTEX, stack_regs_here()); \
		}                                                                       \
	} while (0)

#endif
