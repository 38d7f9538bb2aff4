/* SPDX-License-Identifier: MIT */
/* The tool's side of a recording (format/recording.h): made before the program starts, read after it has ended. */
#ifndef PPROFMK_TOOL_RECORDING_H
#define PPROFMK_TOOL_RECORDING_H

#include <stdbool.h>

#include "format/recording.h"

struct recording {
	int fd;
	struct rec_header *rec;
	char path[64]; /* what opens it from another process while we live */
};

/* A fresh recording for one process. False with errno set when there is no memory for it. */
bool recording_new(struct recording *recording, const struct rec_config *config);
void recording_free(struct recording *recording);

/* Are the tables of a recording that comes from a file where this build would put so many items? Its head has been checked. */
bool recording_is_sound(const struct rec_header *header);

/* Such a recording's strings end, whatever is in it. */
void recording_end_strings(struct recording *recording);

#define recording_table(recording, name, type)           \
	((const type *)((const char *)(recording)->rec + \
			(recording)->rec->table[REC_##name].offset))

/* Items of a table that were filled in. */
uint32_t recording_len(const struct recording *recording, enum rec_table_id table);

/* A string of STRINGS; "" for an offset that is none. Lives as long as the recording. */
const char *recording_string(const struct recording *recording, uint32_t at);

/* Number of the run in which a test that had passed before failed, or in the middle of which the program ended, 0: none.
 * Such a test can't be repeated; its cpu profile is that of the runs that passed. */
uint64_t recording_failed_run(const struct recording *recording);

/* Samples to count: those of the runs that passed where a later one failed, otherwise all. */
uint32_t recording_samples(const struct recording *recording);

/* Everything that was dropped: full tables, and events that could not be taken. */
uint64_t recording_lost(const struct recording *recording);

#endif
