/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/launch/launch.h"
#include "tool/options.h"
#include "tool/run/summary.h"
#include "tool/run/test_flight.h"
#include "tool/run/test_session.h"
#include "tool/run/tests_chosen.h"
#include "tool/suite/catalog.h"
#include "tool/tool.h"

static struct kind_settings settings_of(const struct options *options)
{
	struct kind_settings settings = tests_settings(options);

	options_value(options, "time", &settings.cpu_goal_ns);
	options_value(options, "count", &settings.runs);
	return settings;
}

static bool is_title(const struct catalog *catalog, const char *title)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->tests[i].title, title) == 0)
			return true;
	return false;
}

/* The package that all tests are of, "" where none was said. NULL: they are of several. */
static const char *only_package(const struct catalog *catalog)
{
	for (size_t i = 1; i < catalog->count; i++)
		if (strcmp(catalog->tests[i].package, catalog->tests[0].package) != 0)
			return NULL;
	return catalog->tests[0].package;
}

/* A set for the whole package, the suite's project, or all of several packages, is wanted when every test was asked for. A
 * test may have that name: the two are told apart. The caller frees it; NULL: none is wanted. */
static char *merged_title(const struct catalog *catalog, const char *func)
{
	const char *package = only_package(catalog);
	const char *title = package == NULL ? "all" : package;

	if (*title == '\0')
		title = catalog->project;
	if (title == NULL || *title == '\0')
		title = strrchr(catalog->tests[0].program, '/') + 1;

	if (func != NULL && *func != '\0')
		return NULL;
	return is_title(catalog, title) ? xasprintf("%s.all", title) : xstrdup(title);
}

/* Every test, once, and sampled only: then a program's tests can be recorded as it runs them, which costs a suite little more
 * than its own time. */
static bool is_together(const struct options *options)
{
	const char *func = options_text(options, "func");
	uint64_t runs = 0;

	options_value(options, "count", &runs);
	return (func == NULL || *func == '\0') && runs == 1 &&
	       !options_is_given(options, "flight") && !options_is_given(options, "until") &&
	       strcmp(options_text(options, "kinds"), "cpu") == 0 &&
	       (!options_is_given(options, "alone") ||
		strcmp(options_text(options, "alone"), "no") == 0);
}

static void print_end(const struct test_session *session, const struct catalog *catalog)
{
	const char *out_dir = session->settings.out_dir;
	bool has_kinds = test_session_has_kinds(session);

	putchar('\n');
	if (has_kinds || session->traced_title != NULL)
		printf("%s in %s\n", has_kinds ? "profiles are" : "what was kept is", out_dir);
	if (catalog->count > 1)
		printf("%zu of %zu tests %s, %zu of them failed\n", session->good + session->bad,
		       catalog->count, has_kinds ? "profiled" : "run", session->bad);
	summary_without_lines(stdout, session->without_lines);
	if (session->traced_title != NULL)
		summary_next_trace(stdout, session->traced_title, out_dir);
	else if (has_kinds)
		summary_next(stdout, "\n", test_session_first_kind(session),
			     session->merged_title != NULL ? session->merged_title
							   : catalog->tests[0].title,
			     out_dir);
}

/* *has_changed: a program that is run together has other tests than were remembered; nothing of what was done holds. */
static int run_tests(const struct options *options, const struct catalog *catalog, const char *func,
		     bool *has_changed)
{
	struct test_session session = {.settings = settings_of(options)};
	bool is_named = func != NULL && *func != '\0';
	bool is_good = catalog->refused_count == 0 && (is_named || catalog->unready_count == 0);
	char *merged;

	test_session_choose_kinds(&session, options);
	merged = test_session_has_kinds(&session) ? merged_title(catalog, func) : NULL;
	session.merged_title = merged;
	tests_ignore_closed_output();
	test_session_begin(&session, strcmp(options_text(options, "print"), "short") == 0);
	session.is_together = is_together(options);
	session.is_all = !is_named;
	for (size_t i = 0, next;
	     i < catalog->count && !session.has_changed && !launch_interrupted(); i = next) {
		for (next = i + 1;
		     next < catalog->count && catalog->tests[next].as == catalog->tests[i].as;)
			next++;
		test_session_run_program(&session, &catalog->tests[i], next - i);
	}
	if (!session.has_changed)
		print_end(&session, catalog);
	is_good &= test_session_end(&session);
	*has_changed = session.has_changed;
	free(merged);
	if (*has_changed)
		return TOOL_FAILED;
	if (launch_interrupted())
		tool_error("interrupted; what was recorded until then is kept");
	return is_good && session.bad + session.unfailing == 0 && !launch_interrupted()
		       ? TOOL_OK
		       : TOOL_FAILED;
}

/* is_trusting: what is remembered of programs holds until one of them says otherwise. */
static int choose(struct catalog *catalog, const struct options *options, bool is_trusting)
{
	return (is_trusting ? tests_choose_trusting : tests_choose)(
		catalog, options, tests_is_no_benchmark, TESTS_ONLY_BENCHMARKS);
}

int cmd_test(const struct options *options)
{
	struct catalog catalog;
	const char *func = options_text(options, "func");
	int status = test_flight_check(options);
	bool has_changed = false;

	if (status != TOOL_OK)
		return status;
	status = choose(&catalog, options, is_together(options));
	if (status == TOOL_OK)
		status = run_tests(options, &catalog, func, &has_changed);
	if (has_changed) {
		catalog_free(&catalog);
		status = choose(&catalog, options, false);
		if (status == TOOL_OK)
			status = run_tests(options, &catalog, func, &has_changed);
	}
	catalog_free(&catalog);
	return status;
}
