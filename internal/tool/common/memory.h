/* SPDX-License-Identifier: MIT */
/* How much memory there is, and how much a process has. */
#ifndef PPROFMK_TOOL_MEMORY_H
#define PPROFMK_TOOL_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

/* Memory that this process and its children can still take: of the machine, or of the control groups that it is in, whichever is
 * less. 0: not known. */
uint64_t memory_available(void);

/* Resident memory of a process but for that of files, which the kernel can take back; 0 when there is none such. */
uint64_t memory_resident(pid_t pid);

#endif
