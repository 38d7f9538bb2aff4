/* SPDX-License-Identifier: MIT */
/* The merged stacks of one profile, or of two beside each other, as a tree of calls. */
#ifndef PPROFMK_TOOL_FLAME_H
#define PPROFMK_TOOL_FLAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/profile/frames.h"

/* Which profile a value is of. */
enum flame_side { FLAME_NEW, FLAME_BASE, FLAME_SIDES };

/* A function called from one and the same stack. A recursive one is below itself. Values are sums of magnitudes,
 * as pprof's totals are, and stop at the ends of int64_t. */
struct flame_node {
	int64_t value[FLAME_SIDES]; /* of it and all below */
	int64_t self[FLAME_SIDES];
	uint32_t frame;	      /* of nodes but the root */
	uint32_t parent;      /* less than its own place */
	uint32_t first, next; /* first child, next sibling; 0: none. Set by flame_sort() */
	bool is_inlined;
	bool is_shown; /* set by flame_choose() */
};

struct flame {
	struct frames frames;
	struct flame_node *nodes; /* [0]: the root, which is no function */
	size_t count, cap;
	struct set set; /* private: places, by parent, frame and is_inlined */
};

/* What was chosen, and what not. */
struct flame_choice {
	size_t shown, hidden; /* nodes, without the root */
	int64_t hidden_value; /* of those whose parent is shown */
	uint32_t depth;	      /* calls of the longest stack shown */
};

/* An empty tree. Never NULL. */
struct flame *flame_new(void);
void flame_free(struct flame *flame);

/* Add all stacks of a profile, which has to live as long as the tree.
 *
 * type  which of its sample types, less than type_count. */
void flame_add(struct flame *flame, const struct profile *profile, size_t type,
	       enum flame_side side);

/* Link children to their parents, the largest FLAME_NEW first, then FLAME_BASE, then by name and file: the order does not
 * depend on the file's. After the last flame_add(). */
void flame_sort(struct flame *flame);

/* The node after one, a parent before its children; 0 after the last. Start with the root, 0, and *depth 0.
 *
 * shown_only  pass over those that flame_choose() did not mark.
 * depth       of the node: calls below the root. Updated. */
uint32_t flame_next(const struct flame *flame, uint32_t place, bool shown_only, uint32_t *depth);

/* Bytes that a node of this function takes in the picture. */
typedef size_t (*flame_size)(const struct frame *frame, void *with);

/* Mark what is to be drawn: nodes that have at least 1/10,000 of the root's FLAME_NEW, the largest first, as long as
 * they fit into so many bytes. Of the children of a node it is the last that are left out. Once. */
struct flame_choice flame_choose(struct flame *flame, size_t bytes, flame_size size_of, void *with);

#endif
