#!/bin/sh
# SPDX-License-Identifier: MIT
# Names for a program that runs: by a process beside it, as the endpoint has them, or by a thread in it. Two busy threads that
# allocate, while somebody at lowest priority names 2,000 addresses again and again; what they get done, and the program's memory.
#
# Usage: test/bench/row_answer.sh      lines for table.awk; test/bench/run.sh answer shows them as a table
# Needs what run.sh prepares.
# Example: test/bench/run.sh answer
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=${BENCH_TURNS:-10}
ms=1000

measure() {
	figure ops "$programs/answer_bench" "$1" "$ms" >"$BENCH_OUT/ops"
	note "$1.ops" "$(cat "$BENCH_OUT/ops")"
	note "$1.mb" "$(awk '$1 == "memory_kb" { print $2 / 1024 }' "$BENCH_OUT/output")"
	note "$1.named" "$(awk '$1 == "named" { print $2 }' "$BENCH_OUT/output")"
}

build answer_bench
begin answer
turn=0
while [ "$turn" -lt "$turns" ]; do
	for mode in none process thread; do
		measure "$mode"
	done
	turn=$((turn + 1))
done

title 'two busy threads, while 2,000 addresses are named again and again at lowest priority'
line none.ops 'nobody names' turns/s 0
for mode in process thread; do
	case $mode in
	process) what='a process beside it' ;;
	thread) what='a thread of the program' ;;
	esac
	line "$mode.ops" "$what" turns/s 0
	note_pairs "$mode.loss" '100 - 100 * a / b' "$mode.ops" none.ops
	line "$mode.loss" '  that is less by' % 2
	line "$mode.named" '  addresses named' /s 0
	line "$mode.mb" "  memory of the program" MB 1
done
line none.mb 'memory of the program where nobody names' MB 1
