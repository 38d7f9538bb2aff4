/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_wakes.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/set.h"
#include "base/xalloc.h"

/* What is remembered of an object: more than two threads rarely signal within the time that it takes the woken one to come to a
 * CPU. */
enum { REMEMBERED = 8 };

/* Objects that one address may be at the same time have families of their own. */
enum family { FAMILY_LOCK, FAMILY_COND, FAMILY_SEM, FAMILY_BARRIER, FAMILY_JOIN, FAMILY_ONCE };

struct recent {
	struct trace_wake_item items[REMEMBERED]; /* a ring */
	bool is_used[REMEMBERED];		  /* of those that end one wait each */
	bool ends_one[REMEMBERED];
	unsigned next, count;
};

struct trace_wakes {
	struct trace_object *objects;
	enum family *families;
	struct recent **recent; /* NULL: nobody ended a wait for it yet */
	size_t count, cap, family_cap, recent_cap;
	struct set set; /* number + 1 */
	struct arena arena;
};

struct wanted {
	uint64_t address;
	enum family family;
};

struct trace_wakes *trace_wakes_new(void)
{
	return xcalloc(1, sizeof(struct trace_wakes));
}

void trace_wakes_free(struct trace_wakes *wakes)
{
	free(wakes->objects);
	free(wakes->families);
	free(wakes->recent);
	set_free(&wakes->set);
	arena_free(&wakes->arena);
	free(wakes);
}

static bool is_same(const void *things, uint32_t number, const void *wanted)
{
	const struct trace_wakes *wakes = things;
	const struct wanted *want = wanted;

	return wakes->objects[number - 1].address == want->address &&
	       wakes->families[number - 1] == want->family;
}

static uint32_t object_of(struct trace_wakes *wakes, struct wanted want, uint64_t kind)
{
	uint64_t hash = hash_word(hash_word(HASH_START, want.address), want.family);
	uint32_t number = set_find(&wakes->set, hash, is_same, wakes, &want, 0);

	if (number != 0)
		return number - 1;
	if (wakes->count == UINT32_MAX - 1)
		return TRACE_NO_OBJECT;
	wakes->objects = xgrow(wakes->objects, wakes->count, &wakes->cap, sizeof *wakes->objects);
	wakes->families =
		xgrow(wakes->families, wakes->count, &wakes->family_cap, sizeof *wakes->families);
	wakes->recent =
		xgrow(wakes->recent, wakes->count, &wakes->recent_cap, sizeof(struct recent *));
	wakes->objects[wakes->count] =
		(struct trace_object){.address = want.address, .kind = (uint32_t)kind};
	wakes->families[wakes->count] = want.family;
	wakes->recent[wakes->count] = NULL;
	wakes->count++;
	set_find(&wakes->set, hash, is_same, wakes, &want, (uint32_t)wakes->count);
	return (uint32_t)wakes->count - 1;
}

uint32_t trace_wakes_object(struct trace_wakes *wakes, uint64_t address, uint64_t kind)
{
	static const enum family families[REC_WAIT_KIND_COUNT] = {
		[REC_WAIT_MUTEX] = FAMILY_LOCK,	     [REC_WAIT_RWLOCK] = FAMILY_LOCK,
		[REC_WAIT_COND] = FAMILY_COND,	     [REC_WAIT_SEM] = FAMILY_SEM,
		[REC_WAIT_BARRIER] = FAMILY_BARRIER, [REC_WAIT_JOIN] = FAMILY_JOIN,
		[REC_WAIT_ONCE] = FAMILY_ONCE,	     [REC_WAIT_SPIN] = FAMILY_LOCK,
	};
	uint32_t number;

	if (address == 0 || kind >= REC_WAIT_KIND_COUNT || kind == REC_WAIT_SLEEP ||
	    kind == REC_WAIT_POLL)
		return TRACE_NO_OBJECT;
	number = object_of(wakes, (struct wanted){address, families[kind]}, kind);
	/* An unlock alone does not say of what. */
	if (number != TRACE_NO_OBJECT)
		wakes->objects[number].kind = (uint32_t)kind;
	return number;
}

uint32_t trace_wakes_woken(struct trace_wakes *wakes, uint64_t address, uint64_t how)
{
	static const struct {
		enum family family;
		enum rec_wait_kind kind;
	} woken[] = {
		[TRACE_WAKE_UNLOCK] = {FAMILY_LOCK, REC_WAIT_MUTEX},
		[TRACE_WAKE_SIGNAL] = {FAMILY_COND, REC_WAIT_COND},
		[TRACE_WAKE_BROADCAST] = {FAMILY_COND, REC_WAIT_COND},
		[TRACE_WAKE_POST] = {FAMILY_SEM, REC_WAIT_SEM},
		[TRACE_WAKE_BARRIER] = {FAMILY_BARRIER, REC_WAIT_BARRIER},
		[TRACE_WAKE_EXIT] = {FAMILY_JOIN, REC_WAIT_JOIN},
		[TRACE_WAKE_ONCE] = {FAMILY_ONCE, REC_WAIT_ONCE},
	};

	if (address == 0 || how >= sizeof woken / sizeof *woken)
		return TRACE_NO_OBJECT;
	return object_of(wakes, (struct wanted){address, woken[how].family}, woken[how].kind);
}

void trace_wakes_add(struct trace_wakes *wakes, uint32_t object, uint64_t how,
		     const struct trace_wake_item *item)
{
	struct recent *recent;

	if (object >= wakes->count)
		return;
	if (wakes->recent[object] == NULL)
		wakes->recent[object] = arena_get(&wakes->arena, 1, sizeof *recent);
	recent = wakes->recent[object];
	recent->items[recent->next] = *item;
	recent->is_used[recent->next] = false;
	recent->ends_one[recent->next] = how == TRACE_WAKE_SIGNAL || how == TRACE_WAKE_POST;
	recent->next = (recent->next + 1) % REMEMBERED;
	if (recent->count < REMEMBERED)
		recent->count++;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Of the ring's slots, the one to take; REMEMBERED: none. */
static unsigned slot_find(const struct recent *recent, uint32_t thread, uint64_t from_ns,
			  uint64_t to_ns, uint64_t near_ns)
{
	unsigned found = REMEMBERED;

	for (unsigned i = 0; i < recent->count; i++) {
		unsigned slot = (recent->next + REMEMBERED - recent->count + i) % REMEMBERED;
		const struct trace_wake_item *item = &recent->items[slot];

		if (item->thread == thread || item->ns < from_ns || item->ns > to_ns)
			continue;
		if (recent->ends_one[slot] && !recent->is_used[slot])
			return slot;
		if (found == REMEMBERED ||
		    distance(item->ns, near_ns) <= distance(recent->items[found].ns, near_ns))
			found = slot;
	}
	return found;
}

bool trace_wakes_find(struct trace_wakes *wakes, uint32_t object, uint32_t thread, uint64_t from_ns,
		      uint64_t to_ns, uint64_t near_ns, struct trace_wake_item *item)
{
	struct recent *recent = object < wakes->count ? wakes->recent[object] : NULL;
	unsigned slot;

	if (recent == NULL)
		return false;
	slot = slot_find(recent, thread, from_ns, to_ns, near_ns);
	if (slot == REMEMBERED)
		return false;
	recent->is_used[slot] = true;
	*item = recent->items[slot];
	return true;
}

const struct trace_object *trace_wakes_objects(const struct trace_wakes *wakes, size_t *count)
{
	*count = wakes->count;
	return wakes->objects;
}
