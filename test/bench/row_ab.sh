#!/bin/sh
# SPDX-License-Identifier: MIT
# What bench-diff promises, tried for real: two builds of the same code differ significantly in fewer than 5 of 100
# comparisons, and a slow-down of 3 % is found with 20 runs of each.
#
# Usage: test/bench/row_ab.sh      lines for table.awk; test/bench/run.sh ab shows them as a table
#   AB_COMPARISONS    of each sort (100)
#   AB_RUNS           of each side in a comparison (20)
#   AB_TIME           of a run (20ms)
# Needs what run.sh prepares. Takes about ten minutes.
# Example: AB_COMPARISONS=20 test/bench/run.sh ab
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
comparisons=${AB_COMPARISONS:-100}
runs=${AB_RUNS:-20}
time=${AB_TIME:-20ms}

# build_loop FOLDER STEPS
build_loop() {
	mkdir -p -- "$BENCH_OUT/ab/$1"
	cc -g -O2 -Iinclude -DSTEPS="$2" -o "$BENCH_OUT/ab/$1/steps" test/bench/ab_loop.c -lcmocka
}

# note_row NAME UNIT: p, and whether it says "better", "worse" or "~", of the benchmark's row of that unit.
note_row() {
	row=$(awk -v unit="$2" '$1 == unit { getline; print; exit }' "$BENCH_OUT/output")
	note "$1.p" "$(printf '%s\n' "$row" | awk '{ print $(NF - 1) ~ /^</ ? 0.0005 : $(NF - 1) }')"
	printf '%s\n' "$row" | awk '{ print / better / ? "better" : / worse / ? "worse" : "~" }' >>"$values/$1.verdict"
}

# compare NAME OLD NEW
compare() {
	"$tool" bench-diff --bin "$BENCH_OUT/ab/$3/steps" --base-bin "$BENCH_OUT/ab/$2/steps" --bench-count "$runs" \
		--benchtime "$time" --out "$BENCH_OUT/pprof" >"$BENCH_OUT/output" 2>"$BENCH_OUT/log" ||
		die "bench-diff failed: $(tail -n 1 -- "$BENCH_OUT/log")"
	note_row "$1.mean" ns/op
	note_row "$1.middle" p50-ns/op
}

# count NAME VERDICT: of how many comparisons a row has said something of that sort, an extended regular expression.
count() {
	paste "$values/$1.mean.verdict" "$values/$1.middle.verdict" | grep -cE -- "$2" || :
}

# count_line SUBJECT COUNT [REACH HELD LIMIT]
count_line() {
	printf 'line\t%s\t%s\t\t\t%s\t' "$1" "$2" "of $comparisons"
	[ $# -lt 3 ] || printf '\t%s\t%s\t%s\t%s' "$3" "$4" "$4" "$5"
	printf '\n'
}

begin ab
build_loop old 1000
build_loop same 1000
build_loop slower 1030
turn=0
while [ "$turn" -lt "$comparisons" ]; do
	compare same old same
	compare slower old slower
	turn=$((turn + 1))
done

title "comparisons by turns, $runs runs of $time of each side, alpha 0.01: how many show a difference"
differ=$(count same 'better|worse')
found=$(count slower worse)
count_line 'two builds of the same code, in either row' "$differ" '< 5 of 100' "$differ" "$((comparisons * 4 / 100))"
count_line '    in ns/op' "$(grep -cE 'better|worse' "$values/same.mean.verdict" || :)"
count_line '    in p50-ns/op' "$(grep -cE 'better|worse' "$values/same.middle.verdict" || :)"
count_line '3 % slower, found as worse in either row' "$found" '>= 95 of 100' "$((comparisons - found))" "$((comparisons * 5 / 100))"
count_line '    in ns/op' "$(grep -c worse "$values/slower.mean.verdict" || :)"
count_line '    in p50-ns/op' "$(grep -c worse "$values/slower.middle.verdict" || :)"
