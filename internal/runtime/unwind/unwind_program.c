/* SPDX-License-Identifier: MIT */
#include "runtime/unwind/unwind_program.h"

#include "runtime/unwind/unwind_arch.h"

/* Compilers nest remember_state once or twice. */
#define REMEMBER_MAX 8

enum {
	CFA_ADVANCE_LOC = 0x40, /* these three have an operand in their lower six bits */
	CFA_OFFSET = 0x80,
	CFA_RESTORE = 0xc0,
	CFA_NOP = 0x00,
	CFA_SET_LOC,
	CFA_ADVANCE_LOC1,
	CFA_ADVANCE_LOC2,
	CFA_ADVANCE_LOC4,
	CFA_OFFSET_EXTENDED,
	CFA_RESTORE_EXTENDED,
	CFA_UNDEFINED,
	CFA_SAME_VALUE,
	CFA_REGISTER,
	CFA_REMEMBER_STATE,
	CFA_RESTORE_STATE,
	CFA_DEF_CFA,
	CFA_DEF_CFA_REGISTER,
	CFA_DEF_CFA_OFFSET,
	CFA_DEF_CFA_EXPRESSION,
	CFA_EXPRESSION,
	CFA_OFFSET_EXTENDED_SF,
	CFA_DEF_CFA_SF,
	CFA_DEF_CFA_OFFSET_SF,
	CFA_VAL_OFFSET,
	CFA_VAL_OFFSET_SF,
	CFA_VAL_EXPRESSION,
	CFA_AARCH64_NEGATE_RA_STATE =
		0x2d, /* the return address is signed or not: unwind_strip() takes both */
	CFA_GNU_ARGS_SIZE = 0x2e,
	CFA_GNU_NEGATIVE_OFFSET_EXTENDED = 0x2f,
};

struct machine {
	const struct unwind_cie *cie;
	struct dwarf_bytes code;
	struct unwind_rules rules;
	const struct unwind_rules *initial; /* after the CIE's program; NULL while that one runs */
	struct unwind_rules remembered[REMEMBER_MAX];
	unsigned depth;
	uintptr_t at, ip; /* the rules so far hold from `at` on */
};

/* The rule of a register, or where to put one that nobody asks for. */
static struct unwind_rule *rule_of(struct machine *machine, uint64_t reg,
				   struct unwind_rule *ignored)
{
	if (reg == UNWIND_REG_FP)
		return &machine->rules.fp;
	if (reg == machine->cie->ra_register)
		return &machine->rules.ra;
	return ignored;
}

static void set_rule(struct machine *machine, uint64_t reg, enum unwind_rule_kind kind,
		     uint64_t offset)
{
	struct unwind_rule ignored;

	*rule_of(machine, reg, &ignored) = (struct unwind_rule){kind, (int64_t)offset};
}

static void restore_rule(struct machine *machine, uint64_t reg)
{
	static const struct unwind_rules nothing;
	const struct unwind_rules *initial = machine->initial ? machine->initial : &nothing;

	if (reg == UNWIND_REG_FP)
		machine->rules.fp = initial->fp;
	else if (reg == machine->cie->ra_register)
		machine->rules.ra = initial->ra;
}

static void set_cfa_register(struct machine *machine, uint64_t reg)
{
	switch (reg) {
	case UNWIND_REG_SP:
		machine->rules.cfa = UNWIND_CFA_SP;
		break;
	case UNWIND_REG_FP:
		machine->rules.cfa = UNWIND_CFA_FP;
		break;
	case UNWIND_REG_SCRATCH:
		machine->rules.cfa = UNWIND_CFA_SCRATCH;
		break;
	default:
		machine->rules.cfa = UNWIND_CFA_LOST;
	}
}

static struct dwarf_bytes read_block(struct machine *machine)
{
	uint64_t length = dwarf_bytes_uleb(&machine->code);

	return dwarf_bytes_take(&machine->code, length);
}

static void remember(struct machine *machine)
{
	if (machine->depth == REMEMBER_MAX)
		dwarf_bytes_fail(&machine->code);
	else
		machine->remembered[machine->depth++] = machine->rules;
}

static void recall(struct machine *machine)
{
	if (machine->depth == 0)
		dwarf_bytes_fail(&machine->code);
	else
		machine->rules = machine->remembered[--machine->depth];
}

static void advance(struct machine *machine, uint64_t delta)
{
	machine->at += delta * machine->cie->code_align;
}

/* Instructions about the CFA. Returns false for any other. */
static bool run_cfa(struct machine *machine, uint8_t op)
{
	struct dwarf_bytes *code = &machine->code;

	switch (op) {
	case CFA_DEF_CFA:
		set_cfa_register(machine, dwarf_bytes_uleb(code));
		machine->rules.cfa_offset = dwarf_bytes_uleb(code);
		return true;
	case CFA_DEF_CFA_SF:
		set_cfa_register(machine, dwarf_bytes_uleb(code));
		machine->rules.cfa_offset = dwarf_bytes_sleb(code) * machine->cie->data_align;
		return true;
	case CFA_DEF_CFA_REGISTER:
		set_cfa_register(machine, dwarf_bytes_uleb(code));
		return true;
	case CFA_DEF_CFA_OFFSET:
		machine->rules.cfa_offset = dwarf_bytes_uleb(code);
		return true;
	case CFA_DEF_CFA_OFFSET_SF:
		machine->rules.cfa_offset = dwarf_bytes_sleb(code) * machine->cie->data_align;
		return true;
	case CFA_DEF_CFA_EXPRESSION:
		unwind_expression_cfa(read_block(machine), &machine->rules);
		return true;
	default:
		return false;
	}
}

