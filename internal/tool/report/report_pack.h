/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_TOOL_REPORT_PACK_H
#define PPROFMK_TOOL_REPORT_PACK_H

#include <stddef.h>

/* Bytes in zlib's format, in base64: as a page can hold them, and its script unpack. The caller frees it. */
char *report_pack(const void *bytes, size_t size);

#endif
