/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/catalog.h"
#include "tool/launch.h"
#include "tool/options.h"
#include "tool/summary.h"
#include "tool/test_session.h"
#include "tool/tool.h"

static bool is_folder(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	errno = ENOTDIR;
	return S_ISDIR(status.st_mode);
}

/* Make the folder and those above it. Checked before any test runs: an hour of testing must not end in a folder
 * that can't be written. */
static bool folder_make(const char *dir)
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

static struct kind_settings settings_of(const struct options *options)
{
	struct kind_settings settings = {.out_dir = options_text(options, "out"),
					 .arguments = options->arguments};
	uint64_t hz = 1000;

	options_value(options, "time", &settings.cpu_goal_ns);
	options_value(options, "count", &settings.runs);
	options_value(options, "hz", &hz);
	options_value(options, "timeout", &settings.limit_ns);
	settings.period_ns = UINT64_C(1000000000) / hz;
	settings.alone = strcmp(options_text(options, "alone"), "yes") == 0;
	return settings;
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

static bool is_title(const struct catalog *catalog, const char *title)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->tests[i].title, title) == 0)
			return true;
	return false;
}

/* A set for the whole package is wanted when every test was asked for. A test may have the package's name: the two are
 * told apart. The caller frees it; NULL: none is wanted. */
static char *merged_title(const struct options *options, const struct catalog *catalog,
			  const char *func)
{
	const char *package = options_text(options, "package");
	const char *title = package != NULL && *package != '\0'
				    ? package
				    : strrchr(catalog->tests[0].program, '/') + 1;

	if (func != NULL && *func != '\0')
		return NULL;
	return is_title(catalog, title) ? xasprintf("%s.all", title) : xstrdup(title);
}

static const char *first_kind(const struct test_session *session)
{
	if (session->has_kind[REC_KIND_CPU])
		return "cpu";
	return session->has_kind[REC_KIND_MEM] ? "mem" : "block";
}

/* Nobody reads on (`| head`): the files are written all the same, and main() says that the output was not. */
static void pipe_signal_block(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGPIPE);
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

static int run_tests(const struct options *options, const struct catalog *catalog, const char *func)
{
	struct test_session session = {.settings = settings_of(options)};
	bool is_good = catalog->refused_count == 0;
	char *merged = merged_title(options, catalog, func);

	session.has_kind[REC_KIND_CPU] = options_has(options, "kinds", "cpu");
	session.has_kind[REC_KIND_MEM] = options_has(options, "kinds", "mem");
	session.has_kind[REC_KIND_BLOCK] = options_has(options, "kinds", "block");
	session.merged_title = merged;
	pipe_signal_block();
	test_session_begin(&session);
	for (size_t i = 0; i < catalog->count && !launch_interrupted(); i++)
		test_session_run(&session, &catalog->tests[i]);
	is_good &= test_session_end(&session);
	printf("\nprofiles are in %s\n", session.settings.out_dir);
	if (catalog->count > 1)
		printf("%zu of %zu tests profiled, %zu of them failed\n",
		       session.good + session.bad, catalog->count, session.bad);
	summary_next(stdout, first_kind(&session),
		     merged != NULL ? merged : catalog->tests[0].title, session.settings.out_dir);
	free(merged);
	if (launch_interrupted())
		tool_error("interrupted; what was recorded until then is kept");
	return is_good && session.bad == 0 && !launch_interrupted() ? TOOL_OK : TOOL_FAILED;
}

/* What there is to run, or the status to end with. */
static int choose_and_run(const struct options *options, struct catalog *catalog)
{
	const char *func = options_text(options, "func");
	size_t known;

	if (catalog->program_count == 0)
		return options_wrong(options->command, "no test program given (--bin)");
	if (launch_interrupted() || (catalog->count == 0 && catalog->refused_count > 0))
		return TOOL_FAILED;
	known = catalog->count;
	catalog_select(catalog, func);
	if (catalog->count == 0) {
		catalog->count = known;
		return no_match(catalog, func != NULL ? func : "");
	}
	if (!folder_make(options_text(options, "out")))
		return TOOL_FAILED;
	return run_tests(options, catalog, func);
}

int cmd_test(int argc, char **argv)
{
	struct options options;
	struct catalog catalog;
	int status;

	if (!options_parse(&options, argc, argv, &status))
		return status;
	catalog_read(&catalog, &options);
	status = choose_and_run(&options, &catalog);
	catalog_free(&catalog);
	options_free(&options);
	return status;
}
