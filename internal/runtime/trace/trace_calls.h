/* SPDX-License-Identifier: MIT */
/* System calls that can block, as the C library has them: what a trace wraps. Sleeps and polls are in sync_real.h, calls with
 * arguments of no fixed number in trace_open.c. Calls that the library makes by itself, as in stdio, are not seen. */
#ifndef PPROFMK_RUNTIME_TRACE_CALLS_H
#define PPROFMK_RUNTIME_TRACE_CALLS_H

#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

/* Result type, name, parameters, arguments; then for the event: the call; its descriptor, -1: none; FAST or WAITS, where
 * it is made for waiting: then the stack is taken beforehand; ERRNO where -1 is a failure, or ERROR where the result is its number. */
#define TRACE_CALL_WRAPPERS(X)                                                                     \
	X(ssize_t, read, (int f, void *b, size_t n), (f, b, n), READ, f, FAST, ERRNO)              \
	X(ssize_t, __read_chk, (int f, void *b, size_t n, size_t z), (f, b, n, z), READ, f, FAST,  \
	  ERRNO)                                                                                   \
	X(ssize_t, write, (int f, const void *b, size_t n), (f, b, n), WRITE, f, FAST, ERRNO)      \
	X(ssize_t, readv, (int f, const struct iovec *v, int n), (f, v, n), READ, f, FAST, ERRNO)  \
	X(ssize_t, writev, (int f, const struct iovec *v, int n), (f, v, n), WRITE, f, FAST,       \
	  ERRNO)                                                                                   \
	X(ssize_t, pread, (int f, void *b, size_t n, off_t o), (f, b, n, o), READ, f, FAST, ERRNO) \
	X(ssize_t, pread64, (int f, void *b, size_t n, off64_t o), (f, b, n, o), READ, f, FAST,    \
	  ERRNO)                                                                                   \
	X(ssize_t, __pread_chk, (int f, void *b, size_t n, off_t o, size_t z), (f, b, n, o, z),    \
	  READ, f, FAST, ERRNO)                                                                    \
	X(ssize_t, __pread64_chk, (int f, void *b, size_t n, off64_t o, size_t z),                 \
	  (f, b, n, o, z), READ, f, FAST, ERRNO)                                                   \
	X(ssize_t, pwrite, (int f, const void *b, size_t n, off_t o), (f, b, n, o), WRITE, f,      \
	  FAST, ERRNO)                                                                             \
	X(ssize_t, pwrite64, (int f, const void *b, size_t n, off64_t o), (f, b, n, o), WRITE, f,  \
	  FAST, ERRNO)                                                                             \
	X(ssize_t, preadv, (int f, const struct iovec *v, int n, off_t o), (f, v, n, o), READ, f,  \
	  FAST, ERRNO)                                                                             \
	X(ssize_t, preadv64, (int f, const struct iovec *v, int n, off64_t o), (f, v, n, o), READ, \
	  f, FAST, ERRNO)                                                                          \
	X(ssize_t, pwritev, (int f, const struct iovec *v, int n, off_t o), (f, v, n, o), WRITE,   \
	  f, FAST, ERRNO)                                                                          \
	X(ssize_t, pwritev64, (int f, const struct iovec *v, int n, off64_t o), (f, v, n, o),      \
	  WRITE, f, FAST, ERRNO)                                                                   \
	X(ssize_t, preadv2, (int f, const struct iovec *v, int n, off_t o, int g),                 \
	  (f, v, n, o, g), READ, f, FAST, ERRNO)                                                   \
	X(ssize_t, preadv64v2, (int f, const struct iovec *v, int n, off64_t o, int g),            \
	  (f, v, n, o, g), READ, f, FAST, ERRNO)                                                   \
	X(ssize_t, pwritev2, (int f, const struct iovec *v, int n, off_t o, int g),                \
	  (f, v, n, o, g), WRITE, f, FAST, ERRNO)                                                  \
	X(ssize_t, pwritev64v2, (int f, const struct iovec *v, int n, off64_t o, int g),           \
	  (f, v, n, o, g), WRITE, f, FAST, ERRNO)                                                  \
	X(int, creat, (const char *p, mode_t m), (p, m), OPEN, -1, FAST, ERRNO)                    \
	X(int, creat64, (const char *p, mode_t m), (p, m), OPEN, -1, FAST, ERRNO)                  \
	X(int, close, (int f), (f), CLOSE, f, FAST, ERRNO)                                         \
	X(int, fsync, (int f), (f), SYNC, f, FAST, ERRNO)                                          \
	X(int, fdatasync, (int f), (f), SYNC, f, FAST, ERRNO)                                      \
	X(int, syncfs, (int f), (f), SYNC, f, FAST, ERRNO)                                         \
	X(int, sync_file_range, (int f, off64_t o, off64_t n, unsigned g), (f, o, n, g), SYNC, f,  \
	  FAST, ERRNO)                                                                             \
	X(int, msync, (void *a, size_t n, int g), (a, n, g), SYNC, -1, FAST, ERRNO)                \
	X(int, flock, (int f, int o), (f, o), LOCK, f, FAST, ERRNO)                                \
	X(int, lockf, (int f, int c, off_t n), (f, c, n), LOCK, f, FAST, ERRNO)                    \
	X(int, lockf64, (int f, int c, off64_t n), (f, c, n), LOCK, f, FAST, ERRNO)                \
	X(ssize_t, sendfile, (int t, int f, off_t *o, size_t n), (t, f, o, n), COPY, t, FAST,      \
	  ERRNO)                                                                                   \
	X(ssize_t, sendfile64, (int t, int f, off64_t *o, size_t n), (t, f, o, n), COPY, t, FAST,  \
	  ERRNO)                                                                                   \
	X(ssize_t, splice, (int f, off64_t *o, int t, off64_t *p, size_t n, unsigned g),           \
	  (f, o, t, p, n, g), COPY, f, FAST, ERRNO)                                                \
	X(ssize_t, tee, (int f, int t, size_t n, unsigned g), (f, t, n, g), COPY, f, FAST, ERRNO)  \
	X(ssize_t, vmsplice, (int f, const struct iovec *v, size_t n, unsigned g), (f, v, n, g),   \
	  COPY, f, FAST, ERRNO)                                                                    \
	X(ssize_t, copy_file_range, (int f, off64_t *o, int t, off64_t *p, size_t n, unsigned g),  \
	  (f, o, t, p, n, g), COPY, t, FAST, ERRNO)                                                \
	X(int, accept, (int f, __SOCKADDR_ARG a, socklen_t *n), (f, a, n), ACCEPT, f, WAITS,       \
	  ERRNO)                                                                                   \
	X(int, accept4, (int f, __SOCKADDR_ARG a, socklen_t *n, int g), (f, a, n, g), ACCEPT, f,   \
	  WAITS, ERRNO)                                                                            \
	X(int, connect, (int f, __CONST_SOCKADDR_ARG a, socklen_t n), (f, a, n), CONNECT, f,       \
	  WAITS, ERRNO)                                                                            \
	X(ssize_t, send, (int f, const void *b, size_t n, int g), (f, b, n, g), SEND, f, FAST,     \
	  ERRNO)                                                                                   \
	X(ssize_t, sendto,                                                                         \
	  (int f, const void *b, size_t n, int g, __CONST_SOCKADDR_ARG a, socklen_t z),            \
	  (f, b, n, g, a, z), SEND, f, FAST, ERRNO)                                                \
	X(ssize_t, sendmsg, (int f, const struct msghdr *m, int g), (f, m, g), SEND, f, FAST,      \
	  ERRNO)                                                                                   \
	X(int, sendmmsg, (int f, struct mmsghdr *m, unsigned n, int g), (f, m, n, g), SEND, f,     \
	  FAST, ERRNO)                                                                             \
	X(ssize_t, recv, (int f, void *b, size_t n, int g), (f, b, n, g), RECEIVE, f, WAITS,       \
	  ERRNO)                                                                                   \
	X(ssize_t, __recv_chk, (int f, void *b, size_t n, size_t z, int g), (f, b, n, z, g),       \
	  RECEIVE, f, WAITS, ERRNO)                                                                \
	X(ssize_t, recvfrom, (int f, void *b, size_t n, int g, __SOCKADDR_ARG a, socklen_t *z),    \
	  (f, b, n, g, a, z), RECEIVE, f, WAITS, ERRNO)                                            \
	X(ssize_t, __recvfrom_chk,                                                                 \
	  (int f, void *b, size_t n, size_t r, int g, __SOCKADDR_ARG a, socklen_t *z),             \
	  (f, b, n, r, g, a, z), RECEIVE, f, WAITS, ERRNO)                                         \
	X(ssize_t, recvmsg, (int f, struct msghdr *m, int g), (f, m, g), RECEIVE, f, WAITS, ERRNO) \
	X(int, recvmmsg, (int f, struct mmsghdr *m, unsigned n, int g, struct timespec *t),        \
	  (f, m, n, g, t), RECEIVE, f, WAITS, ERRNO)                                               \
	X(int, pause, (void), (), PAUSE, -1, WAITS, ERRNO)                                         \
	X(int, sigsuspend, (const sigset_t *s), (s), PAUSE, -1, WAITS, ERRNO)                      \
	X(int, sigwait, (const sigset_t *s, int *n), (s, n), SIGWAIT, -1, WAITS, ERROR)            \
	X(int, sigwaitinfo, (const sigset_t *s, siginfo_t *i), (s, i), SIGWAIT, -1, WAITS, ERRNO)  \
	X(int, sigtimedwait, (const sigset_t *s, siginfo_t *i, const struct timespec *t),          \
	  (s, i, t), SIGWAIT, -1, WAITS, ERRNO)                                                    \
	X(pid_t, wait, (int *s), (s), WAIT, -1, WAITS, ERRNO)                                      \
	X(pid_t, waitpid, (pid_t p, int *s, int o), (p, s, o), WAIT, -1, WAITS, ERRNO)             \
	X(pid_t, wait3, (int *s, int o, struct rusage *u), (s, o, u), WAIT, -1, WAITS, ERRNO)      \
	X(pid_t, wait4, (pid_t p, int *s, int o, struct rusage *u), (p, s, o, u), WAIT, -1, WAITS, \
	  ERRNO)                                                                                   \
	X(int, waitid, (idtype_t k, id_t p, siginfo_t * i, int o), (k, p, i, o), WAIT, -1, WAITS,  \
	  ERRNO)                                                                                   \
	X(int, system, (const char *c), (c), SYSTEM, -1, WAITS, ERRNO)                             \
	X(int, pclose, (FILE * f), (f), WAIT, -1, WAITS, ERRNO)                                    \
	X(ssize_t, msgrcv, (int q, void *m, size_t n, long k, int g), (q, m, n, k, g), MESSAGE,    \
	  -1, WAITS, ERRNO)                                                                        \
	X(int, msgsnd, (int q, const void *m, size_t n, int g), (q, m, n, g), MESSAGE, -1, FAST,   \
	  ERRNO)                                                                                   \
	X(int, semop, (int s, struct sembuf *o, size_t n), (s, o, n), SEMOP, -1, WAITS, ERRNO)     \
	X(int, semtimedop, (int s, struct sembuf *o, size_t n, const struct timespec *t),          \
	  (s, o, n, t), SEMOP, -1, WAITS, ERRNO)                                                   \
	X(int, mq_send, (mqd_t q, const char *m, size_t n, unsigned p), (q, m, n, p), MESSAGE, q,  \
	  FAST, ERRNO)                                                                             \
	X(int, mq_timedsend,                                                                       \
	  (mqd_t q, const char *m, size_t n, unsigned p, const struct timespec *t),                \
	  (q, m, n, p, t), MESSAGE, q, FAST, ERRNO)                                                \
	X(ssize_t, mq_receive, (mqd_t q, char *m, size_t n, unsigned *p), (q, m, n, p), MESSAGE,   \
	  q, WAITS, ERRNO)                                                                         \
	X(ssize_t, mq_timedreceive,                                                                \
	  (mqd_t q, char *m, size_t n, unsigned *p, const struct timespec *t), (q, m, n, p, t),    \
	  MESSAGE, q, WAITS, ERRNO)

/* What headers declare only for fortified callers, or not under these names. */
#define X(type, name, parameters, ...) type name parameters;
TRACE_CALL_WRAPPERS(X)
#undef X

#endif
