/* SPDX-License-Identifier: MIT */
/* The address of a running program's endpoint, as people type it. */
#ifndef PPROFMK_TOOL_LIVE_ADDRESS_H
#define PPROFMK_TOOL_LIVE_ADDRESS_H

#include <stdbool.h>

struct live_address {
	char *base; /* "http://127.0.0.1:6060" */
	char *name; /* "127.0.0.1-6060": of files */
};

/* Read "127.0.0.1:6060", "[::1]:6060", ":6060" (of this machine), a host's name instead, with http:// or https:// in front
 * (then the port may be left out) and /debug/pprof behind.
 *
 * Returns NULL with *address filled in, which live_address_free() gives back; else what is wrong, as the end of a sentence. */
const char *live_address_read(struct live_address *address, const char *text);
void live_address_free(struct live_address *address);

#endif
