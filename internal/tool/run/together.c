/* SPDX-License-Identifier: MIT */
#include "tool/run/together.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tool/launch/launch.h"

/* Are the tests that the program has told, of all groups that it came to, those that are known? */
static bool match(struct together *together, const struct catalog_test *tests, bool is_whole)
{
	const struct recording *recording = &together->recording;
	const struct rec_test *items = recording_table(recording, TESTS, struct rec_test);
	size_t told = recording_len(recording, REC_TESTS);

	if (told > together->count || (is_whole && told < together->count))
		return false;
	for (size_t i = 0; i < told; i++) {
		if (items[i].group_index != tests[i].group_index ||
		    items[i].test_index != tests[i].test_index ||
		    strcmp(recording_string(recording, items[i].name), tests[i].name) != 0)
			return false;
		if (atomic_load(&items[i].body.is_done))
			together->items[i] = &items[i];
	}
	return true;
}

bool together_run(struct together *together, const struct catalog_test *tests, size_t count,
		  const struct kind_settings *settings)
{
	struct rec_config config = kind_run_config(REC_KIND_CPU, tests, settings);
	struct launch_result result;
	struct launch how;
	bool is_whole;

	memset(together, 0, sizeof *together);
	config.alone = 0;
	config.together = 1;
	if (!recording_new(&together->recording, &config))
		return false;
	together->items = xcalloc(count, sizeof *together->items);
	together->count = count;
	how = kind_run_launch(tests, settings, &together->recording);
	how.shows_output = true;
	result = launch(&how);
	is_whole = result.end == LAUNCH_EXITED &&
		   atomic_load(&together->recording.rec->state.phase) == REC_PHASE_DONE;
	together->exit_status = result.status;
	together->has_changed = !match(together, tests, is_whole);
	return is_whole && !together->has_changed && together->recording.rec->state.failures == 0;
}

void together_free(struct together *together)
{
	if (together->items == NULL)
		return;
	free(together->items);
	recording_free(&together->recording);
}
