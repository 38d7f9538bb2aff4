/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_ENDPOINT_SPAWN_H
#define PPROFMK_ENDPOINT_SPAWN_H

#include <sys/types.h>

/* Start a program that is nobody's child here: the program that we are in sees no SIGCHLD, and its wait() finds none.
 *
 * path   of the program
 * argv   NULL-terminated
 * input  what it has as standard input; it has no other descriptor of ours
 *
 * It has a low priority, a process group of its own, and an environment of PATH and LC_ALL. All signals are blocked in it: it begins with
 * unblocking them.
 *
 * Returns its pid or -errno. Context: a thread with all signals blocked, and /dev/null as 1 and 2. The thread waits until the
 * program has been loaded.
 *
 * A program that is init, or a subreaper, adopts it as it does all orphans: see spawn_reap(). */
pid_t spawn(const char *path, char *const argv[], int input);

/* It has ended or is about to: where we adopted it, take note of that, so that no zombie is left. *pid is 0 then; it stays while it has
 * not ended. Afterwards the number may be another child's, whose status is the program's to take. */
void spawn_reap(pid_t *pid);

#endif
