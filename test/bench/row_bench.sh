#!/bin/sh
# SPDX-License-Identifier: MIT
# The same operations, from one object file, timed by Google Benchmark and by us: what each says an operation takes, and how long
# it is until it says so. Each figure is of a process of its own. Where a program lies in memory makes some percent of what
# malloc takes: that takes many processes, and short ones will do.
#
# Usage: test/bench/row_bench.sh      lines for table.awk; test/bench/run.sh bench shows them as a table
#   BENCH_TURNS    processes of each side and operation (61)
# Needs what run.sh prepares. Google Benchmark is measured where its library is installed.
# Example: test/bench/run.sh bench
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
operations='empty hash malloc copy'
turns=${BENCH_TURNS:-61}
# Theirs in so many stretches, ours in its own twenty.
stretches=50
stretch_seconds=0.002
seconds=0.1
turns_of_waits=15
seconds_of_waits=0.5
has_peer=
if pkg-config --exists benchmark 2>/dev/null; then
	has_peer=yes
fi

# since NS: seconds from begin_ns to then.
since() {
	awk -v ns="$(($1 - begin_ns))" 'BEGIN { print ns / 1e9 }'
}

# waited NAME COMMAND...: how long until its first result, and until it has ended.
waited() {
	name=$1
	shift
	begin_ns=$(date +%s%N)
	"$@" 2>"$BENCH_OUT/log" | {
		while IFS= read -r text; do
			case $text in
			Benchmark[A-Z]* | '"bench_'*) break ;;
			esac
		done
		note "$name.until" "$(since "$(date +%s%N)")"
		cat >/dev/null
	}
	note "$name.wall" "$(since "$(date +%s%N)")"
}

# theirs OPERATION SECONDS OPTION...
theirs() {
	operation=$1
	seconds_asked=$2
	shift 2
	"$programs/peer_bench" --benchmark_filter="^bench_$operation\$" --benchmark_min_time="$seconds_asked" \
		--benchmark_format=csv "$@"
}

# ours OPERATION SECONDS OPTION...: no profiles but mem's, whose pass the allocations of the line come from.
ours() {
	operation=$1
	seconds_asked=$2
	shift 2
	"$tool" bench --bin "$programs/ours_bench" --func "bench_$operation" --benchtime "${seconds_asked}s" --kinds mem \
		--out "$BENCH_OUT/pprof" "$@"
}

# What they say an operation takes, by the wall clock and in CPU time, and in the least of the stretches, in ns:
#     "bench_hash",214480,65.2135,65.2143,ns,,,,,          one of each
#     BenchmarkHash-2     4289604     65.21 ns/op     65.20 cpu-ns/op     0 B/op     0 allocs/op
#     # BenchmarkHash-2: median 65.21 ns/op, half within 65.20 to 65.22, all 65.19 to 65.31 (20 stretches of the run)
theirs_told() {
	theirs "$1" "$stretch_seconds" --benchmark_repetitions="$stretches" |
		awk -F , -v name="\"bench_$1\"" '$1 == name && $5 == "ns" {
				wall += $3; cpu += $4; n++
				least = n == 1 || $3 < least ? $3 : least
			}
			END { if (n > 0) print wall / n, cpu / n, least }'
}

ours_told() {
	ours "$1" "$seconds" --counters task-clock | awk '
		/^Benchmark/ && $4 == "ns/op" && $6 == "cpu-ns/op" { figures = $3 " " $5; least = $3 }
		match($0, /[0-9.e-]+ to [0-9.e-]+ .[0-9]+ stretches of the run/) { split(substr($0, RSTART), extremes, " "); least = extremes[1] }
		END { if (figures != "") print figures, least }'
}

# told WHO OPERATION
told() {
	"$1_told" "$2" >"$BENCH_OUT/output" 2>"$BENCH_OUT/log"
	read -r wall cpu least <"$BENCH_OUT/output" || die "$1, $2: no figures: $(cat -- "$BENCH_OUT/log")"
	note "$1.$2" "$wall"
	note "$1.$2.cpu" "$cpu"
	note "$1.$2.least" "$least"
}

# both FUNCTION ARGUMENT...: for them and us, as FUNCTION WHO ARGUMENT... Who is first changes: what one leaves in the caches and in
# the processor's speed meets both.
both() {
	function=$1
	shift
	[ "$((turn % 2))$has_peer" != 0yes ] || "$function" theirs "$@"
	"$function" ours "$@"
	[ "$((turn % 2))$has_peer" != 1yes ] || "$function" theirs "$@"
}

wait_for() {
	waited "$1" "$1" hash "$seconds_of_waits"
}

# compare FIGURE SUBJECT: both lines, and what of theirs ours differs by.
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
		both told "$operation"
	done
	[ "$turn" -ge "$turns_of_waits" ] || both wait_for
	turn=$((turn + 1))
done

title 'time of an operation, 0.1 s of iterations (ratio: to Google Benchmark)'
compare hash '64 bytes hashed'
compare malloc 'malloc+free'
compare copy '1 MB copied'
line theirs.empty 'an empty loop, Google Benchmark' ns 3 theirs.empty
line ours.empty 'an empty loop, pprof.mk' ns 3 theirs.empty
if [ -n "$has_peer" ]; then
	note_pairs more.empty 'a - b' ours.empty theirs.empty
	line more.empty '    that is more by' ns 3 '' 'no more' none
	note_pairs more.until 'a - b' ours.until theirs.until
fi

title 'the same in CPU time, which what else runs changes less'
compare hash.cpu '64 bytes hashed'
compare malloc.cpu 'malloc+free'
compare copy.cpu '1 MB copied'

title 'the least of the stretches of each process (theirs 50 of 2 ms, ours 20 of 5 ms), which what else runs changes least'
compare hash.least '64 bytes hashed'
compare malloc.least 'malloc+free'
compare copy.least '1 MB copied'

title 'wall time from the start to the result, 0.5 s of iterations (64 bytes hashed)'
line theirs.until 'Google Benchmark' s 3 theirs.until
line ours.until 'pprof.mk, with allocations' s 3 theirs.until
[ -z "$has_peer" ] || line more.until '    that is more by' s 3 '' 'no longer' none
line theirs.wall 'until it has ended: Google Benchmark' s 3 theirs.wall
line ours.wall 'until it has ended: pprof.mk, Kinds=mem' s 3 theirs.wall
[ -n "$has_peer" ] || remark 'Google Benchmark is not installed and could not be: left out'
