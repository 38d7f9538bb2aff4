/* SPDX-License-Identifier: MIT */
/* What can be told of a program from its file, without running it. */
#ifndef PPROFMK_TOOL_PROGRAM_H
#define PPROFMK_TOOL_PROGRAM_H

#include <stdbool.h>

#include "format/recording.h"

enum program_kind {
	PROGRAM_CMOCKA,	       /* imports a function that we hook */
	PROGRAM_CMOCKA_INSIDE, /* has such a function itself: cmocka is linked into it statically */
	PROGRAM_SCRIPT,	       /* starts with #!: libtool's wrapper, a launcher */
	PROGRAM_NO_CMOCKA,     /* a dynamic program with neither */
	PROGRAM_CMOCKA_STRIPPED, /* has cmocka inside itself, but not its name */
	PROGRAM_MISSING,	 /* no such file, or not executable, or no program at all */
	PROGRAM_STATIC, /* no dynamic linker, position-independent or not: nothing can be preloaded */
	PROGRAM_LIBRARY,    /* a shared library, or what a linker makes programs of */
	PROGRAM_MUSL,	    /* another C library than the runtime's */
	PROGRAM_SANITIZED,  /* its allocator, signals and stacks are the sanitizer's */
	PROGRAM_FOREIGN,    /* another architecture */
	PROGRAM_PRIVILEGED, /* setuid, setgid or with capabilities: the linker ignores LD_PRELOAD */
};

enum program_kind program_kind(const char *path);

/* May its tests be run under the runtime? And may it be run there as a whole? */
bool program_is_usable(enum program_kind kind);
bool program_is_loadable(enum program_kind kind);

/* Why it may not be run at all or, of loadable kinds, has no tests for us, and what to do, as the end of a sentence that
 * begins with the program's name; "" for usable kinds. */
const char *program_refusal(enum program_kind kind);

/* What the runtime has to know to tell the program and to find cmocka in it: of a libtool wrapper, what that is going to
 * start. All zero where the runtime sees everything itself. */
void program_file(const char *path, struct rec_file *file);

/* A function that the program calls of another allocator's own, so that no other may stand in for that: "mallocx". NULL:
 * none. */
const char *program_allocator_call(const char *path);

/* What is meant by a program as a whole: itself, a script's interpreter, or what a libtool wrapper is going to start.
 * *is_prepared is set for a script of a shell, which has to exec that first. False when there is no such file. */
bool program_whole_file(const char *path, struct rec_file *file, bool *is_prepared);

/* Is a library among those that the program names itself as needed (DT_NEEDED beginning with `prefix`)? */
bool program_needs(const char *path, const char *prefix);

#endif
