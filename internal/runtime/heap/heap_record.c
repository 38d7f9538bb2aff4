/* SPDX-License-Identifier: MIT */
#include "runtime/heap/heap_record.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/environment.h"
#include "runtime/mem/mem_blocks.h"

#define RATE_ENV "PPROF_HEAP_RATE"

_Atomic unsigned heap_mode;
RT_TLS struct heap_sampler heap_sampler;
RT_TLS bool heap_is_ours;
RT_TLS unsigned heap_recorded;

static _Atomic uint64_t rate;
static uint64_t first_rate = HEAP_RATE_DEFAULT_BYTES; /* to begin with */
static bool has_begun;

/* For each node of the recording its item of REC_SITES plus 1, 0: none yet. Mapped; pages of it are used as nodes are. */
static _Atomic uint32_t *site_of_node;

static void event_dropped(void)
{
	atomic_fetch_add_explicit(&rt_rec->state.events_dropped, 1, memory_order_relaxed);
}

/* UINT32_MAX when REC_SITES is full. Of two threads that make one at once the slower one's stays empty. Objects that were loaded meanwhile
 * are not noted here but with the next snapshot: this may be an allocation in a callback of dl_iterate_phdr, whose lock noting waits for. */
static uint32_t site_make(uint32_t node)
{
	uint32_t none = 0, item;
	struct rec_site *site;

	item = rt_append(REC_SITES);
	if (item == UINT32_MAX)
		return UINT32_MAX;
	if (!atomic_compare_exchange_strong(&site_of_node[node], &none, item + 1))
		return none - 1;
	site = &rt_table(SITES, struct rec_site)[item];
	site->thread = UINT32_MAX;
	__atomic_store_n(&site->node, node, __ATOMIC_RELEASE);
	return item;
}

static uint32_t site_of(uint32_t node)
{
	uint32_t known = atomic_load_explicit(&site_of_node[node], memory_order_relaxed);

	return rt_likely(known != 0) ? known - 1 : site_make(node);
}

static void count_alloc(const struct heap_block *what)
{
	struct rec_site *site = &rt_table(SITES, struct rec_site)[what->site];

	__atomic_fetch_add(&site->alloc_count, what->count, __ATOMIC_RELAXED);
	__atomic_fetch_add(&site->alloc_bytes, what->bytes, __ATOMIC_RELAXED);
}

void heap_freed(const struct heap_block *what)
{
	struct rec_site *site;

	/* A forked child frees what it has of its parent's blocks. */
	if (rt_rec == NULL)
		return;
	site = &rt_table(SITES, struct rec_site)[what->site];
	atomic_fetch_add_explicit(&site->remote_free_count, what->count, memory_order_relaxed);
	atomic_fetch_add_explicit(&site->remote_free_bytes, what->bytes, memory_order_relaxed);
}

/* Whether the block is of those that are counted exactly: they have a shadow, which has no bound but memory's, and no filter. */
static bool remember(const void *block, const struct heap_block *what, bool is_exact)
{
	block_t *slot;

	if (!is_exact)
		return heap_blocks_put(block, what);
	slot = blocks_slot(block);
	if (slot == NULL)
		return false;
	*slot = block_make(what->site, what->bytes);
	return true;
}

static bool take_shadowed(const void *block, struct heap_block *what)
{
	block_t *slot = blocks_find(block);

	if (slot == NULL || *slot == 0)
		return false;
	*what = (struct heap_block){block_site(*slot), 1, block_size(*slot)};
	*slot = 0;
	return true;
}

bool heap_take(const void *block, struct heap_block *what)
{
	if (block == NULL || rt_rec == NULL)
		return false;
	if (heap_blocks_may_have(block) && heap_blocks_take(block, what))
		return true;
	return (atomic_load_explicit(&heap_mode, memory_order_relaxed) & HEAP_SHADOWED) &&
	       take_shadowed(block, what);
}

void heap_forget(const void *block)
{
	struct heap_block what;

	if (heap_take(block, &what))
		heap_freed(&what);
}

void heap_put_back(const void *block, const struct heap_block *what)
{
	bool is_exact = atomic_load_explicit(&heap_mode, memory_order_relaxed) & HEAP_EXACT &&
			what->count == 1;

	if (rt_rec != NULL && !remember(block, what, is_exact)) {
		event_dropped();
		heap_freed(what);
	}
}

static void record(struct rt_thread *thread, const void *block, const struct heap_weight *weight,
		   bool is_exact, struct stack_regs regs)
{
	struct heap_block what = {0, weight->count, weight->bytes};
	uint32_t node = stack_node(thread, regs);

	what.site = node != 0 ? site_of(node) : UINT32_MAX;
	if (what.site == UINT32_MAX) {
		event_dropped();
		return;
	}
	/* A block that is still known at this address went in a way that we do not see. */
	if (heap_may_have(block))
		heap_forget(block);
	count_alloc(&what);
	if (!remember(block, &what, is_exact)) {
		event_dropped();
		heap_freed(&what);
	}
}

