/* SPDX-License-Identifier: MIT */
/* Call frame information: from a code address to the rule that leads to the caller's frame.
 *
 * The loaded objects' .eh_frame says for each instruction where the caller's registers are.
 * Decoding that takes a microsecond; the result, a row, takes eight bytes, and a table that is
 * shared by all threads and never locked keeps it. Nothing here allocates from malloc or waits,
 * except unwind_modules_update(). */
#ifndef PPROFMK_RUNTIME_UNWIND_H
#define PPROFMK_RUNTIME_UNWIND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The canonical frame address (CFA) is the caller's stack pointer after the return. How to
 * compute it: */
enum unwind_cfa {
	UNWIND_CFA_NONE,     /* 0 is no row */
	UNWIND_CFA_LOST,     /* there is a rule, but not one that this unwinder follows */
	UNWIND_CFA_END,	     /* the outermost frame: it has no caller */
	UNWIND_CFA_SIGNAL,   /* a signal's trampoline: the interrupted registers are on the stack */
	UNWIND_CFA_SP,	     /* sp + cfa_words */
	UNWIND_CFA_FP,	     /* fp + cfa_words */
	UNWIND_CFA_SCRATCH,  /* scratch + cfa_words: x86-64's r10, while gcc realigns the stack */
	UNWIND_CFA_SP_DEREF, /* what is stored at sp + cfa_words */
	UNWIND_CFA_FP_DEREF, /* what is stored at fp + cfa_words: realigned stacks */
	UNWIND_CFA_SP_DEREF_PLUS_WORD, /* the same plus 8: OpenSSL's assembler code */
	UNWIND_CFA_FP_DEREF_PLUS_WORD,
	UNWIND_CFA_PLT, /* sp + 8, and 8 more from byte cfa_words of the 16-byte entry on */
};

/* Where the caller's frame pointer is. */
enum unwind_fp {
	UNWIND_FP_SAME,	  /* still in the register */
	UNWIND_FP_CFA,	  /* stored at CFA + fp_words */
	UNWIND_FP_FP,	  /* stored at fp + fp_words */
	UNWIND_FP_UNKNOWN /* lost: a caller that needs it ends the walk */
};

/* Where the return address is. */
enum unwind_ra {
	UNWIND_RA_CFA,	  /* stored at CFA + ra_words */
	UNWIND_RA_SCRATCH /* AArch64: still in the link register */
};

/* Offsets are counted in words of 8 bytes; rules that do not fit are UNWIND_CFA_LOST. */
struct unwind_row {
	int32_t cfa_words : 24;
	uint32_t cfa : 4; /* enum unwind_cfa */
	uint32_t fp : 2;  /* enum unwind_fp */
	uint32_t ra : 2;  /* enum unwind_ra */
	int16_t fp_words;
	int16_t ra_words;
};

_Static_assert(sizeof(struct unwind_row) == 8, "a row is stored with one atomic store");

/* What the parser needs of a loaded object. Nothing outside [low, high) is read. */
struct unwind_cfi {
	const uint8_t *hdr;	   /* .eh_frame_hdr, NULL: the object has none */
	const uint8_t *low, *high; /* the segment that holds it and .eh_frame */
};

/* The row for the instruction at `ip`. Returns false when no function there is described; a
 * description that is damaged, or that needs what this unwinder cannot do, gives
 * UNWIND_CFA_LOST. Context: any. */
bool unwind_cfi_row(const struct unwind_cfi *cfi, uintptr_t ip, struct unwind_row *row);

/* An executable segment of a loaded object. */
struct unwind_module {
	uintptr_t start, end;
	struct unwind_cfi cfi;
	uint64_t name_hash; /* of path and build id: another one may come to its place */
	uint32_t mapping;   /* in REC_MAPPINGS, UINT32_MAX: none, the table was full */
};

/* The loaded objects at one time, sorted by address. Never changed once published and never
 * unmapped, because a walk in another thread may be reading it at any time: each dlopen or
 * dlclose that changes something costs 4 KiB. */
struct unwind_modules {
	uint32_t epoch; /* see struct rec_mapping */
	uint32_t count;
	size_t size_bytes; /* of this */
	uint64_t loads,
		unloads; /* of objects since the process began, as the dynamic linker counts them */
	struct unwind_module module[];
};

