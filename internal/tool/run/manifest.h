/* SPDX-License-Identifier: MIT */
/* F.json: what was run, how often, how it ended, rates reached, what was lost, the files. docs/manifest.md says
 * what each member means. */
#ifndef PPROFMK_TOOL_MANIFEST_H
#define PPROFMK_TOOL_MANIFEST_H

#include "tool/bench/bench_goal.h"
#include "tool/bench/bench_notes.h"
#include "tool/run/kind_run.h"

struct manifest;

/* For the test or package `title`; `test` NULL for a merged set. */
struct manifest *manifest_new(const char *title, const struct catalog_test *test,
			      const struct kind_settings *settings);
/* The same, but what there is of the test in the folder already, of the same program, is kept, and what is added again takes the
 * place of the old. */
struct manifest *manifest_again(const char *title, const struct catalog_test *test,
				const struct kind_settings *settings);
void manifest_add_kind(struct manifest *manifest, const struct kind_run *run);

/* Of benchmarks: what was asked for, the results of a run (from 1), what is said about them. */
void manifest_add_bench(struct manifest *manifest, const struct bench_goal *goal, uint64_t runs);
void manifest_add_results(struct manifest *manifest, const struct bench_set *set, unsigned cpus,
			  uint64_t run);
void manifest_add_notes(struct manifest *manifest, const struct bench_notes *notes);

/* A file of a merged set, and the tests that are in it. */
void manifest_add_file(struct manifest *manifest, const char *kind, const char *path);
void manifest_add_test(struct manifest *manifest, const char *title, bool is_good);

/* Write STEM.json into the folder by rename and free the manifest. A trace of the same program's test that the folder has stays in it. 0 or -errno, after a message. */
int manifest_write(struct manifest *manifest, const char *out_dir);

#endif
