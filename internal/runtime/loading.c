/* SPDX-License-Identifier: MIT */
/* A name without a slash is searched for along the RUNPATH of the caller, whom dlopen knows by its return address: such
 * a call has to leave the wrapper as a jump, and the objects are noted at the next occasion. So does one for another
 * namespace or with a name like $ORIGIN/x. Until they are noted the unwinder finds them by itself, only more slowly. */
#include "runtime/loading.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

#include "runtime/rt.h"

typedef void *open_fn(const char *, int);

static _Atomic bool may_have_changed;

void loading_note_all(void)
{
	if (rt_rec == NULL || rt_rec->config.kind == REC_KIND_TIME)
		return;
	atomic_store_explicit(&may_have_changed, false, memory_order_relaxed);
	rt_thread.guard++;
	stack_modules_changed();
	rt_thread.guard--;
}

void loading_catch_up(void)
{
	if (atomic_load_explicit(&may_have_changed, memory_order_relaxed))
		loading_note_all();
}

/* Whether it makes no difference who asks for the name. */
static bool is_same_for_all(const char *name)
{
	return name != NULL && strchr(name, '/') != NULL && strchr(name, '$') == NULL;
}

RT_EXPORT void *dlopen(const char *name, int mode)
{
	static open_fn *_Atomic real;
	void *handle;

	if (real == NULL)
		real = (open_fn *)rt_real("dlopen");
	atomic_store_explicit(&may_have_changed, true, memory_order_relaxed);
	if (rt_rec == NULL || !is_same_for_all(name))
		return real(name, mode);
	handle = real(name, mode);
	loading_catch_up();
	return handle;
}

RT_EXPORT int dlclose(void *handle)
{
	static int (*_Atomic real)(void *);
	int result;

	if (real == NULL)
		real = (int (*)(void *))rt_real("dlclose");
	loading_catch_up();
	result = real(handle);
	atomic_store_explicit(&may_have_changed, true, memory_order_relaxed);
	loading_catch_up();
	return result;
}
