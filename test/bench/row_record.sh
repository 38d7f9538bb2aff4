#!/bin/sh
# SPDX-License-Identifier: MIT
# Recording a test's trace as `pprofmk trace` does: what it makes of a hand-over, and what finishing costs.
#
# Usage: test/bench/row_record.sh      lines for table.awk; test/bench/run.sh record shows them as a table
# Needs what run.sh prepares.
# Example: test/bench/run.sh record
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
turns=9
events=3000000
folder=$BENCH_OUT/record

begin record
build finish_bench
mkdir -p -- "$folder"
cc -O2 -g -o "$folder/hand_over" test/bench/hand_over.c -lcmocka -pthread
turn=0
while [ "$turn" -lt "$turns" ]; do
	note bare "$(figure hand_over_ns "$folder/hand_over")"
	note traced "$(figure hand_over_ns "$tool" trace --bin "$folder/hand_over" --func test_hand_over --out "$folder")"
	"$programs/finish_bench" "$folder/made.trace" "$events" >"$BENCH_OUT/log"
	note finish "$(awk '$1 == "finish_ns" { print $2 }' "$BENCH_OUT/log")"
	note bytes "$(awk '$1 == "event_bytes" { print $2 }' "$BENCH_OUT/log")"
	turn=$((turn + 1))
done
note_pairs ratio 'a / b' traced bare

title 'a hand-over between two threads of a test, by a mutex and a condition (ratio: to not traced)'
line bare 'not traced' ns 0
line traced 'pprof.trace: waits, wakes, the scheduler, page faults' ns 0 bare
line ratio '    traced by not traced' x 2 '' '<= 1.15 x' 1.15

title 'finishing a trace of 3 million events'
line finish 'an event, switches included: CPU time' ns 0
line bytes 'the finished file, an event' bytes 2 '' '<= 8 bytes' 8
rm -rf -- "$folder"
