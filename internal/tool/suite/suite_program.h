/* SPDX-License-Identifier: MIT */
/* A test program as it is run: one program may be, in several ways. */
#ifndef PPROFMK_TOOL_SUITE_PROGRAM_H
#define PPROFMK_TOOL_SUITE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* What its suite makes of how it ends, other than that status 0 is good and the rest is not. All zero: nothing. */
struct suite_verdict {
	const char
		*property; /* by which its failing is no failure ("WILL_FAIL"); NULL: it is one */
	bool is_to_fail;   /* by that it has to fail; otherwise its exit status says nothing */
	int skip_status;   /* exit status by which it says that it skips itself; 0: none does */
};

struct suite_program {
	const char *path;	  /* absolute, without links */
	const char *name;	  /* what its suite calls this run of it; "" outside of suites */
	const char *package;	  /* "" when not said */
	char *const *arguments;	  /* after its name, NULL-terminated */
	const char *directory;	  /* where it runs; NULL: where we do */
	char *const *environment; /* changes, as in struct launch; NULL-terminated */
	struct suite_verdict verdict;
	const char
		*before; /* what its suite does before it and we do not, in words; NULL: nothing */
	bool is_benchmark; /* its suite runs it only when benchmarks are asked for */
};

/* A copy that is as old as the arena. */
struct suite_program *suite_program_copy(struct arena *arena, const struct suite_program *program);

/* Text, and a NULL-terminated list of texts (NULL: an empty list), that are as old as the arena. */
char *suite_text(struct arena *arena, const char *text);
char **suite_list(struct arena *arena, char *const *list);

/* Are the two the same program run in the same way, whatever each is called? */
bool suite_program_is_same(const struct suite_program *one, const struct suite_program *other);

/* Hash of what it is and how it is run; where it runs is the current folder when it does not say. */
uint64_t suite_program_hash(const struct suite_program *program);

#endif
