/* SPDX-License-Identifier: MIT */
/* What the threads of a running process are doing: for a test that ran out of time. */
#ifndef PPROFMK_TOOL_SYM_STACKS_H
#define PPROFMK_TOOL_SYM_STACKS_H

#include <stdio.h>
#include <sys/types.h>

/* Print the stack of every thread of a process, innermost frame first:
 *
 *     thread 1234 (worker):
 *         #0 0x00007f3d5c0e4a56 pause /lib/x86_64-linux-gnu/libc.so.6
 *         #1 0x000055d0c1a2b1c9 wait_for_work queue.c:42
 *         #2 0x000055d0c1a2b1c9 (inlined into) worker queue.c:77
 *
 * A thread is stopped (ptrace) while its own stack is read and goes on afterwards, as the process was before: what
 * is printed is one moment of each thread, not of all at once. System calls that it was in are restarted by the
 * kernel, where they can be.
 *
 * At most 64 frames of a thread, 256 threads, and some 5 seconds; what was left out is said.
 *
 * pid  a child of the caller, or any process that it may trace. Not one that a debugger has.
 *
 * Returns 0, -ESRCH when there is no such process, -EPERM when no thread could be traced (a line says why, and that
 * containers and kernel.yama.ptrace_scope can forbid it), or -EIO when no thread could be read for other reasons.
 *
 * Context: the thread that calls becomes the tracer for the time of the call. Takes SIGALRM for this time. */
int stacks_print(pid_t pid, FILE *out);

#endif
