/* SPDX-License-Identifier: MIT */
/* The writer of trace_file.h, for the files that it is made of. */
#ifndef PPROFMK_FORMAT_TRACE_WRITER_H
#define PPROFMK_FORMAT_TRACE_WRITER_H

#include "format/trace_file.h"
#include "format/trace_load.h"
#include "format/trace_names.h"
#include "format/trace_streams.h"

struct trace_writer {
	char *path;
	struct trace_streams streams; /* into a file without a name */
	struct trace_names names;
	struct trace_load load;
	struct trace_heap_item heap; /* the last one */
	bool has_heap;
};

/* The last size of the heap holds until the trace ends. */
void trace_writer_heap_end(struct trace_writer *writer, uint64_t span_ns);

#endif
