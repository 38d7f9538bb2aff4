/* SPDX-License-Identifier: MIT */
/* What `make check` of automake's makefiles runs: TESTS, and check_PROGRAMS that some script of TESTS may start.
 *
 * make itself says what the variables are: it reads a makefile of ours that includes theirs, prints them, and ends in an
 * error before make would look whether anything is to be made, the makefiles among it. So no recipe is ever run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/common/command_output.h"
#include "tool/suite/suite.h"
#include "tool/suite/suite_changes.h"
#include "tool/tool.h"

#define MARK "\npprofmk:"

/* Of variables and shell code, what is wanted. */
#define VARIABLES                                                                  \
	"TESTS check_PROGRAMS SUBDIRS EXEEXT srcdir PACKAGE AM_TESTS_ENVIRONMENT " \
	"TESTS_ENVIRONMENT XFAIL_TESTS"

static const char question[] = "include Makefile\n"
			       "$(foreach v," VARIABLES ",$(info pprofmk:$v=$($v)))\n"
			       "$(info pprofmk:end)\n"
			       "$(error that is all)\n";

/* As make does for a shell that runs tests, ending in what prints the environment. */
static const char environment_code[] = "srcdir=%s; export srcdir; %s %s /usr/bin/env -0";

extern char **environ;

/* The file as a path that make can open while it is ours. -1: it can't be made. */
static int question_file(void)
{
	int fd = memfd_create("pprofmk-automake", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, question, sizeof question - 1) != (ssize_t)sizeof question - 1) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* What make says of the makefile in a folder, beginning with MARK. NULL: nothing. The caller frees it. */
static char *ask(const char *folder)
{
	int fd = question_file();
	char *file = xasprintf("/proc/%d/fd/%d", (int)getpid(), fd);
	/* A make above us would have this one go on with its goals and options. */
	char *words[] = {"/usr/bin/env", "-u",	   "MAKEFLAGS", "-u",	     "MAKELEVEL",
			 "-u",		 "MFLAGS", "-u",	"MAKEFILES", "make",
			 "-f",		 file,	   NULL};
	size_t size = 0;
	char *output = fd >= 0 ? command_output_all(folder, words, &size) : NULL;
	char *whole = NULL;

	if (output != NULL)
		whole = xasprintf("\n%s", output);
	if (whole != NULL && strstr(whole, MARK "end\n") == NULL) {
		free(whole);
		whole = NULL;
	}
	free(output);
	free(file);
	if (fd >= 0)
		close(fd);
	return whole;
}

/* The same, remembered as long as the makefile does not change. NULL: no makefile of automake's is there. */
static const char *answer_of(struct suite *suite, const char *folder)
{
	char *path = xasprintf("%s/Makefile", folder);
	const char *answer = cache_text(suite->cache, path);
	char *new = NULL;

	if (answer == NULL) {
		new = ask(folder);
		if (new != NULL)
			answer = cache_add_text(suite->cache, path, new);
		free(new);
	}
	free(path);
	return answer;
}

/* The value of a variable, as old as the arena. */
static char *value_of(struct arena *arena, const char *answer, const char *name)
{
	char *mark = xasprintf(MARK "%s=", name);
	const char *found = strstr(answer, mark);
	const char *value = found != NULL ? found + strlen(mark) : "";
	const char *end = strstr(value, MARK);
	char *copy = end != NULL ? strndup(value, (size_t)(end - value)) : xstrdup(value);
	char *kept;

	if (copy == NULL)
		xalloc_failed();
	kept = suite_text(arena, copy);
	free(copy);
	free(mark);
	return kept;
}

/* One folder's tests. */
struct folder {
	struct suite *suite;
	const char *path, *srcdir, *prefix; /* prefix: of its tests' names, "tests/" */
	char **environment;
	char *xfail; /* those that are to fail, between blanks */
	char *seen;  /* its tests so far, each between newlines */
};

static bool is_in_list(char *const *list, const char *entry)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, entry) == 0)
			return true;
	return false;
}

