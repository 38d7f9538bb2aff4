/* SPDX-License-Identifier: MIT */
/* The list of loaded objects, published for walks that may happen at any time in any thread. */
#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rt.h"
#include "runtime/unwind/unwind.h"

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)
#define PAGE_SIZE UINT64_C(4096)

const struct unwind_modules *_Atomic unwind_modules_published;

/* One thread at a time updates; it has all signals blocked meanwhile. */
static atomic_flag update_lock = ATOMIC_FLAG_INIT;

/* A list being made, beside the one it will replace. */
struct update {
	const struct unwind_modules *old; /* NULL: the first update */
	struct unwind_modules *made;
	size_t size_bytes; /* of `made` */
	size_t cap;	   /* modules that `made` has room for */
	bool is_same;	   /* nothing was loaded or unloaded since the old list */
	bool is_short;	   /* there were more modules than cap */
	bool is_renewed;   /* of a recording that knows none of them */
};

static uint64_t hash(uint64_t value, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size-- > 0)
		value = (value ^ *at++) * FNV_PRIME;
	return value;
}

static bool is_same(const struct unwind_module *a, const struct unwind_module *b)
{
	return a->start == b->start && a->end == b->end && a->cfi.hdr == b->cfi.hdr &&
	       a->name_hash == b->name_hash;
}

static const struct unwind_module *find_same(const struct unwind_modules *list,
					     const struct unwind_module *module)
{
	for (uint32_t i = 0; list != NULL && i < list->count; i++)
		if (is_same(&list->module[i], module))
			return &list->module[i];
	return NULL;
}

/* The loaded segment that holds address `at`, or NULL. */
static const ElfW(Phdr) * segment_of(const struct dl_phdr_info *info, uintptr_t at)
{
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    at - (info->dlpi_addr + segment->p_vaddr) < segment->p_filesz)
			return segment;
	}
	return NULL;
}

static struct unwind_cfi find_cfi(const struct dl_phdr_info *info)
{
	struct unwind_cfi cfi = {NULL, NULL, NULL};

	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *hdr = &info->dlpi_phdr[i], *segment;
		uintptr_t at = info->dlpi_addr + hdr->p_vaddr;

		if (hdr->p_type != PT_GNU_EH_FRAME || (segment = segment_of(info, at)) == NULL)
			continue;
		cfi.hdr = (const uint8_t *)at;
		cfi.low = (const uint8_t *)(info->dlpi_addr + segment->p_vaddr);
		cfi.high = cfi.low + segment->p_filesz;
	}
	return cfi;
}

static size_t align_up(size_t value, size_t to)
{
	return (value + to - 1) / to * to;
}

/* The build id among a segment of notes; its length in *len, 0 when it is not there. */
static const uint8_t *build_id_of(const uint8_t *notes, size_t size, size_t align, size_t *len)
{
	ElfW(Nhdr) note;
	size_t name, desc, at;

	*len = 0;
	for (at = 0; at + sizeof note <= size; at = align_up(desc + note.n_descsz, align)) {
		memcpy(&note, notes + at, sizeof note);
		name = at + sizeof note;
		desc = align_up(name + note.n_namesz, align);
		if (desc + note.n_descsz > size)
			return NULL;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    memcmp(notes + name, "GNU", 4) == 0) {
			*len = note.n_descsz;
			return notes + desc;
		}
	}
	return NULL;
}

