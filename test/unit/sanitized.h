/* SPDX-License-Identifier: MIT */
/* What makes a test slow, or some of it impossible. Sanitizers, 0 or 1: gcc and clang say it in ways of their own. */
#ifndef PPROFMK_TEST_SANITIZED_H
#define PPROFMK_TEST_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#elif __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif

#include <stdbool.h>
#include <stdlib.h>

#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif
#ifndef UNDER_TSAN
#define UNDER_TSAN 0
#endif

#define SANITIZED (UNDER_ASAN || UNDER_TSAN)

/* test/cross/run.sh says so. */
static inline bool is_emulated(void)
{
	return getenv("EMULATED") != NULL;
}

/* Ten times as slow as it would be. */
static inline bool is_slowed(void)
{
	return SANITIZED || is_emulated();
}

#endif
