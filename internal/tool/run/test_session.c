/* SPDX-License-Identifier: MIT */
#include "tool/run/test_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/profile/kinds.h"
#include "tool/run/manifest.h"
#include "tool/run/test_flight.h"
#include "tool/run/together.h"
#include "tool/tool.h"

static const char *const merged_kinds[] = {"cpu", "mem", "block", "mutex"};

enum { MERGED_KINDS = sizeof merged_kinds / sizeof *merged_kinds };

void test_session_choose_kinds(struct test_session *session, const struct options *options)
{
	session->flight = test_flight_limits(options);
	session->until_failure = options_is_given(options, "until");
	session->is_flight = session->until_failure || options_is_given(options, "flight");
	if (session->until_failure && !options_is_given(options, "kinds"))
		return;
	session->has_kind[REC_KIND_CPU] = options_has(options, "kinds", "cpu");
	session->has_kind[REC_KIND_MEM] = options_has(options, "kinds", "mem");
	session->has_kind[REC_KIND_BLOCK] = options_has(options, "kinds", "block");
}

bool test_session_has_kinds(const struct test_session *session)
{
	return session->has_kind[REC_KIND_CPU] || session->has_kind[REC_KIND_MEM] ||
	       session->has_kind[REC_KIND_BLOCK];
}

const char *test_session_first_kind(const struct test_session *session)
{
	if (session->has_kind[REC_KIND_CPU])
		return "cpu";
	return session->has_kind[REC_KIND_MEM] ? "mem" : "block";
}

void test_session_begin(struct test_session *session, bool is_short)
{
	session->settings.shown_fd = test_log_begin(&session->log, is_short, session->has_kind);
	session->sym = sym_open();
	if (session->merged_title != NULL)
		session->merged_manifest =
			manifest_new(session->merged_title, NULL, &session->settings);
}

static void merge_file(struct test_session *session, const struct kind_file *file)
{
	for (size_t i = 0; i < MERGED_KINDS; i++) {
		if (strcmp(file->kind, merged_kinds[i]) != 0)
			continue;
		if (session->merged[i] == NULL) {
			session->merged[i] = profile_new();
			kind_set_types(kind_find(file->kind), session->merged[i]);
			session->merged[i]->period_type = file->profile->period_type;
			session->merged[i]->period = file->profile->period;
			session->merged[i]->time_nanos = file->profile->time_nanos;
		}
		if (profile_merge(session->merged[i], file->profile) != 0)
			tool_error("%s: it can't be merged into the package's profile", file->path);
		session->merged[i]->duration_nanos += file->profile->duration_nanos;
	}
}

/* A program that was compiled without -g; only where it is in a profile, in which that is missed. */
static void note_lines(struct test_session *session, const struct catalog_test *test,
		       const struct profile *profile)
{
	for (size_t i = 0; i < profile->mapping_count && session->without_lines == NULL; i++) {
		const struct profile_mapping *mapping = &profile->mappings[i];

		if (strcmp(mapping->path, test->program) == 0 && !mapping->has_lines)
			session->without_lines = test->program;
	}
}

static void note_run(struct test_session *session, const struct catalog_test *test,
		     const struct kind_run *run, struct manifest *manifest)
{
	for (size_t i = 0; i < run->file_count; i++)
		note_lines(session, test, run->files[i].profile);
	session->has_failed |= run->outcome.kind > OUTCOME_SKIPPED || run->exit_status != 0;
	test_log_kind(&session->log, run);
	manifest_add_kind(manifest, run);
	if (session->merged_title != NULL)
		for (size_t i = 0; i < run->file_count; i++)
			merge_file(session, &run->files[i]);
}

/* Profile one kind. Returns whether it went well, and in *goes_on whether another kind has a chance. */
static bool run_kind(struct test_session *session, const struct catalog_test *test,
		     enum rec_kind kind, bool shows_output, struct manifest *manifest,
		     bool *goes_on)
{
	struct kind_run run;
	bool is_written =
		kind_run(&run, kind, test, &session->settings, session->sym, shows_output);
	bool is_good = is_written && outcome_is_good(run.outcome.kind);

	note_run(session, test, &run, manifest);
	/* A test that hangs would do so again for as long. */
	*goes_on =
		run.outcome.kind != OUTCOME_TIME_LIMIT && run.outcome.kind != OUTCOME_INTERRUPTED;
	kind_run_free(&run);
	return is_good;
}

