#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Block and mutex profiles: waits of known length, within 5 %.

load ../helpers/helpers

setup() {
	setup_out
}

# waited TEST FUNCTION [CALLED]: the block profile has what the program measured around the waits in FUNCTION, where
# it waits by calling CALLED: it may have to wait for a lock too.
waited() {
	local where="(^|;)$2@"
	[ -z "${3-}" ] || where="^$3.*;$2@"
	profile waits "$1" --kinds block
	equal 'exit status' "$status" 0
	count=$(printf '%s\n' "$output" "$stderr" | sed -n 's/^expect: count \([0-9]*\) .*/\1/p')
	delay=$(printf '%s\n' "$output" "$stderr" | sed -n 's/^expect: .* delay \([0-9]*\)$/\1/p')
	[ -n "$delay" ]
	equal "waits in $2" "$(sum "$out/$1.block.pb.gz" 1 "$where")" "$count"
	within "nanoseconds in $2" "$(sum "$out/$1.block.pb.gz" 2 "$where")" $((delay * 95 / 100)) $((delay * 105 / 100))
}

# held TEST FUNCTION: the mutex profile has all of it with the one who held.
held() {
	equal "waits for $2" "$(sum "$out/$1.mutex.pb.gz" 1 "(^|;)$2@")" "$count"
	within "nanoseconds for $2" "$(sum "$out/$1.mutex.pb.gz" 2 "(^|;)$2@")" $((delay * 95 / 100)) $((delay * 105 / 100))
}

@test "block: sample types of Go's" {
	profile waits test_sleeps --kinds block
	equal 'exit status' "$status" 0
	local kind
	for kind in block mutex; do
		equal "$kind" "$(columns "$out/test_sleeps.$kind.pb.gz" | tr '\n' ' ')" 'contentions/count delay/nanoseconds[dflt] '
	done
}

@test "block and mutex: one holder and five waiters give five times the hold" {
	waited test_mutex wait_for_mutex
	equal waiters "$count" 5
	within 'five times 100 ms' "$delay" 475000000 600000000
	# Waiters that come after one another wait a little for each other: a part of the count, hardly of the time.
	within 'nanoseconds for the holder' "$(sum "$out/test_mutex.mutex.pb.gz" 2 '(^|;)hold_mutex@')" \
		$((delay * 95 / 100)) $((delay * 105 / 100))
}

@test "block and mutex: a write lock and five readers" {
	waited test_rwlock wait_to_read
	held test_rwlock hold_rwlock
}

@test "block: condition" {
	waited test_condition wait_for_condition pthread_cond_wait
}

@test "block: semaphore" {
	waited test_semaphore wait_for_semaphore
}

@test "block: barrier" {
	waited test_barrier wait_at_barrier
}

@test "block: join" {
	waited test_join wait_for_thread
}

@test "block and mutex: a routine that runs once, and who waits for it" {
	waited test_once wait_for_once
	held test_once hold_once
	equal 'who runs it' "$(sum "$out/test_once.block.pb.gz" 2 '^pthread_once.*;hold_once@')" 0
}

@test "block: waits that end by cancellation" {
	# The first threads that are cancelled may wait for each other in libc too, which gets its unwinder ready.
	waited test_cancelled wait_until_cancelled sem_wait
	equal waits "$count" 5
}

@test "block: sleeping" {
	waited test_sleeps sleep_in_every_way
}

@test "block: polling" {
	waited test_polls poll_in_every_way
}

@test "block: a lock that is given up after its time" {
	waited test_timed lock_for_a_while
}

@test "block and mutex: nothing where nobody waits" {
	profile waits test_uncontended --kinds block
	equal 'exit status' "$status" 0
	equal block "$(sum "$out/test_uncontended.block.pb.gz" 1)" 0
	equal mutex "$(sum "$out/test_uncontended.mutex.pb.gz" 1)" 0
}

@test "block: waits carry the thread that waited, and stacks reach its start" {
	profile waits test_mutex --kinds block
	equal 'exit status' "$status" 0
	equal 'without labels' "$(fold "$out/test_mutex.block.pb.gz" | grep -cv 'test:\[test_mutex\] thread:\[')" 0
	equal 'without a root' "$(fold "$out/test_mutex.block.pb.gz" | grep -cvE ';(main|waiter_main)@')" 0
}
