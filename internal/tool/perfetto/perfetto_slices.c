/* SPDX-License-Identifier: MIT */
/* What a thread did, in a Perfetto file: waits, system calls and the user's regions as slices on its track, log lines as moments, tasks
 * on tracks of their own; declared in perfetto.h.
 *
 * Slices of a track have to nest. Events come in the order of their ends, so a thread's are collected, sorted by their beginnings, and
 * one that would end after the one around it ends with it. */
#include <stdlib.h>

#include "base/varint.h"
#include "base/xalloc.h"
#include "tool/analysis/trace_text.h"
#include "tool/perfetto/perfetto.h"

enum { ANNOTATIONS_MAX = TRACE_ARGUMENT_MAX + 1 };

struct slices {
	struct perfetto *perfetto;
	uint64_t track;
	struct trace_event *events;
	size_t len, cap;
};

/* ---- What is said of an event */

struct annotations {
	struct perfetto *perfetto;
	size_t len;
	Perfetto__Annotation items[ANNOTATIONS_MAX], *pointers[ANNOTATIONS_MAX];
	char *texts[ANNOTATIONS_MAX]; /* owned */
};

static Perfetto__Annotation *annotate(struct annotations *annotations, const char *name)
{
	Perfetto__Annotation *item = &annotations->items[annotations->len];

	*item = (Perfetto__Annotation)PERFETTO__ANNOTATION__INIT;
	item->has_name_iid = 1;
	item->name_iid = perfetto_annotation_name(annotations->perfetto, name);
	annotations->pointers[annotations->len] = item;
	annotations->texts[annotations->len++] = NULL;
	return item;
}

/* The text is taken over. */
static void annotate_text(struct annotations *annotations, const char *name, char *text)
{
	Perfetto__Annotation *item = annotate(annotations, name);

	item->string_value = text;
	annotations->texts[annotations->len - 1] = text;
}

static void annotate_argument(struct annotations *annotations, const struct trace_event *event,
			      unsigned number)
{
	const struct trace *trace = annotations->perfetto->trace;
	const char *name = trace_argument_name(event->type, number);
	uint64_t value = event->arguments[number];
	Perfetto__Annotation *item;

	switch (trace_event_kinds[event->type].arguments[number]) {
	case TRACE_ARGUMENT_OBJECT:
		annotate_text(annotations, name,
			      trace_text_object(trace, value < UINT32_MAX ? (uint32_t)value
									  : TRACE_NO_OBJECT));
		break;
	case TRACE_ARGUMENT_OUTCOME:
		annotate_text(annotations, name, xstrdup(trace_outcome_text(value)));
		break;
	case TRACE_ARGUMENT_SIGNED:
		item = annotate(annotations, name);
		item->has_int_value = 1;
		item->int_value = varint_unzigzag(value);
		break;
	case TRACE_ARGUMENT_STRING:
		annotate_text(annotations, name, perfetto_text(trace_string(trace, value)));
		break;
	case TRACE_ARGUMENT_NUMBER:
		/* A descriptor is kept as one more than it is. */
		if (event->type == TRACE_SYSCALL && value-- == 0)
			break;
		item = annotate(annotations, name);
		item->has_uint_value = 1;
		item->uint_value = value;
		break;
	default:
		break;
	}
}

/* All of an event's arguments but for what it is called. */
static void annotate_event(struct annotations *annotations, const struct trace_event *event)
{
	const struct trace_event_kind *kind = &trace_event_kinds[event->type];
	bool is_text = kind->arguments[0] == TRACE_ARGUMENT_STRING;

	for (unsigned i = is_text && event->type != TRACE_LOG ? 1 : 0; i < kind->argument_count;
	     i++)
		annotate_argument(annotations, event, i);
	if (event->type == TRACE_WAIT && event->waker != TRACE_NO_THREAD)
		annotate_text(annotations, "ended by",
			      trace_text_thread(annotations->perfetto->trace, event->waker));
}

static void free_annotations(struct annotations *annotations)
{
	for (size_t i = 0; i < annotations->len; i++)
		free(annotations->texts[i]);
}

static char *name_of(const struct trace *trace, const struct trace_event *event)
{
	switch (event->type) {
	case TRACE_WAIT:
		return xasprintf("wait for %s", trace_wait_text(event->arguments[0]));
	case TRACE_SYSCALL:
		return xstrdup(trace_call_text(event->arguments[0]));
	case TRACE_REGION:
		return xstrdup(trace_string(trace, event->arguments[0]));
	case TRACE_LOG:
	case TRACE_TASK_BEGIN:
		return xstrdup(trace_string(trace, event->arguments[1]));
	case TRACE_LOST:
		return xstrdup("events were lost");
	default:
		return xstrdup(trace_event_kinds[event->type].text);
	}
}

static const char *category_of(const struct trace_event *event)
{
	switch (event->type) {
	case TRACE_WAIT:
		return "sync";
	case TRACE_SYSCALL:
		return trace_call_class(event->arguments[0]) == TRACE_CALL_CLASS_NETWORK
			       ? "network"
			       : "syscall";
	case TRACE_REGION:
		return "region";
	case TRACE_LOG:
		return "log";
	case TRACE_TASK_BEGIN:
		return "task";
	default:
		return "trace";
	}
}

/* ---- Packets */

