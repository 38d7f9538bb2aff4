/* SPDX-License-Identifier: MIT */
#include "tool/live/live_profile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/profile/convert.h"
#include "tool/profile/convert_heap.h"

/* No test: the label is left out. */
static struct profile *make_cpu(const struct recording *recording, struct sym *sym)
{
	return convert_cpu(recording, sym, NULL);
}

static struct profile *make_block(const struct recording *recording, struct sym *sym)
{
	return convert_waits(recording, sym, NULL, REC_SIDE_WAITER);
}

static struct profile *make_mutex(const struct recording *recording, struct sym *sym)
{
	return convert_waits(recording, sym, NULL, REC_SIDE_HOLDER);
}

static const struct {
	const char *name;
	struct profile *(*make)(const struct recording *recording, struct sym *sym);
} makers[] = {
	{"profile", make_cpu},
	{"block", make_block},
	{"mutex", make_mutex},
	{"goroutine", convert_threads},
	{"threadcreate", convert_creations},
	{"heap", convert_heap},
	{"allocs", convert_allocs},
};

/* NULL where it is all right. */
static const char *problem_of(const struct rec_header *header, uint64_t size_bytes)
{
	if (size_bytes < sizeof *header || header->magic != REC_MAGIC)
		return "not a recording";
	if (header->version != REC_VERSION || header->header_size != sizeof *header)
		return "recorded by another version of pprof.mk";
	if (header->size_bytes > size_bytes)
		return "cut off in its tables";
	return recording_is_sound(header) ? NULL : "its tables are damaged";
}

bool live_recording_open(struct recording *recording, int fd, char *error, size_t error_size)
{
	const char *problem = NULL;
	struct stat status;
	void *map = MAP_FAILED;

	/* Private, so that its strings can be ended. */
	if (fstat(fd, &status) == 0 && status.st_size > 0)
		map = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd,
			   0);
	problem = map != MAP_FAILED ? problem_of(map, (uint64_t)status.st_size) : "not a recording";
	if (problem != NULL) {
		snprintf(error, error_size, "%s", problem);
		if (map != MAP_FAILED)
			munmap(map, (size_t)status.st_size);
		return false;
	}
	*recording = (struct recording){.fd = fd, .rec = map};
	recording_end_strings(recording);
	return true;
}

/* What a cpu profile lacks: a line for whoever looks at it. */
static void note_lost(struct profile *profile, const struct rec_header *rec)
{
	uint64_t clockless = atomic_load(&rec->state.clockless);
	uint32_t lost = atomic_load(&rec->table[REC_SAMPLES].lost);
	char text[160];

	if (clockless == 0 && lost == 0)
		return;
	snprintf(text, sizeof text,
		 "pprof.mk: %llu threads had no clock (limit of descriptors?), %lu samples had no "
		 "room",
		 (unsigned long long)clockless, (unsigned long)lost);
	profile_add_comment(profile, text);
}

static struct profile *make(size_t which, const struct recording *recording, struct sym *sym)
{
	const struct rec_state *state = &recording->rec->state;
	struct profile *profile = makers[which].make(recording, sym);

	if (makers[which].make != convert_allocs)
		profile->default_type = ""; /* the last, as in Go's */
	profile->time_nanos = (int64_t)state->taken_ns;
	/* Go's says when it began. */
	if (makers[which].make == make_cpu) {
		profile->time_nanos -= (int64_t)state->wall_ns;
		profile->duration_nanos = (int64_t)state->wall_ns;
		note_lost(profile, recording->rec);
	}
	return profile;
}

static void negate(struct profile *profile)
{
	for (size_t i = 0; i < profile->sample_count; i++)
		for (size_t type = 0; type < profile->type_count; type++)
			profile->samples[i].values[type] = -profile->samples[i].values[type];
}

static bool is_zero(const struct profile *profile, const struct profile_sample *sample)
{
	for (size_t type = 0; type < profile->type_count; type++)
		if (sample->values[type] != 0)
			return false;
	return true;
}

static void drop_zeros(struct profile *profile)
{
	size_t kept = 0;

	for (size_t i = 0; i < profile->sample_count; i++)
		if (!is_zero(profile, &profile->samples[i]))
			profile->samples[kept++] = profile->samples[i];
	profile->sample_count = kept;
}

/* What blocks of a stack are large on the average is another number each time, and would keep their samples apart. */
static void forget_sizes(struct profile *profile)
{
	for (size_t i = 0; i < profile->sample_count; i++)
		profile->samples[i].block_bytes = 0;
}

static void add(struct profile *into, struct profile *part)
{
	forget_sizes(part);
	profile_merge(into, part);
}

/* As Go subtracts: the time is that of the end. */
static struct profile *difference(struct profile *now, struct profile *base)
{
	struct profile *result = profile_new_like(now);

	negate(base);
	add(result, now);
	add(result, base);
	drop_zeros(result);
	result->time_nanos = now->time_nanos;
	result->duration_nanos = now->time_nanos - base->time_nanos;
	return result;
}

struct profile *live_profile(const char *name, const struct recording *now,
			     const struct recording *before, struct sym *sym)
{
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		struct profile *profile, *base, *more;

		if (strcmp(makers[i].name, name) != 0)
			continue;
		profile = make(i, now, sym);
		if (before == NULL)
			return profile;
		base = make(i, before, sym);
		more = difference(profile, base);
		profile_free(base);
		profile_free(profile);
		return more;
	}
	return NULL;
}
