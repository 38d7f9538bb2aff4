/* SPDX-License-Identifier: MIT */
#include "tool/live/watch_change.h"

#include <stdlib.h>
#include <string.h>

#include "tool/common/human.h"
#include "tool/profile/profile_delta.h"
#include "tool/profile/profile_diff_print.h"
#include "tool/profile/profile_runs.h"
#include "tool/profile/top.h"

#define ALPHA 0.01

static bool is_counter(const struct watch_change *change)
{
	return change->kind->sort == LIVE_COUNTER;
}

/* Where a function of the C library is nearly always the leaf, what called it is of interest. */
static bool is_by_callers(const struct watch_change *change)
{
	static const char names[] = "|block|mutex|threads|";
	char word[32];

	snprintf(word, sizeof(word), "|%s|", change->kind->name);
	return strstr(names, word) != NULL;
}

/* "#12 18:15:00  heap  12.34MB of inuse_space  (+1.20MB)" */
static void print_title(FILE *stream, const struct watch_change *change,
			const struct watch_sample *sample, const struct live_profile *live)
{
	const struct profile_value_type *type = &live->profile->types[live->type];
	char value[HUMAN_SIZE], more[HUMAN_SIZE], at[32] = "";
	int64_t total = top_total(live->profile, live->type);
	struct tm local;

	if (localtime_r(&sample->when, &local))
		strftime(at, sizeof(at), "%H:%M:%S", &local);
	fprintf(stream, "\n#%u %s  %s  %s of %s", sample->number, at, change->kind->name,
		human_value(value, sizeof(value), total, type->unit), type->type);
	if (change->last) {
		int64_t grown = total - top_total(change->last, live->type);

		fprintf(stream, "  (%s%s)", grown > 0 ? "+" : "",
			human_value(more, sizeof(more), grown, type->unit));
	}
	putc('\n', stream);
}

static void print_changes(FILE *stream, const struct watch_change *change, struct profile *now,
			  const struct live_profile *live)
{
	struct profile *old_one[] = {change->compared}, *new_one[] = {now};
	char *name[] = {(char *)""};
	struct profile_runs old = {.profiles = old_one, .paths = name, .count = 1};
	struct profile_runs new = {.profiles = new_one, .paths = name, .count = 1};
	struct profile_diff diff = {.old = {.runs = &old, .types = &live->type},
				    .new = {.runs = &new, .types = &live->type},
				    .type = now->types[live->type].type,
				    .unit = now->types[live->type].unit};

	profile_diff_make(&diff, kind_find(change->kind->name), ALPHA);
	if (diff.count)
		profile_diff_print_changes(stream, &diff, is_by_callers(change), change->rows);
	else
		fputs("         0  nothing to show\n", stream);
	profile_diff_free(&diff);
}

/* Of counters: what came since the last sample. Takes its values for that. */
static struct profile *interval_of(struct watch_change *change, const struct live_profile *live)
{
	struct profile *delta;

	if (!is_counter(change) || !change->last)
		return NULL;
	delta = profile_delta(live->profile, change->last);
	profile_scale(change->last, -1); /* as it was */
	return delta;
}

/* What was counted over another length of time, as if it were over this one. */
static void stretch(struct watch_change *change, double length_s)
{
	if (is_counter(change) && change->compared && change->length_s > 0 && length_s > 0)
		profile_scale(change->compared, length_s / change->length_s);
	change->length_s = length_s;
}

/* Of a state both are the same profile. */
static void forget(struct watch_change *change)
{
	if (change->compared != change->last)
		profile_free(change->compared);
	profile_free(change->last);
	change->last = change->compared = NULL;
}

static void look_for_restart(FILE *stream, struct watch_change *change,
			     const struct live_profile *live)
{
	if (!change->last ||
	    !profile_is_of_another_run(live->profile, change->last, live->type, is_counter(change)))
		return;
	fputs("\n# the program has been started again: what was counted before is no more\n",
	      stream);
	forget(change);
}

/* As the program says, to the nanosecond; else as we noted it. */
static int64_t taken_at(const struct watch_sample *sample, const struct live_profile *live)
{
	return live->profile->time_nanos > 0 ? live->profile->time_nanos
					     : (int64_t)sample->when * 1000000000;
}

void watch_change_print(FILE *stream, struct watch_change *change,
			const struct watch_sample *sample, struct live_profile *live)
{
	int64_t when_ns = taken_at(sample, live);
	struct profile *interval;

	look_for_restart(stream, change, live);
	interval = interval_of(change, live);
	print_title(stream, change, sample, live);
	if (change->last)
		stretch(change, (double)(when_ns - change->when_ns) / 1e9);
	if (interval && !change->compared)
		top_print(stream, interval, live->type, change->rows);
	else if (change->compared)
		print_changes(stream, change, interval ? interval : live->profile, live);
	else
		top_print(stream, live->profile, live->type, change->rows);
	forget(change);
	change->last = live->profile;
	change->compared = is_counter(change) ? interval : live->profile;
	change->when_ns = when_ns;
	live->profile = NULL;
}

void watch_change_free(struct watch_change *change)
{
	forget(change);
}
