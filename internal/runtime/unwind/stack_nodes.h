/* SPDX-License-Identifier: MIT */
/* The tree of stacks in the recording: REC_NODES, and REC_NODE_INDEX to find a node in it. */
#ifndef PPROFMK_RUNTIME_STACK_NODES_H
#define PPROFMK_RUNTIME_STACK_NODES_H

#include <stdint.h>

/* Make node 0, the root, where it is not there yet. Before any other function here. */
void stack_nodes_init(void);

/* The number of the node below `parent` for address `ip` of that epoch, made if need be; 0 when
 * the tree is full (counted in the table's `lost`). Two threads that meet the same new frame at
 * once may each make a node for it: both mean the same. Context: any; waits for nothing. */
uint32_t stack_nodes_child(uint32_t parent, uintptr_t ip, uint32_t epoch);

#endif
