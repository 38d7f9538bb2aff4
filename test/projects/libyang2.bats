#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# libyang2, built by CMake: 54 programs, 409 tests.

load ../helpers/helpers
load suite

# programs: the suite's cmocka programs, as its own ctest names them.
suite_programs() {
	ctest --test-dir "$PROJECTS/libyang2-build" -N -V | sed -n 's/^[0-9]*: Test command: //p' | tr -d '"' |
		grep '/utest_[a-z0-9_]*$'
}

setup() {
	setup_out
	cd "$PROJECTS/libyang2-build" || return 1
}

@test "libyang2: each program's tests are listed as it runs them" {
	local -a all
	mapfile -t all < <(suite_programs)
	lists_agree "${all[@]}"
	equal programs "$programs" 54
	equal tests "$tests" 409
}

@test "libyang2: three tests of each program in every kind, with the library's functions by name" {
	local program named_cpu=0 named_mem=0
	for program in $(suite_programs); do
		out=$BATS_TEST_TMPDIR/${program##*/}
		profile_three "$program" 'ly[a-z]*_'
	done
	equal 'programs with memory of the library' "$named_mem" 54
	# The bodies of some are a few microseconds beside milliseconds of fixtures: they end without a sample.
	within 'programs with CPU time of the library' "$named_cpu" 40 54
}
