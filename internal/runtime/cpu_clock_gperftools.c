/* SPDX-License-Identifier: MIT */
/* gperftools' profile handler, used for its timer alone: its own collector knows no threads and takes 8 µs a stack.
 * The functions are C++ ones, exported by libprofiler but in no installed header (src/profile-handler.h). */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/cpu.h"

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

void clock_gperftools_begin(void)
{
	register_thread();
}
