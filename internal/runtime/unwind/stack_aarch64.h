/* SPDX-License-Identifier: MIT */
/* Included by stack_arch.h only. */

static inline __attribute__((always_inline)) struct stack_regs stack_regs_here(void)
{
	struct stack_regs regs;

	__asm__ volatile("adr %0, .\n\tmov %1, sp\n\tmov %2, x29\n\tmov %3, x30"
			 : "=r"(regs.pc), "=r"(regs.sp), "=r"(regs.fp), "=r"(regs.lr));
	return regs;
}
