/* SPDX-License-Identifier: MIT */
/* The events of an execution trace: the one table that the recorder, the writer, the reader, the dump and
 * docs/trace-format.md come from.
 *
 * An event belongs to a thread and stands in that thread's stream at the time of its end. One with a duration is
 * written once, when it has ended; what a thread was doing when the recording ended is in its struct rec_trace_thread.
 *
 * X(NAME, text, has duration, has stack, argument 1, argument 2, argument 3)
 *
 * Numbers of types only ever grow: new ones are added at the end. */
#ifndef PPROFMK_FORMAT_TRACE_EVENTS_H
#define PPROFMK_FORMAT_TRACE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

/* What an argument is. In the recording and in the finished file each is a varint (LEB128); what they mean there:
 *
 *            recording                               finished trace
 * NONE       not written                             not written
 * NUMBER     unsigned                                the same
 * SIGNED     zigzag                                  the same
 * OBJECT     address                                 number of an object (TRACE_OBJECTS), from 0
 * ADDRESS    address                                 the same
 * STRING     offset in REC_STRINGS                   number of a string, 0: ""
 * THREAD     item of REC_TRACE_THREADS + 1, 0: none  the same threads' numbers + 1
 * WAIT       enum rec_wait_kind                      the same
 * WAKE       enum trace_wake                         the same
 * OUTCOME    enum trace_outcome                      the same
 * CALL       enum trace_call                         the same */
#define TRACE_ARGUMENTS(X)    \
	X(NONE, "")           \
	X(NUMBER, "number")   \
	X(SIGNED, "signed")   \
	X(OBJECT, "object")   \
	X(ADDRESS, "address") \
	X(STRING, "string")   \
	X(THREAD, "thread")   \
	X(WAIT, "wait")       \
	X(WAKE, "wake")       \
	X(OUTCOME, "outcome") \
	X(CALL, "call")

enum trace_argument {
#define X(name, text) TRACE_ARGUMENT_##name,
	TRACE_ARGUMENTS(X)
#undef X
};

/* Durations and stacks: 0 no, 1 yes; a stack may be 0 (none) where it was not worth taking.
 *
 * thread-create    by the creator: the new thread, its start function
 * thread-start     by the new thread: who created it
 * thread-name      by the thread itself, also when another one named it
 * thread-end
 * fork             by the parent: pid of the child
 * exec             path
 * wait             a wait for an object, from asking to having: kind, object, how it ended
 * wake             what ends others' waits, only where somebody waits: how, object. With a join: the ending thread's handle
 * syscall          a system call that can block: which, descriptor + 1 (0: none), result (bytes; -errno)
 * heap             bytes in use by the program, as a change since the last event of this kind of the same thread
 * map              address, bytes: mmap
 * unmap            address, bytes: munmap
 * brk              bytes, as a change
 * madvise          address, bytes, advice
 * page-heap        bytes that the allocator took from the system, negative: gave back
 * fault            a page fault: address of the data
 * region-begin     name, task
 * region-end       name
 * region           a region as a whole, only in the finished trace: name, task, nesting depth from 0
 * task-begin       the task's number, name, number of the task that it is part of
 * task-end         the task's number
 * log              category, message, task
 * window           the body of the test: 1 it begins, 0 it ends
 * lost             events of this thread that were dropped, over the duration: how many */
#define TRACE_EVENTS(X)                                                \
	X(NONE, "none", 0, 0, NONE, NONE, NONE)                        \
	X(THREAD_CREATE, "thread-create", 0, 1, THREAD, ADDRESS, NONE) \
	X(THREAD_START, "thread-start", 0, 0, THREAD, NONE, NONE)      \
	X(THREAD_NAME, "thread-name", 0, 0, STRING, NONE, NONE)        \
	X(THREAD_END, "thread-end", 0, 0, NONE, NONE, NONE)            \
	X(FORK, "fork", 0, 1, NUMBER, NONE, NONE)                      \
	X(EXEC, "exec", 0, 1, STRING, NONE, NONE)                      \
	X(WAIT, "wait", 1, 1, WAIT, OBJECT, OUTCOME)                   \
	X(WAKE, "wake", 0, 1, WAKE, OBJECT, NONE)                      \
	X(SYSCALL, "syscall", 1, 1, CALL, NUMBER, SIGNED)              \
	X(HEAP, "heap", 0, 0, SIGNED, NONE, NONE)                      \
	X(MAP, "map", 0, 1, ADDRESS, NUMBER, NONE)                     \
	X(UNMAP, "unmap", 0, 1, ADDRESS, NUMBER, NONE)                 \
	X(BRK, "brk", 0, 1, SIGNED, NONE, NONE)                        \
	X(MADVISE, "madvise", 0, 1, ADDRESS, NUMBER, NUMBER)           \
	X(PAGE_HEAP, "page-heap", 0, 1, SIGNED, NONE, NONE)            \
	X(FAULT, "fault", 0, 0, ADDRESS, NONE, NONE)                   \
	X(REGION_BEGIN, "region-begin", 0, 0, STRING, NUMBER, NONE)    \
	X(REGION_END, "region-end", 0, 0, STRING, NONE, NONE)          \
	X(REGION, "region", 1, 0, STRING, NUMBER, NUMBER)              \
	X(TASK_BEGIN, "task-begin", 0, 0, NUMBER, STRING, NUMBER)      \
	X(TASK_END, "task-end", 0, 0, NUMBER, NONE, NONE)              \
	X(LOG, "log", 0, 0, STRING, STRING, NUMBER)                    \
	X(WINDOW, "window", 0, 0, NUMBER, NONE, NONE)                  \
	X(LOST, "lost", 1, 0, NUMBER, NONE, NONE)

