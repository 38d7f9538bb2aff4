/* SPDX-License-Identifier: MIT */
/* Tables of the functions behind wrappers: the next definitions, libc's as a rule.
 *
 * A constructor or an allocator may call one before our constructor has run: each pointer begins as a function that finds
 * the real one and calls it. dlsym allocates only on failure, and what an allocator needs is always found, so a call
 * from inside dlsym doesn't come back here for the same function. A function that libc doesn't have fails with ENOSYS.
 *
 *     #define REALS(X) X(int, name, (int argument), (argument)) ...
 *     #define X(...) REAL_FIRST(table, __VA_ARGS__)
 *     REALS(X)
 *     #undef X */
#ifndef PPROFMK_RUNTIME_REAL_H
#define PPROFMK_RUNTIME_REAL_H

#include <errno.h>

#include "runtime/rt.h"

#define REAL_FIRST(table, type, name, parameters, arguments) \
	static type first_##name parameters                  \
	{                                                    \
		type(*real) parameters = rt_real(#name);     \
                                                             \
		if (real == NULL) {                          \
			errno = ENOSYS;                      \
			return (type)-1;                     \
		}                                            \
		table.name = real;                           \
		return real arguments;                       \
	}

/* Before the runtime attaches (its constructor has priority 101), so that no call meets dlsym later. */
#define REAL_FIND(table, type, name, parameters, arguments)      \
	do {                                                     \
		void *found_ = rt_real(#name);                   \
                                                                 \
		if (found_ != NULL)                              \
			table.name = (type(*) parameters)found_; \
	} while (0);

#endif
