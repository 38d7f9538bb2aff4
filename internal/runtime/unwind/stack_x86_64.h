/* SPDX-License-Identifier: MIT */
/* Included by stack_arch.h only. */

static inline __attribute__((always_inline)) struct stack_regs stack_regs_here(void)
{
	struct stack_regs regs = {.lr = 0};

	__asm__ volatile("lea 0(%%rip), %0\n\tmov %%rsp, %1\n\tmov %%rbp, %2"
			 : "=r"(regs.pc), "=r"(regs.sp), "=r"(regs.fp));
	return regs;
}
