/* SPDX-License-Identifier: MIT */
#include "tool/web/web_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/sym/sym_file.h"
#include "tool/tool.h"

/* In front of a path: pprof shows a file's base name, which stays. */
#define NOWHERE "/nonexistent"

/* Is a build id the one that the hexadecimal text says? */
static bool is_same(const uint8_t *id, size_t len, const char *hex)
{
	if (strlen(hex) != len * 2)
		return false;
	for (size_t i = 0; i < len; i++) {
		char digits[3];

		snprintf(digits, sizeof(digits), "%02x", id[i]);
		if (strncasecmp(digits, hex + i * 2, 2) != 0)
			return false;
	}
	return true;
}

bool web_profile_is_file(const struct profile_mapping *mapping)
{
	return *mapping->path == '/';
}

bool web_profile_is_rebuilt(const struct profile_mapping *mapping)
{
	struct sym_file *file;
	const uint8_t *id = NULL;
	size_t len;
	bool same;

	if (!*mapping->build_id || !web_profile_is_file(mapping))
		return false;
	file = sym_file_open(mapping->path);
	if (!file)
		return false;
	len = sym_file_build_id(file, &id);
	same = is_same(id, len, mapping->build_id);
	sym_file_close(file);
	return !same;
}

/* Give hidden files their paths. The caller frees the paths of the returned mappings that differ. */
static bool hide(struct profile_mapping *mappings, size_t count, web_profile_hides hides)
{
	bool hidden = false;

	for (size_t i = 0; i < count; i++) {
		if (!hides(&mappings[i]))
			continue;
		mappings[i].path = xasprintf(NOWHERE "%s", mappings[i].path);
		hidden = true;
	}
	return hidden;
}

char *web_profile_write(const struct profile *profile, int *fd)
{
	*fd = memfd_create("profile.pb.gz", MFD_CLOEXEC);
	if (*fd >= 0 && profile_write_fd(profile, *fd) == 0)
		return xasprintf("/proc/%d/fd/%d", (int)getpid(), *fd);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return NULL;
}

char *web_profile_copy(const struct profile *profile, web_profile_hides hides, int *fd)
{
	struct profile copy = *profile;
	size_t count = profile->mapping_count;
	char *path = NULL;

	*fd = -1;
	copy.mappings = xcalloc(count, sizeof(*copy.mappings));
	if (count)
		memcpy(copy.mappings, profile->mappings, count * sizeof(*copy.mappings));
	if (hide(copy.mappings, count, hides))
		path = web_profile_write(&copy, fd);
	for (size_t i = 0; i < count; i++) {
		if (copy.mappings[i].path != profile->mappings[i].path)
			free((char *)copy.mappings[i].path);
	}
	free(copy.mappings);
	return path;
}
