/* SPDX-License-Identifier: MIT */
/* Copies of a profile in which programs and libraries are hidden from pprof.
 *
 * pprof reads instructions and their lines from the files that mappings name. For Source it then believes the
 * file and not the profile, and Go's pprof knows no inlined calls of C: a function whose every call was inlined has no
 * source. Without the file it shows the lines that the profile names, which are right. And it does not ask
 * whether a file is still the one that ran: after a rebuild it shows other code, or nothing.
 *
 * So one pprof, for the pages, sees no program; another, for Disassemble, sees those that were not rebuilt. */
#ifndef PPROFMK_TOOL_WEB_PROFILE_H
#define PPROFMK_TOOL_WEB_PROFILE_H

#include <stdbool.h>

#include "format/profile.h"

typedef bool (*web_profile_hides)(const struct profile_mapping *mapping);

/* Every file. */
bool web_profile_is_file(const struct profile_mapping *mapping);

/* A file that is there, with another build id than the one that was mapped. */
bool web_profile_is_rebuilt(const struct profile_mapping *mapping);

/* A copy of the profile in which the files that `hides` tells are at a path where there is none.
 *
 * Returns the path of the copy, in memory, valid while *fd is open; NULL when nothing is to be hidden or there is no
 * memory for it. The caller frees the path and closes *fd, which is -1 when NULL. */
char *web_profile_copy(const struct profile *profile, web_profile_hides hides, int *fd);

/* The profile as it is, in memory: as above. */
char *web_profile_write(const struct profile *profile, int *fd);

#endif
