/* SPDX-License-Identifier: MIT */
#include "runtime/trace/trace_strings.h"

#include <stdatomic.h>
#include <string.h>

#include "base/hash.h"
#include "runtime/rt.h"

/* Past so many neighbours a string is appended without being remembered. */
enum { SLOT_BITS = 15, PROBES = 16 };

static _Atomic uint32_t slots[1 << SLOT_BITS]; /* offsets; 0: free */

uint32_t trace_string(const char *text)
{
	uint32_t at, made = 0;

	if (text == NULL || *text == '\0')
		return 0;
	at = (uint32_t)(hash_word(hash_bytes(HASH_START, text, strlen(text)), 0) >>
			(64 - SLOT_BITS));
	for (int i = 0; i < PROBES; i++, at = (at + 1) & ((1u << SLOT_BITS) - 1)) {
		uint32_t known = atomic_load_explicit(&slots[at], memory_order_acquire);

		if (known == 0) {
			if (made == 0)
				made = rt_string(text);
			if (made == 0 || atomic_compare_exchange_strong(&slots[at], &known, made))
				return made;
		}
		if (strcmp(rt_table(STRINGS, char) + known, text) == 0)
			return known;
	}
	return made != 0 ? made : rt_string(text);
}

void trace_strings_forget(void)
{
	memset(slots, 0, sizeof slots);
}
