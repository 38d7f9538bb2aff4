#!/bin/sh
# SPDX-License-Identifier: MIT
# Names for a program that runs: by a process beside it, as the endpoint has them, or by a thread in it. Two busy threads that
# allocate, while somebody at low priority names 2,000 addresses again and again; what they get done, and the program's memory.
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

figures='turns cpu_turns longest_ms named memory_mb'

measure() {
	"$programs/answer_bench" "$1" "$ms" >"$BENCH_OUT/output"
	for figure in $figures; do
		note "$1.$figure" "$(awk -v word="$figure" '$1 == word { print $2 }' "$BENCH_OUT/output")"
	done
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

title 'two busy threads, while 2,000 addresses are named again and again at low priority (ratio: to nobody)'
for mode in none process thread; do
	case $mode in
	none) what='nobody names' ;;
	process) what='named by a process beside it' ;;
	thread) what='named by a thread of the program' ;;
	esac
	line "$mode.turns" "$what" turns/s 0 none.turns
	line "$mode.cpu_turns" '  in a second of their CPU time' turns/s 0 none.cpu_turns
	line "$mode.longest_ms" '  the longest turn' ms 1 none.longest_ms
	line "$mode.memory_mb" '  memory of the program' MB 1 none.memory_mb
	[ "$mode" = none ] || line "$mode.named" '  addresses named' /s 0
done
