/* SPDX-License-Identifier: MIT */
#include "tool/run/trace_summary.h"

#include <inttypes.h>

#include "tool/common/human.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* First of all: what comes behind is to be read with it in mind. */
static void print_lost(FILE *stream, const struct trace_run *traced)
{
	if (traced->lost_events != 0)
		fprintf(stream, "lost       %" PRIu64 " event%s were dropped\n",
			traced->lost_events, plural(traced->lost_events));
	if (traced->lost_switches != 0)
		fprintf(stream, "lost       %" PRIu64 " switch%s of threads were dropped\n",
			traced->lost_switches, traced->lost_switches == 1 ? "" : "es");
	if (traced->run.lost != 0)
		fprintf(stream, "lost       %" PRIu64 " thing%s had no room in the recording\n",
			traced->run.lost, plural(traced->run.lost));
	if (traced->note[0] != '\0')
		fprintf(stream, "           %s\n", traced->note);
}

static void print_ending(FILE *stream, const struct kind_run *run)
{
	if (run->outcome.kind != OUTCOME_PASSED || run->failed_run != 0)
		fprintf(stream, "           %s\n", run->outcome.text);
	if (run->before != NULL)
		fprintf(stream, "           %s\n", run->before);
	if (run->message[0] != '\0')
		fprintf(stream, "           %s\n", run->message);
	if (run->truncated != 0)
		fprintf(stream, "           %" PRIu64 " stack%s did not reach the root\n",
			run->truncated, plural(run->truncated));
}

void trace_summary(FILE *stream, const struct trace_run *traced)
{
	char span[HUMAN_SIZE], size[HUMAN_SIZE];

	putc('\n', stream);
	print_lost(stream, traced);
	if (traced->path == NULL) {
		fprintf(stream, "trace      none\n");
		print_ending(stream, &traced->run);
		return;
	}
	fprintf(stream, "trace      %s  %zu thread%s  %" PRIu64 " event%s  %s\n",
		human_value(span, sizeof span, (int64_t)traced->span_ns, "nanoseconds"),
		traced->threads, plural(traced->threads), traced->events, plural(traced->events),
		traced->source);
	print_ending(stream, &traced->run);
	fprintf(stream, "           %s  %s", traced->path,
		human_value(size, sizeof size, (int64_t)traced->size_bytes, "bytes"));
	if (traced->events > 0)
		fprintf(stream, "  %.1f bytes an event",
			(double)traced->size_bytes / (double)traced->events);
	putc('\n', stream);
}

void trace_summary_none(FILE *stream, const struct trace_run *traced, bool has_older)
{
	char recorded[HUMAN_SIZE];

	fprintf(stream, "\nflight     %" PRIu64 " run%s in %s, none failed: no trace is kept%s\n",
		traced->run.runs, plural(traced->run.runs),
		human_value(recorded, sizeof recorded, (int64_t)traced->recorded_ns, "nanoseconds"),
		has_older ? "; the one in the folder is an earlier run's" : "");
	print_ending(stream, &traced->run);
}
