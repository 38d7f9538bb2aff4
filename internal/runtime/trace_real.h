/* SPDX-License-Identifier: MIT */
/* The functions behind the wrappers of a trace that are not in sync_real.h. */
#ifndef PPROFMK_RUNTIME_TRACE_REAL_H
#define PPROFMK_RUNTIME_TRACE_REAL_H

#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

/* Result type, name, parameters, arguments. */
#define TRACE_REALS(X)                                            \
	X(int, pthread_cond_signal, (pthread_cond_t * v), (v))    \
	X(int, pthread_cond_broadcast, (pthread_cond_t * v), (v)) \
	X(int, cnd_signal, (cnd_t * v), (v))                      \
	X(int, cnd_broadcast, (cnd_t * v), (v))                   \
	X(int, sem_post, (sem_t * s), (s))

/* trace_real.sem_post(...) and so on; see real.h. Context: any. */
struct trace_real {
#define X(type, name, parameters, arguments) type(*name) parameters;
	TRACE_REALS(X)
#undef X
};

extern __attribute__((visibility("hidden"))) struct trace_real trace_real;

#endif
