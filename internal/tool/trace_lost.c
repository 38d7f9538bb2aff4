/* SPDX-License-Identifier: MIT */
#include "tool/trace_lost.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/names.h"
#include "tool/trace_text.h"

bool trace_lost_is_any(const struct trace *trace)
{
	const struct trace_info *info = trace_info(trace);

	return info->lost_events || info->lost_switches || info->cut_bytes;
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

static void put_events(FILE *stream, const struct trace *trace)
{
	uint32_t most = 0;
	size_t count = losers(trace, &most);

	fprintf(stream, "%" PRIu64 " events", trace_info(trace)->lost_events);
	if (count) {
		char *name = trace_text_thread(trace, most);

		fprintf(stream,
			count > 1 ? " of %zu threads (most of them of %s: %" PRIu64 ")"
				  : " of %zu thread (%s: %" PRIu64 ")",
			count, name, trace_thread(trace, most)->lost_events);
		free(name);
	}
}

char *trace_lost_text(const struct trace *trace)
{
	const struct trace_info *info = trace_info(trace);
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
	if (info->cut_bytes)
		fprintf(stream, "%s%" PRIu64 " bytes of the file are missing or damaged",
			info->lost_events || info->lost_switches ? "; " : "", info->cut_bytes);
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
