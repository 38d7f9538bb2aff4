/* SPDX-License-Identifier: MIT */
#include "format/trace_events.h"

#include <stddef.h>

#include "format/recording.h"

#define COUNT_OF(a, b, c)                                                  \
	(unsigned)((TRACE_ARGUMENT_##a != 0) + (TRACE_ARGUMENT_##b != 0) + \
		   (TRACE_ARGUMENT_##c != 0))

const struct trace_event_kind trace_event_kinds[TRACE_EVENT_COUNT] = {
#define X(name, text, duration, stack, a, b, c)                                         \
	[TRACE_##name] = {text,                                                         \
			  duration,                                                     \
			  stack,                                                        \
			  {TRACE_ARGUMENT_##a, TRACE_ARGUMENT_##b, TRACE_ARGUMENT_##c}, \
			  COUNT_OF(a, b, c)},
	TRACE_EVENTS(X)
#undef X
};

const char *trace_argument_name(enum trace_event_type type, unsigned argument)
{
	static const char *const names[TRACE_EVENT_COUNT][TRACE_ARGUMENT_MAX] = {
#define X(name, a, b, c) [TRACE_##name] = {a, b, c},
		TRACE_ARGUMENT_NAMES(X)
#undef X
	};

	return type < TRACE_EVENT_COUNT && argument < TRACE_ARGUMENT_MAX ? names[type][argument]
									 : NULL;
}

static const char *text_of(const char *const *texts, size_t count, uint64_t number)
{
	return number < count ? texts[number] : "?";
}

#define TEXT(name, text, ...) text,
#define TEXTS(list, number)                        \
	text_of((const char *const[]){list(TEXT)}, \
		sizeof((const char *const[]){list(TEXT)}) / sizeof(const char *), number)

const char *trace_outcome_text(uint64_t outcome)
{
	return TEXTS(TRACE_OUTCOMES, outcome);
}

const char *trace_wake_text(uint64_t wake)
{
	return TEXTS(TRACE_WAKES, wake);
}

const char *trace_call_text(uint64_t call)
{
	return TEXTS(TRACE_CALLS, call);
}

const char *trace_state_text(uint64_t state)
{
	return TEXTS(TRACE_STATES, state);
}

const char *trace_wait_text(uint64_t kind)
{
	return TEXTS(REC_WAIT_KINDS, kind);
}

enum trace_call_class trace_call_class(uint64_t call)
{
	static const enum trace_call_class classes[] = {
#define X(name, text, class) TRACE_CALL_CLASS_##class,
		TRACE_CALLS(X)
#undef X
	};

	return call < TRACE_CALL_COUNT ? classes[call] : TRACE_CALL_CLASS_FILE;
}

enum trace_state trace_state_of_wait(uint64_t kind)
{
	static const enum trace_state states[REC_WAIT_KIND_COUNT] = {
		[REC_WAIT_MUTEX] = TRACE_STATE_MUTEX,	  [REC_WAIT_RWLOCK] = TRACE_STATE_RWLOCK,
		[REC_WAIT_COND] = TRACE_STATE_COND,	  [REC_WAIT_SEM] = TRACE_STATE_SEM,
		[REC_WAIT_BARRIER] = TRACE_STATE_BARRIER, [REC_WAIT_JOIN] = TRACE_STATE_JOIN,
		[REC_WAIT_ONCE] = TRACE_STATE_ONCE,	  [REC_WAIT_SLEEP] = TRACE_STATE_SLEEP,
		[REC_WAIT_POLL] = TRACE_STATE_NETWORK,	  [REC_WAIT_SPIN] = TRACE_STATE_SPIN,
	};

	return kind < REC_WAIT_KIND_COUNT ? states[kind] : TRACE_STATE_BLOCKED;
}

enum trace_state trace_state_of_call(uint64_t call)
{
	static const enum trace_state states[] = {
		[TRACE_CALL_CLASS_FILE] = TRACE_STATE_FILE,
		[TRACE_CALL_CLASS_NETWORK] = TRACE_STATE_NETWORK,
		[TRACE_CALL_CLASS_SLEEP] = TRACE_STATE_SLEEP,
		[TRACE_CALL_CLASS_PROCESS] = TRACE_STATE_PROCESS,
	};

	return states[trace_call_class(call)];
}
