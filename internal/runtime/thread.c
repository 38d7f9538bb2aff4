/* SPDX-License-Identifier: MIT */
#include "runtime/thread.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/pool.h"
#include "runtime/recorder.h"
#include "runtime/unwind/unwind.h"
#include "runtime/unwind/unwind_memory.h"

RT_TLS struct rt_thread rt_thread;

/* The start of the main thread's stack, as the dynamic linker saw it. */
extern void *__libc_stack_end;

/* A slot is one item of REC_THREADS. A thread that ends leaves it to the next one of the same name: a program that
 * starts a million threads needs as many slots as it has names and threads alive at once. */
struct slot {
	struct rt_thread *thread; /* who uses it, NULL: free */
	pthread_t handle;
	bool was_inherited; /* holds figures of earlier threads too */
};

static struct slot *slots; /* as many as REC_THREADS has items */
static atomic_flag slots_lock = ATOMIC_FLAG_INIT;
static uint32_t shared =
	UINT32_MAX; /* of those that found none, without a name; see thread_share_rest() */
static struct pool memos;
static pthread_key_t end_key;
static bool has_end_key;

/* Held for some hundred nanoseconds, with the guard held: a signal handler takes it only where that is not. */
static void slots_take(void)
{
	while (atomic_flag_test_and_set_explicit(&slots_lock, memory_order_acquire))
		syscall(SYS_sched_yield);
}

static void slots_give(void)
{
	atomic_flag_clear_explicit(&slots_lock, memory_order_release);
}

static uint32_t slot_count(void)
{
	struct rec_table *table = &rt_rec->table[REC_THREADS];
	uint32_t len = atomic_load(&table->len);

	return len < table->cap ? len : table->cap;
}

static char *slot_name(uint32_t index)
{
	return rt_table(THREADS, struct rec_thread)[index].name;
}

/* A free slot of that name, or UINT32_MAX. */
static uint32_t slot_find_free(const char *name)
{
	uint32_t count = slot_count();

	for (uint32_t index = 0; index < count; index++)
		if (slots[index].thread == NULL && strcmp(slot_name(index), name) == 0)
			return index;
	return UINT32_MAX;
}

static void slot_set_name(uint32_t index, const char *name)
{
	strncpy(slot_name(index), name, sizeof rt_table(THREADS, struct rec_thread)->name - 1);
}

/* Under the lock; `thread` may be another one: its index is read afresh for each event. */
static void slot_enter(struct rt_thread *thread, pthread_t handle, const char *name)
{
	uint32_t index = slot_find_free(name);
	bool was_inherited = index != UINT32_MAX;

	if (index == UINT32_MAX)
		index = rt_append(REC_THREADS);
	if (index == UINT32_MAX) {
		index = shared;
	} else {
		slot_set_name(index, name);
		rt_table(THREADS, struct rec_thread)[index].tid = thread->tid;
		slots[index] = (struct slot){thread, handle, was_inherited};
	}
	atomic_store_explicit(&thread->index, index, memory_order_relaxed);
}

static void slot_leave(const struct rt_thread *thread)
{
	uint32_t index = atomic_load_explicit(&thread->index, memory_order_relaxed);

	if (index != UINT32_MAX && index != shared)
		slots[index].thread = NULL;
}

/* Under the lock. What was recorded under the old name stays there where other threads' figures are in the slot
 * too, or where the new name has a slot already; otherwise it comes along. */
static void slot_rename(uint32_t index, const char *name)
{
	struct slot slot = slots[index];

	if (index == shared || strcmp(slot_name(index), name) == 0)
		return;
	if (slot_find_free(name) == UINT32_MAX && !slot.was_inherited) {
		slot_set_name(index, name);
		return;
	}
	slot_leave(slot.thread);
	slot_enter(slot.thread, slot.handle, name);
}

/* The main thread's stack grows downward as far as its limit allows; what lies between its stack pointer and its
 * start is always mapped. pthread_getattr_np would read /proc/self/maps with stdio for it. */
static void bounds_of_main(struct rt_thread *thread)
{
	struct rlimit limit = {0, 0};
	uintptr_t room = (uintptr_t)1 << 30;

	syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &limit);
	if (limit.rlim_cur < room)
		room = limit.rlim_cur;
	thread->stack_high = (uintptr_t)__libc_stack_end;
	thread->stack_low = thread->stack_high > room ? thread->stack_high - room : 0;
}

/* pthread_getattr_np allocates. A thread that we meet in the middle of something may be inside its allocator; its stack is
 * the mapping that we are on. */
static void bounds_of_other(struct rt_thread *thread)
{
	pthread_attr_t attributes;
	void *low;
	size_t size_bytes;

	if (!thread->began_here) {
		unwind_mapping_bounds((uintptr_t)&attributes, &thread->stack_low,
				      &thread->stack_high);
		return;
	}
	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return;
	if (pthread_attr_getstack(&attributes, &low, &size_bytes) == 0) {
		thread->stack_low = (uintptr_t)low;
		thread->stack_high = (uintptr_t)low + size_bytes;
	}
	pthread_attr_destroy(&attributes);
}

/* knows_stack: false where its bounds can't be looked for; the walks of its stack then have every word copied. */
static struct rt_thread *make_ready(bool knows_stack)
{
	struct rt_thread *thread = &rt_thread;
	char name[16] = "";
	int saved = errno;

