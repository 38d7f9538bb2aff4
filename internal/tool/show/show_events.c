/* SPDX-License-Identifier: MIT */
/* Events of a thread or of all in a range, and the search for a function or a text. */
#include <stdlib.h>
#include <string.h>

#include "tool/show/show_answer.h"
#include "tool/tool.h"

enum { EVENTS_MAX = 5000, FOUND_MAX = 200 };

/* The set of types that a list names ("region,log"); all of them where it is empty. False: one is none. */
static bool types_of(const char *list, uint64_t *types)
{
	*types = *list == '\0' ? UINT64_MAX : 0;
	while (*list != '\0') {
		size_t length = strcspn(list, ",");
		size_t type = 0;

		while (type < TRACE_EVENT_COUNT &&
		       (strlen(trace_event_kinds[type].text) != length ||
			strncmp(trace_event_kinds[type].text, list, length) != 0))
			type++;
		if (type == TRACE_EVENT_COUNT)
			return false;
		*types |= UINT64_C(1) << type;
		list += length + (list[length] == ',');
	}
	return true;
}

struct events {
	const struct trace *trace;
	uint64_t from_ns, to_ns, types, shortest_ns;
	size_t limit, count;
	bool is_cut;
	json_t *list;
};

static void add_thread(struct events *events, uint32_t thread)
{
	struct trace_cursor *cursor = trace_cursor_new(events->trace, TRACE_STREAM_EVENTS, thread,
						       events->from_ns, events->to_ns);
	struct trace_event event;

	if (events->types == UINT64_C(1) << TRACE_REGION)
		trace_cursor_regions(cursor, events->shortest_ns);
	else
		trace_cursor_only(cursor, (uint32_t)events->types);
	while (trace_event_next(cursor, &event)) {
		json_t *json;

		if (event.end_ns - event.start_ns < events->shortest_ns)
			continue;
		if (events->count == events->limit) {
			events->is_cut = true;
			break;
		}
		events->count++;
		json = show_event_json(events->trace, &event);
		json_object_set_new(json, "thread", json_integer(thread));
		json_array_append_new(events->list, json);
	}
	trace_cursor_free(cursor);
}

struct show_answer show_events(const struct show_question *question)
{
	struct events events = {.trace = question->trace};
	uint64_t thread, limit;

	if (!show_range(question, &events.from_ns, &events.to_ns) ||
	    !show_number(question, "thread", UINT64_MAX, &thread) ||
	    !show_number(question, "limit", EVENTS_MAX, &limit) ||
	    !show_number(question, "shortest", 0, &events.shortest_ns) ||
	    !types_of(show_text(question, "types"), &events.types))
		return show_error(400, "from, to, thread, shortest and limit are numbers, types a "
				       "list of event types");
	events.limit = limit < EVENTS_MAX ? (size_t)limit : EVENTS_MAX;
	events.list = json_array();
	if (thread < UINT32_MAX)
		add_thread(&events, (uint32_t)thread);
	else
		for (uint32_t i = 0; i < trace_thread_count(events.trace) && !events.is_cut; i++)
			add_thread(&events, i);
	return show_json(json_pack("{s:o, s:b}", "events", events.list, "cut", (int)events.is_cut));
}

/* ---- Search */

struct search {
	const struct trace *trace;
	const char *text;
	bool *strings; /* those that have the text */
	bool *stacks;  /* those with a frame whose function has it */
	json_t *found;
	size_t count;
	uint64_t from_ns;
};

static void note_strings(struct search *search)
{
	size_t count = trace_string_count(search->trace);

	search->strings = xcalloc(count + 1, sizeof *search->strings);
	for (size_t i = 1; i < count; i++)
		search->strings[i] =
			strcasestr(trace_string(search->trace, i), search->text) != NULL;
}

static void note_stacks(struct search *search)
{
	size_t stack_count = trace_stack_count(search->trace);
	size_t string_count = trace_string_count(search->trace);

	search->stacks = xcalloc(stack_count + 1, sizeof *search->stacks);
	for (size_t i = 1; i < stack_count; i++) {
		size_t depth;
		const uint32_t *frames = trace_stack(search->trace, (uint32_t)i, &depth);

		for (size_t f = 0; f < depth && !search->stacks[i]; f++) {
			const struct trace_frame *frame = trace_frame(search->trace, frames[f]);

			search->stacks[i] = frame != NULL && frame->function < string_count &&
					    search->strings[frame->function];
		}
	}
}

static bool matches(const struct search *search, const struct trace_event *event)
{
	const struct trace_event_kind *kind = &trace_event_kinds[event->type];

	if (strcasestr(kind->text, search->text) != NULL)
		return true;
	if (event->stack != 0 && event->stack < trace_stack_count(search->trace) &&
	    search->stacks[event->stack])
		return true;
	for (unsigned i = 0; i < kind->argument_count; i++)
		if (kind->arguments[i] == TRACE_ARGUMENT_STRING &&
		    event->arguments[i] < trace_string_count(search->trace) &&
		    search->strings[event->arguments[i]])
			return true;
	return event->type == TRACE_SYSCALL &&
	       strcasestr(trace_call_text(event->arguments[0]), search->text) != NULL;
}

static void search_thread(struct search *search, uint32_t thread, size_t limit)
{
	struct trace_cursor *cursor = trace_cursor_new(search->trace, TRACE_STREAM_EVENTS, thread,
						       search->from_ns, UINT64_MAX);
	struct trace_event event;
	size_t count = 0;

	while (count < limit && trace_event_next(cursor, &event)) {
		json_t *json;

		if (!matches(search, &event))
			continue;
		json = show_event_json(search->trace, &event);
		json_object_set_new(json, "thread", json_integer(thread));
		json_array_append_new(search->found, json);
		count++;
	}
	trace_cursor_free(cursor);
	search->count += count;
}

/* Threads by name, then events: by function of their stack, by type, by text. A few of each thread, so that none hides the
 * others. */
struct show_answer show_find(const struct show_question *question)
{
	struct search search = {.trace = question->trace, .text = show_text(question, "q")};
	size_t thread_count = trace_thread_count(search.trace);
	json_t *threads;

	if (*search.text == '\0' || !show_number(question, "from", 0, &search.from_ns))
		return show_error(400, "q, the text to look for, is missing");
	threads = json_array();
	search.found = json_array();
	note_strings(&search);
	note_stacks(&search);
	for (uint32_t i = 0; i < thread_count && json_array_size(threads) < FOUND_MAX; i++) {
		const struct trace_thread *thread = trace_thread(search.trace, i);

		if (strcasestr(trace_string(search.trace, thread->name), search.text) != NULL ||
		    strcasestr(trace_string(search.trace, thread->function), search.text) != NULL)
			json_array_append_new(threads, show_thread_json(search.trace, i));
	}
	for (uint32_t i = 0; i < thread_count && search.count < FOUND_MAX; i++)
		search_thread(&search, i, thread_count > 20 ? 10 : FOUND_MAX / 20 + 10);
	free(search.strings);
	free(search.stacks);
	return show_json(json_pack("{s:o, s:o}", "threads", threads, "events", search.found));
}
