/* SPDX-License-Identifier: MIT */
#ifndef PPROFMK_ENDPOINT_INDEX_H
#define PPROFMK_ENDPOINT_INDEX_H

#include <stddef.h>

#include "runtime/live/live.h"

/* The page that lists the others, of *size bytes. The caller frees it; NULL when there is no memory. */
char *index_page(const struct live_api *api, size_t *size);

#endif
