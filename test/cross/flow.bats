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
