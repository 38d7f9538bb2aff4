/* SPDX-License-Identifier: MIT */
/* The API of before cmocka 1.0, which 1.1.x still has: run_tests(), run_group_tests() and run_test().
 *
 * A test, its set-up and its tear-down are entries of their own there, none of which returns anything. For run_tests, a
 * set-up holds until its tear-down, with any number of tests and other pairs between; run_group_tests knows one pair for
 * all. The wanted test alone is run with the pairs around it. A run_test() is taken for a group of one test. */
#include <dlfcn.h>

#include "runtime/hook/hook.h"

/* What a function gets in registers. A library of the program's own may have one of these names, which then gets all of
 * them; they are declared by other names, for cmocka.h has those. */
struct registers {
	long a, b, c, d, e, f;
};

RT_EXPORT long run_tests_exported(long a, long b, long c, long d, long e,
				  long f) __asm__("_run_tests");
RT_EXPORT long run_group_tests_exported(long a, long b, long c, long d, long e,
					long f) __asm__("_run_group_tests");
RT_EXPORT long run_test_exported(long a, long b, long c, long d, long e,
				 long f) __asm__("_run_test");

/* The pair next to the wanted test, as the program has it. */
static UnitTestFunction wanted_setup, wanted_teardown;

static void setup(void **state)
{
	hook_phase(REC_PHASE_SETUP);
	wanted_setup(state);
	hook_phase(REC_PHASE_GROUP);
}

static void teardown(void **state)
{
	hook_phase(REC_PHASE_TEARDOWN);
	wanted_teardown(state);
	hook_test_end();
}

static bool opens(const UnitTest *test)
{
	return test->function != NULL &&
	       (test->function_type == UNIT_TEST_FUNCTION_TYPE_SETUP ||
		test->function_type == UNIT_TEST_FUNCTION_TYPE_GROUP_SETUP);
}

static bool closes(const UnitTest *test)
{
	return test->function != NULL &&
	       (test->function_type == UNIT_TEST_FUNCTION_TYPE_TEARDOWN ||
		test->function_type == UNIT_TEST_FUNCTION_TYPE_GROUP_TEARDOWN);
}

/* Is entry `at`, a set-up, the wanted test's: not torn down before entry `index`? */
static bool is_open_at(const UnitTest *tests, size_t at, size_t index)
{
	size_t depth = 1;

	for (size_t i = at + 1; i < index && depth > 0; i++) {
		depth += opens(&tests[i]);
		depth -= closes(&tests[i]);
	}
	return depth > 0;
}

/* Does entry `at`, a tear-down behind entry `index`, end a pair that was open there? */
static bool ends_open(const UnitTest *tests, size_t index, size_t at)
{
	size_t depth = 0;

	for (size_t i = index + 1; i < at; i++) {
		if (opens(&tests[i]))
			depth++;
		else if (closes(&tests[i]) && depth > 0)
			depth--;
	}
	return depth == 0;
}

static bool belongs(const struct hook_call *call, size_t at, size_t index)
{
	const UnitTest *tests = call->tests;

	if (at == index)
		return true;
	if (!opens(&tests[at]) && !closes(&tests[at]))
		return false;
	if (call->entry == REC_ENTRY_OLD_GROUP)
		return true;
	if (at < index)
		return opens(&tests[at]) && is_open_at(tests, at, index);
	return closes(&tests[at]) && ends_open(tests, index, at);
}

/* Copy what is to be run, and put ours in place of the wanted test and the pair next to it. Returns the number of entries. */
static size_t copy_wanted(const struct hook_call *call, size_t index, UnitTest *copy)
{
	const UnitTest *tests = call->tests;
	UnitTest *last_setup = NULL, *first_teardown = NULL;
	size_t count = 0;

	for (size_t i = 0; i < call->count; i++) {
		bool is_around = belongs(call, i, index);

		if (rt_rec->config.alone && !is_around)
			continue;
		copy[count] = tests[i];
		if (is_around && opens(&tests[i]))
			last_setup = &copy[count];
		if (is_around && closes(&tests[i]) && first_teardown == NULL)
			first_teardown = &copy[count];
		if (i == index)
			copy[count].function = hook_body;
		count++;
	}
	if (last_setup != NULL) {
		wanted_setup = last_setup->function;
		last_setup->function = setup;
	}
	if (first_teardown != NULL) {
		wanted_teardown = first_teardown->function;
		first_teardown->function = teardown;
	}
	return count;
}

static bool note(const struct hook_call *call, uint32_t group, uint32_t group_name, size_t index)
{
	const UnitTest *test = &((const UnitTest *)call->tests)[index];

	return test->function_type != UNIT_TEST_FUNCTION_TYPE_TEST || test->function == NULL ||
	       test->name == NULL ||
	       hook_note(group, group_name, index, test->name, (uintptr_t)test->function);
}

