/* SPDX-License-Identifier: MIT */
#include "tool/launch/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/recording_layout.h"

/* Tables may have fewer items: what a program records of itself has. */
bool recording_is_sound(const struct rec_header *header)
{
	uint32_t items[REC_TABLE_COUNT];
	struct rec_header ours;

	for (int id = 0; id < REC_TABLE_COUNT; id++)
		items[id] = header->table[id].cap;
	recording_layout(&ours, &header->config, items);
	if (header->size_bytes != ours.size_bytes || items[REC_STRINGS] == 0)
		return false;
	for (int id = 0; id < REC_TABLE_COUNT; id++)
		if (header->table[id].offset != ours.table[id].offset ||
		    header->table[id].item_size != ours.table[id].item_size)
			return false;
	return true;
}

void recording_end_strings(struct recording *recording)
{
	const struct rec_table *table = &recording->rec->table[REC_STRINGS];

	((char *)recording->rec)[table->offset + table->cap - 1] = '\0';
}

bool recording_new(struct recording *recording, const struct rec_config *config)
{
	struct rec_header header;
	int fd;

	recording_layout(&header, config, NULL);
	fd = memfd_create("pprofmk-recording", MFD_CLOEXEC);
	if (fd < 0)
		return false;
	if (ftruncate(fd, (off_t)header.size_bytes) != 0)
		goto failed;
	recording->rec = mmap(NULL, header.size_bytes, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (recording->rec == MAP_FAILED)
		goto failed;
	memcpy(recording->rec, &header, sizeof header);
	recording->fd = fd;
	snprintf(recording->path, sizeof recording->path, "/proc/%d/fd/%d", (int)getpid(), fd);
	return true;
failed:
	close(fd);
	return false;
}

void recording_free(struct recording *recording)
{
	munmap(recording->rec, recording->rec->size_bytes);
	close(recording->fd);
}

uint32_t recording_len(const struct recording *recording, enum rec_table_id id)
{
	struct rec_table *table = &recording->rec->table[id];
	uint32_t len = atomic_load(&table->len);

	return len < table->cap ? len : table->cap;
}

const char *recording_string(const struct recording *recording, uint32_t at)
{
	const struct rec_table *table = &recording->rec->table[REC_STRINGS];
	const char *strings = recording_table(recording, STRINGS, char);

	/* The last byte of the table ends whatever a crash has left unended. */
	return at < table->cap - 1 ? strings + at : "";
}

uint64_t recording_lost(const struct recording *recording)
{
	uint64_t lost = atomic_load(&recording->rec->state.events_dropped);

	for (int id = 0; id < REC_TABLE_COUNT; id++)
		lost += atomic_load(&recording->rec->table[id].lost);
	return lost;
}

/* In the middle of a run that is not the first. */
static bool is_in_repetition(const struct rec_state *state)
{
	uint32_t phase = atomic_load(&state->phase);

	return atomic_load(&state->runs) > 0 && phase != REC_PHASE_DONE &&
	       phase > REC_PHASE_ATTACHED && state->first_verdict == REC_VERDICT_PASSED;
}

uint64_t recording_failed_run(const struct recording *recording)
{
	const struct rec_state *state = &recording->rec->state;
	uint64_t failed_run = atomic_load(&state->failed_run);

	if (failed_run == 0 && is_in_repetition(state))
		failed_run = atomic_load(&state->runs) + 1;
	return failed_run;
}

uint32_t recording_samples(const struct recording *recording)
{
	uint32_t len = recording_len(recording, REC_SAMPLES);
	uint32_t passed = recording->rec->state.samples_passed;

	return recording_failed_run(recording) != 0 && passed < len ? passed : len;
}
