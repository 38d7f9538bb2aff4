/* SPDX-License-Identifier: MIT */
#include "tool/launch/outcome.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	bool is_good;
} outcomes[] = {
#define X(name, word, is_good) {word, is_good},
	OUTCOMES(X)
#undef X
};

const char *outcome_word(enum outcome_kind kind)
{
	return outcomes[kind].word;
}

bool outcome_is_good(enum outcome_kind kind)
{
	return outcomes[kind].is_good;
}

bool outcome_find(const char *word, enum outcome_kind *kind)
{
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
		if (strcmp(word, outcomes[i].word) != 0)
			continue;
		*kind = (enum outcome_kind)i;
		return true;
	}
	return false;
}

static bool is_whole(const struct recording *recording)
{
	return recording->rec->config.attach != REC_ATTACH_TESTS;
}

static const char *place_of(enum rec_phase phase)
{
	switch (phase) {
	case REC_PHASE_NONE:
	case REC_PHASE_ATTACHED:
		return "before the test's group";
	case REC_PHASE_GROUP:
		return "in the group, outside the test";
	case REC_PHASE_SETUP:
		return "in the test's set-up";
	case REC_PHASE_BODY:
		return "in the test's body";
	case REC_PHASE_TEARDOWN:
		return "in the test's tear-down";
	case REC_PHASE_AFTER:
		return "after the test, in the group";
	case REC_PHASE_DONE:
		return "after the tests";
	case REC_PHASE_WHOLE:
		break;
	}
	return "";
}

static enum outcome_kind kind_of_verdict(enum rec_verdict verdict)
{
	switch (verdict) {
	case REC_VERDICT_PASSED:
		return OUTCOME_PASSED;
	case REC_VERDICT_SKIPPED:
		return OUTCOME_SKIPPED;
	case REC_VERDICT_FAILED:
		return OUTCOME_FAILED;
	case REC_VERDICT_NONE:
		break;
	}
	return OUTCOME_NOT_RUN;
}

static struct outcome of_early_exit(const struct launch_result *result, enum rec_phase phase,
				    uint64_t run)
{
	struct outcome outcome = {OUTCOME_EXITED, ""};

	if (phase <= REC_PHASE_ATTACHED) {
		outcome.kind = OUTCOME_NOT_RUN;
		snprintf(outcome.text, sizeof outcome.text,
			 "the program ended (exit status %d) before it ran the test's group",
			 result->status);
	} else {
		snprintf(outcome.text, sizeof outcome.text,
			 "the process exited with status %d %s, run %llu", result->status,
			 place_of(phase), (unsigned long long)run);
	}
	return outcome;
}

/* A program as a whole is what its exit status says it is. */
static struct outcome of_whole_exit(const struct launch_result *result,
				    const struct recording *recording)
{
	struct outcome outcome = {result->status == 0 ? OUTCOME_PASSED : OUTCOME_EXITED, ""};

	if (atomic_load(&recording->rec->state.pid) == 0) {
		outcome.kind = OUTCOME_NOT_RUN;
		snprintf(outcome.text, sizeof outcome.text,
			 "no program to record was started (exit status %d); a shell script has to "
			 "exec it, or name the program itself",
			 result->status);
	} else if (outcome.kind == OUTCOME_PASSED) {
		snprintf(outcome.text, sizeof outcome.text, "%s", outcome_word(outcome.kind));
	} else {
		snprintf(outcome.text, sizeof outcome.text, "the program exited with status %d",
			 result->status);
	}
	return outcome;
}

static struct outcome of_exit(const struct launch_result *result, const struct recording *recording)
{
	const struct rec_state *state = &recording->rec->state;
	enum rec_phase phase = atomic_load(&state->phase);
	struct outcome outcome;

	if (is_whole(recording))
		return of_whole_exit(result, recording);
	if (phase != REC_PHASE_DONE)
		return of_early_exit(result, phase, atomic_load(&state->runs) + 1);
	outcome.kind = kind_of_verdict(state->first_verdict);
	snprintf(outcome.text, sizeof outcome.text, "%s", outcome_word(outcome.kind));
	return outcome;
}

/* " in the test's body, run 3"; of a whole program there is nothing to say. */
static void write_place(char *text, size_t size, const struct recording *recording)
{
	const struct rec_state *state = &recording->rec->state;

	if (is_whole(recording))
		*text = '\0';
	else
		snprintf(text, size, " %s, run %llu", place_of(atomic_load(&state->phase)),
			 (unsigned long long)atomic_load(&state->runs) + 1);
}

static struct outcome of_end(const struct launch_result *result, const struct recording *recording)
{
	struct outcome outcome = {OUTCOME_NOT_RUN, ""};
	char place[80];

	write_place(place, sizeof place, recording);
	switch (result->end) {
	case LAUNCH_EXITED:
		return of_exit(result, recording);
	case LAUNCH_SIGNALLED:
		outcome.kind = OUTCOME_CRASHED;
		snprintf(outcome.text, sizeof outcome.text, "killed by signal %d (%s)%s",
			 result->status, strsignal(result->status), place);
		break;
	case LAUNCH_TIME_LIMIT:
		outcome.kind = OUTCOME_TIME_LIMIT;
		snprintf(outcome.text, sizeof outcome.text, "stopped at the time limit%s", place);
		break;
	case LAUNCH_MEMORY_LIMIT:
		outcome.kind = OUTCOME_MEMORY_LIMIT;
		snprintf(outcome.text, sizeof outcome.text,
			 "stopped when it had taken half of the memory available%s%s",
			 *place != '\0' ? "," : "", place);
		break;
	case LAUNCH_INTERRUPTED:
		outcome.kind = OUTCOME_INTERRUPTED;
		snprintf(outcome.text, sizeof outcome.text, "interrupted%s", place);
		break;
	case LAUNCH_NOT_STARTED:
		snprintf(outcome.text, sizeof outcome.text, "could not be started: %s",
			 strerror(result->status));
		break;
	}
	return outcome;
}

/* A test that passed counts as passed, whatever becomes of it when it is run again. */
static struct outcome not_repeatable(const struct outcome *last, const struct rec_state *state,
				     uint64_t failed_run)
{
	struct outcome outcome = {OUTCOME_PASSED, ""};

	if (last->kind == OUTCOME_PASSED)
		snprintf(outcome.text, sizeof outcome.text,
			 "not repeatable: passed first, then %s, run %llu",
			 state->failed_verdict == REC_VERDICT_SKIPPED ? "skipped itself" : "failed",
			 (unsigned long long)failed_run);
	else
		snprintf(outcome.text, sizeof outcome.text,
			 "not repeatable: passed first, then %.110s", last->text);
	return outcome;
}

/* What a test does in whatever run counts, when it is run until it fails. */
static struct outcome failed_at_last(const struct outcome *last, uint64_t failed_run)
{
	struct outcome outcome = *last;

	if (last->kind != OUTCOME_PASSED)
		return outcome;
	outcome.kind = OUTCOME_FAILED;
	snprintf(outcome.text, sizeof outcome.text, "failed, run %llu",
		 (unsigned long long)failed_run);
	return outcome;
}

struct outcome outcome_of(const struct launch_result *result, const struct recording *recording)
{
	struct outcome outcome = of_end(result, recording);
	uint64_t failed_run = recording_failed_run(recording);

	if (failed_run == 0 || outcome.kind == OUTCOME_INTERRUPTED)
		return outcome;
	if (recording->rec->config.until_failure)
		return failed_at_last(&outcome, failed_run);
	return not_repeatable(&outcome, &recording->rec->state, failed_run);
}
