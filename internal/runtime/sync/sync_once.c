/* SPDX-License-Identifier: MIT */
/* Routines that run once: who comes while another thread runs one waits, and that thread is charged with the waiting like
 * the holder of a lock. */
#include <stdbool.h>

#include "runtime/sync/sync_real.h"
#include "runtime/sync/sync_wait.h"

/* In glibc from the end of the routine on. Where a libc has another value every call costs two clocks. */
#define DONE 2

struct once {
	struct sync_wait wait;
	void (*routine)(void);
	bool has_run;
};

/* The call that this thread is in, until its routine begins: from then on it may be in another. */
static RT_TLS struct once *current;

/* Whoever runs the routine waits no longer. Whether it waited before, for one who was cancelled in the routine, is not
 * known. The others are let go when this returns. */
static void run_routine(void)
{
	struct once *once = current;
	struct sync_release release;

	sync_wait_end(&once->wait, SYNC_REFUSED);
	once->has_run = true;
	once->routine();
	if (!contention_is_near(once->wait.lock))
		return;
	sync_release_begin(&release, once->wait.lock);
	sync_release_end(&release, REC_WAIT_ONCE, once->wait.regs);
}

static void begin(struct once *once, const void *control, void (*routine)(void),
		  struct stack_regs regs)
{
	once->routine = routine;
	once->has_run = false;
	sync_wait_begin(&once->wait, REC_WAIT_ONCE, control, regs);
	current = once;
}

static void end(struct once *once)
{
	if (!once->has_run)
		sync_wait_end(&once->wait, SYNC_DONE);
}

static bool is_done(const int *control)
{
	return __atomic_load_n(control, __ATOMIC_RELAXED) == DONE;
}

RT_EXPORT int pthread_once(pthread_once_t *control, void (*routine)(void))
{
	struct once once;
	int error;

	if (is_done(control) || !sync_is_on())
		return sync_real.pthread_once(control, routine);
	begin(&once, control, routine, stack_regs_here());
	error = sync_real.pthread_once(control, run_routine);
	end(&once);
	return error;
}

RT_EXPORT void call_once(once_flag *flag, void (*routine)(void))
{
	struct once once;

	if (is_done((const int *)flag) || !sync_is_on()) {
		sync_real.call_once(flag, routine);
		return;
	}
	begin(&once, flag, routine, stack_regs_here());
	sync_real.call_once(flag, run_routine);
	end(&once);
}
