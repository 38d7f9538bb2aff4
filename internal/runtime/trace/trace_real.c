/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_real.h"

#include "runtime/real.h"

#define X(type, name, parameters, arguments, ...) \
	REAL_FIRST(trace_real, type, name, parameters, arguments)
TRACE_REALS(X)
TRACE_CALL_WRAPPERS(X)
#undef X

struct trace_real trace_real = {
#define X(type, name, ...) .name = first_##name,
	TRACE_REALS(X) TRACE_CALL_WRAPPERS(X)
#undef X
};

__attribute__((constructor(101))) static void find_all(void)
{
#define X(type, name, parameters, arguments, ...) \
	REAL_FIND(trace_real, type, name, parameters, arguments)
	TRACE_REALS(X)
	TRACE_CALL_WRAPPERS(X)
#undef X
}
