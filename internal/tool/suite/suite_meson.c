/* SPDX-License-Identifier: MIT */
/* The tests and benchmarks of Meson's build folder, as it has written them into meson-info. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tool/suite/suite.h"
#include "tool/suite/suite_changes.h"
#include "tool/suite/suite_json.h"
#include "tool/tool.h"

static json_t *info(const struct suite *suite, const char *name)
{
	char *path = xasprintf("%s/meson-info/%s", suite->folder, name);
	json_t *root = json_load_file(path, 0, NULL);

	free(path);
	return root;
}

/* Values are written as if nothing had been set before: what was to be put in front of PATH is all of it. */
static void change(struct suite_changes *changes, const char *name, const char *value)
{
	const char *now = suite_changes_value(changes, name);
	bool is_path = strcmp(name, "PATH") == 0 && now != NULL;
	char *entry = xasprintf("%s=%s%s%s", name, value, is_path ? ":" : "", is_path ? now : "");

	suite_change(changes, entry);
	free(entry);
}

static char **environment_of(struct suite *suite, const json_t *test)
{
	struct suite_changes changes = {.arena = suite->arena};
	char **paths = suite_json_words(suite->arena, json_object_get(test, "extra_paths"));
	const json_t *item;
	const char *name;

	/* jansson's iterator takes no const. */
	json_object_foreach((json_t *)json_object_get(test, "env"), name, item)
	{
		if (json_is_string(item))
			change(&changes, name, json_string_value(item));
	}
	for (; *paths != NULL; paths++)
		change(&changes, "PATH", *paths);
	return suite_changes_list(&changes);
}

/* GNU's status for tests that skip themselves, which Meson takes where a test says nothing but its status. Whether a test
 * should fail is not among what it has written. */
static struct suite_verdict verdict_of(const json_t *test)
{
	const char *protocol = json_string_value(json_object_get(test, "protocol"));

	return (struct suite_verdict){.skip_status =
					      protocol == NULL || strcmp(protocol, "exitcode") == 0
						      ? SUITE_SKIP_STATUS
						      : 0};
}

static void add(struct suite *suite, const json_t *test, bool is_benchmark)
{
	const char *name = json_string_value(json_object_get(test, "name"));
	const char *directory = json_string_value(json_object_get(test, "workdir"));

	suite_add(suite,
		  &(struct suite_test){
			  .name = name != NULL ? name : "",
			  .words = suite_json_words(suite->arena, json_object_get(test, "cmd")),
			  .directory = directory != NULL ? directory : suite->folder,
			  .environment = environment_of(suite, test),
			  .verdict = verdict_of(test),
			  .is_benchmark = is_benchmark,
		  });
}

bool suite_meson(struct suite *suite)
{
	json_t *tests = info(suite, "intro-tests.json");
	json_t *benchmarks = info(suite, "intro-benchmarks.json");
	json_t *project = info(suite, "intro-projectinfo.json");
	const char *name = json_string_value(json_object_get(project, "descriptive_name"));
	char *command = xasprintf("meson compile -C %s", suite_word(suite->arena, suite->folder));
	bool is_good = json_is_array(tests);

	suite->build_command = suite_text(suite->arena, command);
	if (name != NULL)
		suite->project = suite_text(suite->arena, name);
	for (size_t i = 0; i < json_array_size(tests); i++)
		add(suite, json_array_get(tests, i), false);
	for (size_t i = 0; i < json_array_size(benchmarks); i++)
		add(suite, json_array_get(benchmarks, i), true);
	if (!is_good)
		tool_error("%s: there is no meson-info/intro-tests.json with tests: give Meson's "
			   "build folder, as `meson setup` has made it",
			   suite->folder);
	free(command);
	json_decref(benchmarks);
	json_decref(tests);
	json_decref(project);
	return is_good;
}
