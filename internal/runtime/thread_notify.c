/* SPDX-License-Identifier: MIT */
/* Threads that the C library starts to call a function of the program: of timers and of message queues (SIGEV_THREAD). They do
 * not pass pthread_create, so their function is where we meet them. */
#include <dlfcn.h>
#include <mqueue.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "runtime/thread.h"

/* What is called with what. A timer's thread may begin when the timer is gone, so that nothing here is given back; what
 * has no room is called without us, and its threads are not known. */
struct notice {
	void (*function)(union sigval);
	union sigval value;
	_Atomic bool is_complete;
};

#define NOTICES_MAX 256

static struct notice notices[NOTICES_MAX];
static _Atomic uint32_t notice_count;

static void begin_notice(union sigval value)
{
	const struct notice *notice = value.sival_ptr;

	rt_thread_self();
	notice->function(notice->value);
}

static struct notice *notice_of(const struct sigevent *event)
{
	uint32_t count = atomic_load(&notice_count);
	uint32_t at;

	for (at = 0; at < count && at < NOTICES_MAX; at++)
		if (atomic_load(&notices[at].is_complete) &&
		    notices[at].function == event->sigev_notify_function &&
		    notices[at].value.sival_ptr == event->sigev_value.sival_ptr)
			return &notices[at];
	if (count >= NOTICES_MAX)
		return NULL;
	at = atomic_fetch_add(&notice_count, 1);
	if (at >= NOTICES_MAX)
		return NULL;
	notices[at].function = event->sigev_notify_function;
	notices[at].value = event->sigev_value;
	atomic_store(&notices[at].is_complete, true);
	return &notices[at];
}

/* The event to hand on: `own`, with our function in it, or the one that was given. */
static struct sigevent *followed(const struct sigevent *event, struct sigevent *own)
{
	struct notice *notice;

	if (event == NULL || event->sigev_notify != SIGEV_THREAD || !thread_is_followed())
		return (struct sigevent *)event;
	notice = notice_of(event);
	if (notice == NULL)
		return (struct sigevent *)event;
	*own = *event;
	own->sigev_notify_function = begin_notice;
	own->sigev_value.sival_ptr = notice;
	return own;
}

typedef int timer_create_fn(clockid_t, struct sigevent *, timer_t *);

/* gperftools refers to timers without a version and gets glibc's oldest ones, where there are several: their numbers are
 * others, and what it creates it has to create there. Our own name stands in front of all versions. */
static timer_create_fn *oldest(const void *caller)
{
	static const char library[] = "libprofiler.so";
	Dl_info info;

	if (dladdr(caller, &info) == 0 || info.dli_fname == NULL ||
	    strstr(info.dli_fname, library) == NULL)
		return NULL;
	return (timer_create_fn *)dlvsym(RTLD_NEXT, "timer_create", "GLIBC_2.2.5");
}

RT_EXPORT int timer_create(clockid_t clock, struct sigevent *restrict event,
			   timer_t *restrict timer)
{
	static timer_create_fn *_Atomic real;
	timer_create_fn *create = oldest(__builtin_return_address(0));
	struct sigevent own;

	if (create != NULL)
		return create(clock, event, timer);
	if (real == NULL)
		real = (timer_create_fn *)rt_real("timer_create");
	return real(clock, followed(event, &own), timer);
}

RT_EXPORT int mq_notify(mqd_t queue, const struct sigevent *event)
{
	typedef int notify_fn(mqd_t, const struct sigevent *);
	static notify_fn *_Atomic real;
	struct sigevent own;

	if (real == NULL)
		real = (notify_fn *)rt_real("mq_notify");
	return real(queue, followed(event, &own));
}
