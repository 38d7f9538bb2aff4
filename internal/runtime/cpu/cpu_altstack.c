/* SPDX-License-Identifier: MIT */
/* Which alternate stacks the program has. Sanitizers call this before they are ready for any of our code: their tests are linked
 * without it. */
#include <signal.h>

#include "runtime/cpu/cpu.h"

/* Less than this may have no room for another signal's frame, 3.4 KB with AVX-512 and 11 KB with AMX, and for our handler, on top of
 * what the program's has on it. Many are SIGSTKSZ, 8 KB. */
#define STACK_ENOUGH (UINT32_C(64) << 10)

RT_EXPORT int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	static int (*_Atomic real)(const stack_t *, stack_t *);
	int result;

	if (real == NULL)
		real = (int (*)(const stack_t *, stack_t *))rt_real("sigaltstack");
	result = real(stack, old);
	if (result == 0 && stack != NULL && !(stack->ss_flags & SS_DISABLE) &&
	    stack->ss_size < STACK_ENOUGH)
		cpu_signal_spare_stacks();
	return result;
}
