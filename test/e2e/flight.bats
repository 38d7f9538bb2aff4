#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The flight recorder of pprofmk test: the trace of the run that fails, and of no other.

load ../helpers/helpers

setup() {
	setup_out
}

# until_it_fails TEST RUN OPTION...: of rarely, whose given run fails; what its trace has is in $dump.
until_it_fails() {
	local name=$1 bad=$2
	shift 2
	run --separate-stderr env "RARELY=$name $bad" timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/rarely" --func "$name" --out "$out" \
		--count 1000 --until fail "$@"
	echo "$output"
	equal 'status' "$status" 1
	dump=$BATS_TEST_TMPDIR/dump
	"$PPROFMK" trace-dump --func "$name" --out "$out" >"$dump"
}

# ends_with_run RUN: the last line that a run of rarely has written.
ends_with_run() {
	equal 'the last run' "$(grep ' log .*category="rarely"' "$dump" | tail -n 1 | sed 's/.*message="\([^"]*\)".*/\1/')" "run $1"
}

@test "flight: of a thousand runs the one that fails is in the trace" {
	until_it_fails test_race 300
	ends_with_run 300
	# What went wrong: one thread read, waited, and wrote over what the other one had written meanwhile.
	equal 'threads that waited' "$(grep -c ' wait .*for=semaphore.* stack="sem_wait; deposit ' "$dump")" 1
	[[ $output == *'the balance of run 1 is 2'*'the balance of run 300 is 1'*'rarely.c:'*'failed, run 300'* ]]
	[[ $output != *'run 299 '* ]]
	# No profile: they were not asked for.
	equal 'files' "$(cd "$out" && echo [!.]*)" 'test_race.json test_race.trace'
	equal 'the manifest' "$(jq -c '[.kinds[] | .kind, .outcome, .ended, .runs, .failed_run], .files.trace' "$out/test_race.json" | tr '\n' ' ')" \
		'["trace","failed","failed, run 300",300,300] "test_race.trace" '
}

@test "flight: a kill, an exit and a hang are failures of their run" {
	until_it_fails test_abort 40
	ends_with_run 40
	[[ $output == *"killed by signal 9 (Killed) in the test's body, run 40"* ]]
	until_it_fails test_exit 40
	ends_with_run 40
	[[ $output == *"exited with status 0 in the test's body, run 40"* ]]
	until_it_fails test_hang 40 --timeout 500ms --flight 60s
	ends_with_run 40
	[[ $output == *"stopped at the time limit in the test's body, run 40"* ]]
	grep -q ' is-sleep .*call=pause stack="pause; test_hang' "$dump"
}

@test "flight: who stops it keeps what there is" {
	RARELY='test_hang 2' timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_hang --out "$out" --count 1000 --until fail >/dev/null 2>&1 3>&- &
	sleep 1
	kill -TERM $!
	status=0
	wait $! || status=$?
	[ "$status" != 0 ]
	"$PPROFMK" trace-dump --func test_hang --out "$out" | grep -q 'message="run 2"'
}

@test "flight: only the end is kept, with what goes on from before" {
	until_it_fails test_long 1 --flight 500ms
	[[ $output == *'the last 5'*'ms of 1.'* ]]
	# Of 140 lines, 10 ms or more from one to the next.
	within 'lines' "$(grep -c ' log .*category="long"' "$dump")" 5 52
	grep -q 'message="line 139"' "$dump"
	equal 'threads' "$("$PPROFMK" trace-stat --func test_long --out "$out" --format json | jq '.threads | length')" 2
	grep -q '^0.000000000 .*/sleeper is-sleep .*call=sleep stack="usleep; sleep_long' "$dump"
	equal 'regions' "$(grep ' region ' "$dump" | sed 's/.* name="\([a-z]*\)".*/\1/' | sort | tr '\n' ' ')" 'asleep whole '
	grep -q '^# nothing was lost' "$dump"
}

@test "flight: a test that passes leaves nothing, and an earlier trace where it is" {
	mkdir -p "$out"
	echo older >"$out/test_good.trace"
	run -0 "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_good --out "$out" --count 20 --until fail
	[[ $output == *'flight     20 runs in '*", none failed: no trace is kept; the one in the folder is an earlier run's"* ]]
	equal 'the older one' "$(cat "$out/test_good.trace")" older
	rm "$out/test_good.trace"
	run -0 "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_good --out "$out" --count 2 --flight 1MB --kinds mem
	[[ $output == *'flight     2 runs in '*', none failed: no trace is kept'*'mem        '* ]]
	[ ! -e "$out/test_good.trace" ]
}

@test "flight: without Until a later run's failure is kept, and none of the test's" {
	run -0 env RARELY='test_race 3' "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_race --out "$out" --count 5 --flight 5s --kinds mem
	[[ $output == *'not repeatable: passed first, then failed, run 3'* ]]
	dump=$BATS_TEST_TMPDIR/dump
	"$PPROFMK" trace-dump --func test_race --out "$out" >"$dump"
	ends_with_run 3
}

@test "flight: among the others of its group" {
	until_it_fails test_race 4 --alone no
	ends_with_run 4
}

@test "flight: what makes no sense is refused" {
	run -2 "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_good --out "$out" --until fail
	[[ $output == *'--until fail (Until=fail): say how many runs it may take'* ]]
	run -2 "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_good --out "$out" --flight 16kB
	[[ $output == *'"16kB" is not between 10ms and 24h, or 1MB and 1TB'* ]]
}
