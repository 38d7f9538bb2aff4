/* SPDX-License-Identifier: MIT */
/* Samples of a running program that are kept: OUT/watch/HOST-PORT/000012.20261126-181500.heap.pb.gz. */
#ifndef PPROFMK_TOOL_WATCH_FOLDER_H
#define PPROFMK_TOOL_WATCH_FOLDER_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct watch_sample {
	unsigned number; /* from 1; goes on when a watch is begun again */
	time_t when;
	uint64_t size_bytes;
	char *path;
};

struct watch_folder {
	char *dir;
	const char *kind;
	struct watch_sample *samples; /* by number */
	size_t count, cap;
};

/* Look for samples of a kind. A folder that is not there has none. watch_folder_close() gives back what was filled in. */
void watch_folder_open(struct watch_folder *folder, const char *out, const char *address_name,
		       const char *kind);
void watch_folder_close(struct watch_folder *folder);

/* Keep one more, the last then. 0 or -errno. */
int watch_folder_add(struct watch_folder *folder, time_t when, const void *bytes, size_t size);

/* What may be kept. */
struct watch_keep {
	uint64_t samples, bytes; /* 0: any number */
};

/* Read "1000" (samples) or "500MB". NULL, or what is wrong, as the end of a sentence. */
const char *watch_keep_read(struct watch_keep *keep, const char *text);

/* Remove the oldest until what is left is allowed; the last two stay, or there would be nothing to compare. Returns how many went. */
size_t watch_folder_trim(struct watch_folder *folder, const struct watch_keep *keep);

uint64_t watch_folder_bytes(const struct watch_folder *folder);

/* The sample that a text names: its number; -1 the last, -2 the one before; a time, "18:15", "18:15:30" (the last time that it was
 * so late), "2026-11-26T18:15:30" or as files have it: the last one that was taken until then.
 *
 * Returns NULL for none, with what is wrong in problem[problem_size], as the end of a sentence. */
const struct watch_sample *watch_folder_find(const struct watch_folder *folder, const char *text,
					     char *problem, size_t problem_size);

#endif
