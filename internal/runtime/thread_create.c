/* SPDX-License-Identifier: MIT */
/* Where threads begin: the wrappers of pthread_create and thrd_create. */
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "runtime/pool.h"
#include "runtime/thread.h"

struct beginning {
	union {
		void *(*posix)(void *);
		int (*c11)(void *);
	} start;
	void *argument;
};

static struct pool beginnings;

/* In a page of its own: the user's allocator is not ours to call. */
static struct beginning *beginning_new(void *argument)
{
	struct beginning *beginning = pool_take(&beginnings);

	if (beginning == NULL)
		beginning = rt_map(sizeof *beginning);

	if (beginning != NULL)
		beginning->argument = argument;
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
	rt_thread_self();
	return beginning;
}

static void *begin_posix(void *from)
{
	struct beginning beginning = beginning_take(from);

	return beginning.start.posix(beginning.argument);
}

static int begin_c11(void *from)
{
	struct beginning beginning = beginning_take(from);

	return beginning.start.c11(beginning.argument);
}

RT_EXPORT int pthread_create(pthread_t *restrict handle, const pthread_attr_t *restrict attributes,
			     void *(*start)(void *), void *restrict argument)
{
	typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	static create_fn *_Atomic real;
	struct beginning *beginning;
	int result;

	if (real == NULL)
		real = (create_fn *)rt_real("pthread_create");
	beginning = thread_is_followed() ? beginning_new(argument) : NULL;
	if (beginning == NULL)
		return real(handle, attributes, start, argument);
	beginning->start.posix = start;
	result = real(handle, attributes, begin_posix, beginning);
	if (result != 0)
		beginning_free(beginning);
	return result;
}

RT_EXPORT int thrd_create(thrd_t *handle, thrd_start_t start, void *argument)
{
	typedef int create_fn(thrd_t *, thrd_start_t, void *);
	static create_fn *_Atomic real;
	struct beginning *beginning;
	int result;

	if (real == NULL)
		real = (create_fn *)rt_real("thrd_create");
	beginning = thread_is_followed() ? beginning_new(argument) : NULL;
	if (beginning == NULL)
		return real(handle, start, argument);
	beginning->start.c11 = start;
	result = real(handle, begin_c11, beginning);
	if (result != thrd_success)
		beginning_free(beginning);
	return result;
}
