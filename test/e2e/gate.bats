#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The gate: two builds, a folder that an earlier run has left, a git revision, budgets.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	unset GITHUB_STEP_SUMMARY MAKEFLAGS MAKELEVEL MFLAGS V Func Package Bin Args Base GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
}

# source_of FILE: a test that allocates BLOCKS times, leaks LEAKS blocks of 16 bytes, and fails with FAILS; one that allocates as often
# as the clock has it; and a benchmark that says itself that an operation takes NS and up to 1 % more: no load of the machine
# changes what it says.
source_of() {
	cat >"$1" <<-'EOF_SOURCE'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <stdlib.h>
		#include <time.h>
		#include <unistd.h>
		#include <cmocka.h>
		#include "pprofmk.h"
		#ifndef BLOCKS
		#define BLOCKS 5
		#endif
		#ifndef LEAKS
		#define LEAKS 0
		#endif
		#ifndef FAILS
		#define FAILS 0
		#endif
		#ifndef NS
		#define NS 1000
		#endif
		static void take(size_t size, int keeps)
		{
			void *block = malloc(size);
			PPROF_KEEP(block);
			if (!keeps)
				free(block);
		}
		static void test_blocks(void **state)
		{
			(void)state;
			for (int i = 0; i < BLOCKS; i++)
				take(100, 0);
			for (int i = 0; i < LEAKS; i++)
				take(16, 1);
			assert_int_equal(FAILS, 0);
		}
		static void test_varies(void **state)
		{
			struct timespec now;

			(void)state;
			clock_gettime(CLOCK_REALTIME, &now);
			for (long i = now.tv_nsec % 997; i >= 0; i--)
				take(10, 0);
		}
		static void bench_said(void **state)
		{
			(void)state;
			PPROF_BENCH_LOOP() { }
			pprof_bench_metric("ns/op", NS + NS / 1000. * (double)(getpid() % 10));
		}
		int main(void)
		{
			const struct CMUnitTest tests[] = {
				cmocka_unit_test(test_blocks),
				cmocka_unit_test(test_varies),
				cmocka_unit_test(bench_said),
			};
			return cmocka_run_group_tests(tests, NULL, NULL);
		}
	EOF_SOURCE
}

# gate OPTION...: sets status, output and stderr.
gate() {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" gate --out "$out" --benchtime 1x "$@"
	echo "$output"
	echo "$stderr" >&2
}

# rows TEST METRIC: verdict, old, new of these rows.
rows() {
	printf '%s\n' "$output" | awk -v test="$1" -v metric="$2" '$2 == test && $3 == metric { print $1, $4, $5 }'
}

@test "the same code: nothing is worse, what varies is said to vary, both sides' profiles are kept" {
	compile old/work
	compile new/work
	gate --bin new/work --base-bin work --base-dir old
	equal 'exit status' "$status" 0
	lacks "$output" test_blocks
	lacks "$output" bench_said
	equal 'what varies' "$(rows test_varies allocs | awk '{ print $1 }')" varies
	has "$output" 'gate: nothing is worse: '
	has "$output" ' of 3 tests'
	equal 'allocations of both' "$(sum "$out/gate/old/test_blocks.mem.pb.gz" 1) $(sum "$out/gate/new/test_blocks.mem.pb.gz" 1)" '5 5'
	has "$(head -n 1 "$out/gate.md")" '## Gate: nothing is worse: '
}

