#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# However a test ends: the exit status, what is said, and that what was recorded before is there.

load ../helpers/helpers

setup() {
	setup_out
}

# kept TEST: 30 ms of CPU and 10 blocks of 64 bytes were recorded before the end, by before_the_end().
kept() {
	# A tenth of the samples may miss: the machine is shared and 30 samples are few.
	within "cpu samples of $1" "$(sum "$out/$1.cpu.pb.gz" 1 before_the_end)" 10 100000
	equal "blocks of $1" "$(sum "$out/$1.mem.pb.gz" 1 before_the_end)" 10
	equal "bytes of $1" "$(sum "$out/$1.mem.pb.gz" 2 before_the_end)" 640
	whole_files "$out"
}

# ended TEST STATUS OUTCOME: exit status, and the manifest's outcome for every kind that was run.
ended() {
	equal 'exit status' "$status" "$2"
	equal 'outcomes' "$(json "$out/$1.json" '[.kinds[].outcome] | unique | join(",")')" "$3"
}

@test "a passing test: 0" {
	profile ending test_passes --time 100ms
	ended test_passes 0 passed
	kept test_passes
}

@test "a failing test: cmocka's message, profiles, 1" {
	profile ending test_fails
	ended test_fails 1 failed
	has "$output$stderr" '0x36 != 0x2a'
	kept test_fails
	equal 'runs of each kind' "$(json "$out/test_fails.json" '[.kinds[].runs] | join(",")')" 1,1,1
}

@test "a null pointer in the body, which cmocka catches: 1" {
	profile ending test_null_in_body
	ended test_null_in_body 1 failed
	has "$output$stderr" 'Segmentation fault'
	kept test_null_in_body
}

@test "a crash in a thread: 1, the signal is named" {
	profile ending test_null_in_thread
	ended test_null_in_thread 1 crashed
	has "$output" 'signal 11'
	has "$(json "$out/test_null_in_thread.json" '.kinds[0].ended')" 'signal 11'
	kept test_null_in_thread
}

@test "abort: 1" {
	profile ending test_aborts
	ended test_aborts 1 crashed
	has "$output" 'signal 6'
	kept test_aborts
}

@test "_exit(3): 1, the status is named" {
	profile ending test_exits_at_once
	ended test_exits_at_once 1 exited
	has "$output" 'status 3'
	equal 'its status' "$(json "$out/test_exits_at_once.json" '.kinds[0].exit_status')" 3
	kept test_exits_at_once
}

@test "exit(0) in the middle is no success: 1" {
	profile ending test_exits_with_0
	ended test_exits_with_0 1 exited
	has "$output" 'status 0'
	kept test_exits_with_0
}

@test "kill -9: 1, what was recorded is there" {
	profile ending test_kills_itself
	ended test_kills_itself 1 crashed
	has "$output" 'signal 9'
	kept test_kills_itself
}

@test "SIGTERM: 1" {
	profile ending test_terminates_itself
	ended test_terminates_itself 1 crashed
	has "$output" 'signal 15'
	kept test_terminates_itself
}

@test "a time limit: 1, every thread's stack is printed, what was recorded is there" {
	profile ending test_hangs_in_thread --timeout 1s --kinds cpu
	ended test_hangs_in_thread 1 'time limit'
	has "$stderr" hanging
	has "$stderr" wait_forever
	has "$stderr" hang_main
	has "$stderr" test_hangs_in_thread
	within 'cpu samples' "$(sum "$out/test_hangs_in_thread.cpu.pb.gz" 1 before_the_end)" 10 100000
	profile ending test_hangs --timeout 1s --kinds mem
	ended test_hangs 1 'time limit'
	equal bytes "$(sum "$out/test_hangs.mem.pb.gz" 2 before_the_end)" 640
	whole_files "$out"
}

@test "a time limit leaves no process behind" {
	local marker=e2e-$$-$RANDOM
	profile ending test_hangs --timeout 1s --kinds cpu -- "$marker"
	equal 'exit status' "$status" 1
	equal 'processes left' "$(pids_with "$marker")" ''
}

@test "passes once and fails when repeated: said, profiled once, no error" {
	profile ending test_passes_once
	ended test_passes_once 0 passed
	has "$output" 'not repeatable'
	equal repeatable "$(json "$out/test_passes_once.json" '.kinds[0].repeatable')" false
	kept test_passes_once
	# The profile is the first run's: 30 ms, of which the failing second run is no part.
	within 'cpu samples of one run' "$(sum "$out/test_passes_once.cpu.pb.gz" 1)" 10 45
}

@test "crashes when repeated: said, profiled once, no error" {
	profile ending test_crashes_when_repeated
	equal 'exit status' "$status" 0
	has "$output" 'not repeatable'
	kept test_crashes_when_repeated
}

@test "hangs when repeated: said, profiled once" {
	profile ending test_hangs_when_repeated --timeout 2s
	has "$output" 'not repeatable'
	kept test_hangs_when_repeated
}

@test "a skipped test: said, 0" {
	profile ending test_is_skipped
	ended test_is_skipped 0 skipped
	has "$output" skipped
	whole_files "$out"
}

@test "a test of a microsecond, one that does nothing, and one that only sleeps" {
	profile ending test_takes_a_microsecond --time 200ms
	ended test_takes_a_microsecond 0 passed
	within runs "$(json "$out/test_takes_a_microsecond.json" '.kinds[0].runs')" 1000 100000000
	profile ending test_does_nothing --time 50ms
	ended test_does_nothing 0 passed
	# No CPU time to wait for: it must end all the same.
	profile ending test_only_sleeps --time 100ms
	ended test_only_sleeps 0 passed
	whole_files "$out"
}

@test "a set-up that fails: 1" {
	profile ending test_setup_fails
	ended test_setup_fails 1 failed
	equal 'samples of a body that was not run' "$(sum "$out/test_setup_fails.mem.pb.gz" 1)" 0
}

@test "a tear-down that fails: 1, the body's profile is there" {
	profile ending test_teardown_fails
	ended test_teardown_fails 1 failed
	kept test_teardown_fails
}

@test "a group's set-up that fails: 1" {
	profile groups test_never_set_up
	equal 'exit status' "$status" 1
	has "$output$stderr" 'GROUP SETUP'
}

@test "one of several tests fails: the others are profiled, 1" {
	profile ending 'test_[pf]a*' --time 50ms
	equal 'exit status' "$status" 1
	kept test_passes
	kept test_fails
	kept test_passes_once
}
