/* SPDX-License-Identifier: MIT */
/* The few DWARF expressions that occur in call frame information, recognised by their bytes. */
#include "runtime/unwind/unwind_arch.h"
#include "runtime/unwind/unwind_program.h"

enum {
	OP_DEREF = 0x06,
	OP_AND = 0x1a,
	OP_PLUS = 0x22,
	OP_PLUS_UCONST = 0x23,
	OP_SHL = 0x24,
	OP_GE = 0x2a,
	OP_LIT0 = 0x30,
	OP_LIT15 = OP_LIT0 + 15,
	OP_BREG0 = 0x70,
};

static enum unwind_cfa deref_of(uint8_t op, bool plus_word)
{
	switch (op) {
	case OP_BREG0 + UNWIND_REG_SP:
		return plus_word ? UNWIND_CFA_SP_DEREF_PLUS_WORD : UNWIND_CFA_SP_DEREF;
	case OP_BREG0 + UNWIND_REG_FP:
		return plus_word ? UNWIND_CFA_FP_DEREF_PLUS_WORD : UNWIND_CFA_FP_DEREF;
	default:
		return UNWIND_CFA_LOST;
	}
}

/* What linkers write for .plt: sp + 8 + (((pc & 15) >= N) << 3), N being where the entry's push
 * ends. */
static bool is_plt(struct dwarf_bytes expression, uint64_t *pushed_from)
{
	static const uint8_t start[] = {
		OP_BREG0 + UNWIND_REG_SP, 8, OP_BREG0 + UNWIND_REG_RA, 0, OP_LIT15, OP_AND};
	static const uint8_t end[] = {OP_GE, OP_LIT0 + 3, OP_SHL, OP_PLUS};
	size_t n = sizeof start;

	if (dwarf_bytes_left(&expression) != n + 1 + sizeof end ||
	    memcmp(expression.at, start, n) != 0 ||
	    memcmp(expression.at + n + 1, end, sizeof end) != 0)
		return false;
	*pushed_from = (uint64_t)expression.at[n] - OP_LIT0;
	return *pushed_from < 16;
}

void unwind_expression_cfa(struct dwarf_bytes expression, struct unwind_rules *rules)
{
	struct dwarf_bytes rest = expression;
	uint8_t op = (uint8_t)dwarf_bytes_number(&rest, 1);
	bool plus_word = false;

	rules->cfa = UNWIND_CFA_LOST;
	if (is_plt(expression, &rules->cfa_offset)) {
		rules->cfa_offset *=
			sizeof(uint64_t); /* like the others it is divided by 8 for the row */
		rules->cfa = UNWIND_CFA_PLT;
		return;
	}
	rules->cfa_offset = dwarf_bytes_sleb(&rest);
	if (dwarf_bytes_number(&rest, 1) != OP_DEREF)
		return;
	if (dwarf_bytes_left(&rest) != 0) {
		if (dwarf_bytes_number(&rest, 1) != OP_PLUS_UCONST || dwarf_bytes_uleb(&rest) != 8)
			return;
		plus_word = true;
	}
	if (!rest.bad && dwarf_bytes_left(&rest) == 0)
		rules->cfa = deref_of(op, plus_word);
}

struct unwind_rule unwind_expression_place(struct dwarf_bytes expression)
{
	struct unwind_rule rule = {UNWIND_RULE_OTHER, 0};
	uint64_t op = dwarf_bytes_number(&expression, 1);

	rule.offset = (int64_t)dwarf_bytes_sleb(&expression);
	if (op == OP_BREG0 + UNWIND_REG_FP && !expression.bad && dwarf_bytes_left(&expression) == 0)
		rule.kind = UNWIND_RULE_FP;
	return rule;
}