@test "one more allocation, a leak, a test that fails, 10 % more time: each is found, and ends with 1" {
	compile old -DBLOCKS=1000
	compile more -DBLOCKS=1001
	gate --bin more --base-bin old --func test_blocks --timed none
	equal 'exit status' "$status" 1
	equal allocations "$(rows test_blocks allocs)" 'worse 1000 1001'
	equal bytes "$(rows test_blocks bytes)" 'worse 97.66kB 97.75kB'
	equal peak "$(rows test_blocks peak)" ''
	has "$output" 'gate: 2 things are worse'
	compile leaks -DBLOCKS=1000 -DLEAKS=1
	gate --bin leaks --base-bin old --func test_blocks --timed none
	equal 'exit status' "$status" 1
	equal leaked "$(rows test_blocks leaked)" 'worse 0 16B'
	equal blocks "$(rows test_blocks leaked_blocks)" 'worse 0 1'
	compile fails -DBLOCKS=1000 -DFAILS=1
	gate --bin fails --base-bin old --func test_blocks --timed none
	equal 'exit status' "$status" 1
	has "$output" 'fails: test_blocks: failed'
	has "$output" 'gate: 1 thing is worse'
	gate --bin fails --base-bin fails --func test_blocks --timed none
	equal 'exit status of what failed before' "$status" 0
	has "$output" '# test_blocks: failed, as in the base'
	compile slow -DNS=1100
	gate --bin slow --base-bin old --func bench_said
	equal 'exit status' "$status" 1
	equal time "$(rows bench_said time | awk '{ print $1 }')" worse
	has "$output" '<0.001'
	gate --bin slow --base-bin old --func bench_said --effect 20
	equal 'exit status where more is allowed' "$status" 0
	gate --bin slow --base-bin old --func bench_said --timed none
	equal 'exit status where times are none' "$status" 0
}

@test "less is better, and no reason to fail" {
	compile old -DBLOCKS=8 -DLEAKS=2 -DNS=1200
	compile new
	gate --bin new --base-bin old --func '*[kd]'
	equal 'exit status' "$status" 0
	gate --bin new --base-bin old --func 'test_blocks'
	equal allocations "$(rows test_blocks allocs)" 'better 10 5'
	equal leaks "$(rows test_blocks leaked)" 'better 32B 0'
	gate --bin new --base-bin old --func bench_said
	equal time "$(rows bench_said time | awk '{ print $1 }')" better
}

@test "a folder that an earlier run has left: allocations are compared, counted anew; times are not" {
	compile old -DBLOCKS=3
	compile new -DBLOCKS=4
	plainly "$PPROFMK" test --bin old --kinds mem --out before >/dev/null
	gate --bin old --base before --func test_blocks
	equal 'exit status of the same' "$status" 0
	gate --bin new --base before
	equal 'exit status' "$status" 1
	equal allocations "$(rows test_blocks allocs)" 'worse 3 4'
	lacks "$output" bench_said
	equal 'one that varies' "$(rows test_varies allocs | awk '{ print $1 }')" varies
	has "$output" '# times were not compared: that takes both builds'
	# Two folders, nothing is run.
	plainly "$PPROFMK" test --bin new --kinds mem --out after --func test_blocks >/dev/null
	run --separate-stderr "$PPROFMK" gate --base before --out after
	equal 'exit status of two folders' "$status" 1
	equal 'allocations of two folders' "$(rows test_blocks allocs)" 'worse 3 4'
	has "$output" '# test_varies: only the base has it'
	run --separate-stderr "$PPROFMK" gate --base before --out before
	equal 'exit status of a folder with itself' "$status" 0
	has "$output" 'nothing is worse: 15 figures of 3 tests'
	gate --bin new --base nowhere
	equal 'exit status without a folder' "$status" 1
	has "$stderr" nowhere
}

