/* SPDX-License-Identifier: MIT */
#include "tool/common/memory.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* The number behind a word at a line's beginning, "" being the file's first. False: not there, or no number ("max"). */
static bool read_number(const char *path, const char *word, uint64_t *number)
{
	FILE *file = fopen(path, "re");
	char line[256];
	bool is_found = false;

	if (file == NULL)
		return false;
	while (!is_found && fgets(line, sizeof line, file) != NULL)
		is_found = strncmp(line, word, strlen(word)) == 0 &&
			   sscanf(line + strlen(word), "%" SCNu64, number) == 1;
	fclose(file);
	return is_found;
}

/* The two versions of control groups: where they are, and what their files are called. */
static const struct group_version {
	const char *controller; /* as /proc/self/cgroup names it */
	const char *root;
	const char *limit, *used;
	const char *reclaimable; /* word of memory.stat: page cache that goes when there is need */
} versions[] = {
	{"", "/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file "},
	{"memory", "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
	 "total_inactive_file "},
};

static bool read_in_group(const struct group_version *version, const char *group, const char *file,
			  const char *word, uint64_t *number)
{
	char *path = xasprintf("%s%s/%s", version->root, group, file);
	bool is_there = read_number(path, word, number);

	free(path);
	return is_there;
}

static uint64_t available_in_group(const struct group_version *version, const char *group)
{
	uint64_t limit, used, reclaimable = 0;

	if (!read_in_group(version, group, version->limit, "", &limit) ||
	    !read_in_group(version, group, version->used, "", &used))
		return UINT64_MAX;
	read_in_group(version, group, "memory.stat", version->reclaimable, &reclaimable);
	used -= reclaimable < used ? reclaimable : used;
	return limit > used ? limit - used : 0;
}

/* The least of a group and those above it; in a container the path may be the host's, and only the root is there. */
static uint64_t available_in_path(const struct group_version *version, char *group)
{
	uint64_t least = UINT64_MAX;
	char *slash;

	for (;;) {
		uint64_t available = available_in_group(version, group);

		least = available < least ? available : least;
		slash = strrchr(group, '/');
		if (slash == NULL)
			return least;
		*slash = '\0';
	}
}

/* "4:memory:/path", or "0::/path" of version 2. */
static uint64_t available_in_line(char *line)
{
	char *controllers = strchr(line, ':');
	char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;

	if (group == NULL)
		return UINT64_MAX;
	*group++ = '\0';
	group[strcspn(group, "\n")] = '\0';
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		if (strcmp(controllers + 1, versions[i].controller) == 0)
			return available_in_path(&versions[i], group);
	return UINT64_MAX;
}

static uint64_t available_in_groups(void)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	uint64_t least = UINT64_MAX;
	char line[PATH_MAX + 64];

	if (file == NULL)
		return least;
	while (fgets(line, sizeof line, file) != NULL) {
		uint64_t available = available_in_line(line);

		least = available < least ? available : least;
	}
	fclose(file);
	return least;
}

uint64_t memory_available(void)
{
	uint64_t kib, machine = UINT64_MAX, groups = available_in_groups();

	if (read_number("/proc/meminfo", "MemAvailable:", &kib))
		machine = kib * 1024;
	machine = groups < machine ? groups : machine;
	return machine == UINT64_MAX ? 0 : machine;
}

uint64_t memory_resident(pid_t pid)
{
	uint64_t anonymous = 0, shared = 0;
	char path[40];

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	read_number(path, "RssAnon:", &anonymous);
	read_number(path, "RssShmem:", &shared);
	return (anonymous + shared) * 1024;
}
