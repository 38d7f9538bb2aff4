/* SPDX-License-Identifier: MIT */
#include "tool/bench_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench_format.h"
#include "tool/bench_report.h"
#include "tool/manifest.h"
#include "tool/memory.h"
#include "tool/names.h"
#include "tool/progress.h"
#include "tool/tool.h"

static const char *const counter_names[] = {
#define X(name, text, unit) text,
	REC_COUNTERS(X)
#undef X
};

/* One test on its way through the passes. */
struct bench_test {
	struct bench_session *session;
	const struct catalog_test *test;
	struct bench_report report;
	struct bench_notes notes;
	struct manifest *manifest;
	char *label; /* its title, as a terminal may show it */
	bool is_good;
	bool goes_on; /* another pass has a chance */
	size_t result_count;
};

static void widen(struct bench_session *session, const char *name)
{
	if (strlen(name) > session->name_width)
		session->name_width = strlen(name);
}

void bench_session_begin(struct bench_session *session, const struct catalog_test *tests,
			 size_t count)
{
	bench_machine_read(&session->before);
	session->sym = sym_open();
	session->settings.memory_bytes = memory_available() / 2;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < session->cpus_count; j++) {
			unsigned cpus = session->cpus[j] != 0 ? session->cpus[j] : bench_cpus();
			char *name = bench_full_name(&tests[i], "", cpus);

			widen(session, name);
			free(name);
		}
}

static unsigned named_cpus(unsigned cpus)
{
	return cpus != 0 ? cpus : bench_cpus();
}

static void fail(struct bench_test *one, const struct bench_result *result, unsigned cpus,
		 const char *why, const char *output)
{
	char *name = result != NULL ? xstrdup(result->name)
				    : bench_full_name(one->test, "", named_cpus(cpus));

	bench_report_fail(&one->report, name, why, output);
	free(name);
}

static const struct bench_result *first_problem(const struct bench_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].problem != NULL)
			return &set->items[i];
	return NULL;
}

static bool has_results(const struct bench_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].problem == NULL)
			return true;
	return false;
}

static bool misses_allocations(const struct kind_run *run)
{
	return run->kind == REC_KIND_MEM && run->benches.count > 0 &&
	       !run->benches.items[0].has_mem;
}

/* Say what went wrong in a pass. Returns whether nothing did. */
static bool check(struct bench_test *one, const struct kind_run *run, unsigned cpus)
{
	const struct bench_result *problem = first_problem(&run->benches);

	if (run->message[0] != '\0')
		bench_notes_add(&one->notes, "%s", run->message);
	if (run->lost != 0)
		bench_notes_add(
			&one->notes, "%s: %llu events could not be recorded%s", run->name,
			(unsigned long long)run->lost,
			misses_allocations(run)
				? ": B/op and allocs/op would be too small, and are left out"
				: "");
	if (run->outcome.kind == OUTCOME_INTERRUPTED)
		return false;
	if (!outcome_is_good(run->outcome.kind) || run->failed_run != 0) {
		fail(one, problem, cpus, run->outcome.text, run->output);
		return false;
	}
	if (run->outcome.kind == OUTCOME_SKIPPED) {
		bench_notes_add(&one->notes, "%s skips itself", one->label);
		return true;
	}
	for (size_t i = 0; i < run->benches.count; i++)
		if (run->benches.items[i].problem != NULL)
			fail(one, &run->benches.items[i], cpus, run->benches.items[i].problem,
			     NULL);
	if (run->benches.count == 0)
		fail(one, NULL, cpus, "nothing was measured", run->output);
	return problem == NULL && run->benches.count > 0;
}

/* A test that hangs, or takes all memory, would do so again. */
static bool may_go_on(const struct kind_run *run)
{
	switch (run->outcome.kind) {
	case OUTCOME_TIME_LIMIT:
	case OUTCOME_MEMORY_LIMIT:
	case OUTCOME_INTERRUPTED:
	case OUTCOME_NOT_RUN:
		return false;
	default:
		return !launch_interrupted();
	}
}

/* Run a pass. *run is to be freed. */
static void run_pass(struct bench_test *one, struct kind_run *run, const struct bench_pass *pass)
{
	struct bench_session *session = one->session;
	bool is_written = bench_pass(run, pass, one->test, &session->settings, session->sym);
	bool is_good = check(one, run, pass->cpus);

	progress_clear();
	/* What was not recorded is in the outcome already; a profile that could not be written is not. */
	if (!is_written && is_good && pass->writes_profiles && run->message[0] == '\0')
		is_good = false;
	one->is_good &= is_good;
	one->goes_on = may_go_on(run);
	manifest_add_kind(one->manifest, run);
}

