#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# make pprof.ci: what it runs, and several at once.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
	# Notes its calls; the first job's tests last until there is a file `go`.
	cat >pprofmk <<-'EOF_TOOL'
		#!/bin/bash
		printf '%s\n' "${*//$'\n'/\\n}" >>calls
		case $1 in
		test)
			[ ! -e waits ] || { rm waits; until [ -e go ]; do sleep 0.05; done; }
			[ ! -e fails ]
			;;
		report) touch _output/pprof/index.html ;;
		esac
	EOF_TOOL
}

# wait_for COMMAND...: a minute at most.
wait_for() {
	for ((i = 0; i < 1200; i++)); do
		! "$@" || return 0
		sleep 0.05
	done
	return 1
}

@test "tests and benchmarks are run, and the report is made whatever becomes of them" {
	touch fails
	run make pprof.ci Package=internal/store Count=1 Benchtime=10ms
	[ "$status" = 2 ]
	diff calls - <<-EOF_CALLS
		test --out=_output/pprof --count=1 --print=short --package=internal/store --bin=_output/pprof/build/internal/store/store_test
		bench --out=_output/pprof --needed=no --benchtime=10ms --package=internal/store --bin=_output/pprof/build/internal/store/store_test
		report --out=_output/pprof --since=$(cat _output/pprof/.ci)
	EOF_CALLS
	rm fails calls
	make pprof.ci
	[ "$(wc -l <calls)" = 3 ]
	make pprof.ci Print=full
	make pprof.ci V=1
	[ "$(grep -c '^test .*--print=short' calls)" = 1 ]
	[ "$(grep -c '^test .*--print=full' calls)" = 1 ]
}

@test "pprof.clean takes the report away, and no other's page" {
	make pprof.ci
	touch _output/pprof/summary.md _output/pprof/junit.xml
	printf '{"tool": "pprof.mk 0.1.0"}\n' >_output/pprof/index.json
	make pprof.clean
	[ ! -e _output/pprof ]
	mkdir -p _output/pprof
	touch _output/pprof/index.html
	printf '{"tool": "another"}\n' >_output/pprof/index.json
	make pprof.clean
	[ -e _output/pprof/index.html ]
	[ -e _output/pprof/index.json ]
}

@test "of a name what the name is of is run, and Base is compared with" {
	mkdir before
	make pprof.ci Func=bench_store Package=internal/store Base=before
	[ "$(cut -d ' ' -f 1 calls | paste -s -d ' ')" = 'bench report' ]
	grep -x "report --out=_output/pprof --base=before --since=$(cat _output/pprof/.ci)" calls
	rm calls
	make pprof.ci Func=test_store Package=internal/store Trace='test_*'
	grep -x "trace --func=test_\* .*" calls
	[ "$(cut -d ' ' -f 1 calls | paste -s -d ' ')" = 'test trace report' ]
	rm calls
	run make pprof.ci Base=nowhere
	[ "$status" = 2 ]
	[[ $output == *'Base=nowhere: give the folder that an earlier make pprof.ci has left'* ]]
	[ ! -e calls ]
}

@test "a package with benchmarks only has no tests to run" {
	rm -r test/internal/store internal/store
	mkdir -p internal/fast
	printf 'int fast(void);\nint fast(void)\n{\n\treturn 1;\n}\n' >internal/fast/fast.c
	new_test internal/fast/fast_bench.c fast
	make pprof.ci Package=internal/fast
	[ "$(cut -d ' ' -f 1 calls | paste -s -d ' ')" = 'bench report' ]
}

@test "jobs at once are one run, and a later one is another" {
	touch waits
	make pprof.ci Package=internal/store 3>&- &
	first=$!
	wait_for test -s calls
	since=$(cat _output/pprof/.ci)
	sleep 1.1
	make pprof.ci Package=internal/store
	[ "$(cat _output/pprof/.ci)" = "$since" ]
	touch go
	wait "$first"
	[ "$(grep -c "^report .*--since=$since\$" calls)" = 2 ]
	make pprof.ci Package=internal/store
	[ "$(cat _output/pprof/.ci)" -gt "$since" ]
}

@test "a job that is killed leaves no report of an earlier one, and keeps nobody waiting" {
	make pprof.ci Package=internal/store
	[ -e _output/pprof/index.html ]
	touch waits
	setsid make pprof.ci Package=internal/store 3>&- &
	group=$!
	wait_for test ! -e waits
	[ ! -e _output/pprof/index.html ]
	kill -9 -- "-$group"
	wait "$group" || :
	timeout 60 make pprof.ci Package=internal/store
	[ -e _output/pprof/index.html ]
}
