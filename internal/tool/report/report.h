/* SPDX-License-Identifier: MIT */
/* What is made of an artifact folder: index.json, junit.xml, summary.md and index.html. */
#ifndef PPROFMK_TOOL_REPORT_H
#define PPROFMK_TOOL_REPORT_H

#include <jansson.h>

#include "tool/report/artifact.h"
#include "tool/report/artifact_file.h"
#include "tool/report/report_changes.h"
#include "tool/report/report_profiles.h"

struct report {
	struct artifact *artifact;
	struct artifact *base; /* what to compare with, NULL for nothing */
	struct report_changes changes;
	struct report_profiles profiles;
	json_t *traces; /* see report_traces() */
	char date[ARTIFACT_DATE_SIZE];
};

/* How many tests ended in each way. Packages are no tests. */
struct report_counts {
	size_t tests, benchmarks;  /* the latter are among the former */
	size_t good, skipped, bad; /* `good` without those skipped */
	size_t by_outcome[OUTCOME_NOT_RUN + 1];
};

struct report_counts report_count(const struct report *report);

/* Make the four files of a folder, and write them there, index.json last; append the summary to the file that
 * GITHUB_STEP_SUMMARY names, if any. A file that can't be written leaves the earlier one.
 *
 * dir       of the artifact.
 * since     as artifact_read() has it.
 * base_dir  what to compare with, NULL for nothing.
 * merged    whose problems are part of the report too, NULL for none.
 *
 * Returns whether the folder could be read and all was written, after messages otherwise. */
bool report_write(const char *dir, const char *since, const char *base_dir,
		  const struct artifact *merged);

/* Texts of the files, which the caller frees; index.json's members: see docs/pprof.ci.md. */
json_t *report_index(const struct report *report);
char *report_junit(const struct report *report);
char *report_summary(const struct report *report);
char *report_page(struct report *report, const json_t *index, size_t *size);

#endif
