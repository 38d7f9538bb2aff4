#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# mtd-utils, built by Autotools: its tests replace open, read, write and others with the linker's --wrap, and need their
# working directory.

load ../helpers/helpers
load suite

setup() {
	setup_out
	cd "$PROJECTS/mtd-utils" || return 1
}

@test "mtd-utils: each program's tests are listed as it runs them" {
	lists_agree ./ubilib_test ./mtdlib_test
	equal programs "$programs" 2
	within tests "$tests" 20 100
}

@test "mtd-utils: three tests of each program in every kind, with the library's functions by name" {
	local named_cpu=0 named_mem=0
	out=$BATS_TEST_TMPDIR/ubilib
	profile_three ./ubilib_test '(libubi|ubi)_'
	out=$BATS_TEST_TMPDIR/mtdlib
	profile_three ./mtdlib_test '(libmtd|mtd|legacy)_'
	equal 'programs with memory of the library' "$named_mem" 2
	within 'programs with CPU time of the library' "$named_cpu" 1 2
}

@test "mtd-utils: every test passes when profiled, repeated or not" {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin ./ubilib_test ./mtdlib_test --out "$out" --time 20ms
	printf '%s\n' "$output" "$stderr" | grep -E 'FAILED|not repeatable|signal' || true
	equal 'exit status' "$status" 0
	whole_files "$out"
}
