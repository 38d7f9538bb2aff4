/* SPDX-License-Identifier: MIT */
/* The codes that were sent and not used yet, by phone number. Safe to call from any thread. */
#ifndef SEND_CODE_STORE_CODE_STORE_H
#define SEND_CODE_STORE_CODE_STORE_H

#include <stddef.h>
#include <stdint.h>

#define CODE_STORE_PHONE_MAX 15 /* digits, as ITU-T E.164 has it */
#define CODE_STORE_CODE_LEN  6
#define CODE_STORE_TRIES     3

struct code_store_config {
	size_t codes_max;	  /* alive at a time, at least 1 */
	uint64_t ttl_ms;	  /* how long a code is good */
	uint64_t resend_after_ms; /* how long a number waits for its next code; at most ttl_ms */
	uint8_t key[16];	  /* secret, so that nobody can choose numbers that collide */
};

struct code_store;

/* A new, empty store, or NULL without memory. */
struct code_store *code_store_new(const struct code_store_config *config);
void code_store_free(struct code_store *store); /* NULL is fine */

/* Keep `code` (CODE_STORE_CODE_LEN characters) for `phone`, instead of an older one.
 *
 * now_ms  milliseconds of any clock that does not go backwards.
 *
 * Returns 0, -EAGAIN when the number got its last code less than resend_after_ms ago, -ENOSPC
 * when codes_max codes are alive, -EINVAL for a phone or code of the wrong length. */
int code_store_put(struct code_store *store, const char *phone, const char *code, uint64_t now_ms);

/* Use the code of `phone` up. Returns 0, -ENOENT when there is none alive, -EACCES when it is
 * another code or CODE_STORE_TRIES wrong ones were tried. */
int code_store_take(struct code_store *store, const char *phone, const char *code, uint64_t now_ms);

/* How many codes are alive. */
size_t code_store_count(struct code_store *store, uint64_t now_ms);

#endif
