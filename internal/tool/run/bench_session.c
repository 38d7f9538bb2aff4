/* SPDX-License-Identifier: MIT */
#include "tool/run/bench_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/bench/bench_format.h"
#include "tool/common/memory.h"
#include "tool/common/names.h"
#include "tool/common/progress.h"
#include "tool/launch/launch.h"
#include "tool/run/bench_passes.h"
#include "tool/tool.h"

void bench_session_widen(struct bench_session *session, const char *name)
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
			char *name =
				bench_full_name(&tests[i], "", bench_named_cpus(session->cpus[j]));

			bench_session_widen(session, name);
			free(name);
		}
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

/* All runs with one number of processors. */
static void run_with_cpus(struct bench_test *one, unsigned cpus, bool is_last)
{
	struct bench_set mem, counted, *sets = NULL;
	size_t count = 0, cap = 0;

	bench_passes_mem(one, cpus, is_last, &mem);
	bench_passes_counters(one, cpus, &counted);
	for (uint64_t number = 1; number <= one->session->runs && one->goes_on; number++) {
		struct bench_set *set;

		sets = xgrow(sets, count, &cap, sizeof *sets);
		set = &sets[count++];
		bench_passes_time(one, cpus, number, set);
		bench_set_add_mem(set, &mem);
		bench_set_add_counters(set, &counted);
		print_results(one, set);
		manifest_add_results(one->manifest, set, bench_named_cpus(cpus), number);
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
	bool has_run;

	one.label = names_printable(test->title);
	one.manifest = manifest_new(test->title, test, &session->settings);
	manifest_add_bench(one.manifest, &session->goal, session->runs);
	bench_report_begin(&one.report);
	print_header(&one);
	for (size_t i = 0; i < session->cpus_count && one.goes_on; i++)
		run_with_cpus(&one, session->cpus[i], i + 1 == session->cpus_count);
	print_notes(&one);
	/* Now, whatever becomes of the profiles. Who has stopped before there was a result keeps that of the last time. */
	has_run = one.result_count > 0 || !launch_interrupted();
	if (has_run && bench_report_write(&one.report, path))
		manifest_add_file(one.manifest, "bench", path);
	else if (has_run)
		one.is_good = false;
	bench_passes_profile(&one, REC_KIND_CPU, 1);
	bench_passes_profile(&one, REC_KIND_BLOCK, BENCH_PASS_SHARE);
	progress_clear();
	if (manifest_write(one.manifest, session->settings.out_dir) != 0)
		one.is_good = false;
	if (!one.is_good)
		session->bad++;
	else if (has_run)
		session->good++;
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
