/* SPDX-License-Identifier: MIT */
/* gperftools' profile handler, used for its timer alone: its own collector knows no threads and takes 8 µs a stack.
 * The functions are C++ ones, exported by libprofiler but in no installed header (src/profile-handler.h). */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/cpu/cpu.h"

typedef void callback_fn(int, siginfo_t *, void *, void *);

static void (*register_thread)(void);

static void on_tick(int number, siginfo_t *info, void *ucontext, void *argument)
{
	(void)number;
	(void)info;
	(void)argument;
	cpu_sample(ucontext);
}

const char *clock_gperftools_start(unsigned hz)
{
	void *(*register_callback)(callback_fn *, void *);
	void *library;
	char text[16];
	char number[16];

	/* Read by the library when it is loaded. A timer of each thread's own CPU time, not the process's: a signal
	 * then comes to the thread that used the time. */
	snprintf(text, sizeof text, "%u", hz > 4000 ? 4000 : hz);
	setenv("CPUPROFILE_FREQUENCY", text, 1);
	snprintf(number, sizeof number, "%d", CPU_SIGNAL);
	setenv("CPUPROFILE_PER_THREAD_TIMERS", "1", 1);
	setenv("CPUPROFILE_TIMER_SIGNAL", number, 1);
	library = dlopen("libprofiler.so.0", RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return "libprofiler.so.0 is not there (install gperftools)";
	register_callback = (void *(*)(callback_fn *, void *))dlsym(
		library, "_Z30ProfileHandlerRegisterCallbackPFviP9siginfo_tPvS1_ES1_");
	register_thread = (void (*)(void))dlsym(library, "_Z28ProfileHandlerRegisterThreadv");
	if (register_callback == NULL || register_thread == NULL)
		return "libprofiler.so.0 has no profile handler";
	register_thread();
	if (register_callback(on_tick, NULL) == NULL)
		return "gperftools' profile handler is in use already";
	unsetenv("CPUPROFILE_FREQUENCY");
	unsetenv("CPUPROFILE_PER_THREAD_TIMERS");
	unsetenv("CPUPROFILE_TIMER_SIGNAL");
	cpu_signal_own(NULL);
	return NULL;
}

/* The handler aborts the program when it gets no timer. Its reference to timer_create has no version, so that it gets
 * glibc's oldest one, of 256 timers in all; the program may have some itself. */
enum { MAX_TIMERS = 200 };

static _Atomic unsigned timers;

bool clock_gperftools_begin(struct rt_thread *thread)
{
	int state;

	if (atomic_fetch_add(&timers, 1) >= MAX_TIMERS) {
		atomic_fetch_sub(&timers, 1);
		return false;
	}
	thread->has_timer = true;
	/* A thread that is cancelled in there would take the handler's lock with it. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	register_thread();
	pthread_setcancelstate(state, NULL);
	return true;
}

void clock_gperftools_end(struct rt_thread *thread)
{
	if (thread->has_timer)
		atomic_fetch_sub(&timers, 1);
	thread->has_timer = false;
}
