#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make pprof.test` takes beyond its sampling: one test of the example project, three kinds, nothing to build. The
# sampling time is what the manifest says the cpu kind's windows lasted.
#
# Usage: test/bench/row_test.sh      lines for table.awk; test/bench/run.sh test shows them as a table
# Needs what run.sh prepares.
# Example: test/bench/run.sh test
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=9
out=$PWD/$BENCH_OUT/send-code
func=test_send_code
package=internal/controller/user

run_make() {
	MAKEFLAGS='' make -s -C examples/send-code pprof.test Func="$func" Package="$package" Time=1s PPROF_OUT="$out"
}

# The same tool as make's, whatever BUILD.
run_tool() {
	(cd examples/send-code && ../../_output/build/bin/pprofmk test --func="$func" --out="$out" --time=1s --package="$package" \
		--bin="$out/build/$package/send_code_test")
}

# seconds_of NAME COMMAND: its wall time, and without the sampling time of the manifest that it wrote.
seconds_of() {
	begin_ns=$(date +%s%N)
	"$2" >"$BENCH_OUT/output" 2>"$BENCH_OUT/log" || die "$2: $(cat -- "$BENCH_OUT/log")"
	wall_ns=$(($(date +%s%N) - begin_ns))
	sampling_ns=$(sed -n 's/^ *"wall_ns": \([0-9]*\),*$/\1/p' "$out/$func.json" | head -n 1)
	note "$1.wall" "$(awk -v ns="$wall_ns" 'BEGIN { print ns / 1e9 }')"
	note "$1.beyond" "$(awk -v ns="$((wall_ns - sampling_ns))" 'BEGIN { print ns / 1e9 }')"
}

begin test
run_make >"$BENCH_OUT/output" 2>"$BENCH_OUT/log" || die "make pprof.test: $(cat -- "$BENCH_OUT/log")"
turn=0
while [ "$turn" -lt "$turns" ]; do
	seconds_of make run_make
	seconds_of tool run_tool
	turn=$((turn + 1))
done

title 'make pprof.test of the example, nothing to build, one test, three kinds, Time=1s'
line make.wall 'make pprof.test, all of it' s 3
line make.beyond 'make pprof.test, beyond the sampling time' s 3 '' '<= 0.5 s' 0.5
line tool.beyond '  of that, pprofmk test alone' s 3
