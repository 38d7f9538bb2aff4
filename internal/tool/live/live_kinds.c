/* SPDX-License-Identifier: MIT */
#include "tool/live/live_kinds.h"

#include <string.h>

#define KIND(name, path, sort) {name, path, sort},

static const struct live_kind live_kinds[] = {LIVE_KINDS(KIND)};

const struct live_kind *live_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(live_kinds) / sizeof(live_kinds[0]); i++)
		if (strcmp(live_kinds[i].name, name) == 0)
			return &live_kinds[i];
	return NULL;
}