static int record(const struct hook_call *call, size_t index)
{
	size_t size_bytes = call->count * sizeof(UnitTest);
	struct hook_call changed = *call;
	UnitTest *copy = rt_map(size_bytes);
	int result;

	if (copy == NULL)
		return hook_call_real(call);
	changed.tests = copy;
	changed.count = copy_wanted(call, index, copy);
	result = hook_run(&changed, ((const UnitTest *)call->tests)[index].function,
			  changed.count > 1);
	rt_unmap(copy, size_bytes);
	return result;
}

static const struct hook_api api = {note, record, NULL};

/* Is a function of cmocka's at work on tests? It calls _run_test for each of them, which then is no run_test() of the
 * program's; one that a test calls itself is the test's own business. */
static bool is_running;

static int make(void *real, const struct hook_call *call)
{
	bool was_running = is_running;
	int result;

	is_running = true;
	result = ((int (*)(const UnitTest *, size_t))real)(call->tests, call->count);
	is_running = was_running;
	return result;
}

static int take(enum rec_entry entry, bool is_inside, const UnitTest *tests, size_t count)
{
	return hook_group(&(struct hook_call){.make = make,
					      .entry = entry,
					      .is_inside = is_inside,
					      .tests = tests,
					      .count = count},
			  &api);
}

/* What the function behind run_test() gets. */
struct entry {
	const char *name;
	UnitTestFunction function;
	void **state;
	UnitTestFunctionType type;
	const void *heap_check_point;
};

static int make_entry(void *real, const struct hook_call *call)
{
	const struct entry *entry = call->tests;

	return ((int (*)(const char *, UnitTestFunction, void **, UnitTestFunctionType,
			 const void *))real)(entry->name, entry->function, entry->state,
					     entry->type, entry->heap_check_point);
}

static int make_test(void *real, const struct hook_call *call)
{
	const UnitTest *test = call->tests;
	const struct entry entry = {test->name, test->function, NULL, test->function_type, NULL};
	int result;

	is_running = true;
	result = make_entry(real, &(struct hook_call){.tests = &entry});
	is_running = false;
	return result;
}

static int take_test(bool is_inside, const struct entry *entry)
{
	const UnitTest test = {
		.name = entry->name, .function = entry->function, .function_type = entry->type};
	struct hook_call call = {.make = make_entry,
				 .entry = REC_ENTRY_OLD_TEST,
				 .is_inside = is_inside,
				 .tests = entry};

	if (is_running)
		return hook_call_real(&call);
	call.make = make_test;
	call.tests = &test;
	call.count = 1;
	return hook_group(&call, &api);
}

int hook_inside_old(const UnitTest *tests, size_t count)
{
	return take(REC_ENTRY_OLD, true, tests, count);
}

int hook_inside_old_group(const UnitTest *tests, size_t count)
{
	return take(REC_ENTRY_OLD_GROUP, true, tests, count);
}

int hook_inside_old_test(const char *name, UnitTestFunction function, void **state,
			 UnitTestFunctionType type, const void *heap_check_point)
{
	return take_test(true, &(struct entry){name, function, state, type, heap_check_point});
}

/* Is it in one library with another function of cmocka's? */
static bool is_of_cmocka(void *function)
{
	void *neighbour = rt_real("_expect_check");
	Dl_info one, other;

	return function != NULL && neighbour != NULL && dladdr(function, &one) != 0 &&
	       dladdr(neighbour, &other) != 0 && one.dli_fbase == other.dli_fbase;
}

bool hook_has_old_library(void)
{
	return is_of_cmocka(rt_real("_run_tests")) || is_of_cmocka(rt_real("_run_group_tests")) ||
	       is_of_cmocka(rt_real("_run_test"));
}

static long pass_on(void *real, const struct registers *given)
{
	return ((long (*)(long, long, long, long, long, long))real)(given->a, given->b, given->c,
								    given->d, given->e, given->f);
}

static long take_exported(enum rec_entry entry, const char *symbol, const struct registers *given)
{
	void *real = rt_real(symbol);

	if (is_of_cmocka(real))
		return take(entry, false, (const UnitTest *)given->a, (size_t)given->b);
	return pass_on(real, given);
}

long run_tests_exported(long a, long b, long c, long d, long e, long f)
{
	return take_exported(REC_ENTRY_OLD, "_run_tests", &(struct registers){a, b, c, d, e, f});
}

long run_group_tests_exported(long a, long b, long c, long d, long e, long f)
{
	return take_exported(REC_ENTRY_OLD_GROUP, "_run_group_tests",
			     &(struct registers){a, b, c, d, e, f});
}

long run_test_exported(long a, long b, long c, long d, long e, long f)
{
	void *real = rt_real("_run_test");
	const struct entry entry = {(const char *)a, (UnitTestFunction)b, (void **)c,
				    (UnitTestFunctionType)d, (const void *)e};

	if (is_of_cmocka(real))
		return take_test(false, &entry);
	return pass_on(real, &(struct registers){a, b, c, d, e, f});
}