@test "budgets: what may be more, the most there may be, and lines that are wrong" {
	compile old -DBLOCKS=3
	compile new -DBLOCKS=5
	printf '%s\n' 'test_blocks allocs +2 two headers' 'test_blocks bytes any the same two' 'test_gone time any it is slow' >pprof.budget
	gate --bin new --base-bin old --func test_blocks --timed none
	equal 'exit status' "$status" 0
	has "$output" 'pprof.budget:1, +2: two headers'
	equal allowed "$(rows test_blocks allocs)" 'allowed 3 5'
	has "$output" '# pprof.budget:3: no figure of a test called test_gone was looked at'
	echo 'test_blocks allocs <=4' >limits
	gate --bin new --base-bin old --func test_blocks --timed none --budget limits
	equal 'exit status over the budget' "$status" 1
	has "$output" 'over budget'
	gate --bin new --func test_blocks --budget limits
	equal 'exit status over the budget without a base' "$status" 1
	gate --bin old --func test_blocks --budget limits
	equal 'exit status within the budget' "$status" 0
	echo 'bench_said time <=1050ns' >limits
	gate --bin old --func bench_said --budget limits
	equal 'exit status within the time' "$status" 0
	compile slow -DNS=1100
	gate --bin slow --func bench_said --budget limits
	equal 'exit status over the time' "$status" 1
	has "$output" 'limits:1, <=1.05us'
	printf '%s\n' '# what may be' 'test_blocks alocs <=4' 'test_blocks allocs any' >wrong
	gate --bin new --base-bin old --budget wrong
	equal 'exit status of a wrong budget' "$status" 2
	has "$stderr" 'wrong:2: "alocs" is no metric: give one of * allocs bytes'
	has "$stderr" 'wrong:3: an exception needs a reason: why may test_blocks have any?'
	gate --bin new --base-bin old --budget nowhere
	equal 'exit status without the budget' "$status" 2
	has "$stderr" 'nowhere: No such file'
}

@test "Markdown, for people and for the summary of a job" {
	compile old
	compile new -DBLOCKS=6
	echo 'before' >summary
	GITHUB_STEP_SUMMARY=$PWD/summary gate --bin new --base-bin old --func test_blocks --timed none --format markdown --base-name 'main|<b>'
	equal 'exit status' "$status" 1
	equal 'first line' "${lines[0]}" '## Gate: 2 things are worse'
	has "$output" 'Compared with main&#124;&#60;b&#62;'
	has "$output" '| worse | test_blocks | allocs | 5 | 6 | &#43;20.00% | '
	equal 'the summary' "$(cat summary)" "before
$output"
	equal 'gate.md' "$(cat "$out/gate.md")" "$output"
}

@test "wrong usage" {
	compile new
	gate --bin new
	equal 'exit status without a base' "$status" 2
	has "$stderr" 'say what to compare with'
	gate --bin new --base . --base-bin new
	equal 'exit status of two bases' "$status" 2
	gate --base-bin new
	equal 'exit status without programs' "$status" 2
	gate --bin new --base-bin nowhere
	equal 'exit status without the old program' "$status" 1
	gate --bin new --base-bin new --func test_none
	equal 'exit status without such a test' "$status" 2
	has "$stderr" 'no test is called "test_none"'
}

@test "a git revision: built there, compared by turns" {
	mkdir -p project/lib/batch project/test/lib/batch
	cd project
	source_of test/lib/batch/work_test.c
	echo 'int lib_batch;' >lib/batch/work.c
	printf 'PPROF_TOOL := %s\nPPROF_LDLIBS := -pthread\ninclude %s/scripts/make-rules/pprof.mk\n' "$PPROFMK" "$ROOT" >Makefile
	echo _output >.gitignore
	git init -q . && git config user.email a@example.org && git config user.name a
	git add . && git commit -qm one
	sed -i 's/define BLOCKS 5/define BLOCKS 6/' test/lib/batch/work_test.c
	run --separate-stderr plainly timeout "$LIMIT" make pprof.gate Base=HEAD Func=test_blocks Timed=none
	echo "$output" "$stderr"
	equal 'exit status' "$status" 2
	equal allocations "$(rows test_blocks allocs)" 'worse 5 6'
	has "$output" "gate: compared with HEAD ($(git rev-parse HEAD))"
	git checkout -q .
	run plainly timeout "$LIMIT" make pprof.gate Base=HEAD Func=test_blocks
	equal 'exit status of the same' "$status" 0
}
