/* SPDX-License-Identifier: MIT */
#include "runtime/live_snapshot.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "format/recording_layout.h"
#include "runtime/loading.h"
#include "runtime/rt.h"

/* In the order in which items refer to each other: what those of one table name is there in the tables behind it, because it
 * was made first. */
static const enum rec_table_id order[] = {REC_SAMPLES, REC_WAITS,    REC_SITES,	 REC_NODES,
					  REC_THREADS, REC_MAPPINGS, REC_STRINGS};

static uint32_t length(enum rec_table_id id)
{
	struct rec_table *table = &rt_rec->table[id];
	uint32_t len = atomic_load(&table->len);

	return len < table->cap ? len : table->cap;
}

static int write_all(int fd, const void *bytes, uint64_t size_bytes, uint64_t at)
{
	const char *from = bytes;

	while (size_bytes > 0) {
		long written = syscall(SYS_pwrite64, fd, from, size_bytes, at);

		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		from += written;
		at += (uint64_t)written;
		size_bytes -= (uint64_t)written;
	}
	return 0;
}

static void header_make(struct rec_header *header, bool with_samples)
{
	uint32_t items[REC_TABLE_COUNT] = {0};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		items[order[i]] = order[i] != REC_SAMPLES || with_samples ? length(order[i]) : 0;
	recording_layout(header, &rt_rec->config, items);
	for (int id = 0; id < REC_TABLE_COUNT; id++) {
		header->table[id].len = items[id];
		header->table[id].lost = rt_rec->table[id].lost;
	}
	header->state = rt_rec->state;
	header->state.taken_ns = rt_clock_ns(CLOCK_REALTIME);
}

static int fill(int fd, const struct rec_header *header)
{
	int error = write_all(fd, header, sizeof *header, 0);

	for (size_t i = 0; i < sizeof order / sizeof *order && error == 0; i++) {
		const struct rec_table *table = &header->table[order[i]];

		error = write_all(fd, (const char *)rt_rec + rt_rec->table[order[i]].offset,
				  (uint64_t)table->len * table->item_size, table->offset);
	}
	if (error == 0 && syscall(SYS_ftruncate, fd, header->size_bytes) != 0)
		error = -errno;
	return error;
}

static int take(bool with_samples)
{
	struct rec_header header;
	int fd, error;

	loading_note_all();
	header_make(&header, with_samples);
	fd = (int)syscall(SYS_memfd_create, "pprofmk-snapshot", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fill(fd, &header);
	if (error == 0)
		return fd;
	syscall(SYS_close, fd);
	return error;
}

int live_snapshot(void)
{
	return take(false);
}

int live_snapshot_with_samples(void)
{
	return take(true);
}
