/* SPDX-License-Identifier: MIT */
/* The tests of one `pprofmk test`: each profiled for each kind, shown, and written down. */
#ifndef PPROFMK_TOOL_TEST_SESSION_H
#define PPROFMK_TOOL_TEST_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/run/kind_run.h"
#include "tool/run/flight_limits.h"
#include "tool/run/test_log.h"
#include "tool/options.h"

struct test_session {
	struct kind_settings settings;
	bool has_kind[4]; /* [enum rec_kind] */
	bool is_flight;	  /* each test is recorded as a flight first; see test_flight.h */
	bool until_failure;
	struct flight_limits flight;
	char *traced_title; /* the first test that has a trace, owned; NULL: none */
	bool is_all;	    /* every test of each program is run */
	bool is_together; /* tests of a program are run together, once, where that tells of them */
	bool has_changed; /* a program run so has other tests than those that were given */
	struct test_log log;
	struct sym *sym;
	size_t good, bad; /* tests so far */
	bool has_failed;  /* something of the program at hand has, expected or not */
	size_t unfailing; /* programs so far that were to fail, as their suites have it, and did not */
	const char *
		without_lines; /* the first program whose functions have names and no lines; NULL: none */
	/* The merged set of a package; title NULL: none is wanted. */
	const char *merged_title;
	struct profile *merged[4]; /* cpu, mem, block, mutex */
	struct manifest *merged_manifest;
};

/* Take what --kinds, --flight and --until say: a test that is run until it fails has no profiles unless they are asked for. */
void test_session_choose_kinds(struct test_session *session, const struct options *options);

/* Are there to be any profiles? */
bool test_session_has_kinds(const struct test_session *session);

/* The kind to look at first. */
const char *test_session_first_kind(const struct test_session *session);

/* is_short: a line for each test; see test_log.h. */
void test_session_begin(struct test_session *session, bool is_short);

/* Profile one test. Nothing it does ends the session. */
void test_session_run(struct test_session *session, const struct catalog_test *test);

/* The same for all tests of a program; nothing of them, but for has_changed, where they are not all. */
void test_session_run_program(struct test_session *session, const struct catalog_test *tests,
			      size_t count);

/* Write the merged set, if one is wanted, and free everything. False when it could not be written. */
bool test_session_end(struct test_session *session);

#endif
