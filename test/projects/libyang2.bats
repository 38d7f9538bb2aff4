#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# libyang2, built by CMake: 54 programs with 409 tests, which have their environment from ctest.

load ../helpers/helpers
load suite

setup_file() {
	both libyang2
}

setup() {
	setup_out
}

@test "libyang2: the tests that it runs are listed" {
	lists_agree 54 409
}

@test "libyang2: each test's verdict is its own, in every kind" {
	verdicts_agree libyang2
}

@test "libyang2: its longest tests in every kind, with the library's functions by name" {
	profile_longest libyang2
}
