/* SPDX-License-Identifier: MIT */
#include "runtime/sync_real.h"

#include <errno.h>

#include "runtime/rt.h"

/* A constructor or an allocator may lock before our constructor has run: each pointer begins as a function that finds
 * the real one and calls it. dlsym allocates only on failure, and the mutexes, which an allocator needs, are always
 * found, so a call from inside dlsym doesn't come back here for the same function. */
#define X(type, name, parameters, arguments)             \
	static type first_##name parameters              \
	{                                                \
		type(*real) parameters = rt_real(#name); \
                                                         \
		if (real == NULL) {                      \
			errno = ENOSYS;                  \
			return (type)-1;                 \
		}                                        \
		sync_real.name = real;                   \
		return real arguments;                   \
	}
SYNC_REALS(X)
#undef X

struct sync_real sync_real = {
#define X(type, name, parameters, arguments) .name = first_##name,
	SYNC_REALS(X)
#undef X
};

/* Before the runtime attaches (its constructor has priority 101), so that no lock meets dlsym later. */
__attribute__((constructor(101))) static void find_all(void)
{
	void *real;

#define X(type, name, parameters, arguments) \
	real = rt_real(#name);               \
	if (real != NULL)                    \
		sync_real.name = (type(*) parameters)real;
	SYNC_REALS(X)
#undef X
}