enum trace_event_type {
#define X(name, text, duration, stack, a, b, c) TRACE_##name,
	TRACE_EVENTS(X)
#undef X
		TRACE_EVENT_COUNT
};

enum { TRACE_ARGUMENT_MAX = 3 };

/* What the arguments of those that have some are called: as many names as the table above has arguments. */
#define TRACE_ARGUMENT_NAMES(X)                      \
	X(THREAD_CREATE, "thread", "function", NULL) \
	X(THREAD_START, "creator", NULL, NULL)       \
	X(THREAD_NAME, "name", NULL, NULL)           \
	X(FORK, "pid", NULL, NULL)                   \
	X(EXEC, "path", NULL, NULL)                  \
	X(WAIT, "for", "object", "outcome")          \
	X(WAKE, "by", "object", NULL)                \
	X(SYSCALL, "call", "descriptor", "result")   \
	X(HEAP, "bytes", NULL, NULL)                 \
	X(MAP, "address", "bytes", NULL)             \
	X(UNMAP, "address", "bytes", NULL)           \
	X(BRK, "bytes", NULL, NULL)                  \
	X(MADVISE, "address", "bytes", "advice")     \
	X(PAGE_HEAP, "bytes", NULL, NULL)            \
	X(FAULT, "address", NULL, NULL)              \
	X(REGION_BEGIN, "name", "task", NULL)        \
	X(REGION_END, "name", NULL, NULL)            \
	X(REGION, "name", "task", "depth")           \
	X(TASK_BEGIN, "task", "name", "parent")      \
	X(TASK_END, "task", NULL, NULL)              \
	X(LOG, "category", "message", "task")        \
	X(WINDOW, "begins", NULL, NULL)              \
	X(LOST, "events", NULL, NULL)

/* How a wait ended. */
#define TRACE_OUTCOMES(X)             \
	X(DONE, "done")               \
	X(TIMED_OUT, "timed out")     \
	X(FAILED, "failed")           \
	X(INTERRUPTED, "interrupted") \
	X(CANCELLED, "cancelled")     \
	X(UNFINISHED, "unfinished")

enum trace_outcome {
#define X(name, text) TRACE_OUTCOME_##name,
	TRACE_OUTCOMES(X)
#undef X
};

/* What ends others' waits. */
#define TRACE_WAKES(X)            \
	X(UNLOCK, "unlock")       \
	X(SIGNAL, "signal")       \
	X(BROADCAST, "broadcast") \
	X(POST, "post")           \
	X(BARRIER, "barrier")     \
	X(EXIT, "exit")           \
	X(ONCE, "once")

enum trace_wake {
#define X(name, text) TRACE_WAKE_##name,
	TRACE_WAKES(X)
#undef X
};

/* What a system call is for: the row that it counts in. */
#define TRACE_CALL_CLASSES(X) \
	X(FILE, "file")       \
	X(NETWORK, "network") \
	X(SLEEP, "sleep")     \
	X(PROCESS, "process")

enum trace_call_class {
#define X(name, text) TRACE_CALL_CLASS_##name,
	TRACE_CALL_CLASSES(X)
#undef X
};

/* Calls that can block. The class is the descriptor's where it is a socket: see `syscall` above and trace_call_class_of
 * in the recorder, which says NETWORK_ for a read or write of a socket. */
