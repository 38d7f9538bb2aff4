/* SPDX-License-Identifier: MIT */
#include "tool/bench/bench_header.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "tool/bench/bench_producer.h"
#include "tool/common/command_output.h"
#include "tool/common/names.h"
#include "tool/profile/pprof_program.h"

/* Go's name of the architecture, where it has another than the kernel. */
static char *architecture(void)
{
	static const char *const names[][2] = {{"x86_64", "amd64"}, {"aarch64", "arm64"}};
	struct utsname machine;

	if (uname(&machine) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(machine.machine, names[i][0]) == 0)
			return xstrdup(names[i][1]);
	return xstrdup(machine.machine);
}

static char *processor(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[512], *name = NULL;

	if (file == NULL)
		return NULL;
	while (name == NULL && fgets(line, sizeof line, file) != NULL) {
		char *value = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || value == NULL)
			continue;
		value += 1 + strspn(value + 1, " \t");
		value[strcspn(value, "\n")] = '\0';
		name = xstrdup(value);
	}
	fclose(file);
	return name;
}

static char *git(const char *path, char *dir, char *const *words, size_t count)
{
	char *all[12] = {(char *)path,		"-C", dir,
			 "--no-optional-locks", "-c", "core.fsmonitor=false"};
	size_t used = 6;

	for (size_t i = 0; i < count; i++)
		all[used++] = words[i];
	all[used] = NULL;
	return command_output(all);
}

/* Of the work tree that the program is in; what git is told must not run anything or touch the index. */
static char *commit(const char *program)
{
	static char *const head[] = {"rev-parse", "--verify", "HEAD"};
	static char *const status[] = {"status", "--porcelain", "--untracked-files=no"};
	char *path = pprof_program_path("git");
	char *dir = xstrdup(program), *slash = strrchr(dir, '/');
	char *sha = NULL, *changes = NULL, *whole;

	if (slash != NULL && path != NULL) {
		*(slash == dir ? slash + 1 : slash) = '\0';
		sha = git(path, dir, head, 3);
	}
	if (sha != NULL && (changes = git(path, dir, status, 3)) != NULL) {
		whole = xasprintf("%s-dirty", sha);
		free(sha);
		sha = whole;
	}
	free(changes);
	free(path);
	free(dir);
	return sha;
}

static void repair(char **value)
{
	char *text = *value;

	if (text == NULL || utf8_is_valid(text))
		return;
	*value = xmalloc(3 * strlen(text) + 1);
	utf8_repair(text, *value);
	free(text);
}

void bench_header_read(struct bench_header *header, const char *program, const char *package)
{
	const char *name = strrchr(program, '/');

	*header = (struct bench_header){0};
	header->goos = xstrdup("linux");
	header->goarch = architecture();
	if (package != NULL && *package != '\0')
		header->pkg = names_printable(package);
	else
		header->pkg = names_printable(name != NULL ? name + 1 : program);
	header->cpu = processor();
	bench_producer_read(program, &header->compiler, &header->flags);
	header->commit = commit(program);
	/* One byte that is no text, and readers of the format refuse the whole file. */
#define X(key, what) repair(&header->key);
	BENCH_KEYS(X)
#undef X
}

void bench_header_free(struct bench_header *header)
{
#define X(key, what) free(header->key);
	BENCH_KEYS(X)
#undef X
	*header = (struct bench_header){0};
}

/* A key holds for what follows until it comes again: one that is no longer known is taken back by an empty value. */
static void print_key(FILE *stream, const char *key, const char *value, const char *before)
{
	if (value != NULL && (before == NULL || strcmp(value, before) != 0))
		fprintf(stream, "%s: %s\n", key, value);
	else if (value == NULL && before != NULL)
		fprintf(stream, "%s:\n", key);
}

void bench_header_print_new(FILE *stream, const struct bench_header *header,
			    const struct bench_header *before)
{
	static const struct bench_header none;

	if (before == NULL)
		before = &none;
#define X(key, what) print_key(stream, #key, header->key, before->key);
	BENCH_KEYS(X)
#undef X
}

void bench_header_print(FILE *stream, const char *program, const char *package)
{
	struct bench_header header;

	bench_header_read(&header, program, package);
	bench_header_print_new(stream, &header, NULL);
	bench_header_free(&header);
}
