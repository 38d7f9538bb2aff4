/* SPDX-License-Identifier: MIT */
/* links: internal/base/arena.c internal/base/set.c internal/base/utf8.c internal/base/xalloc.c
 * internal/format/gunzip.c internal/format/profile*.c internal/format/write_file.c internal/tool/profile/frames.c internal/tool/profile/top.c
 * internal/tool/profile/top_print.c internal/tool/common/human.c */
/* Any bytes as a profile: refused with a sentence, or read; and then it can be summed up, merged with its copy, written and
 * read again with the same totals. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/profile.h"
#include "format/profile_pack.h"
#include "tool/profile/top.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "profile_fuzz: %s\n", what);
	abort();
}

/* A copy, by way of its bytes. */
static struct profile *copy(const struct profile *profile)
{
	char error[256] = "";
	size_t size;
	uint8_t *bytes = profile_pack(profile, &size);
	struct profile *again = profile_parse(bytes, size, error, sizeof(error));

	free(bytes);
	require(again != NULL, error);
	require(again->sample_count == profile->sample_count, "samples got lost");
	for (size_t i = 0; i < profile->type_count; i++)
		require(top_total(again, i) == top_total(profile, i), "a total changed");
	return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static FILE *nowhere;
	char error[256] = "";
	struct profile *profile = profile_parse(bytes, size, error, sizeof(error));
	struct profile *again;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	require(!profile == (*error != '\0'), "a profile and an error, or neither");
	if (!profile)
		return 0;
	again = copy(profile);
	for (size_t i = 0; i < profile->type_count; i++)
		top_print(nowhere, profile, i, 5);
	require(profile_merge(profile, again) == 0, "it cannot be merged with its copy");
	profile_free(again);
	profile_free(profile);
	return 0;
}
