/* SPDX-License-Identifier: MIT */
/* Profiles and texts of an artifact folder; declared in artifact.h. */
#include <stdlib.h>
#include <string.h>

#include "tool/profile/kinds.h"
#include "tool/report/artifact.h"
#include "tool/report/artifact_file.h"

/* What a test leaves is some kilobytes, what a large program does some megabytes. A file that packs a thousand times as much is
 * meant to do harm. */
#define PACKED_MAX_BYTES   ((size_t)64 << 20)
#define UNPACKED_MAX_BYTES ((size_t)64 << 20)
#define MEMORY_MAX_BYTES   (UINT64_C(512) << 20)

/* Has it the kind's sample types, in their order? A newer version may have more. */
static bool has_types(const struct profile *profile, const struct kind *kind)
{
	if (profile->type_count < kind->type_count)
		return false;
	for (size_t i = 0; i < kind->type_count; i++)
		if (strcmp(profile->types[i].type, kind->types[i].type) != 0 ||
		    strcmp(profile->types[i].unit, kind->types[i].unit) != 0)
			return false;
	return true;
}

char *artifact_text(struct artifact *artifact, const struct artifact_test *test,
		    enum artifact_file file, size_t *size)
{
	char *path = artifact_path(artifact, test, file), *bytes = NULL;
	char error[ARTIFACT_FILE_ERROR];

	if (test->files & 1u << file) {
		bytes = artifact_file_read(path, PACKED_MAX_BYTES, size, error);
		if (!bytes)
			artifact_problem(artifact, strrchr(path, '/') + 1, "%s", error);
	}
	free(path);
	return bytes;
}

struct profile *artifact_profile(struct artifact *artifact, const struct artifact_test *test,
				 enum artifact_file file)
{
	static const struct profile_limits limits = {UNPACKED_MAX_BYTES, MEMORY_MAX_BYTES};
	const struct kind *kind = kind_find(artifact_files[file].kind);
	char *path = artifact_path(artifact, test, file), *bytes;
	const char *name = strrchr(path, '/') + 1;
	char error[ARTIFACT_FILE_ERROR];
	struct profile *profile = NULL;
	size_t size;

	bytes = artifact_text(artifact, test, file, &size);
	if (bytes) {
		profile = profile_parse_within(bytes, size, &limits, error, sizeof(error));
		if (!profile)
			artifact_problem(artifact, name, "%s", error);
	}
	if (profile && !has_types(profile, kind)) {
		artifact_problem(artifact, name, "no %s profile: its sample types are others",
				 kind->name);
		profile_free(profile);
		profile = NULL;
	}
	free(bytes);
	free(path);
	return profile;
}
