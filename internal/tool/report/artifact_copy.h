/* SPDX-License-Identifier: MIT */
/* Private to artifact*.c. */
#ifndef PPROFMK_TOOL_ARTIFACT_COPY_H
#define PPROFMK_TOOL_ARTIFACT_COPY_H

/* Copy a regular file, of any size, by rename. No link is followed. 0 or -errno; nothing is left on failure. */
int artifact_copy(const char *source, const char *target);

#endif