static void end_test(struct test_session *session, const struct catalog_test *test,
		     struct manifest *manifest, bool is_good)
{
	test_log_end(&session->log, test, is_good);
	if (manifest_write(manifest, session->settings.out_dir) != 0)
		is_good = false;
	if (session->merged_manifest != NULL)
		manifest_add_test(session->merged_manifest, test->title, is_good);
	if (is_good)
		session->good++;
	else
		session->bad++;
}

static bool fly(struct test_session *session, const struct catalog_test *test,
		struct manifest *manifest, bool *goes_on)
{
	struct kind_settings settings = session->settings;
	struct test_flight flight;

	settings.until_failure = session->until_failure;
	flight = test_flight_run(test, &settings, &session->flight, session->sym, manifest,
				 &session->log);
	*goes_on = flight.goes_on;
	if (flight.has_trace && session->traced_title == NULL)
		session->traced_title = xstrdup(test->title);
	return flight.is_good;
}

void test_session_run(struct test_session *session, const struct catalog_test *test)
{
	static const enum rec_kind order[] = {REC_KIND_CPU, REC_KIND_MEM, REC_KIND_BLOCK};
	struct manifest *manifest = manifest_new(test->title, test, &session->settings);
	bool is_good = true, goes_on = true, is_first = true;

	test_log_title(&session->log, test);
	if (session->is_flight) {
		is_good = fly(session, test, manifest, &goes_on);
		is_first = false;
	}
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (!session->has_kind[order[i]])
			continue;
		if (!goes_on) {
			if (!launch_interrupted())
				test_log_skipped(&session->log, kind_run_name(order[i]));
			continue;
		}
		is_good &= run_kind(session, test, order[i], is_first, manifest, &goes_on);
		is_first = false;
	}
	end_test(session, test, manifest, is_good);
}

static void note_part(struct test_session *session, const struct together *together, size_t index,
		      const struct catalog_test *test)
{
	struct kind_settings settings = session->settings;
	struct manifest *manifest;
	struct kind_run run;
	bool is_good;

	settings.alone = false;
	manifest = manifest_new(test->title, test, &settings);
	test_log_title(&session->log, test);
	is_good = kind_run_part(&run, &together->recording, together->items[index], test, &settings,
				session->sym);
	note_run(session, test, &run, manifest);
	kind_run_free(&run);
	end_test(session, test, manifest, is_good);
}

/* Of a program that is to fail, any of its tests may be the one that does: only all of them together can be wrong. */
static void check_failing(struct test_session *session, const struct suite_program *program)
{
	if (!session->is_all || !program->verdict.is_to_fail || session->has_failed ||
	    session->has_changed || launch_interrupted())
		return;
	tool_error("%s: it is to fail (%s), and nothing of it did", program->name,
		   program->verdict.property);
	session->unfailing++;
}

/* Tests that did not come to their end, as those that skip themselves, are run again, alone, to see how they end. So are all,
 * where one run of the program does not tell. */
void test_session_run_program(struct test_session *session, const struct catalog_test *tests,
			      size_t count)
{
	struct together together = {0};
	bool is_told =
		session->is_together && together_run(&together, tests, count, &session->settings);

	/* Every test has passed, or is run again alone. */
	test_log_drop(&session->log);
	session->has_changed = session->is_together && together.has_changed;
	session->has_failed = is_told && together.exit_status != 0;
	if (session->is_together && !is_told && !session->has_changed && !launch_interrupted())
		tool_error("%s: not every test passes when they run together: each is run alone",
			   tests->program);
	for (size_t i = 0; i < count && !session->has_changed && !launch_interrupted(); i++) {
		if (is_told && together.items[i] != NULL)
			note_part(session, &together, i, &tests[i]);
		else
			test_session_run(session, &tests[i]);
	}
	if (session->is_together)
		together_free(&together);
	check_failing(session, tests->as);
}

static bool write_merged(struct test_session *session)
{
	bool is_good = true;

	for (size_t i = 0; i < MERGED_KINDS; i++) {
		char *path;
		int error;

		if (session->merged[i] == NULL)
			continue;
		path = kind_path(kind_find(merged_kinds[i]), session->settings.out_dir,
				 session->merged_title);
		error = profile_write(session->merged[i], path);
		if (error == 0)
			manifest_add_file(session->merged_manifest, merged_kinds[i], path);
		else
			tool_error("%s: %s; nothing was written there", path, strerror(-error));
		is_good &= error == 0;
		free(path);
		profile_free(session->merged[i]);
	}
	return manifest_write(session->merged_manifest, session->settings.out_dir) == 0 && is_good;
}

bool test_session_end(struct test_session *session)
{
	bool is_good = session->merged_title == NULL || write_merged(session);

	test_log_free(&session->log);
	free(session->traced_title);
	sym_close(session->sym);
	return is_good;
}
