/* SPDX-License-Identifier: MIT */
/* The functions behind the wrappers of a trace that are not in sync_real.h. */
#ifndef PPROFMK_RUNTIME_TRACE_REAL_H
#define PPROFMK_RUNTIME_TRACE_REAL_H

#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <threads.h>

#include "runtime/trace/trace_calls.h"

/* Result type, name, parameters, arguments. Where the last argument may be missing (open, ioctl, fcntl, mremap) it is passed on as it
 * is, which is harmless on the processors that we know: the C library does so itself. */
#define TRACE_REALS(X)                                                                             \
	X(int, pthread_cond_signal, (pthread_cond_t * v), (v))                                     \
	X(int, pthread_cond_broadcast, (pthread_cond_t * v), (v))                                  \
	X(int, cnd_signal, (cnd_t * v), (v))                                                       \
	X(int, cnd_broadcast, (cnd_t * v), (v))                                                    \
	X(int, sem_post, (sem_t * s), (s))                                                         \
	X(int, open, (const char *p, int g, mode_t m), (p, g, m))                                  \
	X(int, open64, (const char *p, int g, mode_t m), (p, g, m))                                \
	X(int, openat, (int f, const char *p, int g, mode_t m), (f, p, g, m))                      \
	X(int, openat64, (int f, const char *p, int g, mode_t m), (f, p, g, m))                    \
	X(int, __open_2, (const char *p, int g), (p, g))                                           \
	X(int, __open64_2, (const char *p, int g), (p, g))                                         \
	X(int, __openat_2, (int f, const char *p, int g), (f, p, g))                               \
	X(int, __openat64_2, (int f, const char *p, int g), (f, p, g))                             \
	X(int, fcntl, (int f, int c, void *a), (f, c, a))                                          \
	X(int, fcntl64, (int f, int c, void *a), (f, c, a))                                        \
	X(int, ioctl, (int f, unsigned long r, void *a), (f, r, a))                                \
	X(FILE *, popen, (const char *c, const char *m), (c, m))                                   \
	X(pid_t, fork, (void), ())                                                                 \
	X(pid_t, _Fork, (void), ())                                                                \
	X(int, posix_spawn,                                                                        \
	  (pid_t * c, const char *p, const posix_spawn_file_actions_t *f,                          \
	   const posix_spawnattr_t *g, char *const *a, char *const *e),                            \
	  (c, p, f, g, a, e))                                                                      \
	X(int, posix_spawnp,                                                                       \
	  (pid_t * c, const char *p, const posix_spawn_file_actions_t *f,                          \
	   const posix_spawnattr_t *g, char *const *a, char *const *e),                            \
	  (c, p, f, g, a, e))                                                                      \
	X(int, execve, (const char *p, char *const *a, char *const *e), (p, a, e))                 \
	X(int, execv, (const char *p, char *const *a), (p, a))                                     \
	X(int, execvp, (const char *p, char *const *a), (p, a))                                    \
	X(int, execvpe, (const char *p, char *const *a, char *const *e), (p, a, e))                \
	X(int, fexecve, (int f, char *const *a, char *const *e), (f, a, e))                        \
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