	if (thread->guard > 0 || rt_rec == NULL || slots == NULL) {
		atomic_store_explicit(&thread->index, UINT32_MAX, memory_order_relaxed);
		return thread;
	}
	thread->guard++;
	thread->tid = (uint32_t)syscall(SYS_gettid);
	if (thread->tid == atomic_load(&rt_rec->state.pid))
		bounds_of_main(thread);
	else if (knows_stack)
		bounds_of_other(thread);
	/* Another thread's memo is as good as an empty one: it holds only what still stands on the stack. */
	thread->memo = pool_take(&memos);
	if (thread->memo == NULL)
		thread->memo = rt_map(stack_memo_size());
	syscall(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
	if (rt_rec->config.kind == REC_KIND_TRACE) {
		/* It has threads of its own, one for each life; and there may be several, one after the other. */
		atomic_store_explicit(&thread->index, UINT32_MAX, memory_order_relaxed);
	} else {
		slots_take();
		slot_enter(thread, pthread_self(), name);
		slots_give();
	}
	if (has_end_key)
		pthread_setspecific(end_key, thread);
	thread->ready = true;
	if (rt_recorder->thread_begin != NULL)
		rt_recorder->thread_begin(thread);
	thread->guard--;
	errno = saved;
	return thread;
}

struct rt_thread *rt_thread_self_slow(void)
{
	return make_ready(true);
}

/* A later key's value may have to be allocated by pthread_setspecific (PTHREAD_KEY_2NDLEVEL_SIZE of glibc's). */
enum { KEYS_IN_PLACE = 32 };

struct rt_thread *rt_thread_self_in_handler(void)
{
	struct rt_thread *thread = &rt_thread;

	if (thread->ready)
		return thread;
	if (!thread->has_ended && has_end_key && end_key < KEYS_IN_PLACE)
		return make_ready(false);
	atomic_store_explicit(&thread->index, UINT32_MAX, memory_order_relaxed);
	return thread;
}

static void name_read(const struct rt_thread *thread)
{
	char name[16] = "";
	uint32_t index;

	syscall(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
	slots_take();
	index = atomic_load_explicit(&thread->index, memory_order_relaxed);
	if (index != UINT32_MAX)
		slot_rename(index, name);
	slots_give();
}

void rt_thread_end(void)
{
	struct rt_thread *thread = &rt_thread;

	if (!thread->ready)
		return;
	thread->guard++;
	thread->has_ended = true;
	if (rt_rec != NULL) {
		name_read(thread);
		if (rt_recorder->thread_end != NULL)
			rt_recorder->thread_end(thread);
		thread->ready = false;
		atomic_signal_fence(memory_order_seq_cst);
		slots_take();
		slot_leave(thread);
		/* What it still frees is no longer its own: the slot's next thread may be running. */
		atomic_store_explicit(&thread->index, UINT32_MAX, memory_order_relaxed);
		slots_give();
		if (pool_give(&memos, thread->memo) != 0)
			rt_unmap(thread->memo, stack_memo_size());
		thread->memo = NULL;
	}
	thread->ready = false;
	thread->guard--;
}

static void at_thread_end(void *value)
{
	(void)value;
	rt_thread_end();
}

void thread_init(void)
{
	slots = rt_map(rt_rec->table[REC_THREADS].cap * sizeof *slots);
	has_end_key = pthread_key_create(&end_key, at_thread_end) == 0;
}

void thread_share_rest(void)
{
	static struct rt_thread nobody;
	uint32_t index = rt_append(REC_THREADS);

	if (index == UINT32_MAX || slots == NULL)
		return;
	slots[index].thread = &nobody;
	shared = index;
}

bool thread_is_followed(void)
{
	return rt_rec != NULL && slots != NULL;
}

void thread_note_names(void)
{
	if (rt_rec != NULL && rt_thread.ready) {
		rt_thread.guard++;
		name_read(&rt_thread);
		rt_thread.guard--;
	}
}

/* Copied: a thread that was made ready once more by its last destructors may be gone. */
bool thread_waits_at(uint32_t tid, struct stack_regs *regs)
{
	const struct rec_thread *items = rt_table(THREADS, struct rec_thread);
	const struct stack_regs *at = NULL;
	bool is_found = false;

	rt_thread.guard++;
	slots_take();
	for (uint32_t index = 0; index < slot_count() && !is_found; index++) {
		is_found = slots[index].thread != NULL && items[index].tid == tid;
		if (is_found)
			unwind_copy((uintptr_t)&slots[index].thread->waits_at, &at, sizeof at);
	}
	slots_give();
	rt_thread.guard--;
	return at != NULL && unwind_copy((uintptr_t)at, regs, sizeof *regs) == sizeof *regs;
}

RT_EXPORT int pthread_setname_np(pthread_t handle, const char *name)
{
	static int (*_Atomic real)(pthread_t, const char *);
	int result;

	if (real == NULL)
		real = (int (*)(pthread_t, const char *))rt_real("pthread_setname_np");
	result = real(handle, name);
	if (result != 0 || !thread_is_followed())
		return result;
	rt_thread.guard++;
	slots_take();
	for (uint32_t index = 0; index < slot_count(); index++) {
		if (slots[index].thread != NULL && pthread_equal(slots[index].handle, handle)) {
			slot_rename(index, name);
			break;
		}
	}
	slots_give();
	rt_thread.guard--;
	if (rt_recorder->thread_named != NULL)
		rt_recorder->thread_named(handle, name);
	return result;
}
