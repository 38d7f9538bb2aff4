/* SPDX-License-Identifier: MIT */
/* links: internal/base/set.c internal/base/xalloc.c internal/format/write_file.c internal/format/trace_*.c */
/* Any bytes as a finished trace: refused with a sentence, or read from end to end. */
#include "trace_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void walk(const struct trace *trace, enum trace_stream stream, uint32_t owner)
{
	struct trace_cursor *cursor = trace_cursor_new(trace, stream, owner, 0, UINT64_MAX);
	struct trace_state_item state;
	struct trace_event event;
	struct trace_cpu_item cpu;
	struct trace_heap_item heap;
	struct trace_sum sums[7];

	while (trace_state_next(cursor, &state) || trace_event_next(cursor, &event) ||
	       trace_cpu_next(cursor, &cpu) || trace_heap_next(cursor, &heap))
		;
	trace_cursor_free(cursor);
	trace_sums(trace, stream, owner, 0, 1000, sums, 7);
	trace_sums(trace, stream, owner, 5, UINT64_MAX / 2, sums, 7);
}

static void look(const struct trace *trace)
{
	struct trace_sum sums[3];
	size_t count;

	for (uint32_t i = 0; i < trace_stack_count(trace); i++)
		trace_stack(trace, i, &count);
	for (uint32_t i = 0; i < trace_string_count(trace); i++)
		if (strlen(trace_string(trace, i)) > 1 << 30)
			abort();
	for (uint32_t owner = 0; owner < 4; owner++)
		for (int stream = TRACE_STREAM_STATES; stream <= TRACE_STREAM_HEAP; stream++)
			walk(trace, (enum trace_stream)stream, owner);
	trace_load(trace, 0, 1000, sums, 3);
	trace_load(trace, 0, trace_info(trace)->span_ns, sums, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct trace *trace = trace_bytes_open(bytes, size);

	if (trace != NULL) {
		look(trace);
		trace_close(trace);
	}
	return 0;
}
