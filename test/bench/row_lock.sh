#!/bin/sh
# SPDX-License-Identifier: MIT
# Locking and unlocking a mutex that nobody waits for: bare, and in the window of our block profile.
#
# Usage: test/bench/row_lock.sh      lines for table.awk; test/bench/run.sh lock shows them as a table
# Needs what run.sh prepares.
# Example: test/bench/run.sh lock
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
bench=$programs/lock_bench
turns=15

begin lock
turn=0
while [ "$turn" -lt "$turns" ]; do
	for threads in alone beside; do
		note "bare.$threads" "$(figure lock_unlock_ns "$bench" "bench_$threads")"
		note "ours.$threads" "$(figure lock_unlock_ns profiled block "bench_$threads" "$bench")"
	done
	turn=$((turn + 1))
done

title 'lock+unlock, uncontended, block profile on (ratio: to bare)'
for threads in alone beside; do
	case $threads in
	alone) with='no other thread' ;;
	beside) with='another thread sleeps' ;;
	esac
	note_pairs "more.$threads" 'a - b' "ours.$threads" "bare.$threads"
	line "bare.$threads" "bare, $with" ns 2
	line "ours.$threads" "pprof.mk, block" ns 2 "bare.$threads"
	line "more.$threads" "    that is more by" ns 2 '' '<= 3 ns more' 3
done
