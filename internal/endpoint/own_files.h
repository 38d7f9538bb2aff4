/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_ENDPOINT_OWN_FILES_H
#define PPROFMK_ENDPOINT_OWN_FILES_H

/* Give the calling thread, and those that it starts, a descriptor table of its own, with nothing but /dev/null as 0, 1 and 2: the
 * program neither sees nor closes what is opened from now on, and nothing of the program's is held open by us.
 *
 * 0 or -errno, where a sandbox forbids it; then the table is the program's still, and whole. */
int own_files(void);

#endif