/* Of a shell itself, or of a valgrind that was to run the tests. */
static bool is_ignored(const char *entry)
{
	static const char *const names[] = {"_=", "SHLVL=", "PWD=", "OLDPWD="};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(entry, names[i], strlen(names[i])) == 0)
			return true;
	return strncmp(entry, "LD_PRELOAD=", 11) == 0 && strstr(entry, "vgpreload") != NULL;
}

static bool has_name(const char *printed, size_t size, const char *entry)
{
	size_t length = strcspn(entry, "=") + 1;

	for (const char *its = printed; its < printed + size; its += strlen(its) + 1)
		if (strncmp(its, entry, length) == 0)
			return true;
	return false;
}

/* How the environment that was printed differs from ours. */
static char **difference(struct arena *arena, char *printed, size_t size)
{
	struct suite_changes changes = {.arena = arena};

	for (char *entry = printed; entry < printed + size; entry += strlen(entry) + 1)
		if (strchr(entry, '=') != NULL && !is_ignored(entry) && !is_in_list(environ, entry))
			suite_change(&changes, entry);
	for (char **entry = environ; *entry != NULL; entry++)
		if (!is_ignored(*entry) && !has_name(printed, size, *entry)) {
			char *name = xstrdup(*entry);

			name[strcspn(name, "=")] = '\0';
			suite_change(&changes, name);
			free(name);
		}
	return suite_changes_list(&changes);
}

/* AM_TESTS_ENVIRONMENT is code of the shell, so a shell has to say what it means. */
static char **environment_of(struct suite *suite, const char *path, const char *answer)
{
	const char *srcdir = value_of(suite->arena, answer, "srcdir");
	const char *ours = value_of(suite->arena, answer, "AM_TESTS_ENVIRONMENT");
	const char *users = value_of(suite->arena, answer, "TESTS_ENVIRONMENT");
	char *entry = xasprintf("srcdir=%s", srcdir);
	char **environment = suite_list(suite->arena, (char *[]){entry, NULL});
	char *code = xasprintf(environment_code, srcdir, ours, users);
	char *words[] = {"/bin/sh", "-c", code, NULL};
	char *printed = NULL;
	size_t size = 0;

	if (strspn(ours, " \t") != strlen(ours) || strspn(users, " \t") != strlen(users)) {
		printed = command_output_all(path, words, &size);
		if (printed != NULL && size > 0)
			environment = difference(suite->arena, printed, size);
		else
			tool_error("%s: its TESTS_ENVIRONMENT can't be had; the tests there run "
				   "without",
				   path);
	}
	free(printed);
	free(code);
	free(entry);
	return environment;
}

/* As make check looks for it: where it was built, or a script beside the sources. */
static char *path_of(const struct folder *folder, const char *name)
{
	char *built = *name == '/' ? xstrdup(name) : xasprintf("%s/%s", folder->path, name);
	char *source;

	if (*name == '/' || access(built, F_OK) == 0)
		return built;
	source = *folder->srcdir == '/' ? xasprintf("%s/%s", folder->srcdir, name)
					: xasprintf("%s/%s/%s", folder->path, folder->srcdir, name);
	if (access(source, F_OK) == 0) {
		free(built);
		return source;
	}
	free(source);
	return built;
}

static bool is_seen(struct folder *folder, const char *name)
{
	char *mark = xasprintf("\n%s\n", name);
	bool is_there = strstr(folder->seen, mark) != NULL;
	char *longer = is_there ? NULL : xasprintf("%s%s", folder->seen, mark);

	if (longer != NULL) {
		free(folder->seen);
		folder->seen = longer;
	}
	free(mark);
	return is_there;
}

static bool is_to_fail(const struct folder *folder, const char *name)
{
	char *mark = xasprintf(" %s ", name);
	bool is_there = strstr(folder->xfail, mark) != NULL;

	free(mark);
	return is_there;
}

