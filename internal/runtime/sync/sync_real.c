/* SPDX-License-Identifier: MIT */
#include "runtime/sync/sync_real.h"

#include "runtime/real.h"

#define X(...) REAL_FIRST(sync_real, __VA_ARGS__)
SYNC_REALS(X)
#undef X

struct sync_real sync_real = {
#define X(type, name, parameters, arguments) .name = first_##name,
	SYNC_REALS(X)
#undef X
};

__attribute__((constructor(101))) static void find_all(void)
{
#define X(...) REAL_FIND(sync_real, __VA_ARGS__)
	SYNC_REALS(X)
#undef X
}
