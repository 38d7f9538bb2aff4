/* SPDX-License-Identifier: MIT */
#include "tool/sym/sym_names.h"

#include <dlfcn.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* The demangler recurses; a name made to exhaust the stack is longer than any that a compiler made for a person. */
#define LONGEST_MANGLED 8192

typedef char *demangle_fn(const char *mangled, char *buffer, size_t *size, int *status);

/* A string, or a mangled name (text) with its translation. */
struct kept {
	const char *value; /* NULL: the text itself */
	size_t len;
	char text[];
};

struct sym_names {
	void *kept, *demangled; /* trees of struct kept */
	void *library;		/* libstdc++, opened at the first mangled name */
	bool looked_for_library;
	demangle_fn *demangle;
};

struct sym_names *sym_names_new(void)
{
	return xcalloc(1, sizeof(struct sym_names));
}

void sym_names_free(struct sym_names *names)
{
	if (!names)
		return;
	tdestroy(names->kept, free);
	tdestroy(names->demangled, free);
	if (names->library)
		dlclose(names->library);
	free(names);
}

static int compare(const void *a_item, const void *b_item)
{
	const struct kept *a = a_item, *b = b_item;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->text, b->text, a->len);
}

static struct kept *insert(void **tree, const char *text, size_t len, bool *is_new)
{
	struct kept *entry = xmalloc(sizeof(*entry) + len + 1);
	struct kept **place;

	entry->value = NULL;
	entry->len = len;
	memcpy(entry->text, text, len);
	entry->text[len] = '\0';
	place = tsearch(entry, tree, compare);
	if (!place)
		xalloc_failed();
	*is_new = *place == entry;
	if (!*is_new)
		free(entry);
	return *place;
}

const char *sym_names_keep(struct sym_names *names, const char *text, size_t len)
{
	bool is_new;

	return insert(&names->kept, text, len, &is_new)->text;
}

/* libstdc++ is not linked: the tool is C, and who profiles C++ has it. */
static demangle_fn *demangler(struct sym_names *names)
{
	void *symbol;

	if (names->looked_for_library)
		return names->demangle;
	names->looked_for_library = true;
	names->library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
	if (!names->library)
		return NULL;
	symbol = dlsym(names->library, "__cxa_demangle");
	/* ISO C has no cast between object and function pointers. */
	memcpy(&names->demangle, &symbol, sizeof(symbol));
	return names->demangle;
}

const char *sym_names_demangle(struct sym_names *names, const char *name)
{
	size_t len = strcspn(name, ".");
	demangle_fn *demangle;
	struct kept *entry;
	bool is_new;
	char *text;
	int status;

	if (strncmp(name, "_Z", 2) != 0 || len > LONGEST_MANGLED)
		return name;
	demangle = demangler(names);
	if (!demangle)
		return name;
	entry = insert(&names->demangled, name, len, &is_new);
	if (is_new) {
		text = demangle(entry->text, NULL, NULL, &status);
		if (text)
			entry->value = sym_names_keep(names, text, strlen(text));
		free(text);
	}
	return entry->value ? entry->value : name;
}
