/* SPDX-License-Identifier: MIT */
/* Call frame instructions (DWARF 5, 6.4.2), run up to one address. */
#ifndef PPROFMK_RUNTIME_UNWIND_PROGRAM_H
#define PPROFMK_RUNTIME_UNWIND_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/unwind/unwind.h"
#include "runtime/unwind/unwind_bytes.h"

enum unwind_rule_kind {
	UNWIND_RULE_UNSAID,
	UNWIND_RULE_SAME,
	UNWIND_RULE_UNDEFINED,
	UNWIND_RULE_CFA, /* stored at CFA + offset */
	UNWIND_RULE_FP,	 /* stored at fp + offset */
	UNWIND_RULE_OTHER
};

/* Offsets in bytes. */
struct unwind_rule {
	enum unwind_rule_kind kind;
	int64_t offset;
};

struct unwind_rules {
	enum unwind_cfa cfa;
	uint64_t cfa_offset;
	struct unwind_rule fp, ra;
};

/* A CIE, what the FDEs of a function share. */
struct unwind_cie {
	uint64_t code_align, data_align;
	uint64_t ra_register;
	uint8_t pointer_encoding;
	bool sized_augmentation; /* FDEs have augmentation data too */
	bool signal_frame;
	struct dwarf_bytes program;
};

/* Run the CIE's and the FDE's instructions from address `start` up to `ip`. Returns false for
 * instructions that are damaged or unknown. Context: any. Bounded by the length of both. */
bool unwind_program_run(const struct unwind_cie *cie, struct dwarf_bytes fde, uintptr_t start,
			uintptr_t ip, struct unwind_rules *rules);

/* An expression that gives the CFA. Sets cfa to UNWIND_CFA_LOST for one that is none of those
 * that compilers, linkers and hand-written code have been seen to use. */
void unwind_expression_cfa(struct dwarf_bytes expression, struct unwind_rules *rules);

/* An expression that gives the place where a register is stored. */
struct unwind_rule unwind_expression_place(struct dwarf_bytes expression);

#endif
