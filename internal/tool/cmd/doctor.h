/* SPDX-License-Identifier: MIT */
/* The doctor's checks: each looks at one thing profiling needs. */
#ifndef PPROFMK_TOOL_DOCTOR_H
#define PPROFMK_TOOL_DOCTOR_H

#include <stddef.h>

enum finding_grade {
	FINDING_OK,
	FINDING_WARNING, /* works, but less well */
	FINDING_BAD,	 /* something asked for can't work */
};

struct finding {
	enum finding_grade grade;
	char fact[200]; /* what was found */
	char cure[512]; /* what to do, "" when all is well */
};

struct check {
	const char *subject;
	struct finding (*look)(void);
};

/* Of this machine. */
extern const struct check doctor_checks[];
extern const size_t doctor_check_count;

/* Of one test program. */
struct finding doctor_program(const char *path);
struct finding doctor_gperftools(const char *path);

#endif
