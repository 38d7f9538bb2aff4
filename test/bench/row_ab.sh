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

# compare NAME OLD NEW: note p, and the change, of one comparison, and whether it says "better", "worse" or "~".
compare() {
	"$tool" bench-diff --bin "$BENCH_OUT/ab/$3/steps" --base-bin "$BENCH_OUT/ab/$2/steps" --bench-count "$runs" \
		--benchtime "$time" --out "$BENCH_OUT/pprof" >"$BENCH_OUT/output" 2>"$BENCH_OUT/log" ||
		die "bench-diff failed: $(tail -n 1 -- "$BENCH_OUT/log")"
	row=$(sed -n '/^ns\/op/{n;p;}' "$BENCH_OUT/output")
	note "$1.p" "$(printf '%s\n' "$row" | awk '{ print $(NF - 1) ~ /^</ ? 0.0005 : $(NF - 1) }')"
	printf '%s\n' "$row" | awk '{ print / better / ? "better" : / worse / ? "worse" : "~" }' >>"$values/$1.verdict"
}

# count NAME VERDICT...: how many of its comparisons say so.
count() {
	name=$1
	shift
	for verdict; do
		grep -cx -- "$verdict" "$values/$name.verdict" || :
	done | awk '{ n += $1 } END { print n + 0 }'
}

# below NAME P
below() {
	awk -v limit="$2" '$1 < limit { n++ } END { print n + 0 }' "$values/$1.p"
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
differ=$(count same better worse)
found=$(count slower worse)
count_line 'two builds of the same code' "$differ" '< 5 of 100' "$differ" "$((comparisons * 4 / 100))"
count_line '  of them with p below 0.05' "$(below same 0.05)"
count_line '3 % slower, found as worse' "$found" '>= 95 of 100' "$((comparisons - found))" "$((comparisons * 5 / 100))"
count_line '  of them with p below 0.001' "$(below slower 0.001)"
