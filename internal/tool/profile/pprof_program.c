/* SPDX-License-Identifier: MIT */
#include "tool/profile/pprof_program.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/common/command_output.h"
#include "tool/tool.h"

static bool is_program(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

char *pprof_program_path(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return is_program(name) ? xstrdup(name) : NULL;
	for (const char *p = path ? path : ""; *p;) {
		size_t len = strcspn(p, ":");
		/* An empty entry is the working directory. */
		char *file = xasprintf("%.*s/%s", len ? (int)len : 1, len ? p : ".", name);

		if (is_program(file))
			return file;
		free(file);
		p += len + (p[len] == ':');
	}
	return NULL;
}

/* Go's tools are to take nothing from the network and from the user's settings of Go. */
static void set_environment(void)
{
	setenv("GOTOOLCHAIN", "local",
	       1); /* no other Go is fetched for a go.mod that asks for it */
	setenv("GOFLAGS", "", 1);
	setenv("GOPROXY", "off", 1);
	setenv("GOENV", "off", 1);
	setenv("GOWORK", "off", 1);
}

/* Add a sentence part to what was seen. */
static void note(char **problem, char *seen)
{
	char *before = *problem;

	*problem = *before ? xasprintf("%s; %s", before, seen) : xstrdup(seen);
	free(before);
	free(seen);
}

/* gperftools' pprof is a Perl script. */
static bool is_perl(const char *path)
{
	char line[64] = "";
	FILE *file = fopen(path, "re");
	bool perl = file && fgets(line, sizeof(line), file) && strncmp(line, "#!", 2) == 0 &&
		    strstr(line, "perl");

	if (file)
		fclose(file);
	return perl;
}

static void take(struct pprof_program *program, char *path, char *description)
{
	program->words[0] = path;
	program->description = description;
}

static bool find_alone(struct pprof_program *program, char **problem)
{
	char *path = pprof_program_path("pprof");

	if (!path)
		return false;
	if (!is_perl(path)) {
		take(program, path, xstrdup(path));
		return true;
	}
	note(problem, xasprintf("%s is gperftools' script, not google/pprof", path));
	free(path);
	return false;
}

/* "go1.23.5" of "go version go1.23.5 linux/amd64". The caller frees it, NULL too. */
static char *go_version(char *go)
{
	char *question[] = {go, "version", NULL};
	char *answer = command_output(question);
	char name[32];
	bool known = answer && sscanf(answer, "go version %31s", name) == 1;

	free(answer);
	return known ? xstrdup(name) : NULL;
}

/* What has no number ("devel") is taken as new. */
static bool is_new_enough(const char *version)
{
	int major, minor;

	if (sscanf(version, "go%d.%d", &major, &minor) != 2)
		return true;
	return major > PPROF_GO_MAJOR || (major == PPROF_GO_MAJOR && minor >= PPROF_GO_MINOR);
}

/* The program itself rather than `go tool pprof`, which starts it as a process of its own. Go from 1.25 on builds it
 * when it is first called, and its path does not exist before. */
static void take_go(struct pprof_program *program, char *go, const char *version)
{
	char *question[] = {go, "tool", "-n", "pprof", NULL};
	char *path = command_output(question);

	if (path && is_program(path)) {
		take(program, path, xasprintf("%s (%s)", path, version));
		free(go);
		return;
	}
	free(path);
	take(program, go, xasprintf("%s tool pprof (%s)", go, version));
	program->words[1] = xstrdup("tool");
	program->words[2] = xstrdup("pprof");
}

/* Takes `go` over, NULL too. */
static bool try_go(struct pprof_program *program, char *go, char **problem)
{
	char *version = go ? go_version(go) : NULL;
	bool good = version && is_new_enough(version);

	if (good) {
		take_go(program, go, version);
	} else {
		if (version)
			note(problem, xasprintf("%s is %s, too old", go, version));
		free(go);
	}
	free(version);
	return good;
}

/* The newest first: go-1.9 comes before go-1.23 by name, not by number. */
static int by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)b, *(char *const *)a);
}

static bool try_installed(struct pprof_program *program, char **problem)
{
	glob_t found = {0};
	bool good = false;

	if (glob("/usr/lib/go-*/bin/go", 0, NULL, &found) == 0) {
		qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), by_version);
		for (size_t i = 0; !good && i < found.gl_pathc; i++)
			good = try_go(program, xstrdup(found.gl_pathv[i]), problem);
	}
	globfree(&found);
	return good || try_go(program, pprof_program_path("/usr/local/go/bin/go"), problem);
}

static bool find(struct pprof_program *program, char **problem)
{
	const char *wanted = getenv("PPROF");
	char *path;

	if (!wanted || !*wanted)
		return find_alone(program, problem) ||
		       try_go(program, pprof_program_path("go"), problem) ||
		       try_installed(program, problem);
	path = pprof_program_path(wanted);
	if (path)
		take(program, path, xstrdup(path));
	else
		note(problem, xasprintf("PPROF=%s is no program", wanted));
	return path != NULL;
}

int pprof_program_find(struct pprof_program *program, char **problem)
{
	memset(program, 0, sizeof(*program));
	*problem = xstrdup("");
	set_environment();
	return find(program, problem) ? 0 : -ENOENT;
}

void pprof_program_free(struct pprof_program *program)
{
	for (size_t i = 0; i < sizeof(program->words) / sizeof(program->words[0]); i++)
		free(program->words[i]);
	free(program->description);
	memset(program, 0, sizeof(*program));
}

char *pprof_program_describe(void)
{
	struct pprof_program program;
	char *problem;
	char *description =
		pprof_program_find(&program, &problem) == 0 ? xstrdup(program.description) : NULL;

	pprof_program_free(&program);
	free(problem);
	return description;
}
