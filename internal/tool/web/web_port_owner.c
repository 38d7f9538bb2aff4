/* SPDX-License-Identifier: MIT */
/* Who listens on a port, from /proc; declared in web_listen.h. */
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool/tool.h"
#include "tool/web/web_listen.h"

/* State of a listening socket in /proc/net/tcp (TCP_LISTEN in the kernel's tcp_states.h). */
#define STATE_LISTEN 0x0a

/* The inode of the socket that listens on a port, 0 when there is none in this table. */
static uint64_t inode_in(const char *table, uint16_t port)
{
	FILE *file = fopen(table, "re");
	char line[512];
	uint64_t found = 0;

	while (file && !found && fgets(line, sizeof(line), file)) {
		unsigned local, state;
		uint64_t inode;

		if (sscanf(line,
			   " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*s %*s "
			   "%" SCNu64,
			   &local, &state, &inode) == 3 &&
		    local == port && state == STATE_LISTEN)
			found = inode;
	}
	if (file)
		fclose(file);
	return found;
}

/* Has a process a descriptor of that socket? */
static bool holds(const char *pid, const char *socket_name)
{
	char path[300], target[64];
	DIR *dir;
	struct dirent *entry;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (len < 0)
			continue;
		target[len] = '\0';
		found = strcmp(target, socket_name) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

static char *describe(const char *pid)
{
	char path[300], name[64] = "a process";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (file && fgets(name, sizeof(name), file))
		name[strcspn(name, "\n")] = '\0';
	if (file)
		fclose(file);
	return xasprintf("%s (pid %s)", name, pid);
}

char *web_port_owner(uint16_t port)
{
	uint64_t inode = inode_in("/proc/net/tcp", port);
	char socket_name[64];
	DIR *dir;
	struct dirent *entry;
	char *owner = NULL;

	if (!inode)
		inode = inode_in("/proc/net/tcp6", port);
	if (!inode)
		return NULL;
	snprintf(socket_name, sizeof(socket_name), "socket:[%" PRIu64 "]", inode);
	dir = opendir("/proc");
	while (dir && !owner && (entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]) && holds(entry->d_name, socket_name))
			owner = describe(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return owner;
}