/* Allocations are known before the first line is printed: it is complete then. */
static void run_mem(struct bench_test *one, unsigned cpus, bool is_last, struct bench_set *mem)
{
	struct kind_run run;

	progress_show("%s: allocations", one->label);
	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_MEM,
				      .goal = one->session->goal,
				      .share = BENCH_PASS_SHARE,
				      .cpus = cpus,
				      .warms_up = true,
				      .writes_profiles =
					      is_last && one->session->has_kind[REC_KIND_MEM]});
	*mem = run.benches;
	run.benches = (struct bench_set){0};
	if (!has_results(mem))
		one->goes_on = false;
	for (size_t i = 0; i < mem->count; i++)
		widen(one->session, mem->items[i].name);
	kind_run_free(&run);
}

static const char *why_not_counted(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
		return "the kernel does not allow it (kernel.perf_event_paranoid)";
	case 0:
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		return "this machine has no such counter";
	default:
		return strerror(-error);
	}
}

/* Whether a counter is there is known after one iteration. Those that are not are said once in a session. */
static void drop_missing_counters(struct bench_test *one, unsigned cpus)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_TIME,
				      .goal = {.count = 1},
				      .cpus = cpus,
				      .counters = session->counters});
	for (size_t i = 0; i < REC_COUNTER_COUNT && run.benches.count > 0; i++) {
		if ((session->counters & ~run.counters & 1u << i) == 0)
			continue;
		bench_notes_add(&session->said, "no %s: %s", counter_names[i],
				why_not_counted(run.counter_error[i]));
	}
	if (run.benches.count > 0) {
		session->counters &= run.counters;
		session->knows_counters = true;
	}
	kind_run_free(&run);
}

static void run_counters(struct bench_test *one, unsigned cpus, struct bench_set *counted)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	*counted = (struct bench_set){0};
	if (one->goes_on && session->counters != 0 && !session->knows_counters)
		drop_missing_counters(one, cpus);
	if (!one->goes_on || session->counters == 0)
		return;
	progress_show("%s: counters", one->label);
	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_TIME,
				      .goal = session->goal,
				      .share = BENCH_PASS_SHARE,
				      .cpus = cpus,
				      .counters = session->counters,
				      .warms_up = true});
	*counted = run.benches;
	run.benches = (struct bench_set){0};
	kind_run_free(&run);
}

static void print_results(struct bench_test *one, const struct bench_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].problem == NULL) {
			bench_print(one->report.text, &set->items[i], one->session->name_width);
			one->result_count++;
		}
	bench_report_show(&one->report);
}

static void run_time(struct bench_test *one, unsigned cpus, uint64_t number, struct bench_set *set)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	progress_show("%s: run %llu of %llu", one->label, (unsigned long long)number,
		      (unsigned long long)session->runs);
	run_pass(one, &run,
		 &(struct bench_pass){.kind = REC_KIND_TIME,
				      .goal = session->goal,
				      .cpus = cpus,
				      .warms_up = true});
	*set = run.benches;
	run.benches = (struct bench_set){0};
	kind_run_free(&run);
}

/* All runs with one number of processors. */
static void run_with_cpus(struct bench_test *one, unsigned cpus, bool is_last)
{
	struct bench_set mem, counted, *sets = NULL;
	size_t count = 0, cap = 0;

	run_mem(one, cpus, is_last, &mem);
	run_counters(one, cpus, &counted);
	for (uint64_t number = 1; number <= one->session->runs && one->goes_on; number++) {
		struct bench_set *set;

		sets = xgrow(sets, count, &cap, sizeof *sets);
		set = &sets[count++];
		run_time(one, cpus, number, set);
		bench_set_add_mem(set, &mem);
		bench_set_add_counters(set, &counted);
		print_results(one, set);
		manifest_add_results(one->manifest, set, named_cpus(cpus), number);
	}
	/* The run that was interrupted is none that differs. */
	if (count > 0 && launch_interrupted())
		bench_set_free(&sets[--count]);
	if (!bench_notes_add_runs(&one->notes, sets, count))
		one->is_good = false;
	/* Where something went wrong that says enough. */
	if (one->is_good && count > 0 && !bench_notes_add_mem(&one->notes, &mem, sets, count))
		one->is_good = false;
	for (size_t i = 0; i < count; i++)
		bench_set_free(&sets[i]);
	free(sets);
	bench_set_free(&mem);
	bench_set_free(&counted);
}

