#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Comparing benchmarks: texts with known numbers, two builds by turns, and a git revision.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir -p "$out"
	# A git of the machine's owner has no say here.
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	unset MAKEFLAGS MAKELEVEL MFLAGS V Func Package Bin Args Base GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
}

# bench_diff OPTION...: sets status, output and stderr.
bench_diff() {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" bench-diff --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

# runs NAME UNIT VALUE...: a result line for each value.
runs() {
	local name=$1 unit=$2 value
	shift 2
	for value; do
		printf 'Benchmark%s\t 100\t %s %s\n' "$name" "$value" "$unit"
	done
}

# source_of FILE: a program whose benchmark does WORK steps, asks for WORK / 10 bytes, notes its runs in the file
# $BENCH_LOG, and where it runs. With COUNTED its ns/op are the steps and up to 99 more: no load of the machine changes
# what they say.
source_of() {
	cat >"$1" <<-'EOF_SOURCE'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <unistd.h>
		#include <cmocka.h>
		#include "pprofmk.h"
		#ifndef WORK
		#define WORK 1000
		#endif
		static void note(void)
		{
			FILE *log = getenv("BENCH_LOG") ? fopen(getenv("BENCH_LOG"), "a") : NULL;
			char folder[4096];

			if (log == NULL)
				return;
			fprintf(log, "%d %s\n", WORK, getcwd(folder, sizeof folder));
			fclose(log);
		}
		static void bench_work(void **state)
		{
			(void)state;
			note();
			PPROF_BENCH_LOOP() {
				unsigned x = 1;
				void *block = malloc(WORK / 10);

				for (unsigned i = 0; i < WORK; i++) {
					x = x * 1664525u + 1013904223u;
					PPROF_KEEP(x);
				}
				PPROF_KEEP(block);
				free(block);
			}
		#ifdef COUNTED
			pprof_bench_metric("ns/op", (double)(WORK + getpid() % 100));
		#endif
		}
		#ifdef FAILS
		static void bench_fails(void **state)
		{
			(void)state;
			PPROF_BENCH_LOOP() { }
			assert_int_equal(WORK, FAILS);
		}
		#endif
		int main(void)
		{
			const struct CMUnitTest tests[] = {
				cmocka_unit_test(bench_work),
		#ifdef FAILS
				cmocka_unit_test(bench_fails),
		#endif
			};
			return cmocka_run_group_tests(tests, NULL, NULL);
		}
	EOF_SOURCE
}

@test "two texts with known numbers: the table they make" {
	{
		printf 'goos: linux\ncpu: one\ncommit: abc\n'
		runs A ns/op 99 101 102 103 103 104 104 105 106 108
		runs B ns/op 10 10 11 11 12 12 13 13 14 14
		runs A allocs/op 3
	} >old.txt
	{
		printf 'goos: linux\ncpu: one\ncommit: def\n'
		runs A ns/op 199 201 202 203 204 206 207 208 209 211
		runs B ns/op 10 10 11 11 12 12 13 13 14 14
		runs A allocs/op 2
	} >"$out/bench_a.bench.txt"
	bench_diff --func bench_a --base old.txt
	equal 'exit status' "$status" 0
	diff - <(printf '%s\n' "$output") <<-EOF_TABLE
		old  old.txt, commit abc, 21 result lines
		new  $out/bench_a.bench.txt, commit def, 21 result lines

		ns/op            old          new         change   95 % of the change       p  runs
		A         103.5 ± 2%   205.0 ± 2%  +98.07% worse  +93.52% .. +102.88%  <0.001    10
		B        12.00 ± 17%  12.00 ± 17%              ~   -14.29% .. +16.67%   1.000    10
		geomean        35.24        49.60        +40.74%

		allocs/op  old  new          change      p  runs
		A            3    2  -33.33% better  exact     1
	EOF_TABLE
}

@test "a folder of texts, names that need escapes, globs, the old side of an earlier comparison" {
	mkdir old
	for name in bench_a bench_b 'a%2Fb' bench_a.base; do
		runs X ns/op 1 2 3 4 5 6 >"old/$name.bench.txt"
		runs X ns/op 7 8 9 10 11 12 >"$out/$name.bench.txt"
	done
	bench_diff --func bench_a --base old
	equal 'exit status' "$status" 0
	has "$output" 'old  old/bench_a.bench.txt, 6 result lines'
	has "$output" '+171.43% worse'
	bench_diff --func a/b --base old
	has "$output" 'old  old/a%2Fb.bench.txt, 6 result lines'
	bench_diff --func 'bench_*' --base old
	equal 'exit status' "$status" 0
	has "$output" 'old  old, 12 result lines'
	bench_diff --base old
	has "$output" 'old  old, 18 result lines'
}

@test "what is not there is said with what makes it" {
	runs X ns/op 1 >old.txt
	bench_diff --func bench_work --base old.txt
	equal 'exit status' "$status" 1
	has "$stderr" 'has no text of Func=bench_work; `make pprof.bench Func=bench_work`'
	runs X ns/op 1 >"$out/bench_word.bench.txt"
	bench_diff --func bench_work --base old.txt
	has "$stderr" 'there is one of Func=bench_word'
	bench_diff --func bench_word --base nowhere.txt
	equal 'exit status' "$status" 1
	has "$stderr" 'nowhere.txt: No such file'
	runs Y ns/op 1 >other.txt
	bench_diff --func bench_word --base other.txt
	equal 'exit status' "$status" 1
	has "$stderr" 'have no benchmark in common'
	bench_diff --func bench_word
	equal 'exit status' "$status" 2
	bench_diff --func bench_word --base old.txt --alpha 1
	equal 'exit status' "$status" 2
	bench_diff --func bench_word --base old.txt --base-bin x
	equal 'exit status' "$status" 2
}

@test "other machines and damaged lines are said" {
	{
		echo 'cpu: one'
		runs X ns/op 1 2 3 4 5 6
		printf 'BenchmarkX 1\r\nBenchmarkX x y z\n'
	} >old.txt
	{
		printf 'cpu: two\r\n'
		runs X ns/op 1 2 3 4 5 6
		runs OnlyHere ns/op 1
	} >"$out/bench_x.bench.txt"
	bench_diff --func bench_x --base old.txt
	equal 'exit status' "$status" 0
	has "$output" '# no fair comparison: cpu was "one" and is "two"'
	has "$output" '# old: 2 lines that begin like a result are none; line 8: it has no figures'
	has "$output" '# only in the new: OnlyHere'
	lacks "$output" 'not told'
	runs X ns/op 1 2 3 4 5 6 >old.txt
	bench_diff --func bench_x --base old.txt
	lacks "$output" 'no fair comparison'
	has "$output" '# not told by the old text: cpu; nobody knows whether this is a fair comparison'
}

@test "two builds by turns: old new, new old, ...; both texts are left" {
	compile old/work_bench -DCOUNTED
	compile new/work_bench -DCOUNTED -DWORK=2000
	BENCH_LOG=$PWD/log bench_diff --bin new/work_bench --base-dir old --base-bin work_bench --bench-count 8 --benchtime 5ms
	equal 'exit status' "$status" 0
	# One pass for allocations, then the turns. The old one runs in its own folder.
	equal turns "$(awk '{ print $1 }' log | paste -s -d ' ')" \
		"1000 2000 1000 2000 2000 1000 1000 2000 2000 1000 1000 2000 2000 1000 1000 2000 2000 1000"
	equal 'folders of the old' "$(awk '$1 == 1000 { print $2 }' log | sort -u)" "$(cd old && pwd -P)"
	equal 'folders of the new' "$(awk '$1 == 2000 { print $2 }' log | sort -u)" "$(pwd -P)"
	equal 'old lines' "$(grep -c '^BenchmarkWork' "$out/bench_work.base.bench.txt")" 8
	equal 'new lines' "$(grep -c '^BenchmarkWork' "$out/bench_work.bench.txt")" 8
	# 8 of each that do not overlap: 2 of 12870 orders.
	has "$(printf '%s\n' "$output" | grep -A 1 '^ns/op' | tail -n 1)" ' worse '
	has "$(printf '%s\n' "$output" | grep -A 1 '^ns/op' | tail -n 1)" ' <0.001     8'
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 100  200  +100.00% worse  exact '
	has "$(printf '%s\n' "$output" | grep -A 1 '^allocs/op' | tail -n 1)" ' ~  equal '
	cp "$out/bench_work.base.bench.txt" kept.txt
	first=$output
	bench_diff --func bench_work --base kept.txt
	equal 'the same from the texts' "$(printf '%s\n' "$output" | grep -v '^[on#]')" "$(printf '%s\n' "$first" | grep -v '^[on#]')"
}

# With 8 of each and alpha 0.001 each of two rows has a difference once in a thousand times.
@test "the same program twice is no evidence of a difference" {
	compile same
	bench_diff --bin same --base-bin same --bench-count 8 --benchtime 20ms --alpha 0.001
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^ns/op' | tail -n 1)" ' ~  '
	has "$(printf '%s\n' "$output" | grep -A 1 '^p50-ns/op' | tail -n 1)" ' ~  '
	lacks "$output" 'worse'
	lacks "$output" 'better'
}

@test "one side fails: 1, who and why, the rest is compared" {
	compile old -DFAILS=1
	compile new -DFAILS=1000
	bench_diff --bin new --base-bin old --bench-count 2 --benchtime 5ms
	equal 'exit status' "$status" 1
	has "$output" '--- FAIL: BenchmarkFails'
	has "$output" 'old: '
	has "$stderr" 'bench_fails: there is no benchmark that both sides have measured'
	has "$output" '# too few runs in '
	has "$output" ' rows to show any difference at alpha 0.01: it takes 5 of each side at least (Bench_count=5)'
	[ -s "$out/bench_work.bench.txt" ]
}

@test "a benchmark that the base does not have" {
	compile old
	compile new -DFAILS=1000
	bench_diff --bin new --base-bin old --func bench_fails
	equal 'exit status' "$status" 1
	has "$stderr" 'bench_fails: the base has no test of that name'
	bench_diff --bin new --base-bin nowhere
	equal 'exit status' "$status" 1
	has "$stderr" nowhere
	bench_diff --bin new --base-bin old --base-dir nowhere
	equal 'exit status' "$status" 2
}

# new_repository FOLDER: a project of two commits; the second does half of the first one's work.
new_repository() {
	mkdir -p "$1/lib/batch" "$1/test/lib/batch"
	cd "$1" || return
	source_of test/lib/batch/work_bench.c
	echo 'int lib_batch;' >lib/batch/work.c
	# The flag names a folder of the project: the base has to be built with its own.
	mkdir include.d
	printf '#define COUNTED\n#define WORK 2000\n' >include.d/work_size.h
	cat >Makefile <<-EOF_MAKEFILE
		PPROF_TOOL := $PPROFMK
		PPROF_CFLAGS := -include $(printf '%s' '$(CURDIR)' | sed 's/ /\\ /g')/include.d/work_size.h
		include $ROOT/scripts/make-rules/pprof.mk
	EOF_MAKEFILE
	git init -q . && git config user.email a@example.org && git config user.name a
	git add . && git commit -qm one
	printf '#define COUNTED\n#define WORK 1000\n' >include.d/work_size.h
	git commit -qam two
	printf '#!/bin/sh\ntouch "%s/hooked"\n' "$BATS_TEST_TMPDIR" >.git/hooks/post-checkout
	chmod +x .git/hooks/post-checkout
}

# diff_of BASE ARGUMENT...: make pprof.bench.diff with few short runs.
diff_of() {
	local base=$1
	shift
	run --separate-stderr plainly timeout "$LIMIT" make pprof.bench.diff "Base=$base" Package=lib/batch Bench_count=6 \
		Benchtime=5ms "$@"
	echo "$output"
	echo "$stderr" >&2
}

@test "a git revision is checked out, built as it was, and measured by turns" {
	new_repository "$BATS_TEST_TMPDIR/project"
	first=$(git rev-parse HEAD~1)
	echo changed >>lib/batch/work.h
	git add lib/batch/work.h
	before=$(git status --porcelain; git rev-parse HEAD; git write-tree)
	diff_of HEAD~1 Func=bench_work
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^ns/op' | tail -n 1)" ' better '
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 200  100  -50.00% better  exact '
	has "$output" "commit $first,"
	equal 'tree and index' "$(git status --porcelain | grep -v _output; git rev-parse HEAD; git write-tree)" "$before"
	[ ! -e "$BATS_TEST_TMPDIR/hooked" ]
	# Used again, and built again only where it has to be.
	find "_output/pprof/base/$first" -name '*.o' -printf '%p %T@\n' | sort >built
	diff_of "$first"
	equal 'exit status' "$status" 0
	find "_output/pprof/base/$first" -name '*.o' -printf '%p %T@\n' | sort | diff built -
	make pprof.clean
	equal 'work trees' "$(git worktree list | wc -l)" 1
}

@test "a git revision from a folder below the repository's" {
	new_repository "$BATS_TEST_TMPDIR/project"
	mkdir -p sub
	git mv Makefile include.d lib test sub
	git commit -qm 'below'
	cd sub
	echo '#define WORK 500' >include.d/work_size.h
	diff_of HEAD Func=bench_work
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 100   50  -50.00% better  exact '
	diff_of HEAD~1 Func=bench_work
	equal 'exit status' "$status" 2
	has "$stderr" "that revision does not have this project's folder"
}

@test "a base that does not build: the end of what the compiler said" {
	new_repository "$BATS_TEST_TMPDIR/project"
	echo 'int broken = ;' >lib/batch/work.c
	git commit -qam broken
	echo 'int lib_batch;' >lib/batch/work.c
	diff_of HEAD Func=bench_work
	equal 'exit status' "$status" 2
	has "$stderr" 'int broken = ;'
	has "$stderr" 'that revision could not be built'
	git mv lib/batch lib/moved && git mv test/lib/batch test/lib/moved && git commit -qam moved
	run --separate-stderr timeout "$LIMIT" make pprof.bench.diff Base=HEAD~1 Package=lib/moved
	has "$stderr" 'that revision has no package lib/moved'
}

@test "no more than three work trees are kept" {
	new_repository "$BATS_TEST_TMPDIR/project"
	for commit in a b c d; do
		git commit -q --allow-empty -m "$commit"
		diff_of HEAD Func=nothing_of_that_name
	done
	equal 'work trees' "$(git worktree list | wc -l)" 4
	[ -d "_output/pprof/base/$(git rev-parse HEAD)" ]
	[ ! -d "_output/pprof/base/$(git rev-parse HEAD~3)" ]
}

@test "hostile and wrong bases" {
	new_repository "$BATS_TEST_TMPDIR/project"
	for base in nope '$(touch hacked)' '`touch hacked`' '-q' --all "a'b" 'a"b' $'a\nb' 'a b' lib 'HEAD~9' '!' '(' '--' 'HEAD; touch hacked'; do
		diff_of "$base" Func=bench_work
		equal "exit status of $base" "$status" 2
		has "$stderr" 'there is no such file'
	done
	[ ! -e hacked ]
	run --separate-stderr timeout "$LIMIT" make pprof.bench.diff Func=bench_work Package=lib/batch
	has "$stderr" 'say what to compare with'
	make pprof.bench Func=bench_work Package=lib/batch Benchtime=1x Kinds=mem
	cp -- _output/pprof/bench_work.bench.txt "-old's \$(touch hacked).txt"
	diff_of "-old's \$(touch hacked).txt" Func=bench_work
	equal 'exit status' "$status" 0
	has "$output" "old  -old's \$(touch hacked).txt, commit $(git rev-parse HEAD), 1 result line"
	[ ! -e hacked ]
}

@test "no repository, and no file of that name" {
	mkdir project && cd project
	mkdir lib && echo 'int x;' >lib/x.c && source_of lib/x_bench.c
	printf 'PPROF_TOOL := %s\ninclude %s\n' "$PPROFMK" "$ROOT/scripts/make-rules/pprof.mk" >Makefile
	export GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR
	run --separate-stderr timeout "$LIMIT" make pprof.bench.diff Func=bench_work Package=lib Base=HEAD
	equal 'exit status' "$status" 2
	has "$stderr" 'this project is in no git repository'
}

@test "a program that another build makes needs its command" {
	new_repository "$BATS_TEST_TMPDIR/project"
	cat >build.sh <<-EOF_BUILD
		mkdir -p bin
		${CC:-cc} -g -O2 -I$ROOT/include -include include.d/work_size.h -o bin/work_bench test/lib/batch/work_bench.c -lcmocka
	EOF_BUILD
	git add build.sh && git commit -qm build
	echo '#define WORK 500' >include.d/work_size.h
	run --separate-stderr plainly timeout "$LIMIT" make pprof.bench.diff Base=HEAD Bin=bin/work_bench
	equal 'exit status' "$status" 2
	has "$stderr" 'Set PPROF_BUILD to the command'
	sh build.sh
	run --separate-stderr plainly timeout "$LIMIT" make pprof.bench.diff Base=HEAD Bin="$PWD/bin/work_bench" \
		PPROF_BUILD='sh build.sh' Bench_count=1 Benchtime=1x
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 100   50  -50.00% better  exact '
}

@test "a git revision has its own submodules, out of the repositories that are there" {
	git init -q size && cd size && git config user.email a@example.org && git config user.name a
	for work in 2000 1000; do
		echo "#define WORK $work" >size.h
		git add . && git commit -qm "$work"
	done
	new_repository "$BATS_TEST_TMPDIR/project"
	git -c protocol.file.allow=always submodule --quiet add "$BATS_TEST_TMPDIR/size" 'third party'
	printf '#include "../third party/size.h"\n' >include.d/work_size.h
	git -C 'third party' checkout -q HEAD~1
	git add . && git commit -qm 'the first'
	git -C 'third party' checkout -q -
	git commit -qam 'the second'
	# Nothing is there to be fetched from.
	rm -rf "$BATS_TEST_TMPDIR/size"
	diff_of HEAD~1 Func=bench_work
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 200  100  -50.00% better  exact '
	equal 'the submodule of now' "$(cat 'third party/size.h')" '#define WORK 1000'
	equal 'work trees' "$(git worktree list | wc -l)" 2
	rm -rf 'third party/.git'
	diff_of HEAD Func=bench_work
	equal 'exit status' "$status" 2
	has "$stderr" 'the submodule third party is not checked out here'
	has "$stderr" 'that revision could not be built'
}

# new_cmake_repository FOLDER [LINE...]: a project of CMake with one commit, which did twice the work; lines for its CMakeLists.txt.
new_cmake_repository() {
	command -v cmake >/dev/null || skip 'no cmake'
	mkdir "$1" && cd "$1" || return
	source_of work.c
	cat >CMakeLists.txt <<-EOF_CMAKE
		cmake_minimum_required(VERSION 3.14)
		project(work C)
		enable_testing()
		add_executable(work_bench work.c)
		target_include_directories(work_bench PRIVATE $ROOT/include)
		target_compile_definitions(work_bench PRIVATE WORK=2000)
		target_link_libraries(work_bench cmocka)
		add_test(NAME named_work COMMAND work_bench)
		set_tests_properties(named_work PROPERTIES ENVIRONMENT "BENCH_LOG=\${CMAKE_BINARY_DIR}/log")
	EOF_CMAKE
	printf '%s\n' "${@:2}" >>CMakeLists.txt
	git init -q . && git config user.email a@example.org && git config user.name a
	git add . && git commit -qm one
	sed -i 's/WORK=2000/WORK=1000/' CMakeLists.txt
}

@test "a git revision of a project of CMake, whose suite runs it" {
	new_cmake_repository project
	cat >Makefile <<-EOF_MAKEFILE
		PPROF_TOOL := $PPROFMK
		PPROF_CTEST := build
		include $ROOT/scripts/make-rules/pprof.mk
	EOF_MAKEFILE
	run --separate-stderr plainly timeout "$LIMIT" make pprof.bench.diff Base=HEAD
	equal 'exit status' "$status" 2
	has "$stderr" 'PPROF_CTEST=build: how is it built? Set PPROF_BUILD'
	run --separate-stderr plainly timeout "$LIMIT" make pprof.bench.diff Base=HEAD Bench_count=1 Benchtime=1x \
		"PPROF_CTEST=$PWD/build" PPROF_BUILD='cmake -S . -B build && cmake --build build'
	echo "$output$stderr"
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 200  100  -50.00% better  exact '
	# Each as its own suite says, in its own folder.
	base=$PWD/_output/pprof/base/$(git rev-parse HEAD)
	equal 'runs of the old' "$(sort -u "$base/build/log")" "2000 $base/build"
	equal 'runs of the new' "$(sort -u build/log)" "1000 $PWD/build"
	bench_diff --ctest build --base-dir "$base" --base-ctest build --bench-count 1 --benchtime 1x
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" ' 200  100  -50.00% better  exact '
	rm "$base/build/work_bench"
	bench_diff --ctest build --base-dir "$base" --base-ctest build
	equal 'exit status' "$status" 1
	has "$stderr" 'bench_work: the base has no test of that name'
	has "$stderr" "the programs of 1 of its 1 tests are not built; build them with \`cmake --build $base/build\`"
	bench_diff --ctest build
	equal 'exit status' "$status" 2
}

# target NAME ASSIGNMENT...: a target of CMake's, of the build folder ../build.
target() {
	run --separate-stderr plainly timeout "$LIMIT" env Bench_count=1 Benchtime=1x "${@:2}" cmake --build ../build --target "pprof.$1"
	echo "$output"
	echo "$stderr" >&2
}

@test "CMake's targets: a git revision, built with the options of now; texts; a gate" {
	# Flags in the cache, which only the command line has given; the build folder is not in the project.
	new_cmake_repository project "find_package(pprofmk REQUIRED)" 'pprofmk_add_targets(DEPENDS second)' \
		'add_executable(second EXCLUDE_FROM_ALL work.c)' "target_include_directories(second PRIVATE $ROOT/include)" \
		'target_link_libraries(second cmocka)' 'add_test(NAME second COMMAND second)'
	cmake -S . -B ../build "-Dpprofmk_DIR=$ROOT/cmake" "-DPPROFMK_TOOL=$PPROFMK" -DCMAKE_C_FLAGS=-DCOUNTED >/dev/null
	target bench.diff Base=HEAD Func=bench_work
	equal 'exit status' "$status" 0
	has "$output" ' 200  100  -50.00% better  exact '
	base=$PWD/../build/pprof/base/$(git rev-parse HEAD)
	[ -x "$base/_output/pprof/cmake/second" ]
	equal 'flags of the old' "$(grep -c '^CMAKE_C_FLAGS:.*=-DCOUNTED$' "$base/_output/pprof/cmake/CMakeCache.txt")" 1
	equal 'the tree' "$(git status --porcelain)" ' M CMakeLists.txt'
	cp ../build/pprof/named_work.bench_work.base.bench.txt ../build/old.txt
	target bench.diff Base=old.txt Func=named_work.bench_work
	equal 'exit status of a text' "$status" 0
	has "$output" '-50.00% better  exact '
	target gate Base=HEAD Timed=none
	equal 'exit status of a gate' "$status" 0
	has "$output" "HEAD ($(git rev-parse HEAD))"
	target bench.diff Base=HEAD Bin=work_bench
	[ "$status" != 0 ]
	has "$output$stderr" 'name tests with Func='
	target bench.diff Base=nothing
	[ "$status" != 0 ]
	has "$output$stderr" 'no such revision of git'
}
