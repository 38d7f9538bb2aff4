#!/bin/sh
# SPDX-License-Identifier: MIT
# What libpprofmk-live.so costs malloc and free of 64 bytes, 15 frames deep: preloaded and nothing asked, with the heap sampled every
# 512 KiB, and with every allocation counted; in front of glibc's and of tcmalloc.
#
# Usage: test/bench/row_live.sh      lines for table.awk; test/bench/run.sh live shows them as a table
# Needs what run.sh prepares. Listens on a port of the loopback while it measures: BENCH_PORT (16070).
# Example: test/bench/run.sh live
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=${BENCH_TURNS:-15}
pairs=3000000
address=127.0.0.1:${BENCH_PORT:-16070}
library=$PWD/$BUILD/lib/libpprofmk-live.so
case $BUILD in
/*) library=$BUILD/lib/libpprofmk-live.so ;;
esac

# measure NAME ENVIRONMENT...
measure() {
	name=$1
	shift
	note "$name" "$(figure malloc_free_best_ns env "$@" "$programs/malloc_bench" "$pairs" bench_main)"
}

# measure_all ALLOCATOR LIBRARY
measure_all() {
	measure "$1.bare" LD_PRELOAD="$2"
	measure "$1.off" LD_PRELOAD="$library $2"
	measure "$1.sampled" LD_PRELOAD="$library $2" PPROF_HTTP="$address"
	measure "$1.exact" LD_PRELOAD="$library $2" PPROF_HTTP="$address" PPROF_HEAP_RATE=1
}

begin live
turn=0
while [ "$turn" -lt "$turns" ]; do
	measure_all glibc ''
	measure_all tcmalloc libtcmalloc_minimal.so.4
	turn=$((turn + 1))
done

title 'malloc+free in a running program with libpprofmk-live.so: difference to the same without it, turn by turn'
for allocator in glibc tcmalloc; do
	line "$allocator.bare" "$allocator, bare" ns 2
	for state in off sampled exact; do
		case $state in
		off) what='preloaded, nothing asked: more by' ;;
		sampled) what='heap sampled, 512 KiB: more by' ;;
		exact) what='every allocation counted: more by' ;;
		esac
		set --
		[ "$state" = exact ] || set -- '' '<= 5 ns more' 5
		note_pairs "$allocator.$state.more" 'a - b' "$allocator.$state" "$allocator.bare"
		line "$allocator.$state.more" "$allocator, $what" ns 2 "$@"
	done
done
