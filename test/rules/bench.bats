#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Benchmarks: how they are built, and what the tool is told.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
	PROGRAM=_output/pprof/build/internal/store/store_test
	BENCH=_output/pprof/build/internal/store/store_bench
}

# new_bench FILE FUNCTION: a benchmark of FUNCTION().
new_bench() {
	new_test "$1" "$2"
	sed -i -e '/cmocka\.h/a #include "pprofmk.h"' -e "s/test_$2/bench_$2/" \
		-e "s/assert_int_equal.*/PPROF_BENCH_LOOP()\n\t\t\tPPROF_KEEP($2());/" "$1"
}

@test "every value reaches the tool" {
	run make pprof.bench Package=internal/store Func=bench_store Benchtime=100x Bench_count=10 Cpu=1,2,4 \
		Counters=page-faults,cycles Alone=no Hz=99 Kinds=cpu,block Timeout=1.5m PPROF_OUT=out Args='--one two'
	[ "$status" = 0 ]
	called_with bench --func=bench_store --out=out --benchtime=100x --bench-count=10 --cpu=1,2,4 \
		--counters=page-faults,cycles --alone=no --hz=99 --kinds=cpu,block --timeout=1.5m \
		--package=internal/store --bin=out/build/internal/store/store_test -- --one two
}

@test "Func may be left out, the tool knows its benchmarks" {
	make pprof.bench Package=internal/store
	called_with bench --out=_output/pprof --package=internal/store "--bin=$PROGRAM"
}

@test "a program that exists already" {
	make pprof.bench Bin=build/a_test Func=bench_a
	called_with bench --func=bench_a --out=_output/pprof --bin=build/a_test
	[ ! -e _output ]
}

@test "what is of tests only does not reach benchmarks, nor theirs tests" {
	make pprof.bench Bin=x Time=2s Count=3
	called_with bench --out=_output/pprof --bin=x
	make pprof.test Bin=x Benchtime=2s Bench_count=3 Cpu=2 Counters=cycles Base=x Alpha=0.1
	called_with test --out=_output/pprof --bin=x
}

@test "values out of range are refused, each with what to give" {
	for bad in Benchtime=abc Benchtime=0x Benchtime=0s Benchtime=-1x Benchtime=1.5x Benchtime=x Benchtime=1 \
		Benchtime=99999999999x Bench_count=0 Bench_count=1000001 Bench_count=1.5 Cpu=0 Cpu=1,,2 'Cpu=1,' 'Cpu=,' \
		Cpu=-1 Cpu=two Cpu=1,0 Cpu=4097 Counters=joules 'Counters=cycles,' Counters=,cycles Alpha=0 Alpha=1 \
		Alpha=0.0 Alpha=1.5 Alpha=.05 Alpha=5% Alpha=0.05.1 Alpha=-0.05; do
		for target in bench bench.diff; do
			run make "pprof.$target" Func=x "$bad"
			refused "pprof.mk: $bad: give " || { echo "$bad"; false; }
		done
	done
	[ ! -e _output ]
}

@test "values in range are taken" {
	for good in Benchtime=1x Benchtime=1000000000x Benchtime=0.5s Benchtime=2m Bench_count=1 \
		Bench_count=1000000 Cpu=1 Cpu=1,2,4096 Counters=instructions \
		Counters=instructions,cycles,task-clock,page-faults,context-switches Alpha=0.01 Alpha=0.999; do
		make pprof.bench Package=internal/store "$good"
	done
}

@test "nothing asked is refused" {
	run make pprof.bench
	refused 'say what to profile'
	run make pprof.bench.diff Func=bench_store
	refused 'say what to compare with'
}

@test "our header is found, beside our rules and after the project's own" {
	new_bench test/internal/store/bench_test.c store
	make pprof.bench Package=internal/store
	_output/pprof/build/internal/store/bench_test
	mkdir include
	printf '#define PPROF_BENCH_LOOP() own_header();\n#define PPROF_KEEP(x)\n' >include/pprofmk.h
	run make pprof.bench Package=internal/store
	[[ $output == *own_header* ]]
}

@test "our header is found where the project's path has a space" {
	new_project "$BATS_TEST_TMPDIR/my project"
	new_bench test/internal/store/bench_test.c store
	make pprof.bench Package=internal/store
	mkdir -p third/party
	cp -r -- "$SCRIPTS" "$SCRIPTS/../include" third/party/
	printf 'PPROF_TOOL := ./pprofmk\ninclude third/party/scripts/make-rules/pprof.mk\n' >Makefile
	make pprof.bench Package=internal/store
	_output/pprof/build/internal/store/bench_test
}

