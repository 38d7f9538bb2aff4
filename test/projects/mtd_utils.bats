#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# mtd-utils, built by Autotools: its tests replace open, read, write and others with the linker's --wrap, and need their
# working directory.

load ../helpers/helpers
load suite

setup_file() {
	both mtd-utils
}

setup() {
	setup_out
}

@test "mtd-utils: the tests that it runs are listed" {
	lists_agree 2 33
}

@test "mtd-utils: each test's verdict is its own, in every kind" {
	verdicts_agree mtd-utils
}

@test "mtd-utils: its longest tests in every kind, with the library's functions by name" {
	profile_longest mtd-utils
}

@test "mtd-utils: every test passes when profiled, repeated or not" {
	suite_of mtd-utils
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test "${suite[@]}" --out "$out" --time 20ms
	printf '%s\n' "$output" "$stderr" | grep -E 'FAILED|not repeatable|signal' || true
	equal 'exit status' "$status" 0
	whole_files "$out"
}
