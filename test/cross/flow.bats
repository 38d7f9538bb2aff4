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

# passes_through TEST REGEX: most stacks of a test do. What else it does, loading and starting threads, takes an emulator longer
# than a processor.
passes_through() {
	local file=$out/$1.cpu.pb.gz
	within "$1: $2" "$(percent "$(sum "$file" 1 "$2")" "$(sum "$file" 1)")" 60 100
}

@test "flow: stacks reach their root, whatever lies between" {
	local file total=0 rooted=0
	# Twelve programs, each under an emulator, beside another runner.
	timeout $((3 * LIMIT)) "$PPROFMK" test --bin "$FIXTURES/stack_shapes" --out "$out" --kinds cpu --time 300ms -- \
		"$FIXTURES/stack_plugin.so"
	for file in "$out"/*.cpu.pb.gz; do
		total=$((total + $(sum "$file" 1)))
		rooted=$((rooted + $(sum "$file" 1 ';(main|thread_main|coroutine_main)@')))
	done
	within samples "$total" 500 100000
	within 'to the root' "$(percent "$rooted" "$total")" 99 100
	passes_through test_recursion ';recurse_down@.*;recurse_down@.*;main@'
	passes_through test_memcpy ';copy_much@.*;main@'
	passes_through test_strlen ';measure_much@.*;main@'
	passes_through test_qsort 'compare_slowly@.*;sort_much@.*;main@'
	passes_through test_inlined 'inline_inner@[^;]*;inline_outer@[^;]*;calls_inlined@.*;main@'
	passes_through test_alloca 'leaf_work@.*;main@'
	passes_through test_aligned 'leaf_work@.*;main@'
	passes_through test_plugin 'plugin_inner@[^;]*stack_plugin.c:[0-9]+;plugin_work@.*;main@'
	passes_through test_signal_handler 'handle_signal@.*;raise_one@.*;main@'
	passes_through test_signal_stack 'handle_signal@.*;raise_one@.*;main@'
	passes_through test_coroutine 'leaf_work@.*;coroutine_main@'
	passes_through test_thread 'leaf_work@.*;thread_main@'
}