@test "a *_bench.c makes a program of its own, linked with its package" {
	new_bench test/internal/store/store_bench.c store
	make pprof.bench Package=internal/store
	called_with bench --out=_output/pprof --package=internal/store "--bin=$BENCH" "--bin=$PROGRAM"
	run "$BENCH"
	[ "$status" = 0 ]
	[[ $output == *'1 test(s) run'* ]]
	built >before
	later
	make pprof.bench Package=internal/store
	diff before <(built)
}

@test "a *_bench.c beside the sources, and a package that has nothing else" {
	new_bench internal/store/store_bench.c store
	rm test/internal/store/store_test.c
	make pprof.list
	called_with list --package=internal/store "--bin=$BENCH"
	"$BENCH"
}

@test "benchmarks are listed, and profiled as tests where they are named" {
	new_bench test/internal/store/store_bench.c store
	make pprof.list
	called_with list --package=internal/store "--bin=$BENCH" "--bin=$PROGRAM"
	make pprof.test Func=bench_store
	called_with test --func=bench_store --out=_output/pprof --package=internal/store "--bin=$BENCH" "--bin=$PROGRAM"
	make pprof.test Package=internal/store
	called_with test --out=_output/pprof --package=internal/store "--bin=$PROGRAM"
	make pprof.doctor
	called_with doctor "--bin=$BENCH" "--bin=$PROGRAM" || called_with doctor "--bin=$BENCH" "--bin=$PROGRAM"
}

@test "all tests of a package that has benchmarks only" {
	new_bench test/internal/store/store_bench.c store
	rm test/internal/store/store_test.c
	run make pprof.test Package=internal/store
	refused 'package internal/store has benchmarks only'
}

@test "a *_bench.c that is no cmocka program is a source as any" {
	printf 'int speed(void);\nint speed(void)\n{\n\treturn 1;\n}\n' >internal/store/speed_bench.c
	printf 'int speed(void);\nint main(void)\n{\n\treturn speed();\n}\n' >internal/store/main_bench.c
	sed -i 's/return 1/int speed(void); return speed()/' internal/store/store.c
	make pprof.bench Package=internal/store
	called_with bench --out=_output/pprof --package=internal/store "--bin=$PROGRAM"
	"$PROGRAM"
	mkdir cmd
	mv internal/store/main_bench.c cmd
	make pprof.list
	called_with list --package=internal/store "--bin=$PROGRAM"
}

@test "a package's benchmarks are not linked into what uses it" {
	new_bench internal/store/store_bench.c store
	printf 'int broken(\n' >>internal/store/store_bench.c
	new_package internal/user user
	printf 'int store(void);\nint user(void);\nint user(void)\n{\n\treturn store();\n}\n' >internal/user/user.c
	printf 'PPROF_DEPS.internal/user = internal/store\n' >>Makefile
	make pprof.test Package=internal/user
	_output/pprof/build/internal/user/user_test
}

@test "the comparison is given every value, and builds nothing before" {
	keeping_values
	make pprof.bench.diff Func=bench_store Package=internal/store Base=v1.0 Bench_count=30 Benchtime=100ms Alpha=0.05 Cpu=2
	for pair in Func=bench_store Package=internal/store Base=v1.0 Bench_count=30 Benchtime=100ms Alpha=0.05 Cpu=2 \
		OUT=_output/pprof; do
		grep -qxF -- "$pair" values || { echo "no $pair"; cat values; false; }
	done
	[ ! -e _output ]
}

@test "a comparison with texts kept is of all that are there, or of Func" {
	mkdir before
	touch before/bench_store.bench.txt
	make pprof.bench.diff Base=before
	called_with bench-diff --base=before --out=_output/pprof
	make pprof.bench.diff Base=before/bench_store.bench.txt Func=bench_store Package=internal/store Alpha=0.05
	called_with bench-diff --func=bench_store --base=before/bench_store.bench.txt --out=_output/pprof --alpha=0.05
}

@test "a revision is built in a work tree of its own, and pprof.clean removes that" {
	git init -q .
	printf '_output\ncalled\n' >.gitignore
	git add -A
	git -c user.name=rules -c user.email=rules@example.org commit -qm one
	make pprof.bench.diff Func=test_store Package=internal/store Base=HEAD
	base=_output/pprof/base/$(git rev-parse HEAD)
	grep -x -- "--base-dir=$base" called
	"$base/$PROGRAM"
	make pprof.clean
	[ ! -e _output/pprof ]
	[ "$(git worktree list | wc -l)" = 1 ]
}
