/* SPDX-License-Identifier: MIT */
#include "runtime/live/live_snapshot.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "format/recording_layout.h"
#include "runtime/loading.h"
#include "runtime/rt.h"
#include "runtime/trace/trace_file.h"

/* What a copy has of each table. */
struct part {
	const void *items;
	uint32_t len;
};

static uint32_t length(enum rec_table_id id)
{
	struct rec_table *table = &rt_rec->table[id];
	uint32_t len = atomic_load(&table->len);

	return len < table->cap ? len : table->cap;
}

static void take_table(struct part parts[REC_TABLE_COUNT], enum rec_table_id id)
{
	parts[id] = (struct part){(const char *)rt_rec + rt_rec->table[id].offset, length(id)};
}

/* What items name is there: it was made first, and its table's length is looked at later. */
static void take_what_is_named(struct part parts[REC_TABLE_COUNT])
{
	take_table(parts, REC_NODES);
	take_table(parts, REC_MAPPINGS);
	take_table(parts, REC_STRINGS);
}

static void header_make(struct rec_header *header, const struct part parts[REC_TABLE_COUNT])
{
	uint32_t items[REC_TABLE_COUNT];

	for (int id = 0; id < REC_TABLE_COUNT; id++)
		items[id] = parts[id].len;
	recording_layout(header, &rt_rec->config, items);
	for (int id = 0; id < REC_TABLE_COUNT; id++) {
		header->table[id].len = items[id];
		header->table[id].lost = rt_rec->table[id].lost;
	}
	header->state = rt_rec->state;
	header->state.taken_ns = rt_clock_ns(CLOCK_REALTIME);
}

static int fill(int fd, const struct rec_header *header, const struct part parts[REC_TABLE_COUNT])
{
	int error = trace_file_write(fd, header, sizeof *header, 0);

	for (int id = 0; id < REC_TABLE_COUNT && error == 0; id++)
		error = trace_file_write(fd, parts[id].items,
					 (uint64_t)parts[id].len * header->table[id].item_size,
					 header->table[id].offset);
	if (error == 0 && syscall(SYS_ftruncate, fd, header->size_bytes) != 0)
		error = -errno;
	return error;
}

static int copy(const struct part parts[REC_TABLE_COUNT])
{
	struct rec_header header;
	int fd, error;

	header_make(&header, parts);
	fd = (int)syscall(SYS_memfd_create, "pprofmk-snapshot", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fill(fd, &header, parts);
	if (error == 0)
		return fd;
	syscall(SYS_close, fd);
	return error;
}

static int take(bool with_samples)
{
	struct part parts[REC_TABLE_COUNT] = {0};

	loading_note_all();
	if (with_samples)
		take_table(parts, REC_SAMPLES);
	take_table(parts, REC_WAITS);
	take_table(parts, REC_SITES);
	take_table(parts, REC_THREADS);
	take_what_is_named(parts);
	return copy(parts);
}

int live_snapshot(void)
{
	return take(false);
}

int live_snapshot_with_samples(void)
{
	return take(true);
}

int live_snapshot_of(const struct rec_thread *threads, const struct rec_sample *samples,
		     uint32_t count)
{
	struct part parts[REC_TABLE_COUNT] = {
		[REC_THREADS] = {threads, count}, [REC_SAMPLES] = {samples, count}};

	loading_note_all();
	take_what_is_named(parts);
	return copy(parts);
}
