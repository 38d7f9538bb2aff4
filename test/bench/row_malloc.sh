#!/bin/sh
# SPDX-License-Identifier: MIT
# malloc and free of 64 bytes, at least 15 frames deep, in code without frame pointers: bare, in our exact memory profile
# and in those of peers; then two threads against one.
#
# Usage: test/bench/row_malloc.sh      lines for table.awk; test/bench/run.sh malloc shows them as a table
# Needs what run.sh prepares. heaptrack is measured where it is installed.
# Example: test/bench/run.sh malloc
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
bench=$programs/malloc_bench
turns=15
turns_of_slow_peers=5
pairs=2000000
# At 12 microseconds and half a microsecond each: as many as it takes to be measured.
pairs_gperftools=20000
pairs_heaptrack=500000

# measure NAME COMMAND...
measure() {
	name=$1
	shift
	note "$name" "$(figure malloc_free_ns "$@")"
	note "$name.wall" "$(awk '$1 == "malloc_free_wall_ns" { print $2 }' "$BENCH_OUT/output")"
}

measure_test() {
	measure "glibc.$1" "$bench" "$pairs" "bench_$1"
	measure "tcmalloc.$1" env LD_PRELOAD=libtcmalloc_minimal.so.4 "$bench" "$pairs" "bench_$1"
	measure "ours.$1" profiled mem "bench_$1" "$bench" "$pairs"
	[ "$turn" -lt "$turns_of_slow_peers" ] || return 0
	measure "gperftools.$1" env LD_PRELOAD=libtcmalloc.so.4 HEAPPROFILE="$BENCH_OUT/heapprofile" \
		"$bench" "$pairs_gperftools" "bench_$1"
	! command -v heaptrack >/dev/null || measure "heaptrack.$1" heaptrack -o "$BENCH_OUT/heaptrack" \
		"$bench" "$pairs_heaptrack" "bench_$1"
}

subjects() {
	cat <<-EOF
		glibc bare, glibc
		tcmalloc bare, tcmalloc_minimal
		ours pprof.mk, mem
		gperftools gperftools, HEAPPROFILE
		heaptrack heaptrack
	EOF
}

begin malloc
turn=0
while [ "$turn" -lt "$turns" ]; do
	for test in main one_thread two_threads; do
		measure_test "$test"
	done
	turn=$((turn + 1))
done

title 'malloc+free, 15 frames deep, no frame pointers, exact profile: CPU time (ratio: to bare glibc)'
subjects | while read -r name subject; do
	set --
	[ "$name" != ours ] || set -- '<= 150 ns' 150
	line "$name.main" "$subject" ns 1 glibc.main "$@"
done
for name in ours gperftools heaptrack; do
	line "$name.main.wall" "  by the wall clock: $name" ns 1 glibc.main.wall
done
has heaptrack.main || remark 'heaptrack is not installed and could not be: left out'

title 'the same, two threads on two CPUs (ratio: to one thread, of the same depth)'
subjects | while read -r name subject; do
	line "$name.two_threads" "$subject" ns 1 "$name.one_thread"
done
for name in glibc tcmalloc ours; do
	note_pairs "$name.slower" '100 * (a / b - 1)' "$name.two_threads" "$name.one_thread"
	set --
	[ "$name" != ours ] || set -- '' 'not slower' none
	line "$name.slower" "  slower than one, turn by turn: $name" % 1 "$@"
done
