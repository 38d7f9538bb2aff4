#!/bin/sh
# SPDX-License-Identifier: MIT
# The same operations, from one object file, timed by Google Benchmark and by us: what each says an operation takes, and how long
# it is until it says so. Both are asked for half a second of iterations; each figure is of a process of its own.
#
# Usage: test/bench/row_bench.sh      lines for table.awk; test/bench/run.sh bench shows them as a table
# Needs what run.sh prepares. Google Benchmark is measured where its library is installed.
# Example: test/bench/run.sh bench
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=15
operations='empty hash malloc copy'
seconds=0.5
has_peer=
if pkg-config --exists benchmark 2>/dev/null; then
	has_peer=yes
fi

# timed NAME COMMAND...: its wall time and the time until its first result, in seconds. Its output is in $BENCH_OUT/output.
timed() {
	name=$1
	shift
	begin_ns=$(date +%s%N)
	"$@" 2>"$BENCH_OUT/log" | {
		until_ns=
		while IFS= read -r text; do
			case $text in
			Benchmark[A-Z]* | '"bench_'*) : "${until_ns:=$(date +%s%N)}" ;;
			esac
			printf '%s\n' "$text"
		done >"$BENCH_OUT/output"
		note "$name.until" "$(since "${until_ns:-0}")"
	}
	note "$name.wall" "$(since "$(date +%s%N)")"
}

# since NS: seconds from begin_ns to then.
since() {
	awk -v ns="$(($1 - begin_ns))" 'BEGIN { print ns / 1e9 }'
}

# "bench_hash",4289604,65.2135,65.2143,ns,,,,,  its wall time by operation
theirs() {
	timed "theirs.$1" "$programs/peer_bench" --benchmark_filter="^bench_$1\$" --benchmark_min_time="$seconds" \
		--benchmark_format=csv
	note "theirs.$1" "$(awk -F , -v name="\"bench_$1\"" '$1 == name && $5 == "ns" { print $3 }' "$BENCH_OUT/output")"
}

# No profiles but mem's, whose pass the allocations of the line come from.
ours() {
	timed "ours.$1" "$tool" bench --bin "$programs/ours_bench" --func "bench_$1" --benchtime "${seconds}s" --kinds mem \
		--out "$BENCH_OUT/pprof"
	note "ours.$1" "$(awk '$1 ~ /^Benchmark/ && $4 == "ns/op" { print $3 }' "$BENCH_OUT/output")"
}

# compare OPERATION SUBJECT: both lines, and what of theirs ours differs by.
compare() {
	line "theirs.$1" "$2, Google Benchmark" ns 3 "theirs.$1"
	if has "theirs.$1"; then
		note_pairs "apart.$1" '100 * (a / b - 1)' "ours.$1" "theirs.$1"
		line "ours.$1" "$2, pprof.mk" ns 3 "theirs.$1" 'within 2 %' +-2 "apart.$1"
	else
		line "ours.$1" "$2, pprof.mk" ns 3
	fi
}

begin bench
[ -z "$has_peer" ] || build peer_bench
turn=0
while [ "$turn" -lt "$turns" ]; do
	for operation in $operations; do
		# Who is first changes: what one leaves in the caches and in the clock's speed meets both.
		[ "$((turn % 2))$has_peer" != 0yes ] || theirs "$operation"
		ours "$operation"
		[ "$((turn % 2))$has_peer" != 1yes ] || theirs "$operation"
	done
	turn=$((turn + 1))
done

title 'time of an operation, half a second of iterations (ratio: to Google Benchmark)'
compare hash '64 bytes hashed'
compare malloc 'malloc+free'
compare copy '1 MB copied'
line theirs.empty 'an empty loop, Google Benchmark' ns 3 theirs.empty
line ours.empty 'an empty loop, pprof.mk' ns 3 theirs.empty
if [ -n "$has_peer" ]; then
	note_pairs more.empty 'a - b' ours.empty theirs.empty
	line more.empty '    that is more by' ns 3 '' 'no more' none
	note_pairs more.until 'a - b' ours.hash.until theirs.hash.until
fi

title 'wall time from the start to the result (64 bytes hashed)'
line theirs.hash.until 'Google Benchmark' s 3 theirs.hash.until
line ours.hash.until 'pprof.mk, with allocations' s 3 theirs.hash.until
[ -z "$has_peer" ] || line more.until '    that is more by' s 3 '' 'no longer' none
line theirs.hash.wall 'until it has ended: Google Benchmark' s 3 theirs.hash.wall
line ours.hash.wall 'until it has ended: pprof.mk, Kinds=mem' s 3 theirs.hash.wall
[ -n "$has_peer" ] || remark 'Google Benchmark is not installed and could not be: left out'
