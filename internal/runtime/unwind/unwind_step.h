/* SPDX-License-Identifier: MIT */
/* One step of a walk: from a frame to its caller's. */
#ifndef PPROFMK_RUNTIME_UNWIND_STEP_H
#define PPROFMK_RUNTIME_UNWIND_STEP_H

#include "runtime/unwind/unwind.h"
#include "runtime/unwind/unwind_arch.h"
#include "runtime/unwind/unwind_memory.h"

/* The registers in a frame, as far as they decide who its callers are. */
struct unwind_regs {
	uintptr_t ip; /* where to look the row up: the instruction, or the last byte of a call */
	uintptr_t sp, fp;
	uintptr_t scratch; /* stack_regs.lr: known in first and in interrupted frames, else 0 */
};

struct unwind_slot {
	uintptr_t at; /* 0: not read */
	uintptr_t value;
};

/* What a step read. The interrupted registers beyond a signal frame are RA, FP, CFA (as sp) too. */
enum { UNWIND_SLOT_RA, UNWIND_SLOT_FP, UNWIND_SLOT_CFA, UNWIND_SLOT_COUNT };

struct unwind_frame {
	struct unwind_regs regs;
	struct unwind_row row;
	struct unwind_slot slot[UNWIND_SLOT_COUNT];
	/* Its caller is found from ip, sp, fp and the slots alone, for as long as the list of
	 * modules is the same. */
	bool repeatable;
};

enum unwind_status {
	UNWIND_STEPPED, /* *caller is the caller's frame */
	UNWIND_ENDED,	/* there is no caller: the stack is complete */
	UNWIND_LOST	/* there may be one, but it cannot be found */
};

/* Both halves at once: they are copied so, and a store that is read back in another width waits. */
static inline bool unwind_read_slot(struct unwind_memory *memory, struct unwind_slot *slot,
				    uintptr_t at)
{
	uintptr_t value = 0;
	bool good = unwind_memory_read(memory, at, &value);

	*slot = (struct unwind_slot){at, value};
	return good;
}

/* Bytes of a signed number of words, for adding to an address. */
static inline uintptr_t unwind_words(int words)
{
	return (uintptr_t)(intptr_t)words * sizeof(uintptr_t);
}

/* Whether the code at `pc`, which nothing describes, is a signal's trampoline. */
bool unwind_is_trampoline(uintptr_t pc);

/* Out of the way of the common rows. */
bool unwind_step_cfa_slow(struct unwind_memory *memory, struct unwind_frame *frame, uintptr_t *cfa);
enum unwind_status unwind_step_signal(struct unwind_memory *memory, struct unwind_frame *frame,
				      struct unwind_regs *caller);

static inline bool unwind_step_cfa(struct unwind_memory *memory, struct unwind_frame *frame,
				   uintptr_t *cfa)
{
	if (__builtin_expect(frame->row.cfa == UNWIND_CFA_SP, 1)) {
		*cfa = frame->regs.sp + unwind_words(frame->row.cfa_words);
		return true;
	}
	if (frame->row.cfa == UNWIND_CFA_FP) {
		*cfa = frame->regs.fp + unwind_words(frame->row.cfa_words);
		return true;
	}
	return unwind_step_cfa_slow(memory, frame, cfa);
}

static inline bool unwind_step_fp(struct unwind_memory *memory, struct unwind_frame *frame,
				  uintptr_t cfa, uintptr_t *fp)
{
	struct unwind_slot *slot = &frame->slot[UNWIND_SLOT_FP];
	uintptr_t base = cfa;

	switch ((enum unwind_fp)frame->row.fp) {
	case UNWIND_FP_SAME:
		*fp = frame->regs.fp;
		return true;
	case UNWIND_FP_UNKNOWN:
		*fp = 0;
		return true;
	case UNWIND_FP_FP:
		base = frame->regs.fp;
		break;
	case UNWIND_FP_CFA:
		break;
	}
	if (!unwind_read_slot(memory, slot, base + unwind_words(frame->row.fp_words)))
		return false;
	*fp = slot->value;
	return true;
}

static inline bool unwind_step_ra(struct unwind_memory *memory, struct unwind_frame *frame,
				  uintptr_t cfa, uintptr_t *ra)
{
	struct unwind_slot *slot = &frame->slot[UNWIND_SLOT_RA];

	if (frame->row.ra == UNWIND_RA_SCRATCH) {
		*ra = frame->regs.scratch;
		frame->repeatable = false;
		return *ra != 0;
	}
	if (!unwind_read_slot(memory, slot, cfa + unwind_words(frame->row.ra_words)))
		return false;
	*ra = slot->value;
	return true;
}

/* Follow frame->row. Fills in the frame's slots and `repeatable`. Context: any. */
static inline __attribute__((always_inline)) enum unwind_status
unwind_step(struct unwind_memory *memory, struct unwind_frame *frame, struct unwind_regs *caller)
{
	size_t copied = memory->copied;
	uintptr_t cfa, ra, fp;

	frame->repeatable = true;
	for (size_t i = 0; i < UNWIND_SLOT_COUNT; i++)
		frame->slot[i].at = 0;
	if (__builtin_expect(frame->row.cfa < UNWIND_CFA_SP, 0)) {
		if (frame->row.cfa == UNWIND_CFA_SIGNAL)
			return unwind_step_signal(memory, frame, caller);
		return frame->row.cfa == UNWIND_CFA_END ? UNWIND_ENDED : UNWIND_LOST;
	}
	if (!unwind_step_cfa(memory, frame, &cfa) || !unwind_step_ra(memory, frame, cfa, &ra) ||
	    !unwind_step_fp(memory, frame, cfa, &fp))
		return UNWIND_LOST;
	frame->repeatable = frame->repeatable && memory->copied == copied;
	ra = unwind_strip(ra);
	if (ra ==
	    0) /* how systems without call frame information for their start-up code mark the end */
		return UNWIND_ENDED;
	/* A frame without room is a leaf of a processor with a link register, or damage that
	 * would go on forever. */
	if (cfa <= frame->regs.sp && !(cfa == frame->regs.sp && frame->row.ra == UNWIND_RA_SCRATCH))
		return UNWIND_LOST;
	*caller = (struct unwind_regs){ra - 1, cfa, fp, 0};
	return UNWIND_STEPPED;
}

#endif
