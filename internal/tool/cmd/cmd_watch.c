/* SPDX-License-Identifier: MIT */
/* pprofmk watch: take samples of a running program at an interval, and say what changes. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tool/cmd/cmd.h"
#include "tool/common/human.h"
#include "tool/live/live_fetch.h"
#include "tool/live/watch_change.h"
#include "tool/live/watch_folder.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"

#define SECOND_NS UINT64_C(1000000000)

struct watch {
	const struct options *options;
	struct live_place place;
	const struct live_kind *kind;
	struct watch_folder folder;
	struct watch_change change;
	struct watch_keep keep;
	uint64_t every_ns, seconds, count; /* count 0: until it is ended */
	uint64_t taken, removed;
	bool is_away; /* nobody answered last time */
};

/* They are blocked all the time: a sample is whole or is not there. */
static sigset_t ending_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	return signals;
}

static bool is_over(void)
{
	sigset_t signals;

	return sigpending(&signals) == 0 &&
	       (sigismember(&signals, SIGINT) == 1 || sigismember(&signals, SIGTERM) == 1 ||
		sigismember(&signals, SIGHUP) == 1);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* False: we are to end. */
static bool wait_until(uint64_t when_ns)
{
	sigset_t signals = ending_signals();
	uint64_t now = now_ns(), left = when_ns > now ? when_ns - now : 0;
	struct timespec span = {.tv_sec = (time_t)(left / SECOND_NS),
				.tv_nsec = (long)(left % SECOND_NS)};

	return sigtimedwait(&signals, NULL, &span) < 0 && !is_over();
}

static int take(struct watch *watch, struct live_profile *live)
{
	time_t when = time(NULL);
	int error = watch_folder_add(&watch->folder, when, live->bytes, live->size);

	if (error) {
		tool_error("%s: %s", watch->folder.dir, strerror(-error));
		return TOOL_FAILED;
	}
	watch->removed += watch_folder_trim(&watch->folder, &watch->keep);
	watch_change_print(stdout, &watch->change, &watch->folder.samples[watch->folder.count - 1],
			   live);
	fflush(stdout);
	return TOOL_OK;
}

/* A program that does not answer is waited for, unless it has never answered. */
static int note_absence(struct watch *watch, enum http_outcome outcome)
{
	if (outcome == HTTP_STOPPED)
		return TOOL_OK;
	if (watch->taken == 0) {
		if (outcome == HTTP_REFUSED)
			tool_error("nobody answers at %s: see `make pprof.live Addr=`",
				   watch->place.address.base);
		return TOOL_FAILED;
	}
	if (!watch->is_away)
		printf("\n# %s does not answer: waiting for it (Ctrl-C ends)\n",
		       watch->place.address.base);
	watch->is_away = true;
	fflush(stdout);
	return TOOL_OK;
}

static int sample(struct watch *watch)
{
	enum http_outcome outcome;
	struct live_profile live;
	int status =
		live_fetch_profile(&watch->place, watch->kind, watch->seconds, &live, &outcome);

	if (status != TOOL_OK)
		return note_absence(watch, outcome);
	if (watch->is_away)
		puts("\n# it answers again");
	watch->is_away = false;
	status = take(watch, &live);
	watch->taken++;
	live_profile_free(&live);
	return status;
}

static void say_end(const struct watch *watch)
{
	char size[HUMAN_SIZE];

	printf("\n%zu samples are kept in %s, %s", watch->folder.count, watch->folder.dir,
	       human_value(size, sizeof(size), (int64_t)watch_folder_bytes(&watch->folder),
			   "bytes"));
	if (watch->removed)
		printf("; %" PRIu64 " older ones went (Keep=%s)", watch->removed,
		       options_text(watch->options, "keep"));
	printf("\nnext: make pprof.watch.diff Addr=%s Kind=%s Old=-2 New=-1\n",
	       options_text(watch->options, "addr"), watch->kind->name);
}

static int run(struct watch *watch)
{
	uint64_t due = now_ns();
	int status = TOOL_OK;

	while (status == TOOL_OK && wait_until(due)) {
		status = sample(watch);
		if (watch->count && watch->taken >= watch->count)
			break;
		/* What took longer than the interval has no sample of its own. */
		do
			due += watch->every_ns;
		while (due < now_ns());
	}
	if (watch->taken)
		say_end(watch);
	return status;
}

/* TOOL_OK, or TOOL_USAGE after a message. */
static int read_options(struct watch *watch)
{
	const struct options *options = watch->options;
	const char *problem = watch_keep_read(&watch->keep, options_text(options, "keep"));
	uint64_t number = 0;

	if (problem)
		return options_wrong(options->command, "--keep \"%.40s\": %s",
				     options_text(options, "keep"), problem);
	watch->kind = live_kind_find(options_text(options, "kind"));
	options_value(options, "every", &watch->every_ns);
	options_value(options, "count", &watch->count);
	options_value(options, "number", &number);
	if (watch->kind->sort == LIVE_RECORDED &&
	    !options_value(options, "seconds", &watch->seconds))
		watch->seconds =
			watch->every_ns / SECOND_NS < 10 ? watch->every_ns / SECOND_NS : 10;
	else if (watch->kind->sort != LIVE_RECORDED && options_is_given(options, "seconds"))
		return options_wrong(options->command,
				     "--seconds is for cpu: %s is taken as it is, and compared",
				     watch->kind->name);
	if (watch->seconds * SECOND_NS > watch->every_ns)
		return options_wrong(options->command,
				     "--seconds %" PRIu64 " is longer than --every %s",
				     watch->seconds, options_text(options, "every"));
	watch->change = (struct watch_change){.kind = watch->kind, .rows = number};
	return TOOL_OK;
}

static int watch_place(struct watch *watch)
{
	int status = read_options(watch);

	if (status == TOOL_OK)
		status = live_place_open(&watch->place, watch->options);
	if (status != TOOL_OK)
		return status;
	watch->place.is_over = is_over;
	watch_folder_open(&watch->folder, options_text(watch->options, "out"),
			  watch->place.address.name, watch->kind->name);
	status = tests_make_folder(watch->folder.dir) ? run(watch) : TOOL_FAILED;
	watch_change_free(&watch->change);
	watch_folder_close(&watch->folder);
	live_place_close(&watch->place);
	return status;
}

int cmd_watch(const struct options *options)
{
	struct watch watch = {.options = options};
	sigset_t signals = ending_signals();

	sigprocmask(SIG_BLOCK, &signals, NULL);
	return watch_place(&watch);
}
