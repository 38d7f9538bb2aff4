/* SPDX-License-Identifier: MIT */
#include "internal/digest/sha256.h"

#include <string.h>

#define BLOCK_SIZE 64

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned bits)
{
	return x >> bits | x << (32 - bits);
}

static uint32_t load_be32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void store_be32(uint8_t *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* The message schedule of section 6.2.2, step 1. */
static void schedule(uint32_t words[64], const uint8_t *block)
{
	for (int i = 0; i < 16; i++)
		words[i] = load_be32(block + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t a = words[i - 15], b = words[i - 2];

		words[i] = words[i - 16] + words[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
			   (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* What a round adds up of a, b and c, and of e, f and g (section 4.1.2). */
static uint32_t mix_a(uint32_t a, uint32_t b, uint32_t c)
{
	return (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
}

static uint32_t mix_e(uint32_t e, uint32_t f, uint32_t g)
{
	return (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g));
}

/* The 64 rounds of step 3. The values stay where they are and the names
 * a to h move: in round i, a is s[-i % 8]. */
static void turn(uint32_t s[8], const uint32_t words[64])
{
	for (unsigned i = 0; i < 64; i++) {
		uint32_t *a = &s[-i % 8], *d = &s[(3 - i) % 8], *h = &s[(7 - i) % 8];
		uint32_t sum = *h + mix_e(s[(4 - i) % 8], s[(5 - i) % 8], s[(6 - i) % 8]) +
			       round_constants[i] + words[i];

		*d += sum;
		*h = sum + mix_a(*a, s[(1 - i) % 8], s[(2 - i) % 8]);
	}
}

static void compress(struct sha256 *sha, const uint8_t *block)
{
	uint32_t words[64], s[8];

	schedule(words, block);
	memcpy(s, sha->state, sizeof(s));
	turn(s, words);
	for (int i = 0; i < 8; i++)
		sha->state[i] += s[i];
}

void sha256_start(struct sha256 *sha)
{
	/* The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
	static const uint32_t state[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(sha->state, state, sizeof(state));
	sha->size_bytes = 0;
}

void sha256_feed(struct sha256 *sha, const void *bytes, size_t size)
{
	const uint8_t *next = bytes;

	while (size > 0) {
		size_t used = sha->size_bytes % BLOCK_SIZE;
		size_t part = size < BLOCK_SIZE - used ? size : BLOCK_SIZE - used;

		memcpy(sha->block + used, next, part);
		sha->size_bytes += part;
		next += part;
		size -= part;
		if (used + part == BLOCK_SIZE)
			compress(sha, sha->block);
	}
}

void sha256_finish(struct sha256 *sha, uint8_t digest[SHA256_SIZE])
{
	static const uint8_t padding[BLOCK_SIZE] = {0x80};
	uint64_t size_bits = sha->size_bytes * 8;
	size_t used = sha->size_bytes % BLOCK_SIZE;
	uint8_t length[8];

	store_be32(length, (uint32_t)(size_bits >> 32));
	store_be32(length + 4, (uint32_t)size_bits);
	sha256_feed(sha, padding, (used < 56 ? 56 : 120) - used);
	sha256_feed(sha, length, sizeof(length));
	for (int i = 0; i < 8; i++)
		store_be32(digest + 4 * i, sha->state[i]);
}

void sha256_keyed(const void *key, size_t key_size, const char *text, uint8_t digest[SHA256_SIZE])
{
	struct sha256 sha;

	sha256_start(&sha);
	sha256_feed(&sha, key, key_size);
	sha256_feed(&sha, text, strlen(text));
	sha256_finish(&sha, digest);
}
