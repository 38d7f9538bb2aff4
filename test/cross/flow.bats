#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The tool and the runtime of AArch64 under qemu-user (run.sh), as far as test/truth does not say it.

load ../helpers/helpers

setup() {
	setup_out
}

# What this machine's own build has beside it.
native=$ROOT/_output/build

@test "flow: every test by name, and none of them run" {
	run --separate-stderr "$PPROFMK" list --bin "$FIXTURES/window"
	equal 'exit status' "$status" 0
	has "$output" test_window
}

@test "flow: a program of another architecture is refused by name" {
	run --separate-stderr "$native/bin/pprofmk" test --bin "$FIXTURES/aarch64/window" --out "$out" --count 1
	equal 'exit status' "$status" 1
	has "$stderr" "$FIXTURES/aarch64/window is built for another architecture than this pprofmk"
	run --separate-stderr "$PPROFMK" test --bin /bin/sh --out "$out" --count 1
	equal 'exit status' "$status" 1
	has "$stderr" '/bin/sh is built for another architecture than this pprofmk'
}

# counted TEST FUNCTION: as many waits there as the program made; how long they were is the business of test/truth.
counted() {
	local count
	profile waits "$1" --kinds block --count 1
	equal 'exit status' "$status" 0
	count=$(printf '%s\n' "$output" "$stderr" | sed -n 's/^expect: count \([0-9]*\) .*/\1/p')
	[ -n "$count" ]
	equal "waits in $2" "$(sum "$out/$1.block.pb.gz" 1 "(^|;)$2@.*;([a-z]*_)?main@")" "$count"
}

@test "flow: waits are counted, with stacks that reach the root" {
	counted test_mutex wait_for_mutex
	counted test_semaphore wait_for_semaphore
	counted test_barrier wait_at_barrier
	counted test_sleeps sleep_in_every_way
}

@test "flow: a benchmark runs as often as asked for, by its own count" {
	bench bench_truth bench_count --cpu 1 --kinds mem --benchtime 12345x
	equal 'exit status' "$status" 0
	equal iterations "$(iterations BenchmarkCount)" 12345
	equal runs "$(figures BenchmarkCount runs)" 12345
	has "$output" 'goarch: arm64'
}
