/* SPDX-License-Identifier: MIT */
#include "tool/live/push_labels.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "tool/common/command_output.h"
#include "tool/common/names.h"

/* Pyroscope's validation.max-label-value-length and max-label-name-length, as they are by default. */
#define VALUE_MAX    2048
#define NAME_MAX_LEN 1024

/* Where CI systems say it, the first one that is set: of a pull request GitHub's GITHUB_REF_NAME is no branch. */
static const char *const commit_names[] = {"GITHUB_SHA", "CI_COMMIT_SHA", "BUILDKITE_COMMIT",
					   "GIT_COMMIT", NULL};
static const char *const branch_names[] = {"GITHUB_HEAD_REF",
					   "GITHUB_REF_NAME",
					   "CI_COMMIT_REF_NAME",
					   "BUILDKITE_BRANCH",
					   "BRANCH_NAME",
					   "GIT_BRANCH",
					   NULL};
static const char *const app_names[] = {"GITHUB_REPOSITORY", "CI_PROJECT_NAME",
					"BUILDKITE_PIPELINE_SLUG", NULL};

static const char *from_environment(const char *const *names)
{
	for (; *names; names++) {
		const char *value = getenv(*names);

		if (value && *value)
			return value;
	}
	return NULL;
}

/* What `git rev-parse` says here, NULL for nothing. */
static char *from_git(const char *option)
{
	char *cwd = getcwd(NULL, 0), *line = NULL;
	char *words[] = {(char *)"/usr/bin/env", (char *)"git",	 (char *)"-C",	 cwd,
			 (char *)"rev-parse",	 (char *)option, (char *)"HEAD", NULL};

	if (cwd)
		line = command_output(words);
	free(cwd);
	return line;
}

static void set_known(struct push_labels *labels, const char *name, const char *const *names,
		      const char *git_option)
{
	const char *value = from_environment(names);
	char *line = value ? NULL : from_git(git_option);

	if (value || line)
		push_labels_set(labels, name, value ? value : line);
	free(line);
}

/* Pyroscope's IsServiceNameRuneAllowed. */
static bool is_app_char(char c)
{
	return isalnum((unsigned char)c) || strchr("-./_", c);
}

static char *app_of(const char *app)
{
	char *cwd = getcwd(NULL, 0), *name;
	const char *whole = app && *app ? app : from_environment(app_names), *slash;

	if (!whole)
		whole = cwd ? cwd : "";
	slash = strrchr(whole, '/');
	name = xstrdup(slash && !(app && *app) ? slash + 1 : whole);
	for (char *p = name; *p; p++)
		if (!is_app_char(*p))
			*p = '_';
	free(cwd);
	if (*name)
		return name;
	free(name);
	return xstrdup("tests");
}

void push_labels_begin(struct push_labels *labels, const char *app)
{
	*labels = (struct push_labels){.app = app_of(app)};
	set_known(labels, "commit", commit_names, "--verify");
	set_known(labels, "branch", branch_names, "--abbrev-ref");
}

void push_labels_free(struct push_labels *labels)
{
	for (size_t i = 0; i < labels->count; i++) {
		free(labels->labels[i].name);
		free(labels->labels[i].value);
	}
	free(labels->app);
}

/* A place for a label of that name, NULL: there is no room. */
static struct push_label *place_of(struct push_labels *labels, const char *name, size_t len)
{
	struct push_label *label;

	for (size_t i = 0; i < labels->count; i++)
		if (strlen(labels->labels[i].name) == len &&
		    memcmp(labels->labels[i].name, name, len) == 0)
			return &labels->labels[i];
	if (labels->count == PUSH_LABELS_MAX)
		return NULL;
	label = &labels->labels[labels->count++];
	label->name = xasprintf("%.*s", (int)len, name);
	return label;
}

/* A comma and a brace end a value, and there is no way to quote them. */
static bool is_value_char(char c)
{
	return c != ',' && c != '}' && (unsigned char)c >= ' ' && c != 0x7f;
}

static bool is_name(const char *name, size_t len)
{
	if (len == 0 || len > NAME_MAX_LEN || isdigit((unsigned char)*name))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	return len < 2 || memcmp(name, "__", 2) != 0;
}

const char *push_labels_add(struct push_labels *labels, const char *text)
{
	const char *equals = strchr(text, '=');
	struct push_label *label;

	if (!equals || !is_name(text, (size_t)(equals - text)))
		return "give name=value, with a name of letters, digits and _ that does not begin "
		       "with a digit or __";
	if (!equals[1] || strlen(equals + 1) > VALUE_MAX || !utf8_is_valid(equals + 1))
		return "a value is text of UTF-8, of 1 to 2048 bytes";
	for (const char *p = equals + 1; *p; p++)
		if (!is_value_char(*p))
			return "a value can have no comma, no } and no control characters";
	label = place_of(labels, text, (size_t)(equals - text));
	if (!label)
		return "there are too many: Pyroscope takes 30 of a series, some of them its own";
	free(label->value);
	label->value = xstrdup(equals + 1);
	label->is_given = true;
	return NULL;
}

void push_labels_set(struct push_labels *labels, const char *name, const char *value)
{
	struct push_label *label = *value ? place_of(labels, name, strlen(name)) : NULL;
	char *text;

	if (!label || label->is_given)
		return;
	free(label->value);
	text = names_utf8(value);
	label->value = text;
	for (char *p = text; *p; p++)
		if (!is_value_char(*p))
			*p = '_';
	/* Not within a character of several bytes. */
	if (strlen(text) > VALUE_MAX) {
		size_t len = VALUE_MAX;

		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
		text[len] = '\0';
	}
}

char *push_labels_text(const struct push_labels *labels)
{
	const char *comma = "";
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		xalloc_failed();
	fprintf(stream, "%s{", labels->app);
	for (size_t i = 0; i < labels->count; i++) {
		fprintf(stream, "%s%s=%s", comma, labels->labels[i].name, labels->labels[i].value);
		comma = ",";
	}
	putc('}', stream);
	if (fclose(stream) != 0)
		xalloc_failed();
	return text;
}
