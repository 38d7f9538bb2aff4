/* SPDX-License-Identifier: MIT */
/* The mem recorder: every allocation of the window and its free, counted exactly by call stack, from the hooks of
 * gperftools' tcmalloc.
 *
 * In use at the peak. A site can't be copied at each new peak, there may be thousands of both. Instead each new peak
 * of the process gets a number (state.peak_epoch), and a site that is about to change first keeps its present figures
 * if it hasn't changed since the latest peak: they are what it had then. A site that has not changed since has
 * them still. One compare an event, and exact.
 *
 * The process's bytes in use are two counters: one that a single thread, the owner, writes with plain stores, and one that
 * the others add to atomically. While only the owner allocates, every event moves its counter: exact to the byte. With
 * more threads each of them adds only when its own sum has moved by more than a batch, so that they don't fight for a
 * cache line at every event. A batch is 1/128 of the peak divided by the number of threads: the peak is then
 * found within 0.8 %, or within 256 bytes a thread where that is more. */
#include "runtime/mem/mem.h"
#include "runtime/mem/mem_aligned.h"
#include "runtime/mem/mem_blocks.h"
#include "runtime/mem/mem_hooks.h"
#include "runtime/mem/mem_sites.h"
#include "runtime/pool.h"
#include "runtime/recorder.h"

enum { BATCH_MIN_BYTES = 256, BATCH_SHARE = 128 };

/* True from the first window until the last run's tear-down is over: frees count. */
static _Atomic bool is_tracking;
static _Atomic uint32_t thread_count; /* that have allocated in a window and live */

static struct pool tables; /* struct mem_sites of threads that have ended */

static struct rt_thread *_Atomic owner;		  /* of owner_bytes, NULL: none at present */
static _Atomic int64_t owner_bytes, shared_bytes; /* in use: their sum */

/* Not yet added to one of them, and when to add it; of this thread. */
static RT_TLS int64_t pending_bytes, batch_bytes;

static struct rec_state *state; /* of the recording: rt_rec->state, one load less */

#define ADD(counter, value)                                                                     \
	atomic_store_explicit(&(counter),                                                       \
			      atomic_load_explicit(&(counter), memory_order_relaxed) + (value), \
			      memory_order_relaxed)

static int64_t inuse_now(void)
{
	return atomic_load_explicit(&owner_bytes, memory_order_relaxed) +
	       atomic_load_explicit(&shared_bytes, memory_order_relaxed);
}

static void peak_check(void)
{
	int64_t inuse = inuse_now();
	uint64_t peak = atomic_load_explicit(&state->peak_bytes, memory_order_relaxed);

	while (inuse > 0 && (uint64_t)inuse > peak) {
		if (!atomic_compare_exchange_weak_explicit(&state->peak_bytes, &peak,
							   (uint64_t)inuse, memory_order_relaxed,
							   memory_order_relaxed))
			continue;
		atomic_fetch_add_explicit(&state->peak_epoch, 1, memory_order_relaxed);
		return;
	}
}

static __attribute__((noinline)) void inuse_flush(struct rt_thread *thread)
{
	uint32_t threads = atomic_load_explicit(&thread_count, memory_order_relaxed);
	bool has_grown = pending_bytes > 0;

	if (atomic_load_explicit(&owner, memory_order_relaxed) == thread)
		ADD(owner_bytes, pending_bytes);
	else
		atomic_fetch_add_explicit(&shared_bytes, pending_bytes, memory_order_relaxed);
	pending_bytes = 0;
	if (has_grown)
		peak_check();
	batch_bytes = 0;
	if (threads > 1) {
		batch_bytes = (int64_t)(atomic_load(&state->peak_bytes) /
					(BATCH_SHARE * (uint64_t)threads));
		if (batch_bytes < BATCH_MIN_BYTES)
			batch_bytes = BATCH_MIN_BYTES;
	}
}

static inline void inuse_move(struct rt_thread *thread, int64_t bytes)
{
	pending_bytes += bytes;
	if (pending_bytes > batch_bytes || -pending_bytes > batch_bytes)
		inuse_flush(thread);
}

/* Keep the figures of the latest peak before they change; see the head of this file. */
static inline void site_keep_peak(struct rec_site *site)
{
	uint64_t epoch = atomic_load_explicit(&state->peak_epoch, memory_order_relaxed);

	if (site->peak_epoch == epoch)
		return;
	site->peak_count = site->alloc_count - site->free_count -
			   atomic_load_explicit(&site->remote_free_count, memory_order_relaxed);
	site->peak_bytes = site->alloc_bytes - site->free_bytes -
			   atomic_load_explicit(&site->remote_free_bytes, memory_order_relaxed);
	site->peak_epoch = epoch;
}

static void event_dropped(void)
{
	atomic_fetch_add_explicit(&state->events_dropped, 1, memory_order_relaxed);
}

static __attribute__((noinline)) struct mem_sites *sites_begin(struct rt_thread *thread)
{
	/* Its keys name the thread: another one's entries do no harm, and those of the same slot are ours. */
	thread->recorder = pool_take(&tables);
	if (thread->recorder == NULL)
		thread->recorder = mem_sites_new();
	if (thread->recorder != NULL) {
		struct rt_thread *none = NULL;

		atomic_fetch_add(&thread_count, 1);
		atomic_compare_exchange_strong(&owner, &none, thread);
	}
	return thread->recorder;
}

