/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_stretch.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct trace_stretches {
	const struct trace *trace;
	uint32_t thread;
	uint64_t from_ns, to_ns;
	struct trace_cursor *states, *events;
	struct trace_state_item item;
	uint64_t at_ns; /* of the item, what lies before has been told */
	bool has_item;
	/* The stack is known at these moments: that of the last one behind us, and the next one. After that, if there is
	 * one more of the same event: its end. */
	uint32_t before;
	bool has_mark, has_end, is_inside; /* between the beginning and the end of one event */
	uint64_t mark_ns, end_ns;
	uint32_t mark;
};

/* To the next moment at which the stack is known. */
static void next_mark(struct trace_stretches *s)
{
	struct trace_event event;

	if (s->has_mark)
		s->before = s->mark;
	s->is_inside = s->has_end;
	if (s->has_end) {
		s->mark_ns = s->end_ns;
		s->has_end = false;
		return;
	}
	while (trace_event_next(s->events, &event)) {
		if (!event.stack)
			continue;
		s->has_mark = true;
		s->mark = event.stack;
		s->mark_ns = event.start_ns;
		s->end_ns = event.end_ns;
		s->has_end = event.end_ns > event.start_ns;
		return;
	}
	s->has_mark = false;
	s->mark = 0;
}

struct trace_stretches *trace_stretches_new(const struct trace *trace, uint32_t thread,
					    uint64_t from_ns, uint64_t to_ns)
{
	struct trace_stretches *s = xcalloc(1, sizeof *s);

	s->trace = trace;
	s->thread = thread;
	s->from_ns = from_ns;
	s->to_ns = to_ns;
	s->states = trace_cursor_new(trace, TRACE_STREAM_STATES, thread, from_ns, to_ns);
	s->events = trace_cursor_new(trace, TRACE_STREAM_EVENTS, thread, from_ns, UINT64_MAX);
	next_mark(s);
	return s;
}

void trace_stretches_free(struct trace_stretches *s)
{
	trace_cursor_free(s->states);
	trace_cursor_free(s->events);
	free(s);
}

static bool next_item(struct trace_stretches *s)
{
	do {
		s->has_item = trace_state_next(s->states, &s->item);
	} while (s->has_item && (s->item.end_ns <= s->from_ns || s->item.start_ns >= s->to_ns ||
				 s->item.start_ns >= s->item.end_ns));
	s->at_ns = s->item.start_ns > s->from_ns ? s->item.start_ns : s->from_ns;
	return s->has_item;
}

/* Places from the root up to the function that the thread was started with; 0 where the stack does not have it. */
static size_t depth_of_start(const struct trace *trace, uint32_t thread, const uint32_t *frames,
			     size_t count)
{
	const struct trace_thread *of = trace_thread(trace, thread);

	for (size_t i = count; of && of->function && i > 0; i--) {
		const struct trace_frame *frame = trace_frame(trace, frames[i - 1]);

		if (frame && frame->function == of->function)
			return count - i + 1;
	}
	return 0;
}

static bool is_same_function(const struct trace_frame *a, const struct trace_frame *b)
{
	return a && b && a->function == b->function && a->file == b->file && a->module == b->module;
}

/* How many frames from the root on are the same call. The last of them may be at different lines: only what was inlined there
 * too can be the same call above it. The leaves are what the events were: those calls are over. */
static size_t common_depth(const struct trace *trace, const uint32_t *a, size_t a_count,
			   const uint32_t *b, size_t b_count)
{
	size_t depth = 0;
	bool is_split = false;

	while (depth + 1 < a_count && depth + 1 < b_count) {
		uint32_t in_a = a[a_count - 1 - depth], in_b = b[b_count - 1 - depth];
		const struct trace_frame *frame_a = trace_frame(trace, in_a);
		const struct trace_frame *frame_b = trace_frame(trace, in_b);

		if (in_a != in_b && !is_same_function(frame_a, frame_b))
			break;
		if (is_split && !(frame_a->is_inlined && frame_b->is_inlined))
			break;
		is_split = is_split || in_a != in_b;
		depth++;
	}
	return depth;
}

/* What the stacks of two events of a thread have in common, as a part of the first one. Stack 0: that of the thread when it starts and ends,
 * in the function that it was started with. */
static struct trace_part common_part(const struct trace *trace, uint32_t thread, uint32_t a,
				     uint32_t b)
{
	size_t a_count, b_count, depth;
	const uint32_t *a_frames = trace_stack(trace, a, &a_count);
	const uint32_t *b_frames = trace_stack(trace, b, &b_count);

	if (!a || !b) {
		uint32_t only = a ? a : b;
		const uint32_t *frames = a ? a_frames : b_frames;
		size_t count = a ? a_count : b_count;

		depth = depth_of_start(trace, thread, frames, count);
		return depth ? (struct trace_part){only, (uint32_t)(count - depth)}
			     : (struct trace_part){0, 0};
	}
	depth = common_depth(trace, a_frames, a_count, b_frames, b_count);
	return depth ? (struct trace_part){a, (uint32_t)(a_count - depth)}
		     : (struct trace_part){0, 0};
}

bool trace_stretch_next(struct trace_stretches *s, struct trace_stretch *stretch)
{
	uint64_t end;

	if (!s->has_item && !next_item(s))
		return false;
	while (s->has_mark && s->mark_ns <= s->at_ns)
		next_mark(s);
	end = s->item.end_ns < s->to_ns ? s->item.end_ns : s->to_ns;
	stretch->item = s->item;
	stretch->start_ns = s->at_ns;
	if (s->item.stack) {
		stretch->part = (struct trace_part){s->item.stack, 0};
	} else {
		end = s->has_mark && s->mark_ns < end ? s->mark_ns : end;
		stretch->part = s->is_inside ? (struct trace_part){s->mark, 0}
					     : common_part(s->trace, s->thread, s->before, s->mark);
	}
	stretch->end_ns = s->at_ns = end;
	s->has_item = end < s->item.end_ns && end < s->to_ns;
	return true;
}

const uint32_t *trace_part_frames(const struct trace *trace, struct trace_part part, size_t *count)
{
	const uint32_t *frames = trace_stack(trace, part.stack, count);

	if (!part.stack || *count <= part.skip) {
		*count = 0;
		return NULL;
	}
	*count -= part.skip;
	return frames + part.skip;
}