static void run_profile(struct bench_test *one, enum rec_kind kind, unsigned share)
{
	struct bench_session *session = one->session;
	struct kind_run run;

	if (!session->has_kind[kind] || !one->goes_on)
		return;
	progress_show("%s: %s profile", one->label, kind_run_name(kind));
	run_pass(one, &run,
		 &(struct bench_pass){.kind = kind,
				      .goal = session->goal,
				      .share = share,
				      .cpus = session->cpus[session->cpus_count - 1],
				      .writes_profiles = true});
	kind_run_free(&run);
}

/* Has its title the program's name in front? */
static bool is_told_by_program(const struct catalog_test *test)
{
	const char *program = strrchr(test->program, '/') + 1;
	const char *at = strstr(test->title, program);

	return strncmp(test->title, test->name, strlen(test->name)) != 0 && at != NULL &&
	       (at == test->title || at[-1] == '/') && at[strlen(program)] == '.';
}

/* Two programs of a package may have a test of the same name: they are not to be taken for two runs of one. The caller frees
 * it. */
static char *package_of(const struct catalog_test *test)
{
	if (!is_told_by_program(test) || test->package[0] == '\0')
		return xstrdup(test->package);
	return xasprintf("%s/%s", test->package, strrchr(test->program, '/') + 1);
}

static void print_header(struct bench_test *one)
{
	struct bench_session *session = one->session;
	char *package = package_of(one->test);
	struct bench_header header;

	bench_header_read(&header, one->test->program, package);
	free(package);
	bench_header_print_new(one->report.text, &header, NULL);
	bench_report_skip(&one->report);
	bench_header_print_new(stdout, &header, &session->header);
	bench_header_free(&session->header);
	session->header = header;
}

/* What is true of the machine is said with the first test, and is in each file. */
static void print_notes(struct bench_test *one)
{
	struct bench_session *session = one->session;
	size_t said = session->said.count;

	bench_report_notes(&one->report, &one->notes);
	bench_notes_add_machine(&session->said, &session->before, bench_cpus());
	for (size_t i = 0; i < session->said.count; i++)
		fprintf(one->report.text, "# %s\n", session->said.lines[i]);
	if (session->good + session->bad > 0 && said == session->said.count)
		bench_report_skip(&one->report);
	else
		bench_report_show(&one->report);
	manifest_add_notes(one->manifest, &one->notes);
	manifest_add_notes(one->manifest, &session->said);
}

void bench_session_run(struct bench_session *session, const struct catalog_test *test)
{
	struct bench_test one = {
		.session = session, .test = test, .is_good = true, .goes_on = true};
	char *path = bench_report_path(session->settings.out_dir, test->title);

	one.label = names_printable(test->title);
	one.manifest = manifest_new(test->title, test, &session->settings);
	manifest_add_bench(one.manifest, &session->goal, session->runs);
	bench_report_begin(&one.report);
	print_header(&one);
	for (size_t i = 0; i < session->cpus_count && one.goes_on; i++)
		run_with_cpus(&one, session->cpus[i], i + 1 == session->cpus_count);
	print_notes(&one);
	/* Now, whatever becomes of the profiles. Who has stopped before there was a result keeps that of the last time. */
	if (one.result_count == 0 && launch_interrupted())
		one.is_good = false;
	else if (bench_report_write(&one.report, path))
		manifest_add_file(one.manifest, "bench", path);
	else
		one.is_good = false;
	run_profile(&one, REC_KIND_CPU, 1);
	run_profile(&one, REC_KIND_BLOCK, BENCH_PASS_SHARE);
	progress_clear();
	if (manifest_write(one.manifest, session->settings.out_dir) != 0)
		one.is_good = false;
	if (one.is_good)
		session->good++;
	else
		session->bad++;
	bench_notes_free(&one.notes);
	bench_report_end(&one.report);
	free(one.label);
	free(path);
}

void bench_session_end(struct bench_session *session)
{
	sym_close(session->sym);
	bench_header_free(&session->header);
	bench_notes_free(&session->said);
	free(session->cpus);
}
