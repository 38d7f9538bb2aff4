/* SPDX-License-Identifier: MIT */
/* Writing to the files of recordings. */
#ifndef PPROFMK_RUNTIME_TRACE_FILE_H
#define PPROFMK_RUNTIME_TRACE_FILE_H

#include <stdint.h>

/* Write all of it at that place of the file, in as many calls as that takes. 0; or -errno, and some of it may be there: -ENOSPC where
 * the file takes no more and the kernel says no reason. Context: any; by a system call, which no wrapper of ours sees. */
int trace_file_write(int fd, const void *bytes, uint64_t size_bytes, uint64_t at);

#endif
