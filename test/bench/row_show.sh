#!/bin/sh
# SPDX-License-Identifier: MIT
# The trace viewer: 6 million events of 16 threads and of 2,000, and with `large` in the environment's TRACES 100 million. What
# `go tool trace` takes until it listens is in row_traces.sh, which runs beside this one.
#
# Usage: test/bench/row_show.sh      lines for table.awk; test/bench/run.sh show shows them as a table
# Needs what run.sh prepares, Chromium, node, and the packages of test/browser.
# Example: TRACES=large test/bench/run.sh traces show
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
folder=$BENCH_OUT/traces
turns=3

[ -d test/browser/node_modules/playwright-core ] || npm --prefix test/browser ci --no-audit --no-fund >"$BENCH_OUT/log" 2>&1 ||
	die "no playwright-core: $(cat -- "$BENCH_OUT/log")"

# trace TEST EVENTS THREADS
trace() {
	[ -e "$folder/$1.trace" ] || "$programs/trace_make" "$folder/$1.trace" "$2" "$3"
}

# ours TEST
ours() {
	node test/bench/show.mjs "$tool" "$folder" "$1" >"$BENCH_OUT/output" || die "show.mjs failed"
	while read -r name value; do
		note "$1.$name" "$value"
	done <"$BENCH_OUT/output"
}

# lines TEST FIRST_S MB: with the reaches of the first picture and of memory.
lines() {
	for view in cpus threads; do
		line "$1.$view.first.s" "$view: command to first picture" s 2 '' "<= $2 s" "$2"
		line "$1.$view.move.p50.ms" "$view: a move, median" ms 1 '' '<= 50 ms' 50
		line "$1.$view.move.p99.ms" "$view: a move, 99 of 100" ms 1 '' '<= 150 ms' 150
		line "$1.$view.frames.hz" "$view: frames a second while moving" Hz 1
		line "$1.$view.memory.mb" "$view: memory of the server" MB 0 '' "<= $3 MB" "$3"
	done
}

begin show
build trace_make
mkdir -p -- "$folder"
trace t6000000 6000000 16
trace many 6000000 2000
turn=0
while [ "$turn" -lt "$turns" ]; do
	ours t6000000
	ours many
	turn=$((turn + 1))
done
title 'the trace viewer, 6 million events of 16 threads'
lines t6000000 1 300
title 'the same, of 2,000 threads'
lines many 1 300
if [ "${TRACES-}" = large ]; then
	trace t100000000 100000000 16
	ours t100000000
	title 'the same, 100 million events of 16 threads, once'
	lines t100000000 3 1024
fi
