/* SPDX-License-Identifier: MIT */
/* The functions behind the wrappers of a trace that are not in sync_real.h. */
#ifndef PPROFMK_RUNTIME_TRACE_REAL_H
#define PPROFMK_RUNTIME_TRACE_REAL_H

#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

#include "runtime/trace_calls.h"

/* Result type, name, parameters, arguments. mremap has five arguments or four: see trace_open.c. */
#define TRACE_REALS(X)                                                                             \
	X(int, pthread_cond_signal, (pthread_cond_t * v), (v))                                     \
	X(int, pthread_cond_broadcast, (pthread_cond_t * v), (v))                                  \
	X(int, cnd_signal, (cnd_t * v), (v))                                                       \
	X(int, cnd_broadcast, (cnd_t * v), (v))                                                    \
	X(int, sem_post, (sem_t * s), (s))                                                         \
	X(void *, mmap, (void *a, size_t n, int p, int g, int f, off_t o), (a, n, p, g, f, o))     \
	X(void *, mmap64, (void *a, size_t n, int p, int g, int f, off64_t o), (a, n, p, g, f, o)) \
	X(int, munmap, (void *a, size_t n), (a, n))                                                \
	X(void *, mremap, (void *a, size_t n, size_t m, int g, void *w), (a, n, m, g, w))          \
	X(int, madvise, (void *a, size_t n, int g), (a, n, g))                                     \
	X(void *, sbrk, (intptr_t n), (n))                                                         \
	X(int, brk, (void *a), (a))

/* trace_real.sem_post(...) and so on; see real.h. Context: any. */
struct trace_real {
#define X(type, name, parameters, ...) type(*name) parameters;
	TRACE_REALS(X)
	TRACE_CALL_WRAPPERS(X)
#undef X
};

extern __attribute__((visibility("hidden"))) struct trace_real trace_real;

#endif
