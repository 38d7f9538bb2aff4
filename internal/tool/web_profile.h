/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_WEB_PROFILE_H
#define PPROFMK_TOOL_WEB_PROFILE_H

#include "format/profile.h"

/* A copy of the profile that does not name programs and libraries which were rebuilt since it was recorded.
 *
 * pprof reads instructions and their lines from the file that a mapping names, and does not ask whether it is still
 * the one that ran: Source and Disassemble would show other code, or nothing. In the copy, and in `profile`, such a
 * file is called "PATH (rebuilt since)", which pprof does not find.
 *
 * Returns the path of the copy, in memory, valid while *fd is open; NULL when there is nothing to hide or no memory for
 * it. The caller frees the path and closes *fd, -1 when NULL. */
char *web_profile_copy(struct profile *profile, int *fd);

#endif
