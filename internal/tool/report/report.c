/* SPDX-License-Identifier: MIT */
#include "tool/report/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format/write_file.h"
#include "tool/common/names.h"
#include "tool/common/step_summary.h"
#include "tool/report/report_trace.h"
#include "tool/tool.h"

static bool write_file(const char *dir, const char *name, const char *bytes, size_t size)
{
	char *path = xasprintf("%s/%s", dir, name);
	int error = fmt_write_file(path, bytes, size);

	if (error)
		tool_error("%s: %s; nothing was written there", path, strerror(-error));
	free(path);
	return !error;
}

/* What is not in the report, for those who look at the terminal. */
static void say_problems(const struct artifact *artifact)
{
	for (size_t i = 0; i < artifact->problem_count; i++) {
		char *file = names_printable(artifact->problems[i].file);
		char *text = names_printable(artifact->problems[i].text);

		/* Those of merged folders have their own in front. */
		tool_error("%s%s%s: %s; it is not in the report",
			   strchr(file, '/') ? "" : artifact->dir, strchr(file, '/') ? "" : "/",
			   file, text);
		free(text);
		free(file);
	}
	if (artifact->problems_more)
		tool_error("%s: and %zu more like these", artifact->dir, artifact->problems_more);
}

static bool write_texts(struct report *report)
{
	const char *dir = report->artifact->dir;
	char *junit = report_junit(report), *summary = report_summary(report);
	json_t *index = report_index(report);
	char *json = json_dumps(index, JSON_INDENT(1)), *page;
	size_t size;
	bool is_good;

	if (!json)
		xalloc_failed();
	page = report_page(report, index, &size);
	is_good = write_file(dir, "index.html", page, size);
	is_good &= write_file(dir, "junit.xml", junit, strlen(junit));
	is_good &= write_file(dir, "summary.md", summary, strlen(summary));
	is_good &= step_summary_add(summary);
	is_good &= write_file(dir, ARTIFACT_INDEX, json, strlen(json));
	free(page);
	free(json);
	free(summary);
	free(junit);
	json_decref(index);
	return is_good;
}

/* Compare first: what that finds damaged is in all the files. */
static bool make(struct report *report)
{
	bool is_good;

	if (report->base)
		report_changes_make(&report->changes, report->base, report->artifact);
	report_profiles_make(&report->profiles, report->artifact);
	report->traces = report_traces(report->artifact);
	if (report->profiles.has_no_dot)
		tool_error(
			"the report has no call graphs: no graphviz (its `dot`) to lay them out");
	if (report->profiles.graphs_failed)
		tool_error("%zu call graphs could not be laid out in a minute; the report does not "
			   "have them",
			   report->profiles.graphs_failed);
	say_problems(report->artifact);
	if (report->base)
		say_problems(report->base);
	is_good = write_texts(report);
	json_decref(report->traces);
	report_profiles_free(&report->profiles);
	report_changes_free(&report->changes);
	return is_good;
}

static void add_problems(struct artifact *artifact, const struct artifact *merged)
{
	for (size_t i = 0; i < merged->problem_count; i++)
		artifact_problem(artifact, merged->problems[i].file, "%s",
				 merged->problems[i].text);
	artifact->problems_more += merged->problems_more;
}

bool report_write(const char *dir, const char *since, const char *base_dir,
		  const struct artifact *merged)
{
	struct report report = {0};
	bool is_good = false;

	artifact_date(time(NULL), report.date);
	report.artifact = artifact_read(dir, since);
	if (report.artifact && merged)
		add_problems(report.artifact, merged);
	if (report.artifact && base_dir)
		report.base = artifact_read(base_dir, NULL);
	if (report.artifact && (report.base || !base_dir))
		is_good = make(&report);
	artifact_free(report.base);
	artifact_free(report.artifact);
	return is_good;
}