/* Instructions about where a register is. Returns false for any other. */
static bool run_register(struct machine *machine, uint8_t op)
{
	struct dwarf_bytes *code = &machine->code;
	uint64_t align = machine->cie->data_align;
	struct unwind_rule ignored;
	uint64_t reg;

	if (op < CFA_OFFSET_EXTENDED || op == CFA_REMEMBER_STATE || op == CFA_RESTORE_STATE ||
	    (op > CFA_VAL_EXPRESSION && op != CFA_GNU_NEGATIVE_OFFSET_EXTENDED))
		return false;
	reg = dwarf_bytes_uleb(code);
	switch (op) {
	case CFA_OFFSET_EXTENDED:
		set_rule(machine, reg, UNWIND_RULE_CFA, dwarf_bytes_uleb(code) * align);
		return true;
	case CFA_OFFSET_EXTENDED_SF:
		set_rule(machine, reg, UNWIND_RULE_CFA, dwarf_bytes_sleb(code) * align);
		return true;
	case CFA_GNU_NEGATIVE_OFFSET_EXTENDED:
		set_rule(machine, reg, UNWIND_RULE_CFA, 0 - dwarf_bytes_uleb(code) * align);
		return true;
	case CFA_RESTORE_EXTENDED:
		restore_rule(machine, reg);
		return true;
	case CFA_UNDEFINED:
		set_rule(machine, reg, UNWIND_RULE_UNDEFINED, 0);
		return true;
	case CFA_SAME_VALUE:
		set_rule(machine, reg, UNWIND_RULE_SAME, 0);
		return true;
	case CFA_REGISTER:
	case CFA_VAL_OFFSET:
	case CFA_VAL_OFFSET_SF:
		dwarf_bytes_uleb(code);
		set_rule(machine, reg, UNWIND_RULE_OTHER, 0);
		return true;
	case CFA_EXPRESSION:
		*rule_of(machine, reg, &ignored) = unwind_expression_place(read_block(machine));
		return true;
	case CFA_VAL_EXPRESSION:
		read_block(machine);
		set_rule(machine, reg, UNWIND_RULE_OTHER, 0);
		return true;
	default:
		return false;
	}
}

/* Instructions about the address. Returns false for any other. */
static bool run_location(struct machine *machine, uint8_t op)
{
	struct dwarf_bytes *code = &machine->code;

	switch (op) {
	case CFA_SET_LOC:
		machine->at = unwind_bytes_pointer(code, machine->cie->pointer_encoding, NULL);
		return true;
	case CFA_ADVANCE_LOC1:
		advance(machine, dwarf_bytes_number(code, 1));
		return true;
	case CFA_ADVANCE_LOC2:
		advance(machine, dwarf_bytes_number(code, 2));
		return true;
	case CFA_ADVANCE_LOC4:
		advance(machine, dwarf_bytes_number(code, 4));
		return true;
	default:
		return false;
	}
}

static void run_other(struct machine *machine, uint8_t op)
{
	switch (op) {
	case CFA_NOP:
	case CFA_AARCH64_NEGATE_RA_STATE:
		break;
	case CFA_REMEMBER_STATE:
		remember(machine);
		break;
	case CFA_RESTORE_STATE:
		recall(machine);
		break;
	case CFA_GNU_ARGS_SIZE:
		dwarf_bytes_uleb(&machine->code);
		break;
	default:
		dwarf_bytes_fail(&machine->code);
	}
}

static void run_one(struct machine *machine)
{
	uint8_t op = (uint8_t)dwarf_bytes_number(&machine->code, 1);
	uint8_t operand = op & 0x3f;

	switch (op & 0xc0) {
	case CFA_ADVANCE_LOC:
		advance(machine, operand);
		return;
	case CFA_OFFSET:
		set_rule(machine, operand, UNWIND_RULE_CFA,
			 dwarf_bytes_uleb(&machine->code) * machine->cie->data_align);
		return;
	case CFA_RESTORE:
		restore_rule(machine, operand);
		return;
	default:
		if (!run_location(machine, op) && !run_cfa(machine, op) &&
		    !run_register(machine, op))
			run_other(machine, op);
	}
}

/* An instruction that advances past `ip` ends the run: what follows is for later addresses. */
static bool run(struct machine *machine, struct dwarf_bytes code)
{
	machine->code = code;
	while (dwarf_bytes_left(&machine->code) != 0 && machine->at <= machine->ip)
		run_one(machine);
	return !machine->code.bad;
}

bool unwind_program_run(const struct unwind_cie *cie, struct dwarf_bytes fde, uintptr_t start,
			uintptr_t ip, struct unwind_rules *rules)
{
	struct machine machine = {.cie = cie, .at = start, .ip = ip};
	struct unwind_rules initial;
	bool good;

	good = run(&machine, cie->program);
	initial = machine.rules;
	machine.initial = &initial;
	good = good && run(&machine, fde);
	*rules = machine.rules;
	return good;
}
