/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any bytes as what a program recorded for itself: refused with a sentence, or finished; and then each thread is in one state at any
 * time, each CPU has one thread, and times don't go back. Sums of blocks are put right, so that what is behind them is reached. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "format/recording_layout.h"
#include "format/trace_file.h"
#include "tool/trace/trace_finish.h"
#include "tool/trace/trace_raw_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "trace_raw_fuzz: %s\n", what);
	abort();
}

static void mend_sums(uint8_t *bytes, size_t size)
{
	struct rec_header header;
	struct spool_block block;

	if (size < sizeof header)
		return;
	memcpy(&header, bytes, sizeof header);
	for (uint64_t at = header.size_bytes; at < size && size - at >= sizeof block;
	     at += sizeof block + block.size_bytes) {
		memcpy(&block, bytes + at, sizeof block);
		if (block.size_bytes > size - at - sizeof block)
			return;
		block.crc = (uint32_t)crc32(0, bytes + at + sizeof block, block.size_bytes);
		memcpy(bytes + at, &block, sizeof block);
	}
}

/* Most changes of a head only make it one that is refused: put right what says where the tables are. */
static void mend_head(uint8_t *bytes, size_t size)
{
	static const uint32_t items[REC_TABLE_COUNT] = {
		[REC_STRINGS] = 4096,	  [REC_MAPPINGS] = 4,	 [REC_NODES] = 16,
		[REC_TRACE_THREADS] = 64, [REC_TRACE_SYNCS] = 8, [REC_TRACE_CHUNK_STATES] = 1,
		[REC_TRACE_CHUNKS] = 1};
	struct rec_header header, given;

	if (size < sizeof header)
		return;
	memcpy(&given, bytes, sizeof given);
	recording_layout(&header, &given.config, items);
	for (int id = 0; id < REC_TABLE_COUNT; id++)
		header.table[id].len = given.table[id].len;
	header.state = given.state;
	memcpy(bytes, &header, sizeof header);
}

static void check_thread(const struct trace *trace, uint32_t number)
{
	const struct trace_thread *thread = trace_thread(trace, number);
	struct trace_cursor *cursor =
		trace_cursor_new(trace, TRACE_STREAM_STATES, number, 0, UINT64_MAX);
	struct trace_state_item item;
	struct trace_event event;
	uint64_t at = thread->start_ns;

	for (; trace_state_next(cursor, &item); at = item.end_ns) {
		require(item.start_ns == at, "a state does not begin where the last one ended");
		require(item.end_ns > item.start_ns, "a state without a time");
	}
	require(at == thread->end_ns, "states don't fill a life");
	trace_cursor_free(cursor);
	cursor = trace_cursor_new(trace, TRACE_STREAM_EVENTS, number, 0, UINT64_MAX);
	for (at = 0; trace_event_next(cursor, &event); at = event.end_ns)
		require(event.end_ns >= at && event.end_ns >= event.start_ns,
			"events are not in the order of time");
	trace_cursor_free(cursor);
}

static void check_cpu(const struct trace *trace, uint32_t cpu)
{
	struct trace_cursor *cursor = trace_cursor_new(trace, TRACE_STREAM_CPU, cpu, 0, UINT64_MAX);
	struct trace_cpu_item item;

	for (uint64_t at = 0; trace_cpu_next(cursor, &item); at = item.end_ns)
		require(item.start_ns >= at && item.end_ns > item.start_ns &&
				item.thread < trace_thread_count(trace),
			"two threads on one CPU");
	trace_cursor_free(cursor);
}

static void check(const char *path)
{
	char error[256];
	struct trace *trace = trace_open(path, error, sizeof error);

	require(trace != NULL, error);
	for (uint32_t i = 0; i < trace_thread_count(trace); i++)
		check_thread(trace, i);
	for (uint32_t i = 0; i < trace_info(trace)->cpu_count; i++)
		check_cpu(trace, i);
	trace_close(trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	int fd = memfd_create("trace_raw_fuzz", MFD_CLOEXEC);
	char raw[64], path[64], error[256];
	struct trace_raw_file file;

	require(copy != NULL && fd >= 0, "no memory");
	memcpy(copy, bytes, size);
	if (size > 0 && bytes[size - 1] % 4 != 0)
		mend_head(copy, size);
	mend_sums(copy, size);
	require(write(fd, copy, size) == (ssize_t)size, "no room");
	free(copy);
	snprintf(raw, sizeof raw, "/proc/self/fd/%d", fd);
	snprintf(path, sizeof path, "/dev/shm/trace_raw_fuzz.%d", (int)getpid());
	if (trace_raw_file_open(&file, raw, error, sizeof error)) {
		trace_raw_file_close(&file);
		require(trace_raw_file_finish(raw, path, 0) == 0, "it could not be finished");
		check(path);
		unlink(path);
	} else {
		require(error[0] != '\0', "refused without a word");
	}
	close(fd);
	return 0;
}
