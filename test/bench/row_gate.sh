#!/bin/sh
# SPDX-License-Identifier: MIT
# What the gate promises, tried for real: no alarm in 100 runs of unchanged code; a slow-down of 10 % found with the runs that it makes
# when it is not told otherwise; and one more allocation of 1,000 always.
#
# Usage: test/bench/row_gate.sh      lines for table.awk; test/bench/run.sh gate shows them as a table
#   GATE_RUNS    gates of each sort (100)
# Needs what run.sh prepares. Takes about fifteen minutes.
# Example: GATE_RUNS=20 test/bench/run.sh gate
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
runs=${GATE_RUNS:-100}

# build_tests FOLDER FLAG...
build_tests() {
	folder=$BENCH_OUT/gate/$1
	shift
	mkdir -p -- "$folder"
	cc -g -O2 -Iinclude "$@" -o "$folder/tests" test/bench/gate_tests.c -lcmocka -pthread
}

# gate NAME NEW OPTION...: its exit status, how many figures were worse, and those of a metric, into files.
gate() {
	name=$1 new=$2
	shift 2
	status=0
	"$tool" gate --bin "$BENCH_OUT/gate/$new/tests" --base-bin "$BENCH_OUT/gate/old/tests" --out "$BENCH_OUT/pprof" "$@" \
		>"$BENCH_OUT/output" 2>"$BENCH_OUT/log" || status=$?
	[ "$status" -le 1 ] || die "gate failed: $(tail -n 1 -- "$BENCH_OUT/log")"
	grep -q '^gate: ' "$BENCH_OUT/output" || die "gate failed: $(tail -n 1 -- "$BENCH_OUT/log")"
	echo "$status" >>"$values/$name.status"
	awk '$1 == "worse" { print $2 "." $3 }' "$BENCH_OUT/output" | sort | paste -s -d ' ' - >>"$values/$name.worse"
}

# count NAME PATTERN: gates of which a figure like that was worse.
count() {
	grep -cE -- "$2" "$values/$1.worse" || :
}

# count_line SUBJECT COUNT [REACH HELD LIMIT]
count_line() {
	printf 'line\t%s\t%s\t\t\t%s\t' "$1" "$2" "of $runs"
	[ $# -lt 3 ] || printf '\t%s\t%s\t%s\t%s' "$3" "$4" "$4" "$5"
	printf '\n'
}

begin gate
build_tests old
build_tests same
build_tests slower -DSTEPS=1100
build_tests more -DBLOCKS=1001
turn=0
while [ "$turn" -lt "$runs" ]; do
	gate same same
	gate slower slower --func '*_steps'
	gate more more --func test_blocks --timed none
	turn=$((turn + 1))
done

title 'gates of two builds, as they are when nothing is told them: how many end with 1'
alarms=$(grep -c 1 "$values/same.status" || :)
benches=$(count slower bench_steps.time)
tests=$(count slower test_steps.time)
found=$(count more test_blocks.allocs)
count_line 'unchanged code, four tests, one of threads' "$alarms" 'none' "$alarms" 0
count_line '10 % slower: found in the benchmark' "$benches" 'all' "$((runs - benches))" 0
count_line '10 % slower: found in the test' "$tests" 'all' "$((runs - tests))" 0
count_line 'one more allocation of 1000' "$found" 'all' "$((runs - found))" 0
