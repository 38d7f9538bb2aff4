/* SPDX-License-Identifier: MIT */
#include "tool/run/kind_run.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/profile/convert.h"
#include "tool/profile/kinds.h"
#include "tool/tool.h"

/* A test whose body is a small part of its fixtures would repeat for ever: give up at this multiple of the time
 * asked. */
enum { WALL_PER_CPU = 10 };

/* Of a program's output, what is kept of its end, and what it may take until it is read. */
enum { OUTPUT_KEPT_BYTES = 16 << 10, OUTPUT_MOST_BYTES = 16 << 20 };

static const char *const kind_names[] = {[REC_KIND_CPU] = "cpu",
					 [REC_KIND_MEM] = "mem",
					 [REC_KIND_BLOCK] = "block",
					 [REC_KIND_TIME] = "time",
					 [REC_KIND_TRACE] = "trace"};

static const char *const clock_names[] = {[REC_CLOCK_NONE] = "none",
					  [REC_CLOCK_PERF] = "perf_event task clock",
					  [REC_CLOCK_GPERFTOOLS] = "gperftools timer",
					  [REC_CLOCK_TIMER] = "CPU timer of each thread"};

const char *kind_run_name(enum rec_kind kind)
{
	return kind_names[kind];
}

struct rec_config kind_run_config(enum rec_kind kind, const struct catalog_test *test,
				  const struct kind_settings *settings)
{
	struct rec_config config = {
		.kind = kind,
		.alone = settings->alone,
		.group_index = test->group_index,
		.test_index = test->test_index,
		.period_ns = settings->period_ns,
		.runs = settings->runs,
		.until_failure = settings->until_failure,
		.cpu_goal_ns = settings->cpu_goal_ns,
		.wall_limit_ns = WALL_PER_CPU * settings->cpu_goal_ns,
		.bench = settings->bench,
		.attach = settings->attach,
		.tool = (uint32_t)getpid(),
		.file = settings->file,
	};

	/* Memory and waits are counted, not sampled: once is exact. */
	if (kind != REC_KIND_CPU && config.runs == 0)
		config.runs = 1;
	return config;
}

struct launch kind_run_launch(const struct catalog_test *test, const struct kind_settings *settings,
			      struct recording *recording)
{
	return (struct launch){.program = test->program,
			       .arguments = test->as->arguments,
			       .directory = test->as->directory,
			       .environment = test->as->environment,
			       .recording = recording,
			       .limit_ns = settings->limit_ns,
			       .memory_bytes = settings->memory_bytes,
			       .cpus = settings->limits_cpus,
			       .shown_fd = settings->shown_fd,
			       .output_fd = -1};
}

/* A test that did not come back from its body has its times unfinished; its end is known from outside. */
static void read_times(struct kind_run *run, const struct rec_state *state,
		       const struct launch_result *result)
{
	run->wall_ns = state->wall_ns;
	run->cpu_ns = state->cpu_ns;
	run->user_ns = state->user_ns;
	run->system_ns = state->system_ns;
	if (state->window_wall_start_ns == 0)
		return;
	if (result->end_ns > state->window_wall_start_ns)
		run->wall_ns += result->end_ns - state->window_wall_start_ns;
	if (result->cpu_ns > state->window_cpu_start_ns)
		run->cpu_ns += result->cpu_ns - state->window_cpu_start_ns;
}

static void read_state(struct kind_run *run, const struct recording *recording)
{
	const struct rec_state *state = &recording->rec->state;

	run->is_whole = recording->rec->config.attach != REC_ATTACH_TESTS;
	run->runs = run->is_whole ? atomic_load(&state->pid) != 0 : atomic_load(&state->runs);
	run->failed_run = recording_failed_run(recording);
	run->lost = recording_lost(recording);
	run->truncated = atomic_load(&state->stacks_truncated);
	memcpy(run->message, state->message, sizeof run->message);
	run->message[sizeof run->message - 1] = '\0';
}

static void read_benches(struct kind_run *run, const struct recording *recording,
			 const struct catalog_test *test)
{
	const struct rec_state *state = &recording->rec->state;

	bench_set_read(&run->benches, recording, test, recording->rec->config.bench.cpus);
	run->counters = state->counters;
	memcpy(run->counter_error, state->counter_error, sizeof run->counter_error);
}

