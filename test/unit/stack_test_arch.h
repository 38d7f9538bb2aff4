/* SPDX-License-Identifier: MIT */
/* Cases of stack_test.c, which includes this after what they use, that need a certain processor. */
#if defined(__x86_64__)
#include "stack_test_x86_64.h"
#else
#define STACK_ARCH_TESTS
#endif
