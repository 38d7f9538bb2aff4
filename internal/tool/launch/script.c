/* SPDX-License-Identifier: MIT */
#include "tool/launch/script.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"

/* libtool says what it is in the second line. */
enum { HEAD_BYTES = 4096 };

/* Read the beginning of a script, zero-terminated. False when the file is none. */
static bool read_head(const char *path, char head[static HEAD_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len = fd < 0 ? -1 : read(fd, head, HEAD_BYTES - 1);

	if (fd >= 0)
		close(fd);
	head[len > 0 ? len : 0] = '\0';
	return strncmp(head, "#!", 2) == 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *script_find_in_path(const char *name)
{
	const char *folder = getenv("PATH");

	if (strchr(name, '/') != NULL)
		return xstrdup(name);
	while (folder != NULL && *folder != '\0') {
		size_t length = strcspn(folder, ":");
		char *path = xasprintf("%.*s/%s", length > 0 ? (int)length : 1,
				       length > 0 ? folder : ".", name);

		if (access(path, X_OK) == 0)
			return path;
		free(path);
		folder += length + (folder[length] == ':');
	}
	return NULL;
}

char *script_interpreter(const char *path)
{
	char head[HEAD_BYTES];
	char *word, *rest;

	if (!read_head(path, head))
		return NULL;
	head[strcspn(head, "\n")] = '\0';
	word = strtok_r(head + 2, " \t", &rest);
	if (word == NULL)
		return xstrdup("/bin/sh");
	if (strcmp(base_name(word), "env") == 0) {
		char *name = strtok_r(NULL, " \t", &rest);
		char *found = name != NULL ? script_find_in_path(name) : NULL;

		if (found != NULL)
			return found;
	}
	return xstrdup(word);
}

char *script_libtool_program(const char *path)
{
	static const char *const prefixes[] = {"lt-", ""};
	char head[HEAD_BYTES];

	if (!read_head(path, head) || strstr(head, "temporary wrapper script for") == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		char *program = xasprintf("%.*s.libs/%s%s", (int)(base_name(path) - path), path,
					  prefixes[i], base_name(path));

		if (access(program, X_OK) == 0)
			return program;
		free(program);
	}
	return NULL;
}
