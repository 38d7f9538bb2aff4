/* SPDX-License-Identifier: MIT */
#include "tool/trace/trace_calls.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/varint.h"
#include "base/xalloc.h"

/* Calls that have ended, of each side, that are remembered; and those going on that are looked through. */
enum { REMEMBERED = 32, LOOKED_AT = 256 };

/* From the call to the woken thread on a CPU, at most: what ended earlier did not wake it. And what began so much before the
 * wait did neither. */
#define WAKING_NS UINT64_C(20000000)
#define BEFORE_NS UINT64_C(100000)

/* Slots of the table of pairs. Others overwrite. */
enum { PAIRS = 1 << 10 };

enum side { SIDE_TAKES, SIDE_GIVES, SIDE_COUNT, SIDE_NONE = SIDE_COUNT };

struct done {
	struct trace_raw_event event;
	uint32_t thread;
};

struct pair {
	uint64_t takes, gives; /* descriptors + 1 */
	uint32_t count;
};

struct trace_calls {
	struct trace_live **going[SIDE_COUNT];
	size_t count[SIDE_COUNT], cap[SIDE_COUNT];
	struct done done[SIDE_COUNT][REMEMBERED];
	size_t done_next[SIDE_COUNT];
	struct pair pairs[PAIRS];
};

/* The best so far of those that may have ended a wait. */
struct choice {
	const struct trace_raw_event *event;
	uint32_t thread, known;
	size_t count;
};

struct trace_calls *trace_calls_new(void)
{
	return xcalloc(1, sizeof(struct trace_calls));
}

void trace_calls_free(struct trace_calls *calls)
{
	free(calls->going[SIDE_TAKES]);
	free(calls->going[SIDE_GIVES]);
	free(calls);
}

static enum side side_of(const struct trace_raw_event *event)
{
	if (event->type != TRACE_SYSCALL)
		return SIDE_NONE;
	switch (event->arguments[0]) {
	case TRACE_CALL_READ:
	case TRACE_CALL_NETWORK_READ:
	case TRACE_CALL_RECEIVE:
	case TRACE_CALL_ACCEPT:
	case TRACE_CALL_POLL:
	case TRACE_CALL_SELECT:
	case TRACE_CALL_EPOLL:
		return SIDE_TAKES;
	case TRACE_CALL_WRITE:
	case TRACE_CALL_NETWORK_WRITE:
	case TRACE_CALL_SEND:
	case TRACE_CALL_CONNECT:
	case TRACE_CALL_CLOSE:
		return SIDE_GIVES;
	default:
		return SIDE_NONE;
	}
}

void trace_calls_enter(struct trace_calls *calls, struct trace_live *live)
{
	enum side side = side_of(&live->next);

	live->call_slot = 0;
	if (side == SIDE_NONE)
		return;
	calls->going[side] = xgrow(calls->going[side], calls->count[side], &calls->cap[side],
				   sizeof(struct trace_live *));
	calls->going[side][calls->count[side]++] = live;
	live->call_slot = (uint32_t)calls->count[side];
}

void trace_calls_leave(struct trace_calls *calls, struct trace_live *live)
{
	enum side side = side_of(&live->next);
	struct trace_live *last;
	struct done *done;

	if (live->call_slot == 0)
		return;
	last = calls->going[side][--calls->count[side]];
	calls->going[side][live->call_slot - 1] = last;
	last->call_slot = live->call_slot;
	live->call_slot = 0;
	done = &calls->done[side][calls->done_next[side]++ % REMEMBERED];
	*done = (struct done){live->next, live->thread};
}

static bool is_of_pollers(uint64_t call)
{
	return call == TRACE_CALL_POLL || call == TRACE_CALL_SELECT || call == TRACE_CALL_EPOLL;
}

/* Can the one have anything to do with the other? */
static bool fit(const struct trace_raw_event *waiting, const struct trace_raw_event *other)
{
	uint64_t a = waiting->arguments[0], b = other->arguments[0];

	if (varint_unzigzag(other->arguments[2]) < 0)
		return false;
	if (is_of_pollers(a) || is_of_pollers(b) || b == TRACE_CALL_CLOSE)
		return true;
	return trace_call_class(a) == trace_call_class(b);
}

static struct pair *pair_of(struct trace_calls *calls, const struct trace_raw_event *waiting,
			    const struct trace_raw_event *other)
{
	bool takes = side_of(waiting) == SIDE_TAKES;
	uint64_t from = (takes ? waiting : other)->arguments[1];
	uint64_t to = (takes ? other : waiting)->arguments[1];
	struct pair *pair = &calls->pairs[hash_word(hash_word(HASH_START, from), to) & (PAIRS - 1)];

	if (pair->takes != from || pair->gives != to)
		*pair = (struct pair){from, to, 0};
	return pair;
}

/* Where several may have been it: of descriptors that are known to belong together first, then the last one. */
static void consider(struct trace_calls *calls, struct choice *choice,
		     const struct trace_raw_event *waiting, const struct trace_raw_event *event,
		     uint32_t thread)
{
	uint32_t known = pair_of(calls, waiting, event)->count;

	choice->count++;
	if (choice->event != NULL &&
	    (known < choice->known ||
	     (known == choice->known && event->start_ns < choice->event->start_ns)))
		return;
	choice->event = event;
	choice->thread = thread;
	choice->known = known;
}

static struct choice choose(struct trace_calls *calls, const struct trace_live *live,
			    enum side side, uint64_t from_ns, uint64_t to_ns)
{
	struct choice choice = {NULL, 0, 0, 0};
	uint64_t least_ns =
		to_ns > WAKING_NS && to_ns - WAKING_NS > from_ns ? to_ns - WAKING_NS : from_ns;

	for (size_t i = 0; i < calls->count[side] && i < LOOKED_AT; i++) {
		const struct trace_live *other = calls->going[side][i];

		if (other != live && other->next.start_ns <= to_ns &&
		    other->next.start_ns + BEFORE_NS >= from_ns && fit(&live->next, &other->next))
			consider(calls, &choice, &live->next, &other->next, other->thread);
	}
	for (size_t i = 0; i < REMEMBERED; i++) {
		const struct done *done = &calls->done[side][i];

		if (done->event.type != TRACE_NONE && done->thread != live->thread &&
		    done->event.end_ns >= least_ns && done->event.start_ns + BEFORE_NS >= from_ns &&
		    fit(&live->next, &done->event))
			consider(calls, &choice, &live->next, &done->event, done->thread);
	}
	return choice;
}

bool trace_calls_find(struct trace_calls *calls, const struct trace_live *live, uint64_t from_ns,
		      uint64_t to_ns, struct trace_wake_item *item, uint32_t *node)
{
	enum side side = side_of(&live->next);
	struct choice choice;

	if (side == SIDE_NONE)
		return false;
	choice = choose(calls, live, side == SIDE_TAKES ? SIDE_GIVES : SIDE_TAKES, from_ns, to_ns);
	if (choice.event == NULL)
		return false;
	if (choice.count == 1)
		pair_of(calls, &live->next, choice.event)->count++;
	item->thread = choice.thread;
	item->ns = choice.event->start_ns > from_ns ? choice.event->start_ns : 0;
	*node = choice.event->node;
	return true;
}
