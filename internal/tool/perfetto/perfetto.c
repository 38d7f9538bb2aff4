/* SPDX-License-Identifier: MIT */
#include "tool/perfetto/perfetto.h"

#include <errno.h>
#include <stdlib.h>

#include "base/varint.h"
#include "base/xalloc.h"

/* Values that Perfetto has given names to. */
enum {
	SEQUENCE = 1,
	INCREMENTAL_STATE_CLEARED = 1, /* nothing before this packet is referred to */
	NEEDS_INCREMENTAL_STATE = 2,   /* it refers to names of packets before */
	PACKET_TAG = 1 << 3 | 2,       /* Trace.packet: field 1, with its length in front */
};

void perfetto_begin(struct perfetto *perfetto, const struct trace *trace, FILE *file)
{
	size_t strings = trace_string_count(trace) + 1;

	*perfetto = (struct perfetto){.trace = trace, .file = file};
	perfetto->has_frame = xcalloc(trace_frame_count(trace) + 1, sizeof(bool));
	perfetto->has_stack = xcalloc(trace_stack_count(trace) + 1, sizeof(bool));
	perfetto->has_function = xcalloc(strings, sizeof(bool));
	perfetto->has_source = xcalloc(strings, sizeof(bool));
	perfetto->has_module = xcalloc(strings, sizeof(bool));
}

static void free_texts(struct perfetto_texts *texts)
{
	for (size_t i = 0; i < texts->len; i++)
		free(texts->texts[i]);
	free(texts->texts);
	set_free(&texts->set);
}

int perfetto_end(struct perfetto *perfetto)
{
	free_texts(&perfetto->categories);
	free_texts(&perfetto->event_names);
	free_texts(&perfetto->annotation_names);
	free(perfetto->has_frame);
	free(perfetto->has_stack);
	free(perfetto->has_function);
	free(perfetto->has_source);
	free(perfetto->has_module);
#define X(name, type, field) free(perfetto->pending.name.items);
	PERFETTO_LISTS(X)
#undef X
	arena_free(&perfetto->pending.arena);
	free(perfetto->buffer);
	return perfetto->error;
}

/* The names that are new, as part of the packet. */
static void add_pending(struct perfetto *perfetto, Perfetto__Packet *packet,
			Perfetto__InternedData *data)
{
	struct perfetto_pending *pending = &perfetto->pending;

	if (!pending->is_any)
		return;
#define X(name, type, field)                 \
	data->n_##field = pending->name.len; \
	data->field = pending->name.items;
	PERFETTO_LISTS(X)
#undef X
	packet->interned_data = data;
}

static void forget_pending(struct perfetto *perfetto)
{
	struct perfetto_pending *pending = &perfetto->pending;

	if (!pending->is_any)
		return;
#define X(name, type, field) pending->name.len = 0;
	PERFETTO_LISTS(X)
#undef X
	arena_free(&pending->arena);
	pending->arena = (struct arena){0};
	pending->is_any = false;
}

void perfetto_put(struct perfetto *perfetto, Perfetto__Packet *packet)
{
	Perfetto__InternedData data = PERFETTO__INTERNED_DATA__INIT;
	size_t size;
	uint8_t *at;

	packet->has_trusted_packet_sequence_id = packet->has_sequence_flags = 1;
	packet->trusted_packet_sequence_id = SEQUENCE;
	packet->sequence_flags = NEEDS_INCREMENTAL_STATE;
	if (!perfetto->has_begun) {
		packet->sequence_flags |= INCREMENTAL_STATE_CLEARED;
		packet->has_first_packet_on_sequence = packet->first_packet_on_sequence = 1;
	}
	perfetto->has_begun = true;
	add_pending(perfetto, packet, &data);
	size = perfetto__packet__get_packed_size(packet);
	if (size + 2 * VARINT_MAX > perfetto->buffer_cap) {
		perfetto->buffer_cap = 2 * size + 1024;
		perfetto->buffer = xrealloc(perfetto->buffer, perfetto->buffer_cap, 1);
	}
	at = perfetto->buffer;
	*at++ = PACKET_TAG;
	at = varint_put(at, size);
	at += perfetto__packet__pack(packet, at);
	size = (size_t)(at - perfetto->buffer);
	if (!perfetto->error && fwrite(perfetto->buffer, 1, size, perfetto->file) != size)
		perfetto->error = -errno;
	forget_pending(perfetto);
}
