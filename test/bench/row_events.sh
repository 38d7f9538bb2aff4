#!/bin/sh
# SPDX-License-Identifier: MIT
# What an event of a trace costs where it is recorded, and beside it LTTng-UST's; and what wrappers cost while nothing is.
#
# Usage: test/bench/row_events.sh      lines for table.awk; test/bench/run.sh events shows them as a table
# Needs what run.sh prepares. LTTng is measured where lttng and its library's headers are; with a session daemon of its own.
# Example: test/bench/run.sh events
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=9
trace=$BENCH_OUT/events.trace
home=$BENCH_OUT/lttng
daemon=

# note_all PREFIX: each line "NAME FIGURE" of what comes in.
note_all() {
	while read -r name figure; do
		note "$1.$name" "$figure"
	done
}

stop_peer() {
	rm -f -- "$trace"
	[ -z "$daemon" ] || {
		lttng destroy pprofmk >/dev/null 2>&1 || :
		kill "$daemon" 2>/dev/null || :
		wait "$daemon" 2>/dev/null || :
	}
	rm -rf -- "$home"
}

# A daemon, in a home of its own, so that nobody else's sessions are touched.
start_peer() {
	command -v lttng-sessiond >/dev/null && pkg-config --exists lttng-ust || return 0
	cc -O2 -g -Itest/bench -o "$programs/lttng_peer" test/bench/lttng_peer.c -llttng-ust -ldl || return 0
	mkdir -p -- "$home"
	export LTTNG_HOME="$PWD/$home" LTTNG_UST_REGISTER_TIMEOUT=3000
	lttng-sessiond >"$BENCH_OUT/log" 2>&1 &
	daemon=$!
	tries=0
	until lttng create pprofmk --output="$PWD/$home/out" >>"$BENCH_OUT/log" 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] || return 0
		sleep 0.2
	done
	{
		lttng enable-channel -u --subbuf-size=4M --num-subbuf=8 all
		lttng enable-event -u -c all 'pprof_bench:*'
		lttng start
	} >>"$BENCH_OUT/log" 2>&1
	has_peer=1
}

begin events
trap stop_peer EXIT
has_peer=
build trace_bench
start_peer
turn=0
while [ "$turn" -lt "$turns" ]; do
	"$programs/trace_bench" "$trace" 2>"$BENCH_OUT/log" | note_all ours
	"$programs/trace_bench" "$trace" flight 2>"$BENCH_OUT/log" | note_all flight
	[ -z "$has_peer" ] || note lttng "$(figure event_ns "$programs/lttng_peer")"
	turn=$((turn + 1))
done

title 'an event of a trace that is recorded'
line ours.event_ns 'pprof.mk, a region begins or ends' ns 1 '' '<= 30 ns' 30
line ours.task_event_ns 'pprof.mk, a task begins or ends' ns 1
line ours.log_event_ns 'pprof.mk, a line that was there before' ns 1
line ours.stack_event_ns 'pprof.mk, with a stack of 15 frames' ns 1 '' '<= 150 ns' 150
line flight.event_ns 'the same of a flight recorder of 64 MB' ns 1 ours.event_ns
line flight.stack_event_ns '    with a stack of 15 frames' ns 1 ours.stack_event_ns
line lttng 'LTTng-UST, two integers, no stack' ns 1 ours.event_ns

title 'a call that is wrapped, while nothing is recorded: pthread_cond_signal (ratio: to bare)'
note_pairs more 'a - b' ours.off_ns ours.real_ns
line ours.real_ns 'bare' ns 2
line ours.off_ns 'wrapped' ns 2 ours.real_ns
line more '    that is more by' ns 2 '' '<= 1 ns more' 1
line ours.off_region_ns 'PPROF_REGION' ns 2

title 'a hand-over between two threads by a mutex and a condition (ratio: to not recorded)'
line ours.bare_hand_over_ns 'not recorded' ns 0
line ours.traced_hand_over_ns 'recorded' ns 0 ours.bare_hand_over_ns
line flight.traced_hand_over_ns 'recorded by a flight recorder of 64 MB' ns 0 flight.bare_hand_over_ns
