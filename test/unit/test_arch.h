/* SPDX-License-Identifier: MIT */
/* What tests expect otherwise on another processor. */
#ifndef PPROFMK_TEST_TEST_ARCH_H
#define PPROFMK_TEST_TEST_ARCH_H

/* ARCH_SP_NAME, ARCH_FP_NAME     as readelf prints them
 * ARCH_ROW_KINDS                 kinds of rows (enum unwind_cfa) that ordinary objects have at least
 * ARCH_CRYPTO_EXPRESSIONS        expressions that libcrypto's assembler code has at least
 * ARCH_ADDRESS_END               the first address that Linux gives no process unasked */
#if defined(__x86_64__)
#define ARCH_SP_NAME		"rsp"
#define ARCH_FP_NAME		"rbp"
#define ARCH_ROW_KINDS		6
#define ARCH_CRYPTO_EXPRESSIONS 10
#define ARCH_ADDRESS_END	((uintptr_t)1 << 47)
#elif defined(__aarch64__)
#define ARCH_SP_NAME		"sp"
#define ARCH_FP_NAME		"x29"
#define ARCH_ROW_KINDS		4
#define ARCH_CRYPTO_EXPRESSIONS 0
#define ARCH_ADDRESS_END	((uintptr_t)1 << 48)
#endif

#endif
