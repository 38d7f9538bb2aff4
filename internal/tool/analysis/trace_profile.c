/* SPDX-License-Identifier: MIT */
#include "tool/analysis/trace_profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/analysis/trace_locations.h"
#include "tool/analysis/trace_lost.h"
#include "tool/analysis/trace_parts.h"

#define BIT(name) (1u << TRACE_STATE_##name)

static const struct {
	const char *kind;
	uint32_t states;
} states_of[] = {
	{"net", BIT(NETWORK)},
	{"sync", BIT(MUTEX) | BIT(RWLOCK) | BIT(COND) | BIT(SEM) | BIT(BARRIER) | BIT(JOIN) |
			 BIT(ONCE) | BIT(SPIN)},
	{"syscall", BIT(FILE) | BIT(PROCESS) | BIT(SLEEP) | BIT(SYSCALL)},
	{"sched", BIT(RUNNABLE)},
	{"running", BIT(RUNNING)},
};

/* Is a state's time in the profiles of that kind? */
static bool has_state(const struct kind *kind, enum trace_state state)
{
	for (size_t i = 0; i < sizeof states_of / sizeof *states_of; i++) {
		if (strcmp(states_of[i].kind, kind->name) == 0)
			return (states_of[i].states >> state & 1) != 0;
	}
	return false;
}

/* Is there anything to be found in a thread? Its sums are known without walking its streams. */
static bool is_wanted(const struct trace *trace, uint32_t thread, const struct kind *kind,
		      const struct trace_profile_part *part)
{
	const struct trace_thread *of = trace_thread(trace, thread);

	if (part->group && strcmp(part->group, trace_string(trace, of->function)) != 0)
		return false;
	if (of->start_ns >= part->to_ns || of->end_ns <= part->from_ns)
		return false;
	for (int i = 0; i < TRACE_STATE_COUNT; i++) {
		if (of->state_ns[i] && has_state(kind, (enum trace_state)i))
			return true;
	}
	return false;
}

static void add_thread(struct trace_part_sums *sums, const struct trace *trace, uint32_t thread,
		       const struct kind *kind, const struct trace_profile_part *part)
{
	struct trace_stretches *stretches =
		trace_stretches_new(trace, thread, part->from_ns, part->to_ns);
	const struct trace_thread *of = trace_thread(trace, thread);
	bool is_running = has_state(kind, TRACE_STATE_RUNNING);
	struct trace_stretch stretch;

	while (trace_stretch_next(stretches, &stretch)) {
		/* The first piece of a wait is the wait. */
		bool is_counted = is_running || stretch.start_ns == part->from_ns ||
				  stretch.start_ns == stretch.item.start_ns;

		if (has_state(kind, stretch.item.state))
			trace_parts_add(sums, of, stretch.part, is_counted,
					stretch.end_ns - stretch.start_ns);
	}
	trace_stretches_free(stretches);
}

static void add_sample(struct trace_locations *locations, const struct trace *trace,
		       const struct trace_part_sum *sum, const char *test)
{
	struct profile_label labels[2] = {{"test", test},
					  {"thread", trace_string(trace, sum->name)}};
	struct profile_sample sample = {.labels = labels,
					.label_count = *labels[1].value ? 2 : 1,
					.values = {(int64_t)sum->count, (int64_t)sum->ns}};

	sample.locations =
		trace_locations_of(locations, sum->part, sum->function, &sample.location_count);
	profile_add_sample(locations->profile, &sample);
}

static void add_facts(struct profile *profile, const struct trace *trace,
		      const struct trace_profile_part *part)
{
	const struct trace_info *info = trace_info(trace);
	char *lost = trace_lost_text(trace);

	profile->period_type = (struct profile_value_type){profile_string(profile, "trace"),
							   profile_string(profile, "count")};
	profile->period = 1;
	profile->time_nanos = info->start_realtime_ns + (int64_t)part->from_ns;
	profile->duration_nanos = (int64_t)(part->to_ns - part->from_ns);
	if (trace_lost_is_any(trace))
		profile_add_comment(profile, lost);
	if (*info->note)
		profile_add_comment(profile, info->note);
	free(lost);
}

struct profile *trace_profile_new(const struct trace *trace, const struct kind *kind,
				  const struct trace_profile_part *part, const char *test)
{
	struct profile *profile = profile_new();
	struct trace_locations *locations = trace_locations_new(trace, profile);
	struct trace_part_sums sums = {0};

	kind_set_types(kind, profile);
	for (uint32_t i = 0; i < trace_thread_count(trace); i++) {
		if (is_wanted(trace, i, kind, part))
			add_thread(&sums, trace, i, kind, part);
	}
	for (size_t i = 0; i < sums.len; i++)
		add_sample(locations, trace, &sums.sums[i], test);
	add_facts(profile, trace, part);
	trace_parts_free(&sums);
	trace_locations_free(locations);
	return profile;
}
