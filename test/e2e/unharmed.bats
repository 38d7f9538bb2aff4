#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The program profiled behaves as without us: every fixture asserts so itself, in every kind; what it prints of its
# surroundings is compared with a plain run.

load ../helpers/helpers

setup() {
	setup_out
	mkdir -p "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return 1
}

# unharmed PROGRAM [ARGUMENT]: every test of it passes in every kind, again and again.
unharmed() {
	local program=$1 kind
	shift
	for kind in cpu mem block; do
		run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/$program" --out "$out/$kind" \
			--kinds "$kind" --time 50ms -- "$@"
		printf '%s\n' "$output" "$stderr" | tail -40
		equal "exit status, kind $kind" "$status" 0
		equal "tests that are not good, kind $kind" "$(json "$out/$kind/$program.json" \
			'[.tests[] | select(.good | not).test] | join(",")')" ''
		equal "tests that are not repeatable, kind $kind" "$(not_repeatable "$out/$kind")" ''
	done
	whole_files "$out"
	equal 'files of ours in the working directory' "$(find . -type f)" ''
}

not_repeatable() {
	jq -r 'select(.kinds | all(.repeatable == true) | not) | input_filename' "$1"/test_*.json
}

@test "programs that fork, exec and spawn" {
	unharmed process
}

@test "children's time, memory and waits are not the test's" {
	local name
	for name in test_fork_child_exits test_underscore_fork; do
		profile process "$name" --time 200ms
		equal 'exit status' "$status" 0
		equal "samples of the child of $name" "$(sum "$out/$name.cpu.pb.gz" 1 work_of_child)" 0
		equal "allocations of the child of $name" "$(sum "$out/$name.mem.pb.gz" 1 work_of_child)" 0
		equal "waits of the child of $name" "$(sum "$out/$name.block.pb.gz" 1 usleep)" 0
		within "samples of the parent of $name" "$(sum "$out/$name.cpu.pb.gz" 1 work_of_parent)" 1 100000
	done
}

@test "programs that start, cancel, detach and leave threads" {
	unharmed threads
}

@test "programs that use signals" {
	unharmed signals
}

@test "programs that look at and change what surrounds them" {
	unharmed surroundings "$FIXTURES/stack_plugin.so"
}

@test "C++ programs that throw" {
	unharmed throws
}

# told PROGRAM TEST KIND: the lines with which the program describes what it sees.
told() {
	profile surroundings "$1" --kinds "$2" --count 1 -- "$FIXTURES/stack_plugin.so" >&2
	printf '%s\n' "$output" "$stderr" | grep '^expect:'
}

@test "descriptor numbers, preloads and variables are those of a plain run" {
	local plain kind
	export FIXTURE_VARIABLE="with a 'quote' and \$dollar"
	plain=$(plainly "$FIXTURES/surroundings" "$FIXTURES/stack_plugin.so" 2>&1 | grep '^expect:')
	for kind in cpu mem block; do
		equal "in kind $kind" "$(told test_descriptor_numbers $kind; told test_environment_is_clean $kind
			told test_environment_is_kept $kind)" "$plain"
	done
}

@test "the user's own LD_PRELOAD stays" {
	local kind
	export LD_PRELOAD=libm.so.6
	for kind in cpu mem block; do
		equal "in kind $kind" "$(told test_environment_is_clean $kind)" "expect: preload 'libm.so.6'"
	done
}

@test "the test's own output is shown once" {
	profile cpu_split test_cpu_split_tiny --time 200ms
	equal 'exit status' "$status" 0
	equal 'lines of cmocka' "$(printf '%s\n' "$output" "$stderr" | grep -c 'RUN .*test_cpu_split_tiny')" 1
}

@test "tests profiled leave no process, no file in /tmp, no shared memory" {
	local marker=e2e-$$-$RANDOM
	# Other programs of this machine may use /tmp meanwhile.
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	profile window test_window --time 100ms -- "$marker"
	equal 'exit status' "$status" 0
	equal 'processes left' "$(pids_with "$marker")" ''
	equal 'temporary files' "$(ls -A "$TMPDIR")" ''
	equal 'shared memory' "$(cd /dev/shm && ls -d -- *pprof* 2>/dev/null)" ''
}
