/* SPDX-License-Identifier: MIT */
#include "tool/run/bench_diff_run.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "tool/bench/bench_diff_print.h"
#include "tool/bench/bench_machine.h"
#include "tool/bench/bench_notes.h"
#include "tool/common/names.h"
#include "tool/tool.h"

/* Returns whether there was something to compare. */
static bool compare(const struct bench_turns *turns, const char *old_path, const char *new_path,
		    double alpha, const struct bench_notes *notes)
{
	struct bench_text old = {0}, new = {0};
	struct bench_diff_side a = {old_path, &old}, b = {new_path, &new};
	struct bench_diff diff;

	bench_text_parse(&old, turns->old.report.bytes, turns->old.report.size);
	bench_text_parse(&new, turns->new.report.bytes, turns->new.report.size);
	bench_diff_make(&diff, &old, &new, alpha);
	if (!bench_diff_print(stdout, &diff, &a, &b) && notes->count > 0)
		putchar('\n');
	for (size_t i = 0; i < notes->count; i++)
		printf("# %s\n", notes->lines[i]);
	if (diff.count == 0)
		tool_error("%s: there is no benchmark that both sides have measured",
			   turns->new.test->title);
	bool is_good = diff.count > 0;

	bench_diff_free(&diff);
	bench_text_free(&old);
	bench_text_free(&new);
	return is_good;
}

static void add_notes(struct bench_side *side, const struct bench_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		fprintf(side->report.text, "# %s\n", notes->lines[i]);
	bench_report_skip(&side->report);
}

/* Write both texts, and compare them. */
static bool finish(struct bench_turns *turns, const struct bench_diff_run *run,
		   const struct bench_notes *notes)
{
	const char *dir = run->how.settings.out_dir;
	char *stem = names_stem(turns->new.test->title);
	char *old = xasprintf("%s/%s.base.bench.txt", dir, stem);
	char *new = xasprintf("%s/%s.bench.txt", dir, stem);
	bool is_good = turns->is_good;

	add_notes(&turns->old, notes);
	add_notes(&turns->new, notes);
	if (!bench_report_write(&turns->old.report, old) ||
	    !bench_report_write(&turns->new.report, new))
		is_good = false;
	is_good &= compare(turns, old, new, run->alpha, notes);
	free(old);
	free(new);
	free(stem);
	return is_good;
}

bool bench_diff_run_test(const struct bench_diff_run *run, const struct catalog_test *old,
			 const struct catalog_test *new)
{
	struct bench_turns turns;
	struct bench_machine before;
	struct bench_notes notes = {0};
	bool is_good;

	bench_machine_read(&before);
	bench_turns_begin(&turns, &run->how, old, new);
	for (size_t i = 0; i < run->cpus_count && bench_turns_go_on(&turns); i++) {
		turns.done = 0;
		bench_turns_mem(&turns, run->cpus[i]);
		bench_turns_time(&turns, run->cpus[i], run->how.runs);
	}
	bench_notes_add_machine(&notes, &before, bench_cpus());
	is_good = finish(&turns, run, &notes);
	bench_notes_free(&notes);
	bench_turns_end(&turns);
	return is_good;
}
