/* SPDX-License-Identifier: MIT */
/* The profile that a user asks for by test and kind. */
#ifndef PPROFMK_TOOL_PROFILE_FILE_H
#define PPROFMK_TOOL_PROFILE_FILE_H

#include <stdio.h>

#include "format/profile.h"
#include "tool/options.h"
#include "tool/profile/kinds.h"

struct profile_file {
	const char *func; /* of argv */
	const struct kind *kind;
	char *path;
	struct profile *profile;
	size_t type; /* the sample type that the kind shows first */
};

/* Read the profile that --func, --kind and --out name, of a running program too (live_folder.h); one that is made from a trace is made first, where it is not there or the
 * trace is newer. TOOL_OK with *file filled in, which profile_file_close() gives
 * back; else the exit status, after saying what is wrong: for a file that is not there, which target makes it and which
 * tests of a similar name have profiles. */
int profile_file_open(struct profile_file *file, const struct options *options);
void profile_file_close(struct profile_file *file);

/* Take the sample type that --type names, if any, instead of the one that the kind shows first. TOOL_OK, or the exit status after
 * saying which there are. */
int profile_file_choose_type(struct profile_file *file, const struct options *options);

/* Print "test_x: cpu, 1.20s of cpu, 1200 samples": all sample types, the one shown first. */
void profile_file_title(FILE *stream, const struct profile_file *file);

/* A whole subcommand about one profile: open what its options name, and hand both to `show`. Returns the exit
 * status, of `show` when it comes to that. */
int profile_file_show(const struct options *options,
		      int (*show)(struct profile_file *file, const struct options *options));

#endif