/* Its names between blanks. The caller frees it. */
static char *blanks_around(char *names)
{
	for (char *p = names; *p != '\0'; p++)
		if (*p == '\t' || *p == '\n')
			*p = ' ';
	return xasprintf(" %s ", names);
}

static struct suite_verdict verdict_of(const struct folder *folder, const char *name)
{
	bool fails = is_to_fail(folder, name);

	return (struct suite_verdict){.property = fails ? "XFAIL_TESTS" : NULL,
				      .is_to_fail = fails,
				      .skip_status = SUITE_SKIP_STATUS};
}

static void add_all(struct folder *folder, char *names)
{
	char *rest = NULL;

	for (char *name = strtok_r(names, " \t\n", &rest); name != NULL;
	     name = strtok_r(NULL, " \t\n", &rest)) {
		char *path, *label;

		if (is_seen(folder, name))
			continue;
		path = path_of(folder, name);
		label = xasprintf("%s%s", folder->prefix, name);
		suite_add(folder->suite, &(struct suite_test){.name = label,
							      .words = (char *[]){path, NULL},
							      .directory = folder->path,
							      .environment = folder->environment,
							      .verdict = verdict_of(folder, name)});
		free(label);
		free(path);
	}
}

static void add_tests(struct suite *suite, const char *path, const char *prefix, const char *answer)
{
	char *tests = value_of(suite->arena, answer, "TESTS");
	char *programs = value_of(suite->arena, answer, "check_PROGRAMS");
	struct folder folder = {
		.suite = suite,
		.path = path,
		.srcdir = value_of(suite->arena, answer, "srcdir"),
		.prefix = prefix,
		.xfail = blanks_around(value_of(suite->arena, answer, "XFAIL_TESTS")),
		.seen = xstrdup("")};

	if (*tests != '\0' || *programs != '\0')
		folder.environment = environment_of(suite, path, answer);
	add_all(&folder, tests);
	add_all(&folder, programs);
	free(folder.xfail);
	free(folder.seen);
}

/* SUBDIRS may lead back by a link: no project is as deep as that. */
static void add_folder(struct suite *suite, const char *path, const char *prefix, int depth)
{
	const char *answer = depth > 0 ? answer_of(suite, path) : NULL;
	char *names, *rest = NULL;

	if (answer == NULL)
		return;
	add_tests(suite, path, prefix, answer);
	names = value_of(suite->arena, answer, "SUBDIRS");
	for (char *name = strtok_r(names, " \t\n", &rest); name != NULL;
	     name = strtok_r(NULL, " \t\n", &rest)) {
		char *below, *longer;

		if (strcmp(name, ".") == 0)
			continue;
		below = xasprintf("%s/%s", path, name);
		longer = xasprintf("%s%s/", prefix, name);
		add_folder(suite, below, longer, depth - 1);
		free(longer);
		free(below);
	}
}

static bool is_of_automake(const char *folder)
{
	char *path = xasprintf("%s/Makefile", folder);
	FILE *file = fopen(path, "re");
	char line[256] = "";

	free(path);
	if (file == NULL)
		return false;
	if (fgets(line, sizeof line, file) == NULL)
		line[0] = '\0';
	fclose(file);
	return strstr(line, "generated by automake") != NULL;
}

bool suite_automake(struct suite *suite)
{
	char *command =
		xasprintf("make -C %s check TESTS=", suite_word(suite->arena, suite->folder));
	const char *answer;

	suite->build_command = suite_text(suite->arena, command);
	free(command);
	if (!is_of_automake(suite->folder)) {
		tool_error("%s: there is no Makefile of automake's: give the folder where "
			   "configure was run",
			   suite->folder);
		return false;
	}
	answer = answer_of(suite, suite->folder);
	if (answer == NULL) {
		tool_error("%s: make does not tell what is in the Makefile there; it has to be GNU "
			   "make, and in PATH",
			   suite->folder);
		return false;
	}
	suite->project = value_of(suite->arena, answer, "PACKAGE");
	add_folder(suite, suite->folder, "", 64);
	return true;
}
