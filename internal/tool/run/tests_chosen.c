/* SPDX-License-Identifier: MIT */
#include "tool/run/tests_chosen.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/launch/launch.h"
#include "tool/tool.h"

static bool is_folder(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	errno = ENOTDIR;
	return S_ISDIR(status.st_mode);
}

bool tests_make_folder(const char *dir)
{
	char *path = xstrdup(dir);
	bool is_good = true;

	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		is_good = false;
	else if (!is_folder(path) || access(path, W_OK | X_OK) != 0)
		is_good = false;
	if (!is_good)
		tool_error("%s: %s; profiles go there (--out, PPROF_OUT)", dir, strerror(errno));
	free(path);
	return is_good;
}

struct kind_settings tests_program_settings(const struct options *options)
{
	struct kind_settings settings = {.out_dir = options_text(options, "out"),
					 .arguments = options->arguments};
	uint64_t hz = 1000;

	/* A trace has no clock. */
	if (options_knows(options, "hz"))
		options_value(options, "hz", &hz);
	options_value(options, "timeout", &settings.limit_ns);
	settings.period_ns = UINT64_C(1000000000) / hz;
	return settings;
}

struct kind_settings tests_settings(const struct options *options)
{
	struct kind_settings settings = tests_program_settings(options);

	settings.alone = strcmp(options_text(options, "alone"), "yes") == 0;
	return settings;
}

void tests_ignore_closed_output(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGPIPE);
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

static int no_match(const struct catalog *catalog, const char *func)
{
	const char *nearest[3];
	size_t count = catalog_nearest(catalog, func, nearest, 3);

	tool_error("no test is called \"%s\" among the %zu of %zu program%s", func, catalog->count,
		   catalog->program_count, catalog->program_count == 1 ? "" : "s");
	for (size_t i = 0; i < count; i++)
		tool_error("  did you mean %s?", nearest[i]);
	tool_error("`make pprof.list` (pprofmk list) names them all");
	return TOOL_USAGE;
}

/* Keep those that are wanted. */
static void choose(struct catalog *catalog, const char *func,
		   bool (*is_wanted)(const struct catalog_test *test))
{
	if (is_wanted == NULL || (func != NULL && *func != '\0'))
		catalog_select(catalog, func);
	else
		catalog_select_those(catalog, is_wanted);
}

/* What is remembered of programs says which of them to ask; what they say then holds. Returns how many tests there are. */
static size_t read_and_choose(struct catalog *catalog, const struct options *options,
			      bool (*is_wanted)(const struct catalog_test *test), bool is_trusted)
{
	const char *func = options_text(options, "func");
	size_t known;

	catalog_read(catalog, options, CATALOG_REMEMBERS);
	known = catalog->count;
	choose(catalog, func, is_wanted);
	if (!catalog->is_remembered || launch_interrupted() || (is_trusted && catalog->count > 0) ||
	    (catalog->count > 0 && catalog_is_true(catalog)))
		return known;
	catalog_free(catalog);
	catalog_read(catalog, options, CATALOG_ASKS_AGAIN);
	known = catalog->count;
	choose(catalog, func, is_wanted);
	return known;
}

static int choose_tests(struct catalog *catalog, const struct options *options,
			bool (*is_wanted)(const struct catalog_test *test), const char *otherwise,
			bool is_trusted)
{
	const char *func = options_text(options, "func");
	bool is_named = func != NULL && *func != '\0';
	size_t known = read_and_choose(catalog, options, is_wanted, is_trusted);

	if (catalog->program_count == 0)
		return options_wrong(options->command, CATALOG_NONE_GIVEN);
	if (!is_named || catalog->count == 0)
		catalog_report(catalog);
	if (launch_interrupted() ||
	    (known == 0 &&
	     catalog->refused_count + catalog->unready_count + catalog->skipping_count > 0))
		return TOOL_FAILED;
	if (catalog->count == 0 && known > 0 && !is_named && is_wanted != NULL) {
		if (otherwise == NULL)
			return TOOL_OK;
		tool_error("%s", otherwise);
		return TOOL_USAGE;
	}
	if (catalog->count == 0) {
		catalog->count = known;
		return no_match(catalog, is_named ? func : "");
	}
	if (!tests_make_folder(options_text(options, "out")))
		return TOOL_FAILED;
	catalog_save(catalog);
	return TOOL_OK;
}

bool tests_is_no_benchmark(const struct catalog_test *test)
{
	return !test->as->is_benchmark;
}

int tests_choose(struct catalog *catalog, const struct options *options,
		 bool (*is_wanted)(const struct catalog_test *test), const char *otherwise)
{
	return choose_tests(catalog, options, is_wanted, otherwise, false);
}

int tests_choose_trusting(struct catalog *catalog, const struct options *options,
			  bool (*is_wanted)(const struct catalog_test *test), const char *otherwise)
{
	return choose_tests(catalog, options, is_wanted, otherwise, true);
}
