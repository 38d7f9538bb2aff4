/* SPDX-License-Identifier: MIT */
/* The API since cmocka 1.0: its macros call _cmocka_run_group_tests, and this definition comes before cmocka's.
 *
 * The array of tests is copied, the wanted entry's body and tear-down are replaced by ours, and cmocka's own
 * function runs the copy. The structure and the signature are the same from cmocka 1.1.0 to 2.0. */
#include <string.h>

#include "runtime/hook/hook.h"
#include "runtime/loading.h"
#include "runtime/window.h"

typedef int run_group_fn(const char *, const struct CMUnitTest *, size_t, CMFixtureFunction,
			 CMFixtureFunction);

RT_EXPORT int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
				      const size_t num_tests, CMFixtureFunction group_setup,
				      CMFixtureFunction group_teardown);

/* The wanted test, as the program has it. One at a time in a process. */
static struct CMUnitTest wanted;

static int wanted_setup(void **state)
{
	hook_phase(REC_PHASE_SETUP);
	return wanted.setup_func(state);
}

static int wanted_teardown(void **state)
{
	int result = 0;

	hook_phase(REC_PHASE_TEARDOWN);
	if (wanted.teardown_func != NULL)
		result = wanted.teardown_func(state);
	hook_test_end();
	return result;
}

static struct CMUnitTest wanted_entry(const struct CMUnitTest *test)
{
	struct CMUnitTest entry = *test;

	wanted = *test;
	entry.test_func = hook_body;
	if (entry.setup_func != NULL)
		entry.setup_func = wanted_setup;
	entry.teardown_func = wanted_teardown;
	return entry;
}

static bool note(const struct hook_call *call, uint32_t group, uint32_t group_name, size_t index)
{
	const struct CMUnitTest *test = &((const struct CMUnitTest *)call->tests)[index];

	return test->name == NULL ||
	       hook_note(group, group_name, index, test->name, (uintptr_t)test->test_func);
}

static int record(const struct hook_call *call, size_t index)
{
	const struct CMUnitTest *tests = call->tests;
	bool has_fixtures = !rt_rec->config.alone || tests[index].setup_func != NULL ||
			    tests[index].teardown_func != NULL || call->setup != NULL ||
			    call->teardown != NULL;
	struct hook_call changed = *call;
	struct CMUnitTest *copy;
	int result;

	if (rt_rec->config.alone) {
		struct CMUnitTest entry = wanted_entry(&tests[index]);

		changed.tests = &entry;
		changed.count = 1;
		return hook_run(&changed, wanted.test_func, has_fixtures);
	}
	copy = rt_map(call->count * sizeof *copy);
	if (copy == NULL)
		return hook_call_real(call);
	memcpy(copy, tests, call->count * sizeof *copy);
	copy[index] = wanted_entry(&tests[index]);
	changed.tests = copy;
	result = hook_run(&changed, wanted.test_func, has_fixtures);
	rt_unmap(copy, call->count * sizeof *copy);
	return result;
}

/* The group's tests are the last ones noted. */
static int record_all(const struct hook_call *call)
{
	const struct CMUnitTest *tests = call->tests;
	struct hook_call changed = *call;
	uint32_t noted = 0, first;
	struct CMUnitTest *copy;
	int result;

	if (atomic_load(&rt_rec->table[REC_TESTS].lost) > 0)
		return hook_call_real(call);
	copy = rt_map((call->count + 1) * sizeof *copy);
	if (copy == NULL)
		return hook_call_real(call);
	for (size_t i = 0; i < call->count; i++)
		noted += tests[i].name != NULL;
	first = atomic_load(&rt_rec->table[REC_TESTS].len) - noted;
	memcpy(copy, tests, call->count * sizeof *copy);
	for (size_t i = 0; i < call->count; i++)
		if (copy[i].name != NULL)
			copy[i].test_func = hook_together(i, tests[i].test_func, first++);
	changed.tests = copy;
	result = hook_call_real(&changed);
	window_close();
	loading_note_all();
	rt_unmap(copy, (call->count + 1) * sizeof *copy);
	return result;
}

static const struct hook_api api = {note, record, record_all};

static int make(void *real, const struct hook_call *call)
{
	return ((run_group_fn *)real)(call->group_name, call->tests, call->count, call->setup,
				      call->teardown);
}

static int take(bool is_inside, const char *group_name, const struct CMUnitTest *tests,
		size_t count, CMFixtureFunction setup, CMFixtureFunction teardown)
{
	return hook_group(&(struct hook_call){.make = make,
					      .entry = REC_ENTRY_GROUP,
					      .is_inside = is_inside,
					      .group_name = group_name,
					      .tests = tests,
					      .count = count,
					      .setup = setup,
					      .teardown = teardown},
			  &api);
}

int hook_inside_group(const char *group_name, const struct CMUnitTest *tests, size_t count,
		      CMFixtureFunction setup, CMFixtureFunction teardown)
{
	return take(true, group_name, tests, count, setup, teardown);
}

RT_EXPORT int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
				      const size_t num_tests, CMFixtureFunction group_setup,
				      CMFixtureFunction group_teardown)
{
	return take(false, group_name, tests, num_tests, group_setup, group_teardown);
}
