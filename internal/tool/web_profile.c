/* SPDX-License-Identifier: MIT */
#include "tool/web_profile.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/sym_file.h"
#include "tool/tool.h"

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

static bool is_rebuilt(const struct profile_mapping *mapping)
{
	struct sym_file *file;
	const uint8_t *id = NULL;
	size_t len;
	bool same;

	if (!*mapping->build_id || *mapping->path != '/')
		return false;
	file = sym_file_open(mapping->path);
	if (!file)
		return false;
	len = sym_file_build_id(file, &id);
	same = is_same(id, len, mapping->build_id);
	sym_file_close(file);
	return !same;
}

static bool hide_rebuilt(struct profile *profile)
{
	bool hidden = false;

	for (size_t i = 0; i < profile->mapping_count; i++) {
		struct profile_mapping *mapping = &profile->mappings[i];
		char *path;

		if (!is_rebuilt(mapping))
			continue;
		path = xasprintf("%s (rebuilt since)", mapping->path);
		mapping->path = profile_string(profile, path);
		free(path);
		hidden = true;
	}
	return hidden;
}

char *web_profile_copy(struct profile *profile, int *fd)
{
	*fd = -1;
	if (!hide_rebuilt(profile))
		return NULL;
	*fd = memfd_create("profile.pb.gz", MFD_CLOEXEC);
	if (*fd >= 0 && profile_write_fd(profile, *fd) == 0)
		return xasprintf("/proc/%d/fd/%d", (int)getpid(), *fd);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return NULL;
}
