/* SPDX-License-Identifier: MIT */
#include "format/profile_wire.h"

/* Wire types (protobuf.dev/programming-guides/encoding); 3 and 4 are groups, which proto3 has not. */
enum { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_BYTES = 2, WIRE_32BIT = 5 };

/* malloc's own bytes for a piece, and a pointer to it. */
#define PIECE_OVERHEAD 24

struct wire {
	const uint8_t *start; /* of everything, for positions */
	const uint8_t *at, *end;
	struct wire_report *report;
	int depth;
};

static bool damaged(struct wire *wire, const uint8_t *at, const char *problem)
{
	wire->report->at = (size_t)(at - wire->start);
	wire->report->problem = problem;
	return false;
}

/* The message ends too early: the file does when it is the outermost one. */
static bool cut(struct wire *wire, const uint8_t *at, const char *problem)
{
	wire->report->truncated = wire->depth == 0;
	return damaged(wire, wire->depth == 0 ? wire->end : at, problem);
}

static bool read_varint(struct wire *wire, uint64_t *value)
{
	const uint8_t *start = wire->at;

	*value = 0;
	for (int shift = 0; shift < 70; shift += 7) {
		if (wire->at == wire->end)
			return cut(wire, start, "a number that does not end");
		if (shift < 64)
			*value |= (uint64_t)(*wire->at & 0x7f) << shift;
		if (!(*wire->at++ & 0x80))
			return true;
	}
	return damaged(wire, start, "a number of more than ten bytes");
}

static bool skip(struct wire *wire, uint64_t size, const uint8_t *field)
{
	if (size > (uint64_t)(wire->end - wire->at))
		return cut(wire, field, "a field longer than what holds it");
	wire->at += size;
	return true;
}

static bool walk(struct wire *wire, const ProtobufCMessageDescriptor *descriptor);

/* The bytes of a field that is known and has them: a message, a string or packed numbers. */
static bool check_bytes(struct wire *wire, const ProtobufCFieldDescriptor *known,
			const uint8_t *from)
{
	struct wire inner = *wire;

	inner.at = from;
	inner.end = wire->at;
	inner.depth++;
	switch (known->type) {
	case PROTOBUF_C_TYPE_MESSAGE:
		wire->report->memory +=
			((const ProtobufCMessageDescriptor *)known->descriptor)->sizeof_message +
			PIECE_OVERHEAD;
		return walk(&inner, known->descriptor);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
		wire->report->memory += (uint64_t)(wire->at - from) + PIECE_OVERHEAD;
		return true;
	default:
		while (inner.at < inner.end) {
			uint64_t number;

			if (!read_varint(&inner, &number))
				return false;
			wire->report->memory += sizeof(number);
		}
		return true;
	}
}

static bool holds_bytes(const ProtobufCFieldDescriptor *known)
{
	return known->type == PROTOBUF_C_TYPE_MESSAGE || known->type == PROTOBUF_C_TYPE_STRING ||
	       known->type == PROTOBUF_C_TYPE_BYTES;
}

static bool check_field(struct wire *wire, const ProtobufCFieldDescriptor *known, unsigned type,
			const uint8_t *field)
{
	const uint8_t *from;
	uint64_t number;

	/* Every number of the schema is a varint, alone or packed. */
	if (known && (holds_bytes(known)
			      ? type != WIRE_BYTES
			      : type != WIRE_VARINT && (type != WIRE_BYTES ||
							known->label != PROTOBUF_C_LABEL_REPEATED)))
		return damaged(wire, field, "a field of another type than it should have");
	wire->report->memory += known ? sizeof(number) : PIECE_OVERHEAD * 2;
	switch (type) {
	case WIRE_VARINT:
		return read_varint(wire, &number);
	case WIRE_64BIT:
		return skip(wire, 8, field);
	case WIRE_32BIT:
		return skip(wire, 4, field);
	case WIRE_BYTES:
		if (!read_varint(wire, &number))
			return false;
		from = wire->at;
		return skip(wire, number, field) && (!known || check_bytes(wire, known, from));
	default:
		return damaged(wire, field, "a field of a type that does not exist");
	}
}

/* Depth is bounded by the schema: no message of it holds itself. */
static bool walk(struct wire *wire, const ProtobufCMessageDescriptor *descriptor)
{
	while (wire->at < wire->end) {
		const uint8_t *field = wire->at;
		uint64_t key;

		if (!read_varint(wire, &key))
			return false;
		if (!(key >> 3) || key >> 32)
			return damaged(wire, field, "a field without a number");
		if (!check_field(wire,
				 protobuf_c_message_descriptor_get_field(descriptor,
									 (unsigned)(key >> 3)),
				 key & 7, field))
			return false;
	}
	return true;
}

bool wire_check(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
		struct wire_report *report)
{
	struct wire wire = {.start = bytes, .at = bytes, .end = bytes + size, .report = report};

	*report = (struct wire_report){0};
	return walk(&wire, descriptor);
}
