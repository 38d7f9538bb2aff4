/* SPDX-License-Identifier: MIT */
#include "runtime/trace_real.h"

#include "runtime/real.h"

#define X(...) REAL_FIRST(trace_real, __VA_ARGS__)
TRACE_REALS(X)
#undef X

struct trace_real trace_real = {
#define X(type, name, parameters, arguments) .name = first_##name,
	TRACE_REALS(X)
#undef X
};

__attribute__((constructor(101))) static void find_all(void)
{
#define X(...) REAL_FIND(trace_real, __VA_ARGS__)
	TRACE_REALS(X)
#undef X
}
