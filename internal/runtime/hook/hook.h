/* SPDX-License-Identifier: MIT */
/* How a test is caught: calls of the functions that run cmocka's tests come to us first, with the arrays of tests. */
#ifndef PPROFMK_RUNTIME_HOOK_H
#define PPROFMK_RUNTIME_HOOK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/rt.h"

/* Is a library with cmocka in this process? */
bool hook_has_library(void);

/* Catch calls of the functions that the program has itself, at file->entry: this process runs that file. False, after
 * rt_trouble, where that can't be done. Context: while attaching. */
bool hook_catch_inside(const struct rec_file *file);

/* The rest is between the files of the hook. */

/* A call that came to us, and how it is made of the real function. */
struct hook_call {
	int (*make)(void *real, const struct hook_call *call);
	enum rec_entry entry;
	bool is_inside; /* the program has the function in itself */
	const char *group_name;
	const void *tests; /* of the array's own type */
	size_t count;
	CMFixtureFunction setup, teardown; /* of the group; NULL where tests say it themselves */
};

/* What depends on the type of the array. */
struct hook_api {
	/* Note test `index` with rt_append, if it is one. False when there is no room for more. */
	bool (*note)(const struct hook_call *call, uint32_t group, uint32_t group_name,
		     size_t index);
	/* Run the wanted test, entry `index`, by hook_run(). */
	int (*record)(const struct hook_call *call, size_t index);
	/* Run the group as it is, with bodies from hook_together() for its tests. NULL: they are not recorded then. */
	int (*record_all)(const struct hook_call *call);
};

/* A group of tests is to be run: list it, record the test wanted in it, or let it be. Returns what the program gets. */
int hook_group(const struct hook_call *call, const struct hook_api *api);

/* Make the call of the real function, as it came. */
int hook_call_real(const struct hook_call *call);

/* Make the call as often as is needed, with an array in which hook_body stands for the wanted test's body.
 *
 * has_fixtures  something is done around the body: fixtures of its own or the group's, or other tests */
int hook_run(const struct hook_call *call, CMUnitTestFunction body, bool has_fixtures);
void hook_body(void **state);

/* The body to put in place of test `index` of the group that is about to run: it records what the test's own does. The
 * test's own where there is none left. `item` is the test's in TESTS. See hook_together.c. */
CMUnitTestFunction hook_together(size_t index, CMUnitTestFunction body, uint32_t item);

/* Where every test is recorded: make the call, of a group whose bodies are those. */
int hook_together_run(const struct hook_call *call, const struct hook_api *api);

/* Is a group of such tests running? One that a test runs itself is the test's own business. */
bool hook_together_is_running(void);

/* In set-up or tear-down of the wanted test. */
void hook_phase(enum rec_phase phase);

/* The wanted test is over, with its tear-down: left by a failure or not. Nothing, the second time in a run. */
void hook_test_end(void);

/* What note() does with a test. */
bool hook_note(uint32_t group, uint32_t group_name, size_t index, const char *name,
	       uintptr_t function);

/* Is it one with run_tests, run_group_tests or run_test? */
bool hook_has_old_library(void);

/* What the program's own functions jump to; see hook_old.c for the last three. */
int hook_inside_group(const char *group_name, const struct CMUnitTest *tests, size_t count,
		      CMFixtureFunction setup, CMFixtureFunction teardown);
int hook_inside_old(const UnitTest *tests, size_t count);
int hook_inside_old_group(const UnitTest *tests, size_t count);
int hook_inside_old_test(const char *name, UnitTestFunction function, void **state,
			 UnitTestFunctionType type, const void *heap_check_point);

#endif
