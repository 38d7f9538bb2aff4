/* SPDX-License-Identifier: MIT */
/* tcmalloc's hooks, found in the process at run time. */
#ifndef PPROFMK_RUNTIME_MEM_HOOKS_H
#define PPROFMK_RUNTIME_MEM_HOOKS_H

#include <gperftools/malloc_hook_c.h>
#include <stddef.h>

struct mem_hooks {
	int (*add_new)(MallocHook_NewHook hook);
	int (*remove_new)(MallocHook_NewHook hook);
	int (*add_delete)(MallocHook_DeleteHook hook);
	int (*remove_delete)(MallocHook_DeleteHook hook);
	size_t (*size_of)(const void *block);		  /* as allocated; NULL: not there */
	int (*property)(const char *name, size_t *value); /* likewise */
};

/* NULL, or why there are none: "tcmalloc is not in this process". allocator[size] gets the object that malloc comes from, "" where
 * that is not known. The text lives as long as allocator. Context: not a signal handler. */
const char *mem_hooks_find(struct mem_hooks *hooks, char *allocator, size_t size);

#endif
