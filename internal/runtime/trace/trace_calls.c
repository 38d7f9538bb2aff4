/* SPDX-License-Identifier: MIT */
/* The wrappers of TRACE_CALL_WRAPPERS. A thread may be cancelled in the real call: see trace_wait.h. */
#include "runtime/trace/trace_calls.h"

#include <errno.h>

#include "runtime/sync/sync_wait.h"
#include "runtime/trace/trace_real.h"
#include "runtime/trace/trace_wait.h"

#define FAST  false
#define WAITS true

#define ERRNO(result) ((result) == -1 ? -(int64_t)errno : (int64_t)(result))
#define ERROR(result) (-(int64_t)(result))

#define X(type, name, parameters, arguments, call, fd, waits, sort)          \
	RT_EXPORT type name parameters                                       \
	{                                                                    \
		const struct stack_regs *outer_at = rt_thread.waits_at;      \
		struct stack_regs regs;                                      \
		struct trace_wait wait;                                      \
		type result;                                                 \
                                                                             \
		if (rt_likely(!sync_is_on()))                                \
			return trace_real.name arguments;                    \
		regs = stack_regs_here();                                    \
		rt_thread.waits_at = &regs;                                  \
		trace_call_begin(&wait, TRACE_CALL_##call, fd, regs, waits); \
		result = trace_real.name arguments;                          \
		rt_thread.waits_at = outer_at;                               \
		trace_call_end(&wait, sort(result), regs);                   \
		return result;                                               \
	}
TRACE_CALL_WRAPPERS(X)
#undef X