static void put_named(struct perfetto *perfetto, uint64_t ns, uint64_t track,
		      const struct trace_event *event, Perfetto__TrackEvent__Type type)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackEvent out = PERFETTO__TRACK_EVENT__INIT;
	struct annotations annotations = {.perfetto = perfetto};
	uint64_t category = perfetto_category(perfetto, category_of(event));
	char *name = name_of(perfetto->trace, event);

	annotate_event(&annotations, event);
	out.has_type = out.has_track_uuid = out.has_name_iid = 1;
	out.type = type;
	out.track_uuid = track;
	out.name_iid = perfetto_event_name(perfetto, name);
	out.n_category_iids = 1;
	out.category_iids = &category;
	out.n_debug_annotations = annotations.len;
	out.debug_annotations = annotations.pointers;
	out.callstack_iid = perfetto_stack(perfetto, event->stack);
	out.has_callstack_iid = out.callstack_iid != 0;
	packet.has_timestamp = 1;
	packet.timestamp = ns;
	packet.track_event = &out;
	perfetto_put(perfetto, &packet);
	free_annotations(&annotations);
	free(name);
}

static void put_end(struct perfetto *perfetto, uint64_t ns, uint64_t track)
{
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackEvent out = PERFETTO__TRACK_EVENT__INIT;

	out.has_type = out.has_track_uuid = 1;
	out.type = PERFETTO__TRACK_EVENT__TYPE__SLICE_END;
	out.track_uuid = track;
	packet.has_timestamp = 1;
	packet.timestamp = ns;
	packet.track_event = &out;
	perfetto_put(perfetto, &packet);
}

/* A task has a track of its own, which may begin in one thread and end in another. */
static void put_task(struct perfetto *perfetto, const struct trace_event *event)
{
	uint64_t task = perfetto_task_track(event->arguments[0]);
	Perfetto__Packet packet = PERFETTO__PACKET__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	char *name;

	if (event->type == TRACE_TASK_END) {
		put_end(perfetto, event->end_ns, task);
		return;
	}
	name = perfetto_text(trace_string(perfetto->trace, event->arguments[1]));
	track.has_uuid = track.has_parent_uuid = 1;
	track.uuid = task;
	track.parent_uuid = PERFETTO_PROCESS_TRACK;
	track.name = name;
	packet.track_descriptor = &track;
	perfetto_put(perfetto, &packet);
	put_named(perfetto, event->end_ns, task, event, PERFETTO__TRACK_EVENT__TYPE__SLICE_BEGIN);
	free(name);
}

static bool is_slice(const struct trace_event *event)
{
	return event->type == TRACE_WAIT || event->type == TRACE_SYSCALL ||
	       event->type == TRACE_REGION || event->type == TRACE_LOST;
}

static void collect(struct slices *slices, const struct trace_event *event)
{
	struct perfetto *perfetto = slices->perfetto;

	if (is_slice(event)) {
		slices->events =
			xgrow(slices->events, slices->len, &slices->cap, sizeof *slices->events);
		slices->events[slices->len++] = *event;
	} else if (event->type == TRACE_TASK_BEGIN || event->type == TRACE_TASK_END) {
		put_task(perfetto, event);
	} else if (event->type == TRACE_LOG || event->type == TRACE_WINDOW ||
		   event->type == TRACE_FORK || event->type == TRACE_EXEC) {
		put_named(perfetto, event->end_ns, slices->track, event,
			  PERFETTO__TRACK_EVENT__TYPE__INSTANT);
	}
}

/* The outer one first: by beginning, then the longer one, then the less nested region. */
static int by_start(const void *left, const void *right)
{
	const struct trace_event *a = left, *b = right;

	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	if (a->end_ns != b->end_ns)
		return a->end_ns > b->end_ns ? -1 : 1;
	if ((a->type == TRACE_REGION) != (b->type == TRACE_REGION))
		return a->type == TRACE_REGION ? -1 : 1;
	if (a->type == TRACE_REGION && a->arguments[2] != b->arguments[2])
		return a->arguments[2] < b->arguments[2] ? -1 : 1;
	return 0;
}

/* Begin each when it is due, after having ended those that are over by then. */
static void put_nested(struct slices *slices)
{
	uint64_t *ends = NULL; /* of those that are open, the outermost first */
	size_t depth = 0, cap = 0;

	for (size_t i = 0; i <= slices->len; i++) {
		const struct trace_event *event = i < slices->len ? &slices->events[i] : NULL;
		uint64_t end;

		while (depth > 0 && (!event || ends[depth - 1] <= event->start_ns))
			put_end(slices->perfetto, ends[--depth], slices->track);
		if (!event)
			break;
		end = depth > 0 && ends[depth - 1] < event->end_ns ? ends[depth - 1]
								   : event->end_ns;
		ends = xgrow(ends, depth, &cap, sizeof *ends);
		ends[depth++] = end;
		put_named(slices->perfetto, event->start_ns, slices->track, event,
			  PERFETTO__TRACK_EVENT__TYPE__SLICE_BEGIN);
	}
	free(ends);
}

void perfetto_put_slices(struct perfetto *perfetto, uint32_t thread)
{
	struct slices slices = {.perfetto = perfetto, .track = perfetto_thread_track(thread)};
	struct trace_cursor *cursor =
		trace_cursor_new(perfetto->trace, TRACE_STREAM_EVENTS, thread, 0, UINT64_MAX);
	struct trace_event event;

	while (trace_event_next(cursor, &event)) {
		if (event.type < TRACE_EVENT_COUNT)
			collect(&slices, &event);
	}
	trace_cursor_free(cursor);
	if (slices.len)
		qsort(slices.events, slices.len, sizeof *slices.events, by_start);
	put_nested(&slices);
	free(slices.events);
}
