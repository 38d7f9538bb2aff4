/* SPDX-License-Identifier: MIT */
/* The files of a program that runs, when they are no longer where they were mapped from: a package was upgraded, a build was done
 * again. The kernel keeps them as long as they are mapped. */
#ifndef PPROFMK_TOOL_SYM_PROCESS_H
#define PPROFMK_TOOL_SYM_PROCESS_H

#include <sys/types.h>

#include "tool/sym/sym_file.h"

/* The file that the process has mapped from `path`, or that has this build id. The program's own anybody may open who may
 * debug it (/proc/PID/exe); libraries only root, or with CAP_CHECKPOINT_RESTORE (/proc/PID/map_files). Its `path` is the one
 * given. NULL: it can't be had. */
struct sym_file *sym_process_file(pid_t pid, const char *path, const uint8_t *build_id,
				  size_t build_id_len);

#endif