void heap_allocated(const void *block, size_t size_bytes, struct stack_regs regs)
{
	bool is_exact = atomic_load_explicit(&heap_mode, memory_order_relaxed) & HEAP_EXACT;
	struct heap_weight weight = {1, size_bytes};
	struct rt_thread *thread;
	int saved = errno;

	if (rt_rec == NULL) /* a forked child: from now on it goes the short way */
		atomic_store_explicit(&heap_mode, 0, memory_order_relaxed);
	if (rt_rec == NULL || block == NULL)
		return;
	if (!is_exact &&
	    !heap_sampler_hits(&heap_sampler, size_bytes,
			       atomic_load_explicit(&rate, memory_order_relaxed), &weight))
		return;
	heap_recorded++;
	if (heap_is_ours)
		return;
	thread = rt_thread_self();
	/* A signal handler that allocates while we record. What we allocate ourselves is before the thread is ready. */
	if (thread->guard > 0) {
		if (thread->ready)
			event_dropped();
		return;
	}
	thread->guard++;
	record(thread, block, &weight, is_exact, regs);
	thread->guard--;
	errno = saved;
}

/* What the environment asks for, if that is a rate. */
static uint64_t rate_asked(void)
{
	char **entry = environment_entry(RATE_ENV);
	const char *text = entry != NULL ? strchr(*entry, '=') + 1 : "";
	char *end;
	uint64_t asked = strtoull(text, &end, 10);

	if (*text == '\0')
		return first_rate;
	if (*text >= '0' && *text <= '9' && *end == '\0' && asked <= HEAP_RATE_MAX_BYTES)
		return asked;
	rt_trouble("heap: %.40s is no number of bytes up to %" PRIu64 "; it is %" PRIu64, *entry,
		   (uint64_t)HEAP_RATE_MAX_BYTES, first_rate);
	return first_rate;
}

int heap_rate_set(uint64_t rate_bytes)
{
	unsigned mode = atomic_load(&heap_mode);

	if (rate_bytes > HEAP_RATE_MAX_BYTES)
		return -EINVAL;
	if (!has_begun) {
		first_rate = rate_bytes;
		return 0;
	}
	if (site_of_node == NULL || rt_rec == NULL)
		return -ENODEV;
	if (rate_bytes == 1 && blocks_leaves == NULL && !blocks_init())
		return -ENOMEM;
	mode &= ~(unsigned)(HEAP_SAMPLED | HEAP_EXACT);
	if (rate_bytes == 1)
		mode |= HEAP_FREES | HEAP_EXACT | HEAP_SHADOWED;
	else if (rate_bytes > 1)
		mode |= HEAP_FREES | HEAP_SAMPLED;
	if (rate_bytes > 1)
		atomic_store(&rate, rate_bytes);
	rt_rec->state.heap_rate_bytes = rate_bytes;
	atomic_store(&heap_mode, mode);
	return 0;
}

/* Whether calls of malloc arrive here: not where the program has an allocator in itself, or one was preloaded before us. Tried
 * rather than looked up, since what is in front of us may well hand on. Sampling is on. */
static bool is_reached(void)
{
	const uint64_t plenty = UINT64_C(1) << 40;
	struct rec_state *state = &rt_rec->state;
	union {
		void *object;
		void *(*call)(size_t);
	} allocate = {dlsym(RTLD_DEFAULT, "malloc")};
	struct heap_sampler saved = heap_sampler;
	bool is_reached;
	Dl_info info;

	heap_sampler.left_bytes = plenty;
	free(allocate.call(1));
	is_reached = heap_sampler.left_bytes < plenty;
	heap_sampler = saved;
	if (!is_reached && dladdr(allocate.object, &info) != 0)
		strncpy(state->allocator, info.dli_fname, sizeof state->allocator - 1);
	return is_reached;
}

void heap_begin(void)
{
	uint64_t asked = rate_asked();

	has_begun = true;
	site_of_node = rt_map(rt_rec->table[REC_NODES].cap * sizeof *site_of_node);
	if (heap_rate_set(HEAP_RATE_DEFAULT_BYTES) == 0 && !is_reached()) {
		heap_rate_set(0);
		rt_unmap(site_of_node, rt_rec->table[REC_NODES].cap * sizeof *site_of_node);
		site_of_node = NULL;
		rt_trouble("heap: malloc is the program's own (%s): no heap profile",
			   rt_rec->state.allocator);
		return;
	}
	if (heap_rate_set(asked) != 0)
		rt_trouble("heap: no room in the address space (ulimit -v?): no heap profile");
}
