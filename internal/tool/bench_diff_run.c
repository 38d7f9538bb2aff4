/* SPDX-License-Identifier: MIT */
#include "tool/bench_diff_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "tool/bench_diff_print.h"
#include "tool/bench_format.h"
#include "tool/bench_header.h"
#include "tool/bench_machine.h"
#include "tool/bench_notes.h"
#include "tool/bench_report.h"
#include "tool/bench_session.h"
#include "tool/launch.h"
#include "tool/names.h"
#include "tool/progress.h"
#include "tool/tool.h"

/* Of fewer the middle one says little. */
enum { STRETCHES_MIN = 3 };

struct side {
	const char *word; /* "old" */
	const struct catalog_test *test;
	bool is_base;
	struct bench_set mem; /* with the processors that are measured with now */
	struct bench_report report;
	char *path; /* of the report */
};

/* A test on its way through the turns. */
struct pair {
	const struct bench_diff_run *run;
	struct side old, new;
	size_t name_width;
	bool is_good;
};

bool bench_diff_run_begin(struct bench_diff_run *run)
{
	const char *there = run->base_dir != NULL ? run->base_dir : ".";

	run->here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	run->there = open(there, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (run->here >= 0 && run->there >= 0)
		return true;
	tool_error("%s: %s", there, strerror(errno));
	bench_diff_run_end(run);
	return false;
}

void bench_diff_run_end(struct bench_diff_run *run)
{
	if (run->here >= 0)
		close(run->here);
	if (run->there >= 0)
		close(run->there);
}

static void go_to(int folder)
{
	if (fchdir(folder) == 0)
		return;
	tool_error("cannot change the folder: %s", strerror(errno));
	exit(TOOL_FAILED);
}

void bench_diff_run_enter(const struct bench_diff_run *run)
{
	go_to(run->there);
}

void bench_diff_run_leave(const struct bench_diff_run *run)
{
	go_to(run->here);
}

static void side_begin(struct side *side, const char *word, bool is_base,
		       const struct catalog_test *test, const char *out_dir)
{
	char *stem = names_stem(test->title);

	*side = (struct side){.word = word, .test = test, .is_base = is_base};
	side->path = xasprintf("%s/%s%s.bench.txt", out_dir, stem, is_base ? ".base" : "");
	free(stem);
	bench_report_begin(&side->report);
	bench_header_print(side->report.text, test->program, test->package);
}

static void side_end(struct side *side)
{
	bench_set_free(&side->mem);
	bench_report_end(&side->report);
	free(side->path);
}

static void fail(struct pair *pair, struct side *side, const struct bench_result *result,
		 const struct bench_pass *pass, const char *why, const char *output)
{
	char *name = result != NULL ? xstrdup(result->name)
				    : bench_full_name(side->test, "", bench_named_cpus(pass->cpus));
	char *sentence = xasprintf("%s: %s", side->word, why);

	pair->is_good = false;
	bench_report_fail(&side->report, name, sentence, output);
	free(sentence);
	free(name);
}

/* Say what went wrong in a pass. */
static void check(struct pair *pair, struct side *side, const struct bench_pass *pass,
		  const struct kind_run *run)
{
	bool is_good = outcome_is_good(run->outcome.kind) && run->failed_run == 0;

	if (run->outcome.kind == OUTCOME_INTERRUPTED)
		pair->is_good = false;
	else if (!is_good)
		fail(pair, side, NULL, pass, run->outcome.text, run->output);
	else if (run->outcome.kind == OUTCOME_SKIPPED)
		fail(pair, side, NULL, pass, "it skips itself: nothing can be compared", NULL);
	else if (run->benches.count == 0)
		fail(pair, side, NULL, pass,
		     run->message[0] != '\0' ? run->message : "nothing was measured", run->output);
	for (size_t i = 0; is_good && i < run->benches.count; i++)
		if (run->benches.items[i].problem != NULL)
			fail(pair, side, &run->benches.items[i], pass,
			     run->benches.items[i].problem, NULL);
}

/* The set is to be freed. */
static struct bench_set measure(struct pair *pair, struct side *side, const struct bench_pass *pass)
{
	struct bench_set set;
	struct kind_run run;

	if (side->is_base)
		bench_diff_run_enter(pair->run);
	bench_pass(&run, pass, side->test, &pair->run->settings, NULL);
	if (side->is_base)
		bench_diff_run_leave(pair->run);
	progress_clear();
	check(pair, side, pass, &run);
	set = run.benches;
	run.benches = (struct bench_set){0};
	kind_run_free(&run);
	return set;
}

static void measure_mem(struct pair *pair, struct side *side, unsigned cpus)
{
	struct bench_pass pass = {.kind = REC_KIND_MEM,
				  .goal = pair->run->goal,
				  .share = BENCH_PASS_SHARE,
				  .cpus = cpus,
				  .warms_up = true};

	progress_show("%s: allocations, %s", side->test->title, side->word);
	bench_set_free(&side->mem);
	side->mem = measure(pair, side, &pass);
	for (size_t i = 0; i < side->mem.count; i++) {
		size_t width = strlen(side->mem.items[i].name);

		pair->name_width = width > pair->name_width ? width : pair->name_width;
	}
}

/* What an operation takes in the middle one of the run's stretches: on a busy machine the whole run's time is mostly that
 * of the others, whose turns fall into a few of them. Shown beside ns/op, which stays Go's. */
static void add_middle(struct bench_result *result)
{
	double *values;

	if (result->owns_ns || result->batch_count < STRETCHES_MIN)
		return;
	values = xmalloc(result->batch_count * sizeof *values);
	memcpy(values, result->batches, result->batch_count * sizeof *values);
	bench_result_set_metric(result, BENCH_MIDDLE_UNIT,
				bench_median(values, result->batch_count));
	free(values);
}

static void measure_time(struct pair *pair, struct side *side, unsigned cpus, uint64_t turn)
{
	struct bench_pass pass = {
		.kind = REC_KIND_TIME, .goal = pair->run->goal, .cpus = cpus, .warms_up = true};
	struct bench_set set;

	progress_show("%s: turn %llu of %llu, %s", side->test->title, (unsigned long long)turn,
		      (unsigned long long)pair->run->runs, side->word);
	set = measure(pair, side, &pass);
	bench_set_add_mem(&set, &side->mem);
	for (size_t i = 0; i < set.count; i++) {
		if (set.items[i].problem != NULL)
			continue;
		add_middle(&set.items[i]);
		bench_print(side->report.text, &set.items[i], pair->name_width);
	}
	bench_set_free(&set);
}

static bool goes_on(const struct pair *pair)
{
	return pair->is_good && !launch_interrupted();
}

/* The side that comes first changes with each turn: the machine may be slower after the work before. */
static void measure_turns(struct pair *pair, unsigned cpus)
{
	measure_mem(pair, &pair->old, cpus);
	if (goes_on(pair))
		measure_mem(pair, &pair->new, cpus);
	for (uint64_t turn = 1; turn <= pair->run->runs && goes_on(pair); turn++) {
		struct side *first = turn % 2 != 0 ? &pair->old : &pair->new;
		struct side *second = turn % 2 != 0 ? &pair->new : &pair->old;

		measure_time(pair, first, cpus, turn);
		if (goes_on(pair))
			measure_time(pair, second, cpus, turn);
	}
}

static void compare(struct pair *pair, const struct bench_notes *notes)
{
	struct bench_text old = {0}, new = {0};
	struct bench_diff_side a = {pair->old.path, &old}, b = {pair->new.path, &new};
	struct bench_diff diff;

	bench_text_parse(&old, pair->old.report.bytes, pair->old.report.size);
	bench_text_parse(&new, pair->new.report.bytes, pair->new.report.size);
	bench_diff_make(&diff, &old, &new, pair->run->alpha);
	if (!bench_diff_print(stdout, &diff, &a, &b) && notes->count > 0)
		putchar('\n');
	for (size_t i = 0; i < notes->count; i++)
		printf("# %s\n", notes->lines[i]);
	if (diff.count == 0) {
		tool_error("%s: there is no benchmark that both sides have measured",
			   pair->new.test->title);
		pair->is_good = false;
	}
	bench_diff_free(&diff);
	bench_text_free(&old);
	bench_text_free(&new);
}

static void add_notes(struct side *side, const struct bench_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		fprintf(side->report.text, "# %s\n", notes->lines[i]);
	bench_report_skip(&side->report);
}

bool bench_diff_run_test(const struct bench_diff_run *run, const struct catalog_test *old,
			 const struct catalog_test *new)
{
	struct pair pair = {.run = run, .is_good = true};
	struct bench_machine before;
	struct bench_notes notes = {0};

	bench_machine_read(&before);
	side_begin(&pair.old, "old", true, old, run->settings.out_dir);
	side_begin(&pair.new, "new", false, new, run->settings.out_dir);
	for (size_t i = 0; i < run->cpus_count && goes_on(&pair); i++)
		measure_turns(&pair, run->cpus[i]);
	bench_notes_add_machine(&notes, &before, bench_cpus());
	add_notes(&pair.old, &notes);
	add_notes(&pair.new, &notes);
	if (!bench_report_write(&pair.old.report, pair.old.path) ||
	    !bench_report_write(&pair.new.report, pair.new.path))
		pair.is_good = false;
	compare(&pair, &notes);
	bench_notes_free(&notes);
	side_end(&pair.old);
	side_end(&pair.new);
	return pair.is_good;
}
