/* SPDX-License-Identifier: MIT */
/* What the kernel says of a thread that does not run, without disturbing it: /proc/self/task/TID/syscall has where it is, and schedstat
 * changes whenever it has run. */
#ifndef PPROFMK_RUNTIME_LIVE_TASK_H
#define PPROFMK_RUNTIME_LIVE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/unwind/stack_arch.h"

struct live_task {
	char where[192], ran[64]; /* both files' text */
};

/* False: it has ended. Of a process that is not dumpable the kernel does not say where it is: `where` is "" then. */
bool live_task_look(uint32_t tid, struct live_task *task);

/* Where it is: pc and sp, the rest 0. False: it runs, or waits for a processor. */
bool live_task_where(const struct live_task *task, struct stack_regs *regs);

/* It has not run between two looks. */
bool live_task_is_same(const struct live_task *a, const struct live_task *b);

/* As it is called now, "" where it has ended. */
void live_task_name(uint32_t tid, char name[16]);

#endif
