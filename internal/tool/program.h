/* SPDX-License-Identifier: MIT */
/* What can be told of a test program from its file, without running it. */
#ifndef PPROFMK_TOOL_PROGRAM_H
#define PPROFMK_TOOL_PROGRAM_H

#include <stdbool.h>

enum program_kind {
	PROGRAM_CMOCKA,	       /* imports the function that we hook */
	PROGRAM_SCRIPT,	       /* starts with #!: libtool's wrapper, a launcher */
	PROGRAM_NO_CMOCKA,     /* a dynamic program that does not import it */
	PROGRAM_MISSING,       /* no such file, or not executable, or no program at all */
	PROGRAM_STATIC,	       /* no dynamic linker: nothing can be preloaded */
	PROGRAM_STATIC_CMOCKA, /* has cmocka inside itself */
	PROGRAM_OLD_API,       /* imports _run_tests, which has no hook of ours */
	PROGRAM_SANITIZED,     /* its allocator, signals and stacks are the sanitizer's */
	PROGRAM_FOREIGN,       /* another architecture */
	PROGRAM_PRIVILEGED,    /* setuid or setgid: the linker ignores LD_PRELOAD */
};

enum program_kind program_kind(const char *path);

/* May it be run under the runtime at all? */
bool program_is_usable(enum program_kind kind);

/* Why not and what to do, as the end of a sentence that begins with the program's name; "" for usable kinds. */
const char *program_refusal(enum program_kind kind);

/* Is a library among those that the program names itself as needed (DT_NEEDED beginning with `prefix`)? */
bool program_needs(const char *path, const char *prefix);

#endif
