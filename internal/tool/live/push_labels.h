/* SPDX-License-Identifier: MIT */
/* What profiles of a test run are called at a server: the application's name, and labels. */
#ifndef PPROFMK_TOOL_PUSH_LABELS_H
#define PPROFMK_TOOL_PUSH_LABELS_H

#include <stdbool.h>
#include <stddef.h>

/* Pyroscope takes 30 of a series, and adds some of its own. */
#define PUSH_LABELS_MAX 20

struct push_labels {
	char *app;
	struct push_label {
		char *name, *value;
		bool is_given; /* by --label */
	} labels[PUSH_LABELS_MAX];
	size_t count;
};

/* The name, "" or NULL: that of the repository, from the CI system's environment, else of the current folder. Adds what is known of the
 * commit and the branch: from the CI system, else from git. push_labels_free() gives it back. */
void push_labels_begin(struct push_labels *labels, const char *app);
void push_labels_free(struct push_labels *labels);

/* Take "name=value"; one of the same name is replaced. NULL, or what is wrong with it, as the end of a sentence. */
const char *push_labels_add(struct push_labels *labels, const char *text);

/* Set one whose value need not be fit for it: what no label may have becomes "_". Nothing where there is no room, or one of that name
 * was given by push_labels_add(). */
void push_labels_set(struct push_labels *labels, const char *name, const char *value);

/* "app{branch=main,commit=1a2b}", as Pyroscope's /ingest reads a name. The caller frees it. */
char *push_labels_text(const struct push_labels *labels);

#endif
