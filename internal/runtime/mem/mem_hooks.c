/* SPDX-License-Identifier: MIT */
#include "runtime/mem/mem_hooks.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where malloc really comes from; hooks of another allocator would stay silent. */
static bool is_hooked(void *hook, char *allocator, size_t size)
{
	void *allocate = dlsym(RTLD_DEFAULT, "malloc");
	Dl_info of_malloc, of_hook;

	if (dladdr(allocate, &of_malloc) == 0 || dladdr(hook, &of_hook) == 0)
		return false;
	strncpy(allocator, of_malloc.dli_fname, size - 1);
	return of_malloc.dli_fbase == of_hook.dli_fbase;
}

const char *mem_hooks_find(struct mem_hooks *hooks, char *allocator, size_t size)
{
	static char text[512];

	*hooks = (struct mem_hooks){
		.add_new =
			(int (*)(MallocHook_NewHook))dlsym(RTLD_DEFAULT, "MallocHook_AddNewHook"),
		.remove_new = (int (*)(MallocHook_NewHook))dlsym(RTLD_DEFAULT,
								 "MallocHook_RemoveNewHook"),
		.add_delete = (int (*)(MallocHook_DeleteHook))dlsym(RTLD_DEFAULT,
								    "MallocHook_AddDeleteHook"),
		.remove_delete = (int (*)(MallocHook_DeleteHook))dlsym(
			RTLD_DEFAULT, "MallocHook_RemoveDeleteHook"),
		.size_of = (size_t(*)(const void *))dlsym(RTLD_DEFAULT,
							  "MallocExtension_GetAllocatedSize"),
		.property = (int (*)(const char *, size_t *))dlsym(
			RTLD_DEFAULT, "MallocExtension_GetNumericProperty"),
	};
	if (hooks->add_new == NULL || hooks->add_delete == NULL)
		return "tcmalloc is not in this process";
	if (is_hooked((void *)hooks->add_new, allocator, size))
		return NULL;
	snprintf(text, sizeof text, "malloc is the program's own (%s), not tcmalloc's", allocator);
	return text;
}
