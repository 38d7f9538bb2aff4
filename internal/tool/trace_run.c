/* SPDX-License-Identifier: MIT */
#include "tool/trace_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "tool/launch.h"
#include "tool/tool.h"
#include "tool/trace_asked.h"
#include "tool/trace_finish.h"
#include "tool/trace_watch.h"

/* NULL where there is nothing to be mapped. */
static const void *map_spool(const struct trace_store *store)
{
	void *spool;

	if (store->size_bytes == 0)
		return NULL;
	spool = mmap(NULL, store->size_bytes, PROT_READ, MAP_SHARED, store->fd, 0);
	return spool != MAP_FAILED ? spool : NULL;
}

static void unmap_spool(const struct trace_store *store, const void *spool)
{
	if (spool != NULL)
		munmap((void *)spool, store->size_bytes);
}

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
	const void *spool = map_spool(store);
	struct trace_info info = {.program = test->program,
				  .test = test->title,
				  .outcome = traced->run.outcome.text,
				  .source = traced->source,
				  .note = traced->note};
	struct trace_raw raw;
	int error;

	trace_raw_open(&raw, recording, spool, spool != NULL ? store->size_bytes : 0, true);
	if (trace_watch_is_short_of_room(watch))
		raw.spool_fd = store->fd;
	traced->path = trace_asked_path(settings->out_dir, test->title);
	error = trace_finish(&raw, sym, traced->path, &info);
	take_info(traced, &info, raw.thread_count);
	trace_raw_free(&raw);
	unmap_spool(store, spool);
	if (error == 0)
		return true;
	free(traced->path);
	traced->path = NULL;
	return false;
}

static void run_program(struct trace_run *traced, const struct catalog_test *test,
			const struct kind_settings *settings, struct recording *recording,
			struct trace_watch *watch)
{
	struct launch how = kind_run_launch(test, settings, recording);
	struct launch_result result;

	how.shows_output = true;
	how.watch = trace_watch_launch(watch);
	result = launch(&how);
	trace_watch_end(watch);
	kind_run_read(&traced->run, REC_KIND_TRACE, recording, &result);
	snprintf(traced->source, sizeof traced->source, "%s", trace_watch_source(watch));
	snprintf(traced->note, sizeof traced->note, "%s", trace_watch_note(watch));
}

bool trace_run(struct trace_run *traced, const struct catalog_test *test,
	       const struct kind_settings *settings, uint64_t limit_bytes, struct sym *sym)
{
	struct rec_config config = kind_run_config(REC_KIND_TRACE, test, settings);
	struct recording recording;
	struct trace_watch *watch;
	bool is_good = false;

	memset(traced, 0, sizeof *traced);
	traced->run.kind = REC_KIND_TRACE;
	traced->run.name = kind_run_name(REC_KIND_TRACE);
	traced->run.outcome = (struct outcome){OUTCOME_NOT_RUN, "it could not be recorded"};
	if (!recording_new(&recording, &config)) {
		tool_error("no memory for a recording");
		return false;
	}
	watch = trace_watch_new(&recording, settings->out_dir, limit_bytes);
	if (watch != NULL) {
		run_program(traced, test, settings, &recording, watch);
		if (atomic_load(&recording.rec->state.pid) != 0)
			is_good = write_trace(traced, test, settings, &recording, watch, sym);
		trace_watch_free(watch);
	}
	recording_free(&recording);
	return is_good;
}

void trace_run_free(struct trace_run *traced)
{
	kind_run_free(&traced->run);
	free(traced->path);
}
