/* SPDX-License-Identifier: MIT */
/* The addresses of a recording's stacks: the file that each is in, whether it is the user's, and each named once. Who asks says
 * what a name is. */
#ifndef PPROFMK_TOOL_STACK_PLACES_H
#define PPROFMK_TOOL_STACK_PLACES_H

#include <stdbool.h>

#include "tool/launch/recording.h"
#include "tool/sym/sym.h"

/* Which frames at a stack's leaf side are not the user's. */
enum stack_leaf {
	STACK_LEAF_EXACT,     /* cpu: all are, but for the runtime's */
	STACK_LEAF_ALLOCATOR, /* mem: what lies inside tcmalloc is left out too */
	STACK_LEAF_WRAPPER, /* waits: the runtime's outermost frame is the function that the user called */
};

/* An executable segment of a file. */
struct stack_mapping {
	struct rec_mapping item;
	const char *path;
	size_t build_id_len;
	size_t module; /* of sym */
	uint64_t id;   /* the namer's */
	bool is_runtime, is_allocator, is_prepared;
};

/* How places get their names. */
struct stack_namer {
	void *context;
	/* A mapping is met for the first time. NULL: nothing is to be done. */
	void (*prepare)(void *context, struct stack_mapping *mapping);
	/* Name an address, in `mapping` or (NULL) in none. What it returns stands for the address from then on. */
	uint64_t (*name)(void *context, const struct stack_mapping *mapping, uint64_t ip);
};

struct stack_places;

/* All of these are the caller's and have to stay. */
struct stack_places *stack_places_new(const struct recording *recording, struct sym *sym,
				      enum stack_leaf leaf, const struct stack_namer *namer);
void stack_places_free(struct stack_places *places);

/* The stack of a node, leaf first, without what is not the user's: what the namer returned for each address, valid until
 * the next call. *count may be 0. */
uint64_t *stack_places_walk(struct stack_places *places, uint32_t node, size_t *count);

/* What is known of an address that is loaded at the end. Never NULL when it is in a mapping. */
const struct stack_mapping *stack_places_mapping(struct stack_places *places, uint64_t ip);

/* An address without a name is called by its file and offset, which a person can give to addr2line. The caller frees it. */
char *stack_unnamed(const struct stack_mapping *mapping, uint64_t ip);

/* Of an address in a mapping. */
uint64_t stack_offset(const struct stack_mapping *mapping, uint64_t ip);

#endif
