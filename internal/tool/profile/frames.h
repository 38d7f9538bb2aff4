/* SPDX-License-Identifier: MIT */
/* The functions of profiles as views show them, and stacks made of these. */
#ifndef PPROFMK_TOOL_FRAMES_H
#define PPROFMK_TOOL_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/set.h"
#include "format/profile.h"

struct frame {
	const char *name; /* "[libfoo.so]" for its addresses without a name; "<unknown>" */
	const char *file; /* where it is defined, "" when not known */
	int64_t line;	  /* of its definition, 0 when not known */
};

/* Functions by name and file: two static ones of one name are two. All zero: none. Texts belong to the profiles. */
struct frames {
	struct frame *frames;
	size_t count, cap;
	struct set set;	    /* private: places + 1 */
	struct arena names; /* private: of those that are no function */
};

/* Where the things of one profile are in a struct frames. */
struct frames_of {
	const struct profile *profile;
	uint32_t *functions; /* [id - 1] */
	uint32_t *mappings;  /* [id]: its addresses without a name; [0]: those of no mapping */
};

/* One call of a stack. */
struct frames_call {
	uint32_t frame;
	bool is_inlined; /* into the call behind it */
};

/* All zero: empty. Freed with free(calls). */
struct frames_stack {
	struct frames_call *calls;
	size_t len, cap;
};

/* Add all functions and mappings of a profile. */
struct frames_of frames_add(struct frames *frames, const struct profile *profile);

/* The calls of a sample, leaf first. */
void frames_expand(const struct frames_of *of, const struct profile_sample *sample,
		   struct frames_stack *stack);

/* A file below the working directory as it would be typed there, any other as it is: a pointer into `file`. */
const char *frames_short_file(const char *file, const char *cwd);

void frames_of_free(struct frames_of *of);
void frames_free(struct frames *frames);

#endif
