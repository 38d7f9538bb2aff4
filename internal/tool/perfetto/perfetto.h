/* SPDX-License-Identifier: MIT */
/* A file of Perfetto's being written: packets of one sequence, and the names that they refer to.
 *
 * Names, frames and stacks are written once, with the first packet that needs them, and have numbers from then on. Private to
 * perfetto_*.c and trace_perfetto.c. */
#ifndef PPROFMK_TOOL_PERFETTO_H
#define PPROFMK_TOOL_PERFETTO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/set.h"
#include "format/trace_file.h"
#include "perfetto.pb-c.h"

/* Texts with numbers from 1 up. */
struct perfetto_texts {
	char **texts;
	size_t len, cap;
	struct set set;
};

/* Lists of InternedData, what the next packet takes along. */
#define PERFETTO_LISTS(X)                                               \
	X(categories, Perfetto__Interned, event_categories)             \
	X(event_names, Perfetto__Interned, event_names)                 \
	X(annotation_names, Perfetto__Interned, debug_annotation_names) \
	X(function_names, Perfetto__Interned, function_names)           \
	X(frames, Perfetto__Frame, frames)                              \
	X(stacks, Perfetto__Callstack, callstacks)                      \
	X(mapping_paths, Perfetto__Interned, mapping_paths)             \
	X(source_paths, Perfetto__Interned, source_paths)               \
	X(mappings, Perfetto__Mapping, mappings)

struct perfetto_pending {
	bool is_any;
#define X(name, type, field)     \
	struct {                 \
		type **items;    \
		size_t len, cap; \
	} name;
	PERFETTO_LISTS(X)
#undef X
	struct arena arena; /* what the items point to */
};

struct perfetto {
	const struct trace *trace;
	FILE *file;
	int error; /* -errno of the first thing that went wrong */
	bool has_begun;
	uint8_t *buffer;
	size_t buffer_cap;
	struct perfetto_texts categories, event_names, annotation_names;
	bool *has_frame, *has_stack, *has_function, *has_source, *has_module; /* written already */
	struct perfetto_pending pending;
	uint64_t flow; /* number of the last one */
};

void perfetto_begin(struct perfetto *perfetto, const struct trace *trace, FILE *file);

/* Gives back what it has allocated; the file is the caller's. Returns `error`. */
int perfetto_end(struct perfetto *perfetto);

/* Write a packet; its sequence and names are filled in. */
void perfetto_put(struct perfetto *perfetto, Perfetto__Packet *packet);

/* A name of the program as readers take text: what is no UTF-8 is repaired. The caller frees it. */
char *perfetto_text(const char *text);

/* Numbers for what a packet refers to. The next perfetto_put() writes what is new. */
uint64_t perfetto_category(struct perfetto *perfetto, const char *text);
uint64_t perfetto_event_name(struct perfetto *perfetto, const char *text);
uint64_t perfetto_annotation_name(struct perfetto *perfetto, const char *text);
uint64_t perfetto_stack(struct perfetto *perfetto, uint32_t stack); /* 0: none */

/* Tracks. */
uint64_t perfetto_thread_track(uint32_t thread);
uint64_t perfetto_task_track(uint64_t task);
enum { PERFETTO_PROCESS_TRACK = 1, PERFETTO_HEAP_TRACK = 2 };

/* Parts of the file, one after the other. */
void perfetto_put_tracks(struct perfetto *perfetto);
void perfetto_put_states(struct perfetto *perfetto);
void perfetto_put_slices(struct perfetto *perfetto, uint32_t thread);
void perfetto_put_heap(struct perfetto *perfetto);

#endif
