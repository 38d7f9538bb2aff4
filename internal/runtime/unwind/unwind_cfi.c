/* SPDX-License-Identifier: MIT */
/* From an address to its row: .eh_frame_hdr's table, the FDE it names, that FDE's CIE (Linux
 * Standard Base Core 5.0, 10.6), their instructions. */
#include "runtime/unwind/unwind_arch.h"
#include "runtime/unwind/unwind_program.h"

/* An entry of .eh_frame_hdr's table; both relative to the start of .eh_frame_hdr. */
struct hdr_entry {
	int32_t start, fde;
};

static struct dwarf_bytes bytes_from(const struct unwind_cfi *cfi, uintptr_t at)
{
	struct dwarf_bytes bytes = {cfi->high, cfi->high, false};

	if (at >= (uintptr_t)cfi->low && at < (uintptr_t)cfi->high)
		bytes.at = cfi->low + (at - (uintptr_t)cfi->low);
	else
		bytes.bad = true;
	return bytes;
}

static struct hdr_entry entry_at(const uint8_t *table, size_t index)
{
	struct hdr_entry entry;

	memcpy(&entry, table + index * sizeof entry, sizeof entry);
	return entry;
}

/* The address of the FDE whose function starts at or next below `ip`; 0 when there is none, or
 * no sorted table. */
