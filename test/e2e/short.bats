#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --print short: a line for each test, for logs; of a test that fails all there is.

load ../helpers/helpers

setup() {
	setup_out
}

# short OPTION...: sets status, output and stderr.
short() {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --out "$out" --print short --time 20ms "$@"
	echo "$output"
	echo "$stderr" >&2
}

# figures TEST: its line, the first two times left out, single spaces.
figures() {
	grep -E -- "  $1( |\$)" <<<"$output" | awk '{ $2 = $3 = ""; $0 = $0; $1 = $1; print }'
}

@test "short: a test has one line, with what the report has of it" {
	short --bin "$FIXTURES/mem_leaks"
	equal 'exit status' "$status" 0
	equal 'titles' "$(sed -n 2p <<<"$output" | xargs)" 'time CPU allocs allocated peak leaked waiting test'
	equal 'lines of tests' "$(grep -c '^passed' <<<"$output")" "$("$PPROFMK" list --bin "$FIXTURES/mem_leaks" --out list | tail -n +2 | wc -l)"
	# 10 x 24 + 3 x 4096 + 5 x 200 + 9 bytes are leaked.
	allocs=$(json "$out/test_leaks.json" '.kinds[1].totals.mem.alloc_objects')
	[[ $(figures test_leaks) == "passed $allocs "*' 13.22kB '*' test_leaks' ]] || complain 'its line: %s\n' "$(figures test_leaks)"
	lacks "$output$stderr" 'RUN'
	lacks "$output" 'flat%'
	equal 'lines whose figures stand below their titles' "$(sed -n 2,4p <<<"$output" | grep -cE '^.{16}[^ ](.{9}[^ ]){6}  test')" 3
}

@test "short: a failure is shown whole, and tests beside it are not" {
	short --bin "$FIXTURES/ending" --func 'test_[pnf]*[slc]' --kinds cpu,mem
	equal 'exit status' "$status" 1
	has "$output" '0x36 != 0x2a'
	has "$output" '== test_fails  ending'
	[[ $(figures test_fails) == 'failed - - - - test_fails' ]]
	equal 'how each run ended' "$(grep -cE '^(cpu|mem) .*1 run, failed$' <<<"$output")" 2
	lacks "$output" '[ RUN      ] test_passes'
}

@test "short: that a test is not repeatable is said of one that passes" {
	short --bin "$FIXTURES/ending" --func test_crashes_when_repeated --kinds cpu --time 1s
	equal 'exit status' "$status" 0
	has "$output" 'not repeatable: passed first, then killed by signal 6'
	lacks "$output" '[ RUN'
}

@test "short: tests that run together are told apart, and none is shown twice" {
	short --bin "$FIXTURES/ending" --func '' --kinds cpu --count 1 --timeout 2s
	equal 'exit status' "$status" 1
	equal 'lines of test_fails' "$(grep -c '  test_fails$' <<<"$output")" 1
	equal 'outputs of test_fails' "$(grep -c '\[ RUN      \] test_fails' <<<"$output")" 1
	equal 'outputs of test_passes' "$(grep -c '\[ RUN      \] test_passes$' <<<"$output")" 0
}

@test "short: a failure's flight trace is named" {
	run --separate-stderr env RARELY='test_race 1' timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_race --out "$out" \
		--print short --flight 5s --count 3 --kinds cpu
	echo "$output"
	equal 'exit status' "$status" 1
	has "$output" "$out/test_race.trace"
	has "$output" '0x2 != 0x1'
}
