/* SPDX-License-Identifier: MIT */
/* Included by unwind_arch.h only. Register numbers: System V psABI for AMD64, figure 3.36. */
#define UNWIND_REG_SP	   7
#define UNWIND_REG_FP	   6
#define UNWIND_REG_RA	   16
#define UNWIND_REG_SCRATCH 10
#define UNWIND_RA_UNSAID   UNWIND_RA_UNSAID_LOST

/* The trampoline is reached by the handler's return, which leaves sp at the ucontext. */
#define UNWIND_SIGNAL_PC      (offsetof(ucontext_t, uc_mcontext.gregs) + REG_RIP * sizeof(greg_t))
#define UNWIND_SIGNAL_SP      (offsetof(ucontext_t, uc_mcontext.gregs) + REG_RSP * sizeof(greg_t))
#define UNWIND_SIGNAL_FP      (offsetof(ucontext_t, uc_mcontext.gregs) + REG_RBP * sizeof(greg_t))
#define UNWIND_SIGNAL_SCRATCH (offsetof(ucontext_t, uc_mcontext.gregs) + REG_R10 * sizeof(greg_t))

/* A leaf that has pushed nothing, or a function that keeps a frame pointer. */
#define UNWIND_GUESSES                                                                       \
	{                                                                                    \
		{.cfa = UNWIND_CFA_SP, .cfa_words = 1, .ra = UNWIND_RA_CFA, .ra_words = -1}, \
			{.cfa = UNWIND_CFA_FP,                                               \
			 .cfa_words = 2,                                                     \
			 .ra_words = -1,                                                     \
			 .fp = UNWIND_FP_CFA,                                                \
			 .fp_words = -2},                                                    \
	}

/* mov $15, %rax (rt_sigreturn); syscall. Without a description in musl, for one. */
#define UNWIND_TRAMPOLINE                                            \
	{                                                            \
		0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05 \
	}

static inline uintptr_t unwind_strip(uintptr_t return_address)
{
	return return_address;
}

static inline struct stack_regs unwind_interrupted(const ucontext_t *context)
{
	const greg_t *regs = context->uc_mcontext.gregs;

	return (struct stack_regs){(uintptr_t)regs[REG_RIP], (uintptr_t)regs[REG_RSP],
				   (uintptr_t)regs[REG_RBP], (uintptr_t)regs[REG_R10]};
}