/* Read the list of loaded objects again; publish it and note it in the recording where it
 * differs. Context: not a signal handler; waits for another thread that is doing the same, and
 * for the dynamic linker's lock. */
void unwind_modules_update(void);

/* The same for a new recording, which knows none of them.
 *
 * frees_old  the old list is given back: no walk may be under way. */
void unwind_modules_renew(bool frees_old);

extern const struct unwind_modules *_Atomic unwind_modules_published;

/* The present list; NULL before the first update. Its address tells one list from all others.
 * Context: any. */
static inline const struct unwind_modules *unwind_modules_now(void)
{
	return atomic_load_explicit(&unwind_modules_published, memory_order_acquire);
}

/* The module that holds `ip`, or NULL. Context: any. */
const struct unwind_module *unwind_module_of(const struct unwind_modules *modules, uintptr_t ip);

/* Note an executable segment in REC_MAPPINGS.
 *
 * name  as the dynamic linker has it, "" for the program itself.
 *
 * Returns the item's number, UINT32_MAX when there is no room. Context: not a signal handler. */
struct unwind_segment {
	uintptr_t start, end;
	uint64_t offset; /* of `start` in the file */
	const char *name;
	const uint8_t *build_id;
	size_t build_id_len;
};
uint32_t unwind_mapping_note(const struct unwind_segment *segment, uint32_t epoch);

/* The mapped range that an address is in. False: none. Reads /proc/self/maps. Context: any. */
bool unwind_mapping_bounds(uintptr_t address, uintptr_t *start, uintptr_t *end);

/* The table of rows: key is the address and the low 16 bits of the epoch, so that a row of
 * unloaded code never matches. An entry is written once: key first, then row; a key whose row is
 * still 0 counts as absent. */
struct unwind_row_entry {
	_Atomic uint64_t key;
	_Atomic uint64_t row;
};

struct unwind_rows {
	uint32_t shift;	       /* 64 - log2(entries) */
	uint32_t cap;	       /* entries that may be used before a larger table takes over */
	_Atomic uint32_t used; /* entries */
	size_t size_bytes;
	struct unwind_rows *older; /* the table before this one */
	struct unwind_row_entry entry[];
};

extern struct unwind_rows *_Atomic unwind_rows_published;

/* An address is looked for in so many entries after its first. */
#define UNWIND_ROWS_PROBES 16

static inline uint64_t unwind_rows_key(uint32_t epoch, uintptr_t ip)
{
	return (uint64_t)ip | (uint64_t)epoch << 48;
}

static inline struct unwind_row_entry *unwind_rows_first(struct unwind_rows *rows, uint64_t key)
{
	return &rows->entry[(key * UINT64_C(0x9e3779b97f4a7c15)) >> rows->shift];
}

/* Where a row came from, and so whether it will be the same as long as the list of modules is. */
enum unwind_source {
	UNWIND_UNKNOWN, /* no row */
	UNWIND_LISTED,	/* of a module in the list */
	UNWIND_PASSING, /* of an object not in the list yet: constructors inside dlopen */
};

enum unwind_source unwind_row_slow(const struct unwind_modules *modules, uintptr_t ip,
				   struct unwind_row *row);

/* The row for the instruction at `ip`. Context: any. */
static inline enum unwind_source unwind_row_of(const struct unwind_modules *modules, uintptr_t ip,
					       struct unwind_row *row)
{
	struct unwind_rows *rows =
		atomic_load_explicit(&unwind_rows_published, memory_order_acquire);
	uint64_t key = unwind_rows_key(modules->epoch, ip);
	struct unwind_row_entry *entry;
	uint64_t word;

	if (__builtin_expect(rows != NULL, 1)) {
		entry = unwind_rows_first(rows, key);
		if (__builtin_expect(atomic_load_explicit(&entry->key, memory_order_relaxed) == key,
				     1)) {
			word = atomic_load_explicit(&entry->row, memory_order_relaxed);
			if (__builtin_expect(word != 0, 1)) {
				__builtin_memcpy(row, &word, sizeof word);
				return UNWIND_LISTED;
			}
		}
	}
	return unwind_row_slow(modules, ip, row);
}

#endif
