#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every test once, for cpu only: the tests of a program are recorded in one run of it.

load ../helpers/helpers

setup() {
	setup_out
}

# suite PROGRAM OPTION...: all its tests, once, for cpu. Sets status, output and stderr.
suite() {
	local program=$1
	shift
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/$program" --out "$out" --kinds cpu \
		--count 1 "$@"
	echo "$output"
	echo "$stderr" >&2
}

# runs TEST: what its manifest says of how it was run.
runs() {
	json "$out/$1.json" '[.alone, .kinds[0].outcome, .kinds[0].runs] | join(" ")'
}

# verdicts: of every test, a line each.
verdicts() {
	jq -r 'if .kinds | length > 0 then "\(.test) \(.kinds[0].outcome)" else "" end' "$out"/*.json
}

@test "the tests of a program are run once, in their order" {
	suite order
	equal 'exit status' "$status" 0
	equal groups "$(printf '%s\n' "$output" | grep -c 'Running 3 test')" 1
	for name in test_makes test_uses test_takes; do
		equal "$name" "$(runs "$name")" 'false passed 1'
	done
}

@test "each test's profile has its own samples only" {
	suite order
	equal 'of the first' "$(sum "$out/test_makes.cpu.pb.gz" 1 'work_of_(user|last)')" 0
	equal 'of the second' "$(sum "$out/test_uses.cpu.pb.gz" 1 'work_of_(maker|last)')" 0
	# Five million steps that depend on each other: some milliseconds, and a sample each.
	within 'of the first' "$(sum "$out/test_makes.cpu.pb.gz" 1 work_of_maker)" 1 200
	within 'of the second' "$(sum "$out/test_uses.cpu.pb.gz" 1 work_of_user)" 1 200
	within 'of the last' "$(sum "$out/test_takes.cpu.pb.gz" 1 work_of_last)" 1 200
	equal 'in all' "$(sum "$out/order.cpu.pb.gz" 1)" \
		$(($(sum "$out/test_makes.cpu.pb.gz" 1) + $(sum "$out/test_uses.cpu.pb.gz" 1) + $(sum "$out/test_takes.cpu.pb.gz" 1)))
}

@test "Alone=yes, another kind, repetition or a name run them one by one" {
	suite order --alone yes
	equal 'exit status' "$status" 1
	equal alone "$(runs test_uses)" 'true failed 1'
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/order" --out "$out" --kinds cpu,mem --count 1
	equal 'two kinds' "$(runs test_uses)" 'true failed 1'
	suite order --func 'test_*'
	equal 'by name' "$(runs test_uses)" 'true failed 1'
}

@test "several groups in a program" {
	suite groups --alone yes
	local alone
	alone=$(verdicts)
	rm -r "$out"
	suite groups
	equal verdicts "$(verdicts)" "$alone"
}

@test "where a test fails or ends the process, each is run alone, and its verdict is what it was" {
	suite ending --alone yes --timeout 1s
	local alone
	alone=$(verdicts)
	rm -r "$out"
	suite ending --timeout 1s
	equal 'exit status' "$status" 1
	equal verdicts "$(verdicts)" "$alone"
	has "$stderr" 'each is run alone'
}

@test "more tests than can be recorded together" {
	local program=$BATS_TEST_TMPDIR/many
	cat >"$program.c" <<-'EOF'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <stdio.h>
		#include <cmocka.h>
		static void test_skips(void **state) { (void)state; skip(); }
		static void test_any(void **state) { (void)state; }
		int main(void)
		{
			static struct CMUnitTest tests[259];
			static char names[259][16];
			for (size_t i = 0; i < 259; i++) {
				snprintf(names[i], sizeof names[i], "test_%03zu", i);
				tests[i].name = names[i];
				tests[i].test_func = i == 3 ? test_skips : test_any;
			}
			return cmocka_run_group_tests(tests, NULL, NULL);
		}
	EOF
	cc -o "$program" "$program.c" -lcmocka
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin "$program" --out "$out" --kinds cpu --count 1
	equal 'exit status' "$status" 0
	equal 'the first' "$(runs test_000)" 'false passed 1'
	equal 'one that skips itself' "$(runs test_003)" 'true skipped 1'
	equal 'the last with a place' "$(runs test_255)" 'false passed 1'
	equal 'one without' "$(runs test_256)" 'true passed 1'
}

@test "tests in a library that has changed since they were listed" {
	local folder=$BATS_TEST_TMPDIR/lib
	mkdir "$folder"
	cat >"$folder/tests.h" <<-'EOF'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <cmocka.h>
		extern const struct CMUnitTest *const all_tests;
		extern const size_t all_count;
	EOF
	cat >"$folder/tests.c" <<-'EOF'
		#include "tests.h"
		static void test_any(void **state) { (void)state; }
		static const struct CMUnitTest tests[] = {
		#ifdef NEW
			{"test_new", test_any, NULL, NULL, NULL},
		#endif
			{"test_old", test_any, NULL, NULL, NULL},
		};
		const struct CMUnitTest *const all_tests = tests;
		const size_t all_count = sizeof tests / sizeof *tests;
	EOF
	cat >"$folder/main.c" <<-'EOF'
		#include "tests.h"
		int main(void) { return _cmocka_run_group_tests("all", all_tests, all_count, NULL, NULL); }
	EOF
	cc -shared -fPIC -o "$folder/libtests.so" "$folder/tests.c" -lcmocka
	cc -o "$folder/main" "$folder/main.c" -L"$folder" -ltests -lcmocka -Wl,-rpath,"$folder"
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin "$folder/main" --out "$out" --kinds cpu --count 1
	equal 'exit status' "$status" 0
	cc -DNEW -shared -fPIC -o "$folder/libtests.so" "$folder/tests.c" -lcmocka
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin "$folder/main" --out "$out" --kinds cpu --count 1
	equal 'exit status' "$status" 0
	equal 'tests in the manifest' "$(json "$out/main.json" '[.tests[].test] | join(",")')" test_new,test_old
	equal 'a new test' "$(runs test_new)" 'false passed 1'
}
