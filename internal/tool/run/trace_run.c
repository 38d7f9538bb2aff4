/* SPDX-License-Identifier: MIT */
#include "tool/run/trace_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/asked/trace_asked.h"
#include "tool/common/copy_text.h"
#include "tool/common/human.h"
#include "tool/launch/launch.h"
#include "tool/tool.h"
#include "tool/trace/trace_finish.h"
#include "tool/trace/trace_watch.h"

/* What repeated runs may print until one of them ends. */
enum { OUTPUT_MOST_BYTES = 16 << 20 };

static void take_info(struct trace_run *traced, const struct trace_info *info, size_t threads)
{
	struct stat status;

	traced->span_ns = info->span_ns;
	traced->events = info->event_count;
	traced->lost_events = info->lost_events;
	traced->lost_switches = info->lost_switches;
	traced->threads = threads;
	if (stat(traced->path, &status) == 0)
		traced->size_bytes = (uint64_t)status.st_size;
}

static bool write_trace(struct trace_run *traced, const struct catalog_test *test,
			const struct kind_settings *settings, const struct recording *recording,
			const struct trace_watch *watch, struct sym *sym)
{
	const struct trace_store *store = trace_watch_store(watch);
	size_t spool_bytes;
	const void *spool = trace_store_map(store, &spool_bytes);
	struct trace_info info = {.program = test->program,
				  .test = test->title,
				  .outcome = traced->run.outcome.text,
				  .source = traced->source,
				  .note = traced->note};
	struct trace_raw raw;
	int error;

	trace_raw_open(&raw, recording, spool, spool_bytes, store->first, true);
	if (trace_watch_is_short_of_room(watch))
		raw.spool_fd = store->fd;
	traced->path = trace_asked_path(settings->out_dir, test->title);
	error = trace_finish(&raw, sym, traced->path, &info);
	take_info(traced, &info, raw.thread_count);
	trace_raw_free(&raw);
	trace_store_unmap(store, spool);
	if (error == 0)
		return true;
	free(traced->path);
	traced->path = NULL;
	return false;
}

/* What a reader has to know: that it is the end, and what else there is to say. */
static void describe(struct trace_run *traced, const struct trace_watch *watch)
{
	char kept[HUMAN_SIZE], recorded[HUMAN_SIZE], end[96] = "";
	const char *note = trace_watch_note(watch);

	snprintf(traced->source, sizeof traced->source, "%s", trace_watch_source(watch));
	if (traced->is_flight) {
		traced->recorded_ns = trace_watch_recorded_ns(watch);
		traced->kept_ns = trace_watch_kept_ns(watch);
	}
	if (traced->kept_ns < traced->recorded_ns)
		snprintf(end, sizeof end, "the last %s of %s",
			 human_value(kept, sizeof kept, (int64_t)traced->kept_ns, "nanoseconds"),
			 human_value(recorded, sizeof recorded, (int64_t)traced->recorded_ns,
				     "nanoseconds"));
	snprintf(traced->note, sizeof traced->note, "%s%s%s", end,
		 *end != '\0' && *note != '\0' ? "; " : "", note);
}

static void run_program(struct trace_run *traced, const struct catalog_test *test,
			const struct kind_settings *settings, struct recording *recording,
			struct trace_watch *watch, int output_fd)
{
	struct launch how = kind_run_launch(test, settings, recording);
	struct launch_result result;

	how.shows_output = true;
	how.watch = trace_watch_launch(watch);
	if (output_fd >= 0) {
		how.output_fd = output_fd;
		how.output_bytes = OUTPUT_MOST_BYTES;
	}
	result = launch(&how);
	trace_watch_end(watch, result.end_ns);
	kind_run_read(&traced->run, REC_KIND_TRACE, test, recording, &result);
	describe(traced, watch);
}

static void not_recorded(struct trace_run *traced)
{
	memset(traced, 0, sizeof *traced);
	traced->run.kind = REC_KIND_TRACE;
	traced->run.name = kind_run_name(REC_KIND_TRACE);
	traced->run.outcome = (struct outcome){OUTCOME_NOT_RUN, "it could not be recorded"};
}

bool trace_run(struct trace_run *traced, const struct catalog_test *test,
	       const struct kind_settings *settings, uint64_t limit_bytes, struct sym *sym)
{
	struct rec_config config = kind_run_config(REC_KIND_TRACE, test, settings);
	struct recording recording;
	struct trace_watch *watch;
	bool is_good = false;

	not_recorded(traced);
	if (!recording_new(&recording, &config)) {
		tool_error("no memory for a recording");
		return false;
	}
	watch = trace_watch_new(&recording, settings->out_dir, limit_bytes, NULL);
	if (watch != NULL) {
		run_program(traced, test, settings, &recording, watch, -1);
		if (atomic_load(&recording.rec->state.pid) != 0)
			is_good = write_trace(traced, test, settings, &recording, watch, sym);
		trace_watch_free(watch);
	}
	recording_free(&recording);
	return is_good;
}

/* What the run printed that did not end well, to where the first one's went. */
static void print_output(int fd, int shown_fd)
{
	fflush(stdout);
	copy_text(fd, shown_fd != 0 ? shown_fd : STDOUT_FILENO);
}

static bool has_failed(const struct kind_run *run)
{
	return !outcome_is_good(run->outcome.kind) || run->outcome.kind == OUTCOME_EXPECTED ||
	       run->failed_run != 0;
}

static bool fly(struct trace_run *traced, const struct catalog_test *test,
		const struct kind_settings *settings, struct recording *recording,
		struct trace_watch *watch, struct sym *sym)
{
	int output_fd = (int)recording->rec->config.output_fd;

	traced->is_flight = true;
	run_program(traced, test, settings, recording, watch, output_fd > 0 ? output_fd : -1);
	if (!has_failed(&traced->run))
		return true;
	if (output_fd > 0)
		print_output(output_fd, settings->shown_fd);
	return atomic_load(&recording->rec->state.pid) != 0 &&
	       write_trace(traced, test, settings, recording, watch, sym);
}

bool trace_run_flight(struct trace_run *traced, const struct catalog_test *test,
		      const struct kind_settings *settings, const struct flight_limits *limits,
		      struct sym *sym)
{
	struct rec_config config = kind_run_config(REC_KIND_TRACE, test, settings);
	int output_fd = memfd_create("pprofmk-output", MFD_CLOEXEC);
	struct recording recording;
	struct trace_watch *watch;
	bool is_good = false;

	not_recorded(traced);
	config.output_fd = output_fd > 0 ? (uint32_t)output_fd : 0;
	if (!recording_new(&recording, &config)) {
		tool_error("no memory for a recording");
		close(output_fd);
		return false;
	}
	watch = trace_watch_new(&recording, settings->out_dir, 0, limits);
	if (watch != NULL) {
		is_good = fly(traced, test, settings, &recording, watch, sym);
		trace_watch_free(watch);
	}
	recording_free(&recording);
	close(output_fd);
	return is_good;
}

void trace_run_free(struct trace_run *traced)
{
	kind_run_free(&traced->run);
	free(traced->path);
}
