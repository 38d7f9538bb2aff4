#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Stacks: at least 99 % of the samples reach main or the thread's start function, whatever lies between.

load ../helpers/helpers

# profile_variants FOLDER OPTION...: into a folder each below it.
profile_variants() {
	local folder=$1 variant
	shift
	for variant in stack_shapes stack_shapes.nopie stack_shapes.clang stack_shapes.unoptimised; do
		[ -x "$FIXTURES/$variant" ] || continue
		timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/$variant" --out "$folder/$variant" \
			--kinds cpu --time 500ms "$@" -- "$FIXTURES/stack_plugin.so" >"$folder/$variant.log" 2>&1 ||
			{ cat "$folder/$variant.log" >&2; return 1; }
	done
}

# All tests of each at once. One that is tried again profiles anew.
setup_file() {
	profile_variants "$BATS_FILE_TMPDIR"
}

# each_variant TEST FUNCTION: call FUNCTION with the profile of TEST in each variant.
each_variant() {
	local folder folders=$BATS_FILE_TMPDIR
	if [ "$BATS_TEST_TRY_NUMBER" -gt 1 ]; then
		folders=$BATS_TEST_TMPDIR
		profile_variants "$folders" --func "$1"
	fi
	for folder in "$folders"/stack_shapes*/; do
		file=$folder$1.cpu.pb.gz
		total=$(sum "$file" 1)
		# How many the machine had time for is the business of cpu.bats; so many that 1 % is not a single one's chance.
		within "samples in $file" "$total" 100 700
		"$2"
	done
}

# reaches WHERE REGEX: at least 99 % of the samples have a frame that matches.
reaches() {
	within "$1 in $file" "$(percent "$(sum "$file" 1 "$2")" "$total")" 99 100
}

recursion() {
	reaches main '(^|;)main@'
	within "200 deep in $file" "$(percent "$(fold "$file" | awk -F '\t' '
		gsub(/recurse_down@/, "recurse_down@", $3) == 200 { split($1, value, " "); total += value[1] }
		END { print total + 0 }')" "$total")" 99 100
}

@test "stacks: recursion 200 deep" {
	each_variant test_recursion recursion
}

memcpy() {
	reaches main ';main@'
	reaches copy_much '(^|;)copy_much@'
	# The time is in libc's function, not in its caller, by a few in 500.
	within "a callee of copy_much in $file" "$(percent "$(sum "$file" 1 ';copy_much@')" "$total")" 95 100
}

@test "stacks: inside memcpy" {
	each_variant test_memcpy memcpy
}

strlen() {
	reaches main ';main@'
	reaches measure_much '(^|;)measure_much@'
	# The rest is in the loop that calls it, by a few in 500.
	within "a callee of measure_much in $file" "$(percent "$(sum "$file" 1 ';measure_much@')" "$total")" 95 100
}

@test "stacks: inside strlen" {
	each_variant test_strlen strlen
}

qsort() {
	reaches main ';main@'
	within "the callback under libc's qsort in $file" \
		"$(percent "$(sum "$file" 1 'compare_slowly@.*;sort_much@')" "$total")" 98 100
}

@test "stacks: a callback of qsort" {
	each_variant test_qsort qsort
}

inlined() {
	reaches main ';main@'
	case $file in
	*unoptimised*) ;;
	*) reaches 'inlined calls by name' '(^|;)inline_inner@[^;]*stack_shapes.c:[0-9]+;inline_outer@[^;]*stack_shapes.c:[0-9]+;calls_inlined@[^;]*stack_shapes.c:[0-9]+' ;;
	esac
}

@test "stacks: static and inlined functions, by name with file and line" {
	each_variant test_inlined inlined
}

reaches_main() {
	reaches main ';main@'
	reaches leaf_work '(^|;)leaf_work@'
}

@test "stacks: a frame of variable size" {
	each_variant test_alloca reaches_main
}

@test "stacks: a realigned frame" {
	each_variant test_aligned reaches_main
}

plugin() {
	reaches main ';main@'
	reaches 'plugin_inner, by name, after dlclose' '(^|;)plugin_inner@[^;]*stack_plugin.c:[0-9]+;plugin_work@'
}

@test "stacks: a library loaded by dlopen and closed again" {
	each_variant test_plugin plugin
}

handler() {
	reaches main ';main@'
	reaches 'the code that was interrupted' 'handle_signal@.*;raise_one@'
}

@test "stacks: a signal handler, and the code it interrupted" {
	each_variant test_signal_handler handler
}

@test "stacks: a signal handler on a stack of its own" {
	each_variant test_signal_stack handler
}

coroutine() {
	reaches coroutine_main ';coroutine_main@'
}

@test "stacks: a coroutine made by makecontext" {
	each_variant test_coroutine coroutine
}

thread() {
	reaches "the thread's start function" ';thread_main@'
}

@test "stacks: a thread" {
	each_variant test_thread thread
}
