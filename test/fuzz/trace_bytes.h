/* SPDX-License-Identifier: MIT */
/* Any bytes as a finished trace. Sums of the sections and chunks are set right first: otherwise nearly all inputs would end at
 * the first of them. */
#ifndef PPROFMK_TEST_FUZZ_TRACE_BYTES_H
#define PPROFMK_TEST_FUZZ_TRACE_BYTES_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "format/trace_layout.h"

static inline void trace_bytes_mend(uint8_t *bytes, size_t size)
{
	struct trace_section sections[TRACE_SECTION_COUNT];
	struct trace_head head;

	if (size < sizeof head + sizeof sections)
		return;
	memcpy(&head, bytes, sizeof head);
	memcpy(sections, bytes + sizeof head, sizeof sections);
	for (size_t i = 0; i < TRACE_SECTION_COUNT; i++)
		if (sections[i].offset < size && sections[i].size <= size - sections[i].offset)
			sections[i].crc =
				(uint32_t)crc32_z(0, bytes + sections[i].offset, sections[i].size);
	head.sections_crc = (uint32_t)crc32_z(0, (const Bytef *)sections, sizeof sections);
	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, sections, sizeof sections);
}

/* The trace that the bytes are; NULL: none. The caller closes it. */
static inline struct trace *trace_bytes_open(const uint8_t *bytes, size_t size)
{
	static int fd = -1;
	char path[64], error[256] = "";
	uint8_t *copy = malloc(size + 1);
	struct trace *trace;

	if (copy == NULL)
		return NULL;
	memcpy(copy, bytes, size);
	trace_bytes_mend(copy, size);
	if (fd < 0)
		fd = memfd_create("trace", MFD_CLOEXEC);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, copy, size, 0) != (ssize_t)size)
		abort();
	free(copy);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	trace = trace_open(path, error, sizeof error);
	if ((trace == NULL) != (*error != '\0'))
		abort();
	return trace;
}

#endif
