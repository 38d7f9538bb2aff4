/* SPDX-License-Identifier: MIT */
/* Profiles of traces as files. */
#ifndef PPROFMK_TOOL_TRACE_PROFILE_FILE_H
#define PPROFMK_TOOL_TRACE_PROFILE_FILE_H

#include "tool/profile/kinds.h"

/* Make the profile of a test that is made from its trace, if it is not there or the trace is newer. TOOL_OK; also without
 * a trace, when there is a profile. Else the exit status, after saying what is wrong. */
int trace_profile_refresh(const struct kind *kind, const char *dir, const char *func);

#endif
