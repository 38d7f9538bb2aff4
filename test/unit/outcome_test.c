/* SPDX-License-Identifier: MIT */
/* links: tool */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/launch/outcome.h"

static struct recording recording;

static int setup(void **state)
{
	struct rec_config config = {.kind = REC_KIND_CPU};

	(void)state;
	return recording_new(&recording, &config) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	recording_free(&recording);
	return 0;
}

static struct outcome outcome(enum launch_end end, int status, enum rec_phase phase,
			      enum rec_verdict verdict)
{
	struct launch_result result = {.end = end, .status = status};

	atomic_store(&recording.rec->state.phase, (uint32_t)phase);
	recording.rec->state.first_verdict = verdict;
	return outcome_of(&result, &recording);
}

static void test_outcome_of_verdicts(void **state)
{
	(void)state;
	assert_int_equal(OUTCOME_PASSED,
			 outcome(LAUNCH_EXITED, 0, REC_PHASE_DONE, REC_VERDICT_PASSED).kind);
	assert_int_equal(OUTCOME_FAILED,
			 outcome(LAUNCH_EXITED, 1, REC_PHASE_DONE, REC_VERDICT_FAILED).kind);
	assert_int_equal(OUTCOME_SKIPPED,
			 outcome(LAUNCH_EXITED, 0, REC_PHASE_DONE, REC_VERDICT_SKIPPED).kind);
	assert_true(outcome_is_good(OUTCOME_PASSED));
	assert_true(outcome_is_good(OUTCOME_SKIPPED));
	assert_false(outcome_is_good(OUTCOME_FAILED));
}

static void test_outcome_not_repeatable_is_no_error(void **state)
{
	struct outcome found;

	(void)state;
	atomic_store(&recording.rec->state.failed_run, 4);
	found = outcome(LAUNCH_EXITED, 0, REC_PHASE_DONE, REC_VERDICT_PASSED);
	assert_int_equal(OUTCOME_PASSED, found.kind);
	assert_non_null(strstr(found.text, "not repeatable"));
	assert_non_null(strstr(found.text, "then failed, run 4"));
	recording.rec->state.failed_verdict = REC_VERDICT_SKIPPED;
	found = outcome(LAUNCH_EXITED, 0, REC_PHASE_DONE, REC_VERDICT_PASSED);
	assert_non_null(strstr(found.text, "then skipped itself, run 4"));
	/* Nor is a crash or a hang of a later run. */
	atomic_store(&recording.rec->state.failed_run, 0);
	atomic_store(&recording.rec->state.runs, 2);
	found = outcome(LAUNCH_SIGNALLED, SIGSEGV, REC_PHASE_BODY, REC_VERDICT_PASSED);
	assert_int_equal(OUTCOME_PASSED, found.kind);
	assert_non_null(strstr(found.text, "then killed by signal 11"));
	found = outcome(LAUNCH_TIME_LIMIT, 9, REC_PHASE_BODY, REC_VERDICT_PASSED);
	assert_int_equal(OUTCOME_PASSED, found.kind);
	found = outcome(LAUNCH_INTERRUPTED, 2, REC_PHASE_BODY, REC_VERDICT_PASSED);
	assert_int_equal(OUTCOME_INTERRUPTED, found.kind);
}

static void test_outcome_says_where_it_ended(void **state)
{
	struct outcome found;

	(void)state;
	found = outcome(LAUNCH_SIGNALLED, SIGKILL, REC_PHASE_BODY, REC_VERDICT_NONE);
	assert_int_equal(OUTCOME_CRASHED, found.kind);
	assert_string_equal("killed by signal 9 (Killed) in the test's body, run 1", found.text);
	found = outcome(LAUNCH_EXITED, 0, REC_PHASE_BODY, REC_VERDICT_NONE);
	assert_int_equal(OUTCOME_EXITED, found.kind);
	assert_false(outcome_is_good(found.kind));
	assert_string_equal("the process exited with status 0 in the test's body, run 1",
			    found.text);
	found = outcome(LAUNCH_TIME_LIMIT, 9, REC_PHASE_TEARDOWN, REC_VERDICT_NONE);
	assert_string_equal("stopped at the time limit in the test's tear-down, run 1", found.text);
	found = outcome(LAUNCH_EXITED, 5, REC_PHASE_ATTACHED, REC_VERDICT_NONE);
	assert_int_equal(OUTCOME_NOT_RUN, found.kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_outcome_of_verdicts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_outcome_not_repeatable_is_no_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_outcome_says_where_it_ended, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
