/* SPDX-License-Identifier: MIT */
/* Private to profile_read.c: finds where a protocol buffer is damaged, before anything is made of it. */
#ifndef PPROFMK_FORMAT_PROFILE_WIRE_H
#define PPROFMK_FORMAT_PROFILE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

struct wire_report {
	bool truncated;	     /* the outermost message ends inside a field */
	size_t at;	     /* where the damage is, bytes from the start */
	const char *problem; /* end of a sentence: "a field without a number" */
	uint64_t memory;     /* bytes that protobuf-c will about need to unpack it */
};

/* Walk a message and the messages in it, as protobuf-c's descriptor says. False: damaged, and *report says where; true:
 * only memory is set. Why not protobuf-c alone: it does not say where, and takes 100 bytes for a field of two. */
bool wire_check(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
		struct wire_report *report);

#endif
