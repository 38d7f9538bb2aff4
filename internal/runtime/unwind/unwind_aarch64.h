/* SPDX-License-Identifier: MIT */
/* Included by unwind_arch.h only. Register numbers: DWARF for the Arm 64-bit Architecture, table
 * 4.1. */
#define UNWIND_REG_SP	   31
#define UNWIND_REG_FP	   29
#define UNWIND_REG_RA	   30
#define UNWIND_REG_SCRATCH 30
#define UNWIND_RA_UNSAID   UNWIND_RA_UNSAID_SCRATCH

/* At the trampoline sp is at the kernel's struct rt_sigframe: a siginfo of 128 bytes, then the
 * ucontext. */
#define UNWIND_SIGNAL_REGS    (128 + offsetof(ucontext_t, uc_mcontext.regs))
#define UNWIND_SIGNAL_PC      (128 + offsetof(ucontext_t, uc_mcontext.pc))
#define UNWIND_SIGNAL_SP      (128 + offsetof(ucontext_t, uc_mcontext.sp))
#define UNWIND_SIGNAL_FP      (UNWIND_SIGNAL_REGS + 29 * sizeof(uint64_t))
#define UNWIND_SIGNAL_SCRATCH (UNWIND_SIGNAL_REGS + 30 * sizeof(uint64_t))

/* A leaf, as are the linkage stubs of .plt, which linkers describe on x86-64 only. A frame pointer
 * would not tell where the caller's frame begins: its record is at the low end of its own frame. */
#define UNWIND_GUESSES                                                \
	{                                                             \
		{                                                     \
			.cfa = UNWIND_CFA_SP, .ra = UNWIND_RA_SCRATCH \
		}                                                     \
	}

/* mov x8, #139 (rt_sigreturn); svc #0. The kernel's own is not described since Linux 5.8. */
#define UNWIND_TRAMPOLINE                                \
	{                                                \
		0x68, 0x11, 0x80, 0xd2, 0x01, 0, 0, 0xd4 \
	}

/* Pointer authentication keeps a signature in the upper bits; `hint 7` is xpaclri, which removes
 * it and does nothing on processors that have none. */
static inline uintptr_t unwind_strip(uintptr_t return_address)
{
	register uintptr_t lr __asm__("x30") = return_address;

	__asm__("hint 7" : "+r"(lr));
	return lr;
}

static inline struct stack_regs unwind_interrupted(const ucontext_t *context)
{
	const mcontext_t *regs = &context->uc_mcontext;

	return (struct stack_regs){regs->pc, regs->sp, regs->regs[29], regs->regs[30]};
}
