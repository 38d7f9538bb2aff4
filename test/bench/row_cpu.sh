#!/bin/sh
# SPDX-License-Identifier: MIT
# The CPU time that sampling at 1000 Hz adds to a second of work: our cpu profile beside the bare perf_event clock that
# it stands on, and gperftools' profiler.
#
# Usage: test/bench/row_cpu.sh      lines for table.awk; test/bench/run.sh cpu shows them as a table
# Needs what run.sh prepares.
# Example: test/bench/run.sh cpu
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
bench=$programs/cpu_bench
turns=25
work=3000000

# Samples that the last program of ours reported: "cpu  400ms  400 samples  1000 Hz ...".
our_samples() {
	awk '$1 == "cpu" && $4 == "samples" { print $3 }' "$BENCH_OUT/output"
}

# "PROFILE: interrupts/evictions/bytes = 101/0/432"
gperftools_samples() {
	sed -n 's/^PROFILE: interrupts.* = \([0-9]*\)\/.*/\1/p' "$BENCH_OUT/log"
}

# measure NAME COMMAND...
measure() {
	name=$1
	shift
	note "$name" "$(figure loop_typical_ns "$@")"
	note "$name.all" "$(awk '$1 == "loop_cpu_ns" { print $2 }' "$BENCH_OUT/output")"
}

begin cpu
turn=0
while [ "$turn" -lt "$turns" ]; do
	measure none "$bench" "$work"
	measure clock "$bench" "$work" clock
	note clock.samples "$(awk '$1 == "ticks" { print $2 }' "$BENCH_OUT/output")"
	measure ours profiled cpu bench_loop "$bench" "$work"
	note ours.samples "$(our_samples)"
	measure gperftools env LD_PRELOAD=libprofiler.so.0 CPUPROFILE="$BENCH_OUT/cpuprofile" \
		CPUPROFILE_FREQUENCY=1000 "$bench" "$work"
	note gperftools.samples "$(gperftools_samples)"
	turn=$((turn + 1))
done

title 'cpu at 1000 Hz: CPU time added to a second of work (ratio: to the bare perf_event clock)'
for name in clock ours gperftools; do
	note_pairs "$name.rate" '1e9 * a / b' "$name.samples" "$name.all"
	note_pairs "$name.extra" 'a - b' "$name" none
	note_pairs "$name.more" '1000 * a / b' "$name.extra" none
	note_pairs "$name.each" 'a / 1000 / b' "$name.extra" "$name.samples"
done
note_pairs ours.ratio 'a / b' ours.each clock.each
line clock.more 'bare perf_event clock, empty handler' ms 2 clock.more
line ours.more 'pprof.mk, cpu' ms 2 clock.more
line gperftools.more 'gperftools, CPUPROFILE_FREQUENCY=1000' ms 2 clock.more
line clock.each 'a sample: bare perf_event clock' us 2 clock.each
line ours.each 'a sample: pprof.mk, cpu' us 2 clock.each '<= 1.3 x' 1.3 ours.ratio
line gperftools.each 'a sample: gperftools' us 2 clock.each
line clock.rate 'rate reached: bare perf_event clock' Hz 0
line ours.rate 'rate reached: pprof.mk, cpu' Hz 0
line gperftools.rate 'rate reached: gperftools' Hz 0
