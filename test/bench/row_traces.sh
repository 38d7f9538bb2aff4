#!/bin/sh
# SPDX-License-Identifier: MIT
# Reading traces: of 6 million events, written by trace_make, and beside it `go tool trace` of Go 1.22 or later on a trace of its own with as many,
# until it says that it listens. With `large` in the environment's TRACES also 100 million events, for how time and memory grow.
#
# Usage: test/bench/row_traces.sh      lines for table.awk; test/bench/run.sh traces shows them as a table
# Needs what run.sh prepares, and GNU time. Large: 1 GB in _output, and three minutes.
# Example: TRACES=large test/bench/run.sh traces
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
folder=$BENCH_OUT/traces
turns=5
small=6000000
large=100000000

# trace EVENTS: of the test t<EVENTS>, once.
trace() {
	[ -e "$folder/t$1.trace" ] || "$programs/trace_make" "$folder/t$1.trace" "$1"
}

# measure NAME COMMAND...: seconds of it, and MB at its largest.
measure() {
	name=$1
	shift
	/usr/bin/time -q -o "$BENCH_OUT/time" -f '%e %M' -- "$@" >/dev/null 2>"$BENCH_OUT/log" ||
		die "$name: $(cat -- "$BENCH_OUT/log")"
	read -r seconds kilobytes <"$BENCH_OUT/time"
	note "$name.s" "$seconds"
	note "$name.mb" "$(awk -v kb="$kilobytes" 'BEGIN { print kb / 1024 }')"
}

# ours SIZE
ours() {
	for view in stat locks path; do
		measure "$view.$1" "$tool" "trace-$view" --func "t$1" --out "$folder"
	done
	measure "part.$1" "$tool" trace-stat --func "t$1" --out "$folder" --from 1us
	measure "profile.$1" "$tool" trace-profile --of sync --func "t$1" --out "$folder"
}

# The newest Go, or nothing.
find_go() {
	for go in "$(command -v go)" /usr/lib/go-1.*/bin/go /usr/local/go/bin/go; do
		[ ! -x "$go" ] || printf '%s %s\n' "$(GOTOOLCHAIN=local "$go" version | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')" "$go"
	done | sort -n | awk '$1 >= 22 { go = $2 } END { print go }'
}

# Until it listens, and what it has taken by then.
peer() {
	export GOTOOLCHAIN=local GOFLAGS='' GOTELEMETRY=off GO111MODULE=off GOCACHE="$PWD/$folder/go"
	[ -x "$folder/trace_peer" ] || "$1" build -o "$folder/trace_peer" test/bench/trace_peer.go
	[ -e "$folder/peer.out" ] || "$folder/trace_peer" "$folder/peer.out" 1000000
	program=$("$1" tool -n trace)
	begin_ns=$(date +%s%N)
	"$program" -http=127.0.0.1:0 "$folder/peer.out" >"$BENCH_OUT/log" 2>&1 &
	pid=$!
	left=1200
	while ! grep -q listening "$BENCH_OUT/log"; do
		left=$((left - 1))
		if [ "$left" = 0 ] || ! kill -0 "$pid" 2>/dev/null; then
			kill "$pid" 2>/dev/null || :
			die "go tool trace: $(cat -- "$BENCH_OUT/log")"
		fi
		sleep 0.1
	done
	note go.s "$(awk -v ns="$(($(date +%s%N) - begin_ns))" 'BEGIN { print ns / 1e9 }')"
	note go.mb "$(awk '/^VmHWM/ { print $2 / 1024 }' "/proc/$pid/status")"
	kill "$pid"
	wait "$pid" 2>/dev/null || :
}

begin traces
build trace_make
mkdir -p -- "$folder"
trace "$small"
go=$(find_go)
turn=0
while [ "$turn" -lt "$turns" ]; do
	ours "$small"
	# Twenty seconds each: three are enough to see it.
	[ -z "$go" ] || [ "$turn" -ge 3 ] || peer "$go"
	turn=$((turn + 1))
done

# lines UNIT DIGITS BEFORE REACH LIMIT: go tool trace and each of ours; the reach is that of stat.
lines() {
	line "go.$1" "$3go tool trace" "$4" "$2" "go.$1"
	line "stat.$small.$1" "$3pprof.trace.stat" "$4" "$2" "go.$1" "$5" "$6"
	line "part.$small.$1" "$3the same, of a part: all but 1 us" "$4" "$2" "go.$1"
	line "locks.$small.$1" "$3pprof.trace.locks" "$4" "$2" "go.$1"
	line "path.$small.$1" "$3pprof.trace.path" "$4" "$2" "go.$1"
	line "profile.$small.$1" "$3pprof.trace.profile Of=sync" "$4" "$2" "go.$1"
}

# grown VIEW FIGURE UNIT DIGITS SUBJECT [REACH LIMIT]: what 100 million events take, against the median of 6 million.
grown() {
	base=$(median "$1.$small.$2" | cut -d ' ' -f 1)
	awk -v base="$base" '{ print $1 / (base > 0.01 ? base : 0.01) }' "$values/$1.$large.$2" >"$values/$1.more.$2"
	line "$1.$large.$2" "$5" "$3" "$4" "$1.$small.$2" ${6:+"$6" "$7" "$1.more.$2"}
}

title 'reading a trace of 6 million events (ratio: to go tool trace on as many of its own, until it listens)'
lines s 2 '' s '<= 1 s' 1
lines mb 0 'memory: ' MB '<= 300 MB' 300

if [ "${TRACES-}" = large ]; then
	trace "$large"
	ours "$large"
	title 'the same with 100 million events, once (ratio: to 6 million)'
	grown stat s s 2 pprof.trace.stat '<= 17 x' 17
	grown part s s 2 'the same, of a part' '<= 17 x' 17
	for view in locks path profile; do
		grown "$view" s s 2 "pprof.trace.$view"
	done
	grown stat mb MB 0 'memory: pprof.trace.stat' '<= 2 x' 2
	grown part mb MB 0 'memory: the same, of a part' '<= 2 x' 2
	for view in locks path profile; do
		grown "$view" mb MB 0 "memory: pprof.trace.$view"
	done
fi
[ -n "$go" ] || remark 'no Go of 1.22 or later: its lines are left out'
