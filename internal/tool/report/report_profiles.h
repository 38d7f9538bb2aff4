/* SPDX-License-Identifier: MIT */
/* The profiles of a page: trees of calls, call graphs, packed. */
#ifndef PPROFMK_TOOL_REPORT_PROFILES_H
#define PPROFMK_TOOL_REPORT_PROFILES_H

#include <jansson.h>

#include "tool/report/artifact.h"
#include "tool/report/report_names.h"

/* All zero: none. */
struct report_profiles {
	json_t *list; /* of profiles, in the order of tests: see report_profiles.c */
	struct report_names names;
	size_t blob_count, blob_cap;
	char **blobs;		/* packed; their places are in `list` */
	size_t bytes;		/* of all blobs */
	size_t graphs_left_out; /* for which there was no room */
	size_t graphs_failed;	/* that dot could not lay out in a minute */
	bool has_no_dot;
};

/* Read and draw all profiles of a folder. What is damaged is noted in its problems. */
void report_profiles_make(struct report_profiles *profiles, struct artifact *artifact);
void report_profiles_free(struct report_profiles *profiles);

#endif
