/* SPDX-License-Identifier: MIT */
/* A profile in memory, and its file form: gzipped profile.proto (google/pprof proto/profile.proto).
 *
 * One struct serves writing and reading. Strings are interned and owned by the profile. Ids are numbers from 1 up
 * in the order of adding; 0 means none. Every adding function returns the id of an equal thing that is there
 * already. Out of memory ends the process (it is the tool's): see base/xalloc.h. */
#ifndef PPROFMK_FORMAT_PROFILE_H
#define PPROFMK_FORMAT_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#define PROFILE_MAX_VALUES 8

struct profile_value_type {
	const char *type, *unit;
};

struct profile_mapping {
	uint64_t start, limit, offset;
	const char *path;
	const char *build_id; /* hexadecimal, "" when not known */
	int has_functions, has_filenames, has_lines, has_inlines;
};

struct profile_function {
	const char *name, *system_name, *file;
	int64_t start_line;
};

struct profile_line {
	uint64_t function; /* id */
	int64_t line;
};

struct profile_location {
	uint64_t mapping; /* id, 0: none */
	uint64_t address;
	size_t line_count;
	struct profile_line *lines; /* innermost inlined call first */
};

struct profile_label {
	const char *key, *value;
};

struct profile_sample {
	size_t location_count;
	uint64_t *locations; /* ids, leaf first */
	int64_t values[PROFILE_MAX_VALUES];
	size_t label_count;
	struct profile_label *labels;
	/* A numeric label "bytes", the mean size of the blocks, which Go's heap profiles have; 0: none. It is no part of what makes samples
	 * equal: that of the first one stays. */
	int64_t block_bytes;
};

struct profile {
	size_t type_count;
	struct profile_value_type types[PROFILE_MAX_VALUES];
	const char *default_type; /* "" : the last */
	struct profile_value_type period_type;
	int64_t period;
	int64_t time_nanos, duration_nanos;
	size_t comment_count, mapping_count, function_count, location_count, sample_count;
	const char **comments;
	struct profile_mapping *mappings;   /* [id - 1] */
	struct profile_function *functions; /* [id - 1] */
	struct profile_location *locations; /* [id - 1] */
	struct profile_sample *samples;
	struct profile_index *index; /* private: what makes equal things one */
};

/* An empty one, freed with profile_free(). Never NULL. */
struct profile *profile_new(void);

/* One without samples that profile_merge() takes for the same: sample types, which of them is shown first, and the period. */
struct profile *profile_new_like(const struct profile *model);
void profile_free(struct profile *profile);

const char *profile_string(struct profile *profile, const char *text); /* interned copy */
void profile_add_type(struct profile *profile, const char *type, const char *unit);
void profile_add_comment(struct profile *profile, const char *text);
uint64_t profile_add_mapping(struct profile *profile, const struct profile_mapping *mapping);
uint64_t profile_add_function(struct profile *profile, const struct profile_function *function);
uint64_t profile_add_location(struct profile *profile, const struct profile_location *location);

/* Add a sample; one with equal locations and labels (in any order) gets the values added instead. Sums stop at
 * the ends of int64_t. A label without a value is left out. */
void profile_add_sample(struct profile *profile, const struct profile_sample *sample);

/* The sum of the samples' values of one type, less than type_count. */
int64_t profile_sum(const struct profile *profile, size_t type);

/* Add every sample of `from` to `into` (same types, -EINVAL otherwise): the merged profile of a package. The same
 * part of the same file is one mapping, wherever the two processes had it: addresses of `from` move with it.
 * Durations are added, the earlier time is kept. The two are different profiles. */
int profile_merge(struct profile *into, const struct profile *from);

/* Write atomically: a temporary file beside `path`, then rename. 0 or -errno; nothing is left on failure. What is
 * no UTF-8 in a string (a thread's name cut inside a character) is written as U+FFFD: readers refuse it. */
int profile_write(const struct profile *profile, const char *path);

/* The same bytes to an open file, at its position. 0 or -errno. */
int profile_write_fd(const struct profile *profile, int fd);

/* Read gzipped or plain profile.proto. NULL with a sentence in error[error_size] ("x.pb.gz: truncated at byte
 * 4096"). Indices and ids in the file are checked. Bounded: at most 1 GiB unpacked, 4 GiB in memory. Numeric labels
 * but for "bytes", columns, drop_frames, keep_frames and doc_url, which our own files do not have, are passed over. */
struct profile *profile_read(const char *path, char *error, size_t error_size);

/* The same from memory; the sentence has no file name in front. `bytes` is not kept. */
struct profile *profile_parse(const void *bytes, size_t size, char *error, size_t error_size);

/* What a profile may take. */
struct profile_limits {
	size_t unpacked_bytes;
	uint64_t memory_bytes; /* while it is read, about */
};

/* The same within narrower limits: for files of strangers, many of them. */
struct profile *profile_parse_within(const void *bytes, size_t size,
				     const struct profile_limits *limits, char *error,
				     size_t error_size);

#endif
