#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The sampled heap of running programs, in front of each allocator: to the byte where every allocation is counted, within what the mathematics
# promises where they are sampled.

load ../helpers/helpers

HEAP=$FIXTURES/heap
ALLOCATORS='glibc libjemalloc.so.2 libtcmalloc_minimal.so.4'

setup_file() {
	local root build=${BUILD:-_output/build}
	root=$(cd "${BATS_TEST_DIRNAME:?}/../.." && pwd)
	case $build in /*) ;; *) build=$root/$build ;; esac
	flock "$root/_output/test/fixtures.lock" make -s -C "$root/test/fixtures/heap" \
		OUT="${FIXTURES:-$root/_output/test/fixtures}/heap" PIC="$build/pic" >&2
}

# probed RATE "PRELOAD..." COMMAND...: under the probe, in front of those libraries (glibc: none).
probed() {
	local rate=$1 preload="$HEAP/libpprofmk-probe.so ${2#glibc}"
	shift 2
	timeout "$LIMIT" env PPROF_HEAP_RATE="$rate" LD_PRELOAD="$preload" "$@"
}

# What each function of exact.c allocates, and what is left of it.
exact_lines() {
	cat <<-EOF
		before_main: 1 11 1 11
		before_main: 1 11 0 0
		each_of_the_family: 9 4040 0 0
		grows: 10 55000 1 10000
		grows: 10 55000 0 0
		fails: 1 50 1 50
		fails: 1 50 0 0
		allocates_there: 1000 48000 1000 48000
		allocates_there: 1000 48000 0 0
		in_destructor: 1 77 0 0
		in_handler: 1 123 0 0
		is_forked: 1 10 1 10
		is_forked: 1 10 0 0
		plugin_new: 5 1438 0 0
		dropped: 0
		when_off: 0 0 0 0
	EOF
}

@test "heap, every allocation: malloc and its siblings, threads, signals, forks, plugins of C++" {
	local allocator
	for allocator in $ALLOCATORS; do
		diff <(exact_lines) <(probed 1 "$allocator" "$HEAP/exact" "$HEAP/plugin.so")
	done
}

@test "heap, every allocation: a program of C++" {
	local allocator
	for allocator in $ALLOCATORS; do
		equal "under $allocator" "$(probed 1 "$allocator" "$HEAP/linked")" 'plugin_new: 5 1438 0 0'
	done
}

@test "heap, every allocation: a program with wrappers of its own" {
	diff <(exact_lines) <(probed 1 glibc "$HEAP/wrapped" "$HEAP/plugin.so")
}

@test "heap, every allocation: a dlsym that allocates" {
	diff <(exact_lines) <(probed 1 "$HEAP/dlsym_allocates.so" "$HEAP/exact" "$HEAP/plugin.so")
}

@test "heap: an allocator in front of us is said, and nothing is harmed" {
	local shown
	shown=$(timeout "$LIMIT" env PPROF_HEAP_RATE=1 LD_PRELOAD="libjemalloc.so.2 $HEAP/libpprofmk-probe.so" "$HEAP/exact" "$HEAP/plugin.so" 2>&1)
	has "$shown" "pprof: heap: malloc is the program's own ("
	has "$shown" 'libjemalloc.so.2): no heap profile'
	has "$shown" 'each_of_the_family: 0 0 0 0'
}

@test "heap: a rate of 0 is none, and what is no rate is the default" {
	equal 'nothing recorded' "$(probed 0 glibc "$HEAP/exact" "$HEAP/plugin.so" | awk '{ n += $2 } END { print n }')" 0
	has "$(probed nonsense glibc "$HEAP/exact" 2>&1)" \
		'pprof: heap: PPROF_HEAP_RATE=nonsense is no number of bytes up to 1073741824; it is 524288'
	# A sample of 16 bytes stands for 30,841 or so blocks, of which two million is no multiple.
	probed nonsense glibc "$HEAP/mix" 524288 2>/dev/null | awk '$1 == "small" && $2 == "alloc_count" { exit $4 == $3 }'
}

# deviations RATE ALLOCATOR: of the figures of mix.c those that are further from the truth than four standard deviations.
deviations() {
	probed "$1" "$2" "$HEAP/mix" "$1" | awk '
	function distance(a, b) { return a > b ? a - b : b - a }
	{ lines++ }
	distance($3, $4) > 4 * $5 { print }
	END { if (lines != 39) print lines " lines" }'
}

@test "heap, sampled: within four standard deviations, and nothing is left when all is freed" {
	local allocator rate wrong
	for allocator in $ALLOCATORS; do
		for rate in 1 8192 524288; do
			wrong=$(deviations "$rate" "$allocator")
			# One figure in 16,000 lies further by chance, and there are a hundred here; in the next run it does not.
			[ -z "$wrong" ] || wrong=$(deviations "$rate" "$allocator")
			equal "rate $rate, $allocator" "$wrong" ''
		done
	done
}
