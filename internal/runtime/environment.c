/* SPDX-License-Identifier: MIT */
#include "runtime/environment.h"

#include <stddef.h>
#include <string.h>

extern char **environ;

char **environment_entry(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return entry;
	return NULL;
}

void environment_remove(const char *name)
{
	char **entry = environment_entry(name);

	for (; entry != NULL && *entry != NULL; entry++)
		entry[0] = entry[1];
}