/* Where the program's output goes that is to be kept; for appending, so that it can be cut. -1: nowhere. */
static int output_new(const struct kind_settings *settings)
{
	int fd = settings->keeps_output ? memfd_create("pprofmk-output", MFD_CLOEXEC) : -1;

	if (fd >= 0 && fcntl(fd, F_SETFL, O_APPEND) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static char *output_read(int fd)
{
	char *output = xcalloc(1, OUTPUT_KEPT_BYTES + 1);
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > OUTPUT_KEPT_BYTES ? size - OUTPUT_KEPT_BYTES : 0;

	if (pread(fd, output, OUTPUT_KEPT_BYTES, from) < 0)
		*output = '\0';
	close(fd);
	return output;
}

static void read_cpu(struct kind_run *run, const struct recording *recording, uint32_t samples)
{
	uint32_t clock = recording->rec->state.clock;

	run->clock = clock_names[clock <= REC_CLOCK_GPERFTOOLS ? clock : REC_CLOCK_NONE];
	run->period_ns = convert_cpu_period_ns(recording);
	if (run->cpu_ns == 0)
		return;
	run->rate_hz = samples * 1e9 / (double)run->cpu_ns;
	run->cpu_goal_ns =
		recording->rec->config.runs == 0 ? recording->rec->config.cpu_goal_ns : 0;
}

static void describe(struct profile *profile, const struct kind_run *run,
		     const struct catalog_test *test)
{
	char *text =
		xasprintf("test %s of %s: %s; %llu runs; %llu lost, %llu stacks cut", test->title,
			  test->program, run->outcome.text, (unsigned long long)run->runs,
			  (unsigned long long)run->lost, (unsigned long long)run->truncated);

	profile_add_comment(profile, "pprof.mk " TOOL_VERSION);
	profile_add_comment(profile, text);
	free(text);
}

static bool add_file(struct kind_run *run, const char *kind, struct profile *profile,
		     const struct catalog_test *test, const struct kind_settings *settings)
{
	struct kind_file *file = &run->files[run->file_count++];
	char *path = kind_path(kind_find(kind), settings->out_dir, test->title);
	struct timespec now;
	int error;

	clock_gettime(CLOCK_REALTIME, &now);
	profile->time_nanos = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	profile->duration_nanos = (int64_t)run->wall_ns;
	describe(profile, run, test);
	file->kind = kind;
	file->profile = profile;
	error = profile_write(profile, path);
	if (error != 0) {
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
		free(path);
		return false;
	}
	file->path = path;
	return true;
}

static bool add_profiles(struct kind_run *run, const struct recording *recording, struct sym *sym,
			 const struct catalog_test *test, const struct kind_settings *settings)
{
	struct profile *profile;
	bool is_written;

	switch (run->kind) {
	case REC_KIND_CPU:
		profile = convert_cpu(recording, sym, test->title);
		run->samples = (uint64_t)profile_sum(profile, 0);
		read_cpu(run, recording, recording_len(recording, REC_SAMPLES));
		return add_file(run, "cpu", profile, test, settings);
	case REC_KIND_MEM:
		profile = convert_mem(recording, sym, test->title);
		run->samples = (uint64_t)profile_sum(profile, 0);
		return add_file(run, "mem", profile, test, settings);
	case REC_KIND_BLOCK:
		profile = convert_waits(recording, sym, test->title, REC_SIDE_WAITER);
		run->samples = (uint64_t)profile_sum(profile, 0);
		is_written = add_file(run, "block", profile, test, settings);
		profile = convert_waits(recording, sym, test->title, REC_SIDE_HOLDER);
		return add_file(run, "mutex", profile, test, settings) && is_written;
	case REC_KIND_LIST:
	case REC_KIND_TIME:
	case REC_KIND_TRACE: /* it is finished, not converted: see trace_finish.h */
	case REC_KIND_LIVE:  /* nothing that we start: see live_profile.h */
		break;
	}
	return false;
}

/* Nothing to show of a recorder that was refused: an empty profile would look like a result. */
static bool was_recorded(const struct kind_run *run, const struct recording *recording)
{
	if (atomic_load(&recording->rec->state.pid) == 0)
		return false;
	/* Times need no recorder. */
	if (run->message[0] == '\0' || run->kind == REC_KIND_TIME)
		return true;
	return recording_len(recording, REC_SAMPLES) + recording_len(recording, REC_SITES) +
		       recording_len(recording, REC_WAITS) >
	       0;
}

/* Its suite's word on a program that has ended with a status other than 0 is its word on the test that has made it so. A crash is
 * none of that. Who runs a test until it fails wants it to. */
static void excuse(struct kind_run *run, const struct suite_verdict *verdict)
{
	struct outcome *outcome = &run->outcome;
	size_t length = strlen(outcome->text);

	if ((outcome->kind != OUTCOME_FAILED && outcome->kind != OUTCOME_EXITED) ||
	    run->exit_status <= 0)
		return;
	if (run->exit_status == verdict->skip_status) {
		outcome->kind = OUTCOME_SKIPPED;
		snprintf(outcome->text + length, sizeof outcome->text - length,
			 ", which is how it skips itself (exit status %d)", run->exit_status);
	} else if (verdict->property != NULL) {
		outcome->kind = OUTCOME_EXPECTED;
		snprintf(outcome->text + length, sizeof outcome->text - length, ", %s (%s)",
			 verdict->is_to_fail ? "as its program is to"
					     : "but its suite does not go by that",
			 verdict->property);
	}
}

void kind_run_read(struct kind_run *run, enum rec_kind kind, const struct catalog_test *test,
		   const struct recording *recording, const struct launch_result *result)
{
	memset(run, 0, sizeof *run);
	run->kind = kind;
	run->name = kind_names[kind];
	run->outcome = outcome_of(result, recording);
	run->exit_status = result->end == LAUNCH_EXITED ? result->status : -result->status;
	read_times(run, &recording->rec->state, result);
	read_state(run, recording);
	run->was_torn_down = run->outcome.kind <= OUTCOME_FAILED && !run->is_whole;
	if (!recording->rec->config.until_failure)
		excuse(run, &test->as->verdict);
	if (!outcome_is_good(run->outcome.kind) && run->outcome.kind != OUTCOME_INTERRUPTED)
		run->before = test->as->before;
}

bool kind_run(struct kind_run *run, enum rec_kind kind, const struct catalog_test *test,
	      const struct kind_settings *settings, struct sym *sym, bool shows_output)
{
	struct rec_config config = kind_run_config(kind, test, settings);
	struct recording recording;
	struct launch_result result;
	struct launch how;
	bool is_good;

	if (!recording_new(&recording, &config)) {
		tool_error("no memory for a recording");
		memset(run, 0, sizeof *run);
		run->kind = kind;
		run->name = kind_names[kind];
		run->outcome = (struct outcome){OUTCOME_NOT_RUN, "no memory for a recording"};
		return false;
	}
	how = kind_run_launch(test, settings, &recording);
	how.shows_output = shows_output;
	how.output_fd = output_new(settings);
	how.output_bytes = how.output_fd >= 0 ? OUTPUT_MOST_BYTES : 0;
	result = launch(&how);
	kind_run_read(run, kind, test, &recording, &result);
	if (how.output_fd >= 0)
		run->output = output_read(how.output_fd);
	if (settings->bench.is_on)
		read_benches(run, &recording, test);
	is_good = was_recorded(run, &recording) &&
		  (settings->writes_nothing || add_profiles(run, &recording, sym, test, settings));
	recording_free(&recording);
	return is_good;
}

bool kind_run_part(struct kind_run *run, const struct recording *recording,
		   const struct rec_test *item, const struct catalog_test *test,
		   const struct kind_settings *settings, struct sym *sym)
{
	const struct rec_body *body = &item->body;
	uint32_t len = recording_len(recording, REC_SAMPLES);
	uint32_t to = body->samples_to < len ? body->samples_to : len;
	uint32_t from = body->samples_from < to ? body->samples_from : to;
	struct profile *profile = convert_cpu_part(recording, sym, test->title, from, to);

	*run = (struct kind_run){
		.kind = REC_KIND_CPU,
		.name = kind_names[REC_KIND_CPU],
		.outcome = {OUTCOME_PASSED, "passed"},
		.runs = 1,
		.wall_ns = body->wall_ns,
		.cpu_ns = body->cpu_ns,
		.user_ns = body->user_ns,
		.system_ns = body->system_ns,
		.samples = (uint64_t)profile_sum(profile, 0),
		.lost = body->dropped,
		.truncated = body->truncated,
	};
	memcpy(run->message, recording->rec->state.message, sizeof run->message);
	run->message[sizeof run->message - 1] = '\0';
	read_cpu(run, recording, to - from);
	return add_file(run, "cpu", profile, test, settings);
}

void kind_run_free(struct kind_run *run)
{
	for (size_t i = 0; i < run->file_count; i++) {
		profile_free(run->files[i].profile);
		free(run->files[i].path);
	}
	bench_set_free(&run->benches);
	free(run->output);
}
