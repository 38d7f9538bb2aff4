/* SPDX-License-Identifier: MIT */
#include "runtime/unwind/unwind_step.h"

#include <string.h>

bool unwind_is_trampoline(uintptr_t pc)
{
	static const uint8_t trampoline[] = UNWIND_TRAMPOLINE;
	uint8_t code[sizeof trampoline];

	return unwind_copy(pc, code, sizeof code) == sizeof code &&
	       memcmp(code, trampoline, sizeof code) == 0;
}

bool unwind_step_cfa_slow(struct unwind_memory *memory, struct unwind_frame *frame, uintptr_t *cfa)
{
	struct unwind_slot *slot = &frame->slot[UNWIND_SLOT_CFA];
	uintptr_t offset = unwind_words(frame->row.cfa_words);
	uintptr_t plus = 0;

	switch ((enum unwind_cfa)frame->row.cfa) {
	case UNWIND_CFA_SCRATCH:
		frame->repeatable = false;
		*cfa = frame->regs.scratch + offset;
		return true;
	case UNWIND_CFA_PLT:
		*cfa = frame->regs.sp + 8 +
		       ((frame->regs.ip & 15) >= (uintptr_t)frame->row.cfa_words ? 8 : 0);
		return true;
	case UNWIND_CFA_SP_DEREF_PLUS_WORD:
		plus = 8;
		/* fall through */
	case UNWIND_CFA_SP_DEREF:
		offset += frame->regs.sp;
		break;
	case UNWIND_CFA_FP_DEREF_PLUS_WORD:
		plus = 8;
		/* fall through */
	case UNWIND_CFA_FP_DEREF:
		offset += frame->regs.fp;
		break;
	default:
		return false;
	}
	if (!unwind_read_slot(memory, slot, offset))
		return false;
	*cfa = slot->value + plus;
	return true;
}

/* The interrupted function may be at its first instruction: its pc is exact. It may have run on
 * another stack than the handler, below or above. */
enum unwind_status unwind_step_signal(struct unwind_memory *memory, struct unwind_frame *frame,
				      struct unwind_regs *caller)
{
	uintptr_t context = frame->regs.sp;
	size_t copied = memory->copied;

	if (!unwind_read_slot(memory, &frame->slot[UNWIND_SLOT_FP], context + UNWIND_SIGNAL_FP) ||
	    !unwind_memory_read(memory, context + UNWIND_SIGNAL_SCRATCH, &caller->scratch) ||
	    !unwind_read_slot(memory, &frame->slot[UNWIND_SLOT_CFA], context + UNWIND_SIGNAL_SP) ||
	    !unwind_read_slot(memory, &frame->slot[UNWIND_SLOT_RA], context + UNWIND_SIGNAL_PC))
		return UNWIND_LOST;
	frame->repeatable = memory->copied == copied;
	caller->ip = frame->slot[UNWIND_SLOT_RA].value;
	caller->sp = frame->slot[UNWIND_SLOT_CFA].value;
	caller->fp = frame->slot[UNWIND_SLOT_FP].value;
	return UNWIND_STEPPED;
}
