/* SPDX-License-Identifier: MIT */
/* Private to artifact*.c: members of a manifest. Those that are not there, or are something else than they ought to be, count as
 * not said. */
#ifndef PPROFMK_TOOL_ARTIFACT_SOURCE_H
#define PPROFMK_TOOL_ARTIFACT_SOURCE_H

#include <jansson.h>

#include "tool/report/artifact.h"

/* What is being read. */
struct artifact_source {
	struct artifact *artifact;
	const char *file;
	struct artifact_test *test;
};

/* A copy of a text, cut where it is longer than any that we write. Valid as long as the artifact. */
const char *source_keep(const struct artifact_source *source, const char *value);

/* The same of a member, "" for what is no text. */
const char *source_text(const struct artifact_source *source, const json_t *object,
			const char *member);

/* A member, `otherwise` for what is no number. JSON has no infinite ones. */
double source_number(const json_t *object, const char *member, double otherwise);

/* Room for as many items as a list has, and one: zeroed. */
void *source_array(const struct artifact_source *source, const json_t *list, size_t item_size);

/* The `bench` of a manifest, into the test. */
void artifact_read_bench(const struct artifact_source *source, const json_t *bench);

#endif
