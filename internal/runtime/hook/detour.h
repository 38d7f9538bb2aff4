/* SPDX-License-Identifier: MIT */
/* Catching calls of a function that the program has in itself, where no library can come in front of it: its first bytes
 * are replaced by a jump. To call the function they are put back for so long: no instruction is decoded or moved. */
#ifndef PPROFMK_RUNTIME_DETOUR_H
#define PPROFMK_RUNTIME_DETOUR_H

#include "runtime/hook/detour_arch.h"

struct detour {
	unsigned char *function; /* NULL: not made */
	unsigned char original[DETOUR_SIZE_BYTES];
	unsigned char jump[DETOUR_SIZE_BYTES];
};

/* Let calls of `function`, of at least DETOUR_SIZE_BYTES, go to `target`. Its pages stay writable, so that no system call
 * is needed later: the program may forbid itself any.
 *
 * Returns 0, or -errno where the system does not let code be changed (then nothing is). Context: nothing runs the
 * function. */
int detour_make(struct detour *detour, void *function, const void *target);

/* Put the function back, and catch its calls again. Context: of a call that was caught; no other thread calls the
 * function. */
void detour_lift(const struct detour *detour);
void detour_set(const struct detour *detour);

#endif
