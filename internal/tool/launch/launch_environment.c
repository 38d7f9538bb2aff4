/* SPDX-License-Identifier: MIT */
#include "tool/launch/launch_environment.h"

#include <stdlib.h>
#include <string.h>

#include "tool/tool.h"

#define TCMALLOC "libtcmalloc_minimal.so.4"

extern char **environ;

static bool is_of(const char *entry, const char *name, size_t length)
{
	return strncmp(entry, name, length) == 0 && (entry[length] == '=' || entry[length] == '\0');
}

/* The last entry of a list for the name that another entry has, NULL for none. */
static char *entry_find(char *const *list, const char *entry)
{
	size_t length = strcspn(entry, "=");
	char *found = NULL;

	for (; list != NULL && *list != NULL; list++)
		if (is_of(*list, entry, length))
			found = *list;
	return found;
}

static size_t list_count(char *const *list)
{
	size_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	return count;
}

/* Values on their way from make to our scripts and the tool, which are nothing to the program. */
static bool is_for_us(const char *entry)
{
	return strncmp(entry, "PPROF_ARG_", strlen("PPROF_ARG_")) == 0;
}

/* Those of ours that are not changed, those that are, and room for `more`. */
static char **environment_changed(char *const *changes, size_t more)
{
	char **made = xcalloc(list_count(environ) + list_count(changes) + more + 1, sizeof *made);
	size_t count = 0;

	for (char **entry = environ; *entry != NULL; entry++)
		if (entry_find(changes, *entry) == NULL && !is_for_us(*entry))
			made[count++] = xstrdup(*entry);
	for (; changes != NULL && *changes != NULL; changes++)
		if (strchr(*changes, '=') != NULL && entry_find(changes, *changes) == *changes)
			made[count++] = xstrdup(*changes);
	return made;
}

/* Take an entry out of a list that owns it. */
static void entry_drop(char **list, char *entry)
{
	while (*list != entry)
		list++;
	memmove(list, list + 1, (list_count(list + 1) + 1) * sizeof *list);
	free(entry);
}

char **launch_environment(const struct launch *launch, bool has_tcmalloc)
{
	enum rec_kind kind = launch->recording->rec->config.kind;
	char *runtime = launch_runtime(kind);
	char *entry, *before = NULL;
	char **made;
	size_t count;

	if (runtime == NULL)
		return NULL;
	made = environment_changed(launch->environment, 3);
	while ((entry = entry_find(made, "LD_PRELOAD")) != NULL) {
		free(before);
		before = xstrdup(entry + strlen("LD_PRELOAD="));
		entry_drop(made, entry);
	}
	count = list_count(made);
	made[count++] = xasprintf("LD_PRELOAD=%s%s%s%s", runtime, has_tcmalloc ? ":" TCMALLOC : "",
				  before != NULL ? ":" : "", before != NULL ? before : "");
	made[count++] = xasprintf(REC_ENV_PRELOAD "=%s%s", before != NULL ? "LD_PRELOAD=" : "",
				  before != NULL ? before : "");
	made[count++] = xasprintf(REC_ENV "=%s", launch->recording->path);
	free(before);
	free(runtime);
	return made;
}

void launch_environment_free(char **made)
{
	for (char **entry = made; *entry != NULL; entry++)
		free(*entry);
	free(made);
}
