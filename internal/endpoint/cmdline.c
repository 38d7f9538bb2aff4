/* SPDX-License-Identifier: MIT */
#include "endpoint/cmdline.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { CMDLINE_MAX = 1 << 20 };

static size_t read_all(int fd, char *text, size_t room)
{
	size_t size = 0;
	ssize_t got;

	while (size < room && (got = read(fd, text + size, room - size)) > 0)
		size += (size_t)got;
	return size;
}

char *cmdline_read(char between, size_t *size)
{
	char *text = malloc(CMDLINE_MAX);
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);

	*size = 0;
	if (text != NULL && fd >= 0)
		*size = read_all(fd, text, CMDLINE_MAX);
	if (fd >= 0)
		close(fd);
	/* Each argument ends with a NUL, the last one too. */
	if (*size > 0 && text[*size - 1] == '\0')
		--*size;
	for (size_t i = 0; i < *size; i++)
		if (text[i] == '\0')
			text[i] = between;
	return text;
}
