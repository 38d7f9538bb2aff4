/* SPDX-License-Identifier: MIT */
/* pprofmk merge: the folders of several jobs as one. */
#include <stdlib.h>
#include <string.h>

#include "tool/cmd/cmd.h"
#include "tool/options.h"
#include "tool/report/artifact_merge.h"
#include "tool/report/report.h"
#include "tool/run/tests_chosen.h"
#include "tool/tool.h"

/* A folder that can't be read costs its tests, not the report. */
static bool merge_folder(struct artifact *into, const char *dir)
{
	struct artifact *from = artifact_read(dir, NULL);
	bool is_good = from && artifact_merge(into, from);

	if (!from)
		artifact_problem(into, dir, "the folder can't be read");
	artifact_free(from);
	return is_good;
}

static bool merge_all(struct artifact *into, const struct options *options)
{
	bool is_good = true;

	for (size_t i = 0; i < options->item_count; i++)
		if (strcmp(options->items[i].option->name, "from") == 0)
			is_good &= merge_folder(into, options->items[i].value);
	return is_good;
}

/* What is there already would be in the report. */
static struct artifact *open_empty(const char *out)
{
	struct artifact *into = tests_make_folder(out) ? artifact_read(out, "") : NULL;

	if (!into || (into->count == 0 && into->problem_count == 0))
		return into;
	tool_error("%s has tests already: give an empty folder with --out", out);
	artifact_free(into);
	return NULL;
}

int cmd_merge(const struct options *options)
{
	const char *out, *base;
	struct artifact *into;
	bool is_good;

	out = options_text(options, "out");
	base = options_text(options, "base");
	into = open_empty(out);
	is_good = into && merge_all(into, options);
	if (into)
		is_good &= report_write(out, "", base && *base ? base : NULL, into);
	if (into && is_good)
		printf("%s/index.html\n%s/summary.md\n", out, out);
	artifact_free(into);
	return is_good ? TOOL_OK : TOOL_FAILED;
}
