#!/bin/sh
# SPDX-License-Identifier: MIT
# The runtime loaded and nothing asked of it: loops of malloc and free, and of lock and unlock, with each of our two
# libraries preloaded and without. What is asked is whether a difference can be measured at all.
#
# Usage: test/bench/row_idle.sh      lines for table.awk; test/bench/run.sh idle shows them as a table
# Needs what run.sh prepares.
# Example: test/bench/run.sh idle
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=25
pairs=3000000
library=$PWD/$BUILD/lib/libpprofmk
case $BUILD in
/*) library=$BUILD/lib/libpprofmk ;;
esac

# measure NAME PRELOAD
measure() {
	note "malloc.$1" "$(figure malloc_free_best_ns env LD_PRELOAD="$2" "$programs/malloc_bench" "$pairs" bench_main)"
	note "lock.$1" "$(figure lock_unlock_ns env LD_PRELOAD="$2" "$programs/lock_bench" bench_beside)"
}

begin idle
turn=0
while [ "$turn" -lt "$turns" ]; do
	measure bare ''
	measure loaded "$library.so"
	measure sync "$library-sync.so"
	turn=$((turn + 1))
done

title 'runtime loaded, nothing asked: difference to the same without it, turn by turn'
for loop in malloc lock; do
	case $loop in
	malloc) what='malloc+free' ;;
	lock) what='lock+unlock' ;;
	esac
	line "$loop.bare" "$what, bare" ns 3
	for name in loaded sync; do
		case $name in
		loaded) with=libpprofmk.so ;;
		sync) with=libpprofmk-sync.so ;;
		esac
		note_pairs "$loop.$name.more" 'a - b' "$loop.$name" "$loop.bare"
		line "$loop.$name.more" "$what, $with: more by" ns 3 '' 'not measurable' none
	done
done