static const uint8_t *find_build_id(const struct dl_phdr_info *info, size_t *len)
{
	const uint8_t *found;

	*len = 0;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *notes = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + notes->p_vaddr;

		if (notes->p_type != PT_NOTE || segment_of(info, at) == NULL)
			continue;
		found = build_id_of((const uint8_t *)at, notes->p_filesz,
				    notes->p_align == 8 ? 8 : 4, len);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static struct unwind_module describe(const struct dl_phdr_info *info,
				     const struct unwind_segment *segment)
{
	struct unwind_module module = {segment->start, segment->end, find_cfi(info), 0, UINT32_MAX};

	module.name_hash = hash(FNV_START, segment->name, strlen(segment->name));
	module.name_hash = hash(module.name_hash, segment->build_id, segment->build_id_len);
	return module;
}

static void take_segment(struct update *update, const struct dl_phdr_info *info,
			 const ElfW(Phdr) * load)
{
	uintptr_t begin = info->dlpi_addr + load->p_vaddr;
	struct unwind_segment segment = {.name = info->dlpi_name};
	const struct unwind_module *same;
	struct unwind_module module;

	if (update->made->count == update->cap) {
		update->is_short = true;
		return;
	}
	segment.start = begin & ~(PAGE_SIZE - 1);
	segment.end = align_up(begin + load->p_memsz, PAGE_SIZE);
	segment.offset = load->p_offset - (begin - segment.start);
	segment.build_id = find_build_id(info, &segment.build_id_len);
	module = describe(info, &segment);
	same = update->is_renewed ? NULL : find_same(update->old, &module);
	module.mapping = same ? same->mapping : unwind_mapping_note(&segment, update->made->epoch);
	update->made->module[update->made->count++] = module;
}

/* Look at the counters, which are the same for every object of one pass. Returns true when there
 * is no need to go on. */
static bool begin(struct update *update, const struct dl_phdr_info *info)
{
	const struct unwind_modules *old = update->old;
	struct unwind_modules *made = update->made;

	made->loads = info->dlpi_adds;
	made->unloads = info->dlpi_subs;
	update->is_same = old != NULL && !update->is_renewed && old->loads == made->loads &&
			  old->unloads == made->unloads;
	made->epoch = old == NULL ? 0 : old->epoch + (old->unloads != made->unloads);
	return update->is_same;
}

static int take_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct update *update = arg;

	(void)size;
	if (update->made->count == 0 && begin(update, info))
		return 1;
	for (size_t i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X))
			take_segment(update, info, &info->dlpi_phdr[i]);
	return 0;
}

static void sort(struct unwind_modules *list)
{
	for (uint32_t i = 1; i < list->count; i++) {
		struct unwind_module module = list->module[i];
		uint32_t to = i;

		for (; to > 0 && list->module[to - 1].start > module.start; to--)
			list->module[to] = list->module[to - 1];
		list->module[to] = module;
	}
}

/* Modules that are in the old list only: their addresses mean something else from the new epoch
 * on. */
static void end_mappings(const struct update *update)
{
	const struct unwind_modules *old = update->old;

	for (uint32_t i = 0; old != NULL && i < old->count; i++) {
		uint32_t mapping = old->module[i].mapping;

		if (mapping != UINT32_MAX && find_same(update->made, &old->module[i]) == NULL)
			atomic_store(&rt_table(MAPPINGS, struct rec_mapping)[mapping].epoch_to,
				     update->made->epoch);
	}
}

static int count_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	size_t *count = arg;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++)
		*count +=
			info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X);
	return 0;
}

/* Another thread may load more between counting and listing: room for that, and once more where
 * it is not enough. */
static bool list_objects(struct update *update)
{
	do {
		update->cap = 32;
		dl_iterate_phdr(count_object, &update->cap);
		update->size_bytes =
			align_up(sizeof *update->made + update->cap * sizeof *update->made->module,
				 PAGE_SIZE);
		update->made = rt_map(update->size_bytes);
		if (update->made == NULL)
			return false;
		update->is_short = false;
		dl_iterate_phdr(take_object, update);
		if (update->is_same || update->is_short)
			rt_unmap(update->made, update->size_bytes);
	} while (update->is_short);
	return !update->is_same;
}

static void update_locked(bool is_renewed)
{
	struct update update = {.old = unwind_modules_now(), .is_renewed = is_renewed};

	if (!list_objects(&update))
		return;
	if (!is_renewed)
		end_mappings(&update);
	sort(update.made);
	update.made->size_bytes = update.size_bytes;
	atomic_store(&rt_rec->state.epoch, update.made->epoch);
	atomic_store_explicit(&unwind_modules_published, update.made, memory_order_release);
}

static void update(bool is_renewed, bool frees_old)
{
	const struct unwind_modules *old;
	sigset_t all, saved;

	if (rt_rec == NULL)
		return;
	/* A signal handler that left by longjmp would leave the lock taken. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	while (atomic_flag_test_and_set_explicit(&update_lock, memory_order_acquire))
		syscall(SYS_sched_yield);
	old = unwind_modules_now();
	update_locked(is_renewed);
	if (frees_old && old != NULL && old != unwind_modules_now())
		rt_unmap((void *)(uintptr_t)old, old->size_bytes);
	atomic_flag_clear_explicit(&update_lock, memory_order_release);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
}

void unwind_modules_update(void)
{
	update(false, false);
}

void unwind_modules_renew(bool frees_old)
{
	update(true, frees_old);
}

const struct unwind_module *unwind_module_of(const struct unwind_modules *modules, uintptr_t ip)
{
	size_t low = 0, high = modules->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (modules->module[middle].start <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	return low != 0 && ip < modules->module[low - 1].end ? &modules->module[low - 1] : NULL;
}
