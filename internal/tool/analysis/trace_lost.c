/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_lost.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_text.h"
#include "tool/common/names.h"

bool trace_lost_is_any(const struct trace *trace)
{
	const struct trace_info *info = trace_info(trace);

	return info->lost_events || info->lost_switches || info->cut_bytes ||
	       trace_damaged_chunks(trace) != 0;
}

/* How many threads lost events, and which one most. */
static size_t losers(const struct trace *trace, uint32_t *most)
{
	uint64_t most_events = 0;
	size_t count = 0;

	for (uint32_t i = 0; i < trace_thread_count(trace); i++) {
		uint64_t events = trace_thread(trace, i)->lost_events;

		count += events > 0;
		if (events > most_events) {
			most_events = events;
			*most = i;
		}
	}
	return count;
}

bool trace_lost_when(const struct trace *trace, uint64_t *from_ns, uint64_t *to_ns)
{
	*from_ns = UINT64_MAX;
	*to_ns = 0;
	for (uint32_t i = 0; i < trace_thread_count(trace); i++) {
		struct trace_cursor *cursor;
		struct trace_event event;

		if (trace_thread(trace, i)->lost_events == 0)
			continue;
		cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, i, 0, UINT64_MAX);
		trace_cursor_only(cursor, UINT32_C(1) << TRACE_LOST);
		while (trace_event_next(cursor, &event)) {
			*from_ns = event.start_ns < *from_ns ? event.start_ns : *from_ns;
			*to_ns = event.end_ns > *to_ns ? event.end_ns : *to_ns;
		}
		trace_cursor_free(cursor);
	}
	return *from_ns <= *to_ns;
}

static void put_events(FILE *stream, const struct trace *trace)
{
	uint32_t most = 0;
	size_t count = losers(trace, &most);
	uint64_t from_ns, to_ns;

	fprintf(stream, "%" PRIu64 " events", trace_info(trace)->lost_events);
	if (count) {
		char *name = trace_text_thread(trace, most);

		fprintf(stream,
			count > 1 ? " of %zu threads (most of them of %s: %" PRIu64 ")"
				  : " of %zu thread (%s: %" PRIu64 ")",
			count, name, trace_thread(trace, most)->lost_events);
		free(name);
	}
	if (trace_lost_when(trace, &from_ns, &to_ns))
		fprintf(stream, " between %.9fs and %.9fs", (double)from_ns / 1e9,
			(double)to_ns / 1e9);
}

char *trace_lost_text(const struct trace *trace)
{
	const struct trace_info *info = trace_info(trace);
	uint32_t damaged_chunks = trace_damaged_chunks(trace);
	const char *and = "";
	char *text = NULL;
	size_t size;
	FILE *stream;

	if (!trace_lost_is_any(trace))
		return xstrdup("nothing was lost");
	stream = open_memstream(&text, &size);
	if (!stream)
		xalloc_failed();
	if (info->lost_events || info->lost_switches)
		fputs("lost: ", stream);
	if (info->lost_events)
		put_events(stream, trace);
	if (info->lost_switches)
		fprintf(stream, "%s%" PRIu64 " switches", info->lost_events ? ", " : "",
			info->lost_switches);
	if (info->lost_events || info->lost_switches)
		and = "; ";
	if (info->cut_bytes) {
		fprintf(stream, "%s%" PRIu64 " bytes of the file are missing or damaged", and,
			info->cut_bytes);
		and = "; ";
	}
	if (damaged_chunks)
		fprintf(stream, "%s%" PRIu32 " damaged chunk%s passed over", and, damaged_chunks,
			damaged_chunks == 1 ? " was" : "s were");
	if (fclose(stream) != 0)
		xalloc_failed();
	return text;
}

void trace_lost_print(FILE *stream, const struct trace *trace, const char *before)
{
	char *lost = trace_lost_text(trace);
	char *note = names_printable(trace_info(trace)->note);

	fprintf(stream, "%s%s\n", before, lost);
	if (*note)
		fprintf(stream, "%snote: %s\n", before, note);
	free(note);
	free(lost);
}
