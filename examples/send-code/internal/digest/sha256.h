/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), plainly. */
#ifndef SEND_CODE_DIGEST_SHA256_H
#define SEND_CODE_DIGEST_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

struct sha256 {
	uint32_t state[8];
	uint64_t size_bytes; /* fed so far */
	uint8_t block[64];   /* the part of the input that fills no block yet */
};

/* Start, feed any number of times, finish once. No call fails; `sha` holds nothing to free. */
void sha256_start(struct sha256 *sha);
void sha256_feed(struct sha256 *sha, const void *bytes, size_t size);
void sha256_finish(struct sha256 *sha, uint8_t digest[SHA256_SIZE]);

/* The three at once, over `key` followed by `text` (zero-terminated, its zero left out). Good
 * for lookup and for codes that expire; it is no HMAC. */
void sha256_keyed(const void *key, size_t key_size, const char *text, uint8_t digest[SHA256_SIZE]);

#endif
