#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Locks and waits behave under a block profile as they do without.

# bats and the helpers set status, output, stderr and out.
# shellcheck disable=SC2154

load ../helpers/helpers

setup() {
	setup_out
}

@test "sync: calls answer what they answer without us, in the corners" {
	local bare profiled
	bare=$(timeout "$LIMIT" "$FIXTURES/sync_same" 2>&1 | grep '^told:')
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/sync_same" --kinds block --count 1 --out "$out"
	equal 'exit status' "$status" 0
	profiled=$(printf '%s\n' "$output" "$stderr" | grep '^told:')
	[ "$(printf '%s\n' "$bare" | wc -l)" -gt 600 ]
	diff <(printf '%s\n' "$bare") <(printf '%s\n' "$profiled")
}

@test "sync: a mutex is gone right after its unlock" {
	profile sync_stress test_gone_after_unlock --kinds block --count 1
	equal 'exit status' "$status" 0
}

@test "sync: a thousand threads wait for one" {
	local file=$out/test_thousand_threads delay
	profile sync_stress test_thousand_threads --kinds block --count 1
	equal 'exit status' "$status" 0
	delay=$(printf '%s\n' "$output" "$stderr" | sed -n 's/^expect: count 1000 delay \([0-9]*\)$/\1/p')
	[ -n "$delay" ]
	equal waiters "$(sum "$file.block.pb.gz" 1 '(^|;)wait_among_many@')" 1000
	within waited "$(sum "$file.block.pb.gz" 2 '(^|;)wait_among_many@')" $((delay * 95 / 100)) $((delay * 105 / 100))
	# All of it is charged: to the holder, and to the waiters that held the mutex for each other.
	within held "$(sum "$file.mutex.pb.gz" 2)" $((delay * 95 / 100)) $((delay * 105 / 100))
	equal lost "$(json "$file.json" '.kinds[0].lost')" 0
}

@test "sync: children of a process in the middle of waits" {
	profile sync_stress test_fork_among_waiters --kinds block --count 1
	equal 'exit status' "$status" 0
}