static void record_alloc(struct rt_thread *thread, const void *block, size_t size_bytes,
			 struct stack_regs regs)
{
	uint32_t index = atomic_load_explicit(&thread->index, memory_order_relaxed);
	struct mem_sites *sites = thread->recorder;
	uint32_t node, item;
	struct rec_site *site;
	block_t *slot;

	if (rt_unlikely(sites == NULL))
		sites = sites_begin(thread);
	slot = blocks_slot(block);
	if (sites == NULL || slot == NULL || index == UINT32_MAX) {
		event_dropped();
		return;
	}
	node = stack_node(thread, regs);
	item = node != 0 ? mem_sites_item(sites, index, node) : UINT32_MAX;
	if (item == UINT32_MAX) {
		event_dropped();
		return;
	}
	site = &rt_table(SITES, struct rec_site)[item];
	site_keep_peak(site);
	site->alloc_count++;
	site->alloc_bytes += size_bytes;
	*slot = block_make(item, size_bytes);
	inuse_move(thread, (int64_t)size_bytes);
}

static void on_alloc(const void *block, size_t size_bytes)
{
	struct rt_thread *thread;

	if (!atomic_load_explicit(&rt_window, memory_order_relaxed) || block == NULL)
		return;
	thread = rt_thread_self();
	if (rt_unlikely(thread->guard > 0)) {
		/* A signal handler that allocates while we record: its block can't be noted now. What we allocate
		 * ourselves, for the bounds of a stack, is before the thread is ready. */
		if (thread->ready)
			event_dropped();
		return;
	}
	thread->guard++;
	record_alloc(thread, block, mem_requested_bytes(size_bytes), stack_regs_here());
	thread->guard--;
}

static void record_free(struct rt_thread *thread, block_t block)
{
	struct rec_site *site = &rt_table(SITES, struct rec_site)[block_site(block)];
	uint64_t size_bytes = block_size(block);

	site_keep_peak(site);
	if (site->thread == atomic_load_explicit(&thread->index, memory_order_relaxed)) {
		site->free_count++;
		site->free_bytes += size_bytes;
	} else {
		atomic_fetch_add_explicit(&site->remote_free_count, 1, memory_order_relaxed);
		atomic_fetch_add_explicit(&site->remote_free_bytes, size_bytes,
					  memory_order_relaxed);
	}
	inuse_move(thread, -(int64_t)size_bytes);
}

static void on_free(const void *block)
{
	block_t *slot;
	block_t found;

	if (!atomic_load_explicit(&is_tracking, memory_order_relaxed) || block == NULL)
		return;
	slot = blocks_find(block);
	/* rt_rec: a forked child frees what it has of its parent's blocks. */
	if (slot == NULL || *slot == 0 || rt_rec == NULL)
		return;
	found = *slot;
	*slot = 0;
	record_free(&rt_thread, found);
}

static bool mem_start(void)
{
	struct mem_hooks hooks;
	const char *why;

	state = &rt_rec->state;
	/* The tool has left tcmalloc away, and said why. */
	if (state->message[0] != '\0')
		return false;
	why = mem_hooks_find(&hooks, state->allocator, sizeof state->allocator);
	if (why != NULL) {
		rt_trouble("mem: %s; no mem profile", why);
		return false;
	}
	if (!blocks_init()) {
		rt_trouble("mem: no room in the address space (ulimit -v?); no mem profile");
		return false;
	}
	if (!hooks.add_new(on_alloc) || !hooks.add_delete(on_free)) {
		rt_trouble("mem: tcmalloc's hooks are all in use; no mem profile");
		return false;
	}
	return true;
}

static void mem_thread_end(struct rt_thread *thread)
{
	struct rt_thread *self = thread;

	/* A thread that only frees has no table, but a part of the sum. */
	inuse_flush(thread);
	if (thread->recorder == NULL)
		return;
	if (pool_give(&tables, thread->recorder) != 0)
		mem_sites_free(thread->recorder);
	thread->recorder = NULL;
	atomic_compare_exchange_strong(&owner, &self, NULL);
	atomic_fetch_sub(&thread_count, 1);
}

struct mem_sum mem_allocated(void)
{
	const struct rec_table *table = &rt_rec->table[REC_SITES];
	const struct rec_site *sites = rt_table(SITES, struct rec_site);
	uint32_t len = atomic_load(&table->len);
	struct mem_sum sum = {0, 0};

	for (uint32_t i = 0; i < len && i < table->cap; i++) {
		sum.count += sites[i].alloc_count;
		sum.bytes += sites[i].alloc_bytes;
	}
	return sum;
}

static void mem_window_open(void)
{
	atomic_store(&is_tracking, true);
}

static void mem_test_end(bool is_last_run)
{
	if (is_last_run)
		atomic_store(&is_tracking, false);
}

const struct rt_recorder rt_recorder_mem = {
	.start = mem_start,
	.thread_end = mem_thread_end,
	.window_open = mem_window_open,
	.test_end = mem_test_end,
};
