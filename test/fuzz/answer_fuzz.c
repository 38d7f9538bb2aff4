/* SPDX-License-Identifier: MIT */
/* links: tool */
/* Any bytes as what a program hands out: a question about a recording whose tables, and their lengths, are anybody's. Whatever it is,
 * it is answered or refused. Where the first byte is odd the head is anybody's, too. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/recording_layout.h"
#include "tool/live/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* So few that the bytes reach all of them. */
static const uint32_t items[REC_TABLE_COUNT] = {
	[REC_STRINGS] = 64, [REC_MAPPINGS] = 4, [REC_THREADS] = 4, [REC_NODES] = 16,
	[REC_SAMPLES] = 16, [REC_SITES] = 4,	[REC_WAITS] = 8,
};

static int file_with(const void *bytes, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	return fd;
}

/* The tables one after the other, without the room between them. */
static void fill(struct rec_header *rec, const uint8_t *bytes, size_t size)
{
	for (int id = 0; id < REC_TABLE_COUNT && size > 0; id++) {
		struct rec_table *table = &rec->table[id];
		size_t part = (size_t)table->cap * table->item_size;

		if (part == 0)
			continue;
		table->len = bytes[0];
		bytes++;
		size--;
		part = part < size ? part : size;
		memcpy((char *)rec + table->offset, bytes, part);
		bytes += part;
		size -= part;
	}
}

static int snapshot(const uint8_t *bytes, size_t size, int has_strange_head)
{
	struct rec_config config = {.kind = REC_KIND_LIVE, .period_ns = 10000000};
	struct rec_header header, *rec;
	int fd;

	recording_layout(&header, &config, items);
	rec = calloc(1, header.size_bytes);
	if (rec == NULL)
		abort();
	memcpy(rec, &header, sizeof header);
	if (has_strange_head)
		memcpy(rec, bytes, size < sizeof *rec ? size : sizeof *rec);
	else
		fill(rec, bytes, size);
	fd = file_with(rec, header.size_bytes);
	free(rec);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct answer_question question = {.magic = ANSWER_MAGIC, .size_bytes = sizeof question};
	int fds[ANSWER_FDS_MAX], fd;
	char error[240] = "";
	struct sym *sym;

	if (size < 4)
		return 0;
	question.kind = bytes[1] % (ANSWER_KIND_COUNT + 1);
	question.form = bytes[2] % (ANSWER_FORM_COUNT + 1);
	question.fd_count = 1 + (bytes[3] & 1);
	if (question.kind == ANSWER_TRACE)
		return 0; /* trace_raw_fuzz.c is for these */
	fds[0] = snapshot(bytes + 4, size - 4, bytes[0] & 1);
	if (question.kind == ANSWER_SYMBOL)
		fds[1] = file_with(bytes + 4, size - 4);
	else
		fds[1] = question.fd_count > 1 ? snapshot(bytes + 2, size - 2, 0) : -1;
	if (question.kind == ANSWER_SYMBOL)
		question.fd_count = 2;
	sym = sym_open();
	fd = answer_make(&question, fds, sym, error, sizeof error);
	sym_close(sym);
	if (fd >= 0)
		close(fd);
	else if (error[0] == '\0')
		abort();
	return 0;
}