static uintptr_t find_fde(const struct unwind_cfi *cfi, uintptr_t ip)
{
	struct dwarf_bytes hdr = bytes_from(cfi, (uintptr_t)cfi->hdr);
	uint64_t version = dwarf_bytes_number(&hdr, 1);
	uint8_t frame_encoding = (uint8_t)dwarf_bytes_number(&hdr, 1);
	uint8_t count_encoding = (uint8_t)dwarf_bytes_number(&hdr, 1);
	uint64_t table_encoding = dwarf_bytes_number(&hdr, 1);
	intptr_t offset = (intptr_t)(ip - (uintptr_t)cfi->hdr);
	size_t low = 0, high, middle;

	unwind_bytes_pointer(&hdr, frame_encoding, cfi->hdr);
	high = unwind_bytes_pointer(&hdr, count_encoding, cfi->hdr);
	if (hdr.bad || version != 1 || table_encoding != UNWIND_PE_DATAREL_SDATA4 ||
	    high > dwarf_bytes_left(&hdr) / sizeof(struct hdr_entry))
		return 0;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (entry_at(hdr.at, middle).start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? 0
			: (uintptr_t)cfi->hdr + (uintptr_t)(intptr_t)entry_at(hdr.at, low - 1).fde;
}

/* The bytes of the CIE or FDE at `at`, after its length. */
static struct dwarf_bytes entry_bytes(const struct unwind_cfi *cfi, uintptr_t at)
{
	struct dwarf_bytes bytes = bytes_from(cfi, at);
	uint64_t length = dwarf_bytes_number(&bytes, 4);
	struct dwarf_bytes entry;

	if (length == UINT32_MAX)
		length = dwarf_bytes_number(&bytes, 8);
	entry = dwarf_bytes_take(&bytes, length);
	entry.bad = bytes.bad || length == 0;
	return entry;
}

/* Letters after 'z', whose data is in `data`: one that is not known ends the list, the data's
 * length skips it. */
static void read_augmentation(struct unwind_cie *cie, const char *letters, struct dwarf_bytes data)
{
	uint8_t personality;

	for (;; letters++) {
		switch (*letters) {
		case 'R':
			cie->pointer_encoding = (uint8_t)dwarf_bytes_number(&data, 1);
			break;
		case 'P':
			personality = (uint8_t)dwarf_bytes_number(&data, 1);
			unwind_bytes_form(&data, personality & UNWIND_PE_FORM);
			break;
		case 'L':
			dwarf_bytes_number(&data, 1);
			break;
		case 'S':
			cie->signal_frame = true;
			break;
		case 'B': /* AArch64: return addresses are signed with the other key */
		case 'G': /* AArch64: memory tags */
			break;
		default:
			return;
		}
	}
}

/* A zero-terminated text, when the bytes are not `bad` afterwards. */
static const char *read_text(struct dwarf_bytes *bytes)
{
	const char *text = (const char *)bytes->at;

	while (dwarf_bytes_number(bytes, 1) != 0)
		;
	return text;
}

static bool read_cie(const struct unwind_cfi *cfi, uintptr_t at, struct unwind_cie *cie)
{
	struct dwarf_bytes bytes = entry_bytes(cfi, at);
	uint64_t id = dwarf_bytes_number(&bytes, 4);
	uint64_t version = dwarf_bytes_number(&bytes, 1);
	const char *letters = read_text(&bytes);

	*cie = (struct unwind_cie){0};
	if (id != 0 || bytes.bad || (version != 1 && version != 3))
		return false;
	cie->code_align = dwarf_bytes_uleb(&bytes);
	cie->data_align = dwarf_bytes_sleb(&bytes);
	cie->ra_register = version == 1 ? dwarf_bytes_number(&bytes, 1) : dwarf_bytes_uleb(&bytes);
	if (*letters == 'z') {
		cie->sized_augmentation = true;
		read_augmentation(cie, letters + 1,
				  dwarf_bytes_take(&bytes, dwarf_bytes_uleb(&bytes)));
	} else if (*letters != '\0') {
		return false;
	}
	cie->program = bytes;
	return !bytes.bad;
}

/* Find the function of `ip`. Returns false where none is described. */
static bool read_fde(const struct unwind_cfi *cfi, uintptr_t ip, struct unwind_cie *cie,
		     struct dwarf_bytes *program, uintptr_t *start)
{
	struct dwarf_bytes bytes = entry_bytes(cfi, find_fde(cfi, ip));
	uintptr_t id_at = (uintptr_t)bytes.at;
	uint64_t back = dwarf_bytes_number(&bytes, 4);
	uint64_t size;

	if (bytes.bad || back == 0 || !read_cie(cfi, id_at - back, cie))
		return false;
	*start = unwind_bytes_pointer(&bytes, cie->pointer_encoding, cfi->hdr);
	size = unwind_bytes_form(&bytes, cie->pointer_encoding & UNWIND_PE_FORM);
	if (cie->sized_augmentation)
		dwarf_bytes_skip(&bytes, dwarf_bytes_uleb(&bytes));
	*program = bytes;
	return !bytes.bad && ip - *start < size;
}

/* Bytes to words; false where they are not whole or do not fit a signed number of so many bits. */
static bool to_words(int64_t bytes, unsigned bits, int64_t *words)
{
	int64_t limit = INT64_C(1) << (bits - 1);

	*words = bytes / 8;
	return bytes % 8 == 0 && *words >= -limit && *words < limit;
}

static bool encode_fp(const struct unwind_rule *rule, struct unwind_row *row)
{
	int64_t words;

	switch (rule->kind) {
	case UNWIND_RULE_UNSAID:
	case UNWIND_RULE_SAME:
		row->fp = UNWIND_FP_SAME;
		return true;
	case UNWIND_RULE_CFA:
	case UNWIND_RULE_FP:
		row->fp = rule->kind == UNWIND_RULE_CFA ? UNWIND_FP_CFA : UNWIND_FP_FP;
		if (!to_words(rule->offset, 16, &words))
			return false;
		row->fp_words = (int16_t)words;
		return true;
	default:
		row->fp = UNWIND_FP_UNKNOWN;
		return true;
	}
}

static bool encode_ra(const struct unwind_rule *rule, struct unwind_row *row)
{
	int64_t words;

	switch (rule->kind) {
	case UNWIND_RULE_CFA:
		row->ra = UNWIND_RA_CFA;
		if (!to_words(rule->offset, 16, &words))
			return false;
		row->ra_words = (int16_t)words;
		return true;
	case UNWIND_RULE_UNSAID:
	case UNWIND_RULE_SAME:
		row->ra = UNWIND_RA_SCRATCH;
		return UNWIND_RA_UNSAID == UNWIND_RA_UNSAID_SCRATCH;
	default:
		return false;
	}
}

static struct unwind_row encode(const struct unwind_rules *rules)
{
	static const struct unwind_row lost = {.cfa = UNWIND_CFA_LOST};
	struct unwind_row row = {0};
	int64_t words;

	if (rules->ra.kind == UNWIND_RULE_UNDEFINED)
		return (struct unwind_row){.cfa = UNWIND_CFA_END};
	if (rules->cfa == UNWIND_CFA_NONE || rules->cfa == UNWIND_CFA_LOST)
		return lost;
	if (!to_words((int64_t)rules->cfa_offset, 24, &words) || !encode_fp(&rules->fp, &row) ||
	    !encode_ra(&rules->ra, &row))
		return lost;
	row.cfa = rules->cfa;
	row.cfa_words = (int32_t)words;
	return row;
}

bool unwind_cfi_row(const struct unwind_cfi *cfi, uintptr_t ip, struct unwind_row *row)
{
	struct dwarf_bytes program;
	struct unwind_rules rules;
	struct unwind_cie cie;
	uintptr_t start;

	if (cfi->hdr == NULL || !read_fde(cfi, ip, &cie, &program, &start))
		return false;
	if (cie.signal_frame)
		*row = (struct unwind_row){.cfa = UNWIND_CFA_SIGNAL};
	else if (cie.ra_register == UNWIND_REG_RA &&
		 unwind_program_run(&cie, program, start, ip, &rules))
		*row = encode(&rules);
	else
		*row = (struct unwind_row){.cfa = UNWIND_CFA_LOST};
	return true;
}
