/* SPDX-License-Identifier: MIT */
/* The functions behind the wrappers: the next definitions, libc's as a rule.
 *
 * Not wrapped, because nothing waits in them and no holder is found through them: trylock and its like (an unlock is
 * told apart by the lock's address, however it was taken). Only a trace wraps sem_post, pthread_cond_signal and
 * pthread_cond_broadcast. */
#ifndef PPROFMK_RUNTIME_SYNC_REAL_H
#define PPROFMK_RUNTIME_SYNC_REAL_H

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

/* Result type, name, parameters, arguments. */
#define SYNC_REALS(X)                                                                              \
	X(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))                                     \
	X(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))                                  \
	X(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))                                   \
	X(int, pthread_mutex_timedlock, (pthread_mutex_t * m, const struct timespec *t), (m, t))   \
	X(int, pthread_mutex_clocklock,                                                            \
	  (pthread_mutex_t * m, clockid_t c, const struct timespec *t), (m, c, t))                 \
	X(int, pthread_spin_lock, (pthread_spinlock_t * s), (s))                                   \
	X(int, pthread_spin_trylock, (pthread_spinlock_t * s), (s))                                \
	X(int, pthread_spin_unlock, (pthread_spinlock_t * s), (s))                                 \
	X(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))                                 \
	X(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l))                              \
	X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const struct timespec *t),       \
	  (l, t))                                                                                  \
	X(int, pthread_rwlock_clockrdlock,                                                         \
	  (pthread_rwlock_t * l, clockid_t c, const struct timespec *t), (l, c, t))                \
	X(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))                                 \
	X(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l))                              \
	X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const struct timespec *t),       \
	  (l, t))                                                                                  \
	X(int, pthread_rwlock_clockwrlock,                                                         \
	  (pthread_rwlock_t * l, clockid_t c, const struct timespec *t), (l, c, t))                \
	X(int, pthread_rwlock_unlock, (pthread_rwlock_t * l), (l))                                 \
	X(int, pthread_cond_wait, (pthread_cond_t * v, pthread_mutex_t * m), (v, m))               \
	X(int, pthread_cond_timedwait,                                                             \
	  (pthread_cond_t * v, pthread_mutex_t * m, const struct timespec *t), (v, m, t))          \
	X(int, pthread_cond_clockwait,                                                             \
	  (pthread_cond_t * v, pthread_mutex_t * m, clockid_t c, const struct timespec *t),        \
	  (v, m, c, t))                                                                            \
	X(int, pthread_barrier_wait, (pthread_barrier_t * b), (b))                                 \
	X(int, pthread_join, (pthread_t h, void **r), (h, r))                                      \
	X(int, pthread_tryjoin_np, (pthread_t h, void **r), (h, r))                                \
	X(int, pthread_timedjoin_np, (pthread_t h, void **r, const struct timespec *t), (h, r, t)) \
	X(int, pthread_clockjoin_np,                                                               \
	  (pthread_t h, void **r, clockid_t c, const struct timespec *t), (h, r, c, t))            \
	X(int, pthread_once, (pthread_once_t * o, void (*r)(void)), (o, r))                        \
	X(void, pthread_testcancel, (void), ())                                                    \
	X(int, sem_wait, (sem_t * s), (s))                                                         \
	X(int, sem_trywait, (sem_t * s), (s))                                                      \
	X(int, sem_timedwait, (sem_t * s, const struct timespec *t), (s, t))                       \
	X(int, sem_clockwait, (sem_t * s, clockid_t c, const struct timespec *t), (s, c, t))       \
	X(int, mtx_lock, (mtx_t * m), (m))                                                         \
	X(int, mtx_trylock, (mtx_t * m), (m))                                                      \
	X(int, mtx_timedlock, (mtx_t * m, const struct timespec *t), (m, t))                       \
	X(int, mtx_unlock, (mtx_t * m), (m))                                                       \
	X(int, cnd_wait, (cnd_t * v, mtx_t * m), (v, m))                                           \
	X(int, cnd_timedwait, (cnd_t * v, mtx_t * m, const struct timespec *t), (v, m, t))         \
	X(void, call_once, (once_flag * o, void (*r)(void)), (o, r))                               \
	X(int, thrd_join, (thrd_t h, int *r), (h, r))                                              \
	X(int, thrd_sleep, (const struct timespec *t, struct timespec *r), (t, r))                 \
	X(unsigned, sleep, (unsigned s), (s))                                                      \
	X(int, usleep, (useconds_t u), (u))                                                        \
	X(int, nanosleep, (const struct timespec *t, struct timespec *r), (t, r))                  \
	X(int, clock_nanosleep,                                                                    \
	  (clockid_t c, int f, const struct timespec *t, struct timespec *r), (c, f, t, r))        \
	X(int, poll, (struct pollfd * p, nfds_t n, int t), (p, n, t))                              \
	X(int, __poll_chk, (struct pollfd * p, nfds_t n, int t, size_t z), (p, n, t, z))           \
	X(int, ppoll, (struct pollfd * p, nfds_t n, const struct timespec *t, const sigset_t *m),  \
	  (p, n, t, m))                                                                            \
	X(int, __ppoll_chk,                                                                        \
	  (struct pollfd * p, nfds_t n, const struct timespec *t, const sigset_t *m, size_t z),    \
	  (p, n, t, m, z))                                                                         \
	X(int, select, (int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *t),                \
	  (n, r, w, e, t))                                                                         \
	X(int, pselect,                                                                            \
	  (int n, fd_set *r, fd_set *w, fd_set *e, const struct timespec *t, const sigset_t *m),   \
	  (n, r, w, e, t, m))                                                                      \
	X(int, epoll_wait, (int f, struct epoll_event *e, int n, int t), (f, e, n, t))             \
	X(int, epoll_pwait, (int f, struct epoll_event *e, int n, int t, const sigset_t *m),       \
	  (f, e, n, t, m))                                                                         \
	X(int, epoll_pwait2,                                                                       \
	  (int f, struct epoll_event *e, int n, const struct timespec *t, const sigset_t *m),      \
	  (f, e, n, t, m))

/* sync_real.pthread_mutex_lock(...) and so on; see real.h. Context: any. */
struct sync_real {
#define X(type, name, parameters, arguments) type(*name) parameters;
	SYNC_REALS(X)
#undef X
};

extern __attribute__((visibility("hidden"))) struct sync_real sync_real;

#endif
