#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# cmocka's own source: what a project fetches and links statically (test/fixtures/suites/fetched), and its own suite, half of
# whose tests are to fail.

load ../helpers/helpers

PROJECTS=${PROJECTS:-$ROOT/_output/projects}

setup_file() {
	cp -R "$ROOT/test/fixtures/suites/fetched" "$BATS_FILE_TMPDIR/fetched"
	cmake -S "$BATS_FILE_TMPDIR/fetched" -B "$BATS_FILE_TMPDIR/build" "-DFETCHCONTENT_SOURCE_DIR_CMOCKA=$PROJECTS/cmocka" &&
		cmake --build "$BATS_FILE_TMPDIR/build" --target shout_test
}

setup() {
	setup_out
	build=$BATS_FILE_TMPDIR/build
	cd "$BATS_TEST_TMPDIR" || return 1
}

# told COMMAND OPTION...: of the build.
told() {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" "$1" --ctest "$build" --out "$out" "${@:2}"
	echo "$output"
	echo "$stderr" >&2
	equal "exit status of $1" "$status" 0
}

@test "cmocka, fetched and linked statically: list, test, bench, trace" {
	readelf -d "$build/shout_test" >dynamic
	lacks "$(cat dynamic)" libcmocka
	told list
	equal tests "$(awk 'NR > 1 { print $1, $3 }' <<<"$output" | xargs)" 'test_shout shout bench_shout shout'
	told test --func test_shout --time 50ms
	equal bytes "$(sum "$out/test_shout.mem.pb.gz" 2 shout)" 8
	whole_files "$out"
	told bench --benchtime 100x
	equal benchmarks "$(grep -c '^BenchmarkShout.* 8 B/op.* 1 allocs/op' <<<"$output")" 1
	told trace --func test_shout
	[ -s "$out/test_shout.trace" ]
}

@test "cmocka's own suite: what is to fail there may" {
	build=$PROJECTS/cmocka-build
	run ctest --test-dir "$build"
	equal "ctest's own exit status" "$status" 0
	told test --count 1 --kinds mem
	equal 'tests that failed' "$(grep -c '^102 of 102 tests profiled, 0 of them failed$' <<<"$output")" 1
	[ "$(grep -c 'as its program is to (WILL_FAIL)' <<<"$output")" -ge 10 ]
	[ "$(grep -c 'does not go by that (PASS_REGULAR_EXPRESSION)' <<<"$output")" -ge 20 ]
}
