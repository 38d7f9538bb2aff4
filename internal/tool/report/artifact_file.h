/* SPDX-License-Identifier: MIT */
/* Private to artifact*.c: files of a folder that is not trusted. */
#ifndef PPROFMK_TOOL_ARTIFACT_FILE_H
#define PPROFMK_TOOL_ARTIFACT_FILE_H

#include <stddef.h>
#include <time.h>

#define ARTIFACT_FILE_ERROR 160
/* A manifest of 65,536 benchmarks has some 12 MB. */
#define ARTIFACT_MANIFEST_MAX_BYTES ((size_t)32 << 20)
#define ARTIFACT_DATE_SIZE	    32

/* Read a regular file; no link is followed, and no pipe waited for.
 *
 * limit  bytes that it may have.
 * error  gets why it can't be read.
 *
 * Returns its bytes, with a NUL behind, which the caller frees; NULL when it can't be read. */
char *artifact_file_read(const char *path, size_t limit, size_t *size,
			 char error[ARTIFACT_FILE_ERROR]);

/* "2026-11-26T14:06:27Z", as manifests have it. Returns out. */
const char *artifact_date(time_t when, char out[ARTIFACT_DATE_SIZE]);

#endif