#define TRACE_CALLS(X)                     \
	X(OTHER, "other", FILE)            \
	X(READ, "read", FILE)              \
	X(WRITE, "write", FILE)            \
	X(NETWORK_READ, "read", NETWORK)   \
	X(NETWORK_WRITE, "write", NETWORK) \
	X(OPEN, "open", FILE)              \
	X(CLOSE, "close", FILE)            \
	X(SYNC, "sync", FILE)              \
	X(LOCK, "lock", FILE)              \
	X(COPY, "copy", FILE)              \
	X(NETWORK_COPY, "copy", NETWORK)   \
	X(ACCEPT, "accept", NETWORK)       \
	X(CONNECT, "connect", NETWORK)     \
	X(SEND, "send", NETWORK)           \
	X(RECEIVE, "receive", NETWORK)     \
	X(POLL, "poll", NETWORK)           \
	X(SELECT, "select", NETWORK)       \
	X(EPOLL, "epoll", NETWORK)         \
	X(SLEEP, "sleep", SLEEP)           \
	X(PAUSE, "pause", SLEEP)           \
	X(SIGWAIT, "sigwait", SLEEP)       \
	X(WAIT, "wait", PROCESS)           \
	X(SYSTEM, "system", PROCESS)       \
	X(MESSAGE, "message", FILE)        \
	X(SEMOP, "semop", FILE)            \
	X(IOCTL, "ioctl", FILE)            \
	X(POPEN, "popen", PROCESS)

enum trace_call {
#define X(name, text, class) TRACE_CALL_##name,
	TRACE_CALLS(X)
#undef X
		TRACE_CALL_COUNT
};

/* What a thread is doing at a time. A thread is in exactly one of these from its start to its end, so that the times
 * of all add up to its life: they are the columns of the thread analysis. Numbers only grow.
 *
 * running    on a CPU, in its own code
 * syscall    on a CPU, inside one of the system calls that are recorded
 * runnable   ready, and waiting for a CPU: preempted, or woken and not yet there
 * mutex … spin   blocked for such an object; mutex also after a condition's signal, for the condition's mutex
 * sleep      blocked in a sleep, or waiting for a signal
 * network    blocked in a socket call or a poller
 * file       blocked in another system call: files, pipes, locks of files
 * process    blocked until a child ends
 * blocked    blocked, and nothing recorded says for what: raw futex calls, page faults, calls inside libraries
 * unknown    nothing is known: events were lost, or there is no scheduler's record */
#define TRACE_STATES(X)         \
	X(RUNNING, "running")   \
	X(SYSCALL, "syscall")   \
	X(RUNNABLE, "runnable") \
	X(MUTEX, "mutex")       \
	X(RWLOCK, "rwlock")     \
	X(COND, "cond")         \
	X(SEM, "semaphore")     \
	X(BARRIER, "barrier")   \
	X(JOIN, "join")         \
	X(ONCE, "once")         \
	X(SPIN, "spinlock")     \
	X(SLEEP, "sleep")       \
	X(NETWORK, "network")   \
	X(FILE, "file")         \
	X(PROCESS, "process")   \
	X(BLOCKED, "blocked")   \
	X(UNKNOWN, "unknown")

enum trace_state {
#define X(name, text) TRACE_STATE_##name,
	TRACE_STATES(X)
#undef X
		TRACE_STATE_COUNT
};

/* One row of TRACE_EVENTS. */
struct trace_event_kind {
	const char *text;
	bool has_duration, has_stack;
	enum trace_argument arguments[TRACE_ARGUMENT_MAX];
	unsigned argument_count;
};

extern const struct trace_event_kind trace_event_kinds[TRACE_EVENT_COUNT];

/* What an argument of an event is called: "object". NULL for one that it does not have. */
const char *trace_argument_name(enum trace_event_type type, unsigned argument);

/* Names, as the tables have them; "?" for a number that is none. */
const char *trace_outcome_text(uint64_t outcome);
const char *trace_wake_text(uint64_t wake);
const char *trace_call_text(uint64_t call);
const char *trace_state_text(uint64_t state);
const char *trace_wait_text(uint64_t kind); /* of enum rec_wait_kind */

/* Of a call; TRACE_CALL_CLASS_FILE for a number that is none. */
enum trace_call_class trace_call_class(uint64_t call);

/* The state of a thread that is blocked in a wait of that kind (enum rec_wait_kind), or in that call. */
enum trace_state trace_state_of_wait(uint64_t kind);
enum trace_state trace_state_of_call(uint64_t call);

#endif
