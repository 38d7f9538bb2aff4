/* SPDX-License-Identifier: MIT */
/* Where threads begin: the wrappers of pthread_create and thrd_create. */
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "runtime/pool.h"
#include "runtime/recorder.h"
#include "runtime/thread.h"

struct beginning {
	union {
		void *(*posix)(void *);
		int (*c11)(void *);
	} start;
	void *argument;
	uint32_t promise; /* of its creator's recorder */
	bool is_ours;	  /* see thread_own_begin() */
};

static struct pool beginnings;

/* In a page of its own: the user's allocator is not ours to call. */
static struct beginning *beginning_new(uint64_t function, void *argument)
{
	struct beginning *beginning = pool_take(&beginnings);

	if (beginning == NULL)
		beginning = rt_map(sizeof *beginning);
	if (beginning == NULL)
		return NULL;
	beginning->argument = argument;
	beginning->is_ours = rt_thread.guard > 0;
	beginning->promise = !beginning->is_ours && rt_recorder->thread_promise != NULL
				     ? rt_recorder->thread_promise(function)
				     : 0;
	return beginning;
}

static void beginning_free(struct beginning *beginning)
{
	if (pool_give(&beginnings, beginning) != 0)
		rt_unmap(beginning, sizeof *beginning);
}

static struct beginning beginning_take(void *from)
{
	struct beginning beginning = *(struct beginning *)from;

	beginning_free(from);
	rt_thread.promise = beginning.promise;
	rt_thread.began_here = true;
	if (beginning.is_ours)
		thread_own_begin();
	else
		rt_thread_self();
	return beginning;
}

static void *begin_posix(void *from)
{
	struct beginning beginning = beginning_take(from);
	void *result = beginning.start.posix(beginning.argument);

	if (beginning.is_ours)
		thread_own_end();
	return result;
}

static int begin_c11(void *from)
{
	struct beginning beginning = beginning_take(from);

	return beginning.start.c11(beginning.argument);
}

/* What there is to tell once the thread has been created: its `beginning` may be gone by then. */
struct creation {
	uint64_t function, ticks;
	uint32_t promise;
};

static struct creation creation_begin(const struct beginning *beginning, uint64_t function)
{
	return (struct creation){function, rt_recorder->now != NULL ? rt_recorder->now() : 0,
				 beginning->promise};
}

static void creation_end(const struct creation *creation, struct stack_regs regs)
{
	if (creation->promise != 0 && rt_recorder->thread_created != NULL)
		rt_recorder->thread_created(creation->promise, creation->function, creation->ticks,
					    regs);
}

RT_EXPORT int pthread_create(pthread_t *restrict handle, const pthread_attr_t *restrict attributes,
			     void *(*start)(void *), void *restrict argument)
{
	typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	static create_fn *_Atomic real;
	struct beginning *beginning;
	struct creation creation;
	int result;

	if (real == NULL)
		real = (create_fn *)rt_real("pthread_create");
	beginning =
		thread_is_followed() ? beginning_new((uint64_t)(uintptr_t)start, argument) : NULL;
	if (beginning == NULL)
		return real(handle, attributes, start, argument);
	beginning->start.posix = start;
	creation = creation_begin(beginning, (uint64_t)(uintptr_t)start);
	result = real(handle, attributes, begin_posix, beginning);
	if (result == 0)
		creation_end(&creation, stack_regs_here());
	else
		beginning_free(beginning);
	return result;
}

RT_EXPORT int thrd_create(thrd_t *handle, thrd_start_t start, void *argument)
{
	typedef int create_fn(thrd_t *, thrd_start_t, void *);
	static create_fn *_Atomic real;
	struct beginning *beginning;
	struct creation creation;
	int result;

	if (real == NULL)
		real = (create_fn *)rt_real("thrd_create");
	beginning =
		thread_is_followed() ? beginning_new((uint64_t)(uintptr_t)start, argument) : NULL;
	if (beginning == NULL)
		return real(handle, start, argument);
	beginning->start.c11 = start;
	creation = creation_begin(beginning, (uint64_t)(uintptr_t)start);
	result = real(handle, begin_c11, beginning);
	if (result == thrd_success)
		creation_end(&creation, stack_regs_here());
	else
		beginning_free(beginning);
	return result;
}
