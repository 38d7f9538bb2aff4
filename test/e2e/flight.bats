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
	[[ $output == *"what was kept is in $out"* ]]
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
	until_it_fails test_hang 40 --timeout 2s --flight 60s
	ends_with_run 40
	[[ $output == *"stopped at the time limit in the test's body, run 40"* ]]
	grep -q ' is-sleep .*call=pause stack="pause; test_hang' "$dump"
}

@test "flight: who stops it keeps what there is" {
	RARELY='test_hang 2' timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_hang --out "$out" --count 1000 --until fail >/dev/null 2>&1 3>&- &
	at_rest rarely "$FIXTURES/rarely"
	kill -TERM $!
	status=0
	wait $! || status=$?
	[ "$status" != 0 ]
	"$PPROFMK" trace-dump --func test_hang --out "$out" | grep -q 'message="run 2"'
}

@test "flight: only the end is kept, with what goes on from before" {
	until_it_fails test_long 1 --flight 500ms
	# A busy machine looks late, and then there is a little more.
	[[ $output == *'the last '*' of '* ]]
	# Of 140 lines, 10 ms or more from one to the next.
	within 'lines' "$(grep -c ' log .*category="long"' "$dump")" 5 90
	grep -q 'message="line 139"' "$dump"
	equal 'threads' "$("$PPROFMK" trace-stat --func test_long --out "$out" --format json | jq '.threads | length')" 2
	grep -q '^0.000000000 .*/sleeper is-semaphore .*stack="sem_wait; sleep_long' "$dump"
	equal 'regions' "$(grep ' region ' "$dump" | sed 's/.* name="\([a-z]*\)".*/\1/' | sort | tr '\n' ' ')" 'asleep whole '
	grep -q '^# nothing was lost' "$dump"
}

@test "flight: a test that passes leaves nothing, and an earlier trace where it is" {
	mkdir -p "$out"
	echo older >"$out/test_good.trace"
	run -0 "$PPROFMK" test --bin "$FIXTURES/rarely" --func test_good --out "$out" --count 20 --until fail
	[[ $output == *'flight     20 runs in '*", none failed: no trace is kept; the one in the folder is an earlier run's"* ]]
	[[ $output != *'what was kept'* ]]
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

# ---- Programs that run on

# flying ARGUMENT...: flies with the runtime preloaded.
flying() {
	env LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" timeout "$LIMIT" "$FIXTURES/flies" "$@"
}

# dumped RAW: a finished trace of it, printed in $dump.
dumped() {
	dump=$BATS_TEST_TMPDIR/dump
	"$PPROFMK" trace-finish --raw "$1" --out "$out/own.trace"
	"$PPROFMK" trace-dump --func own --out "$out" >"$dump"
}

# ticks FIRST LAST: lines of flies in $dump: those are all of one row, the last ones of it.
ticks() {
	local numbers
	numbers=$(grep -o 'message="tick [0-9]*"' "$dump" | tr -dc '0-9\n')
	within 'how many' "$(printf '%s\n' "$numbers" | wc -l)" 5 90
	equal 'a row' "$(printf '%s\n' "$numbers" | awk 'NR > 1 && $1 != last + 1 { print "hole" } { last = $1 }')" ''
	within 'the last' "$(printf '%s\n' "$numbers" | tail -n 1)" "$1" "$2"
}

@test "flight: a program writes what it has, twice at once, and goes on" {
	mkdir -p "$out"
	run -0 flying 800 "$out/raw"
	equal 'what it was told' "$(printf '%s\n' "$output" | tr '\n' ';')" \
		'start: Success;bad: Invalid argument;running;dump: Success;dump: Success;nowhere: No such file or directory;again: Device or resource busy;stop: Success;behind: No such file or directory;'
	equal 'files' "$(cd "$out" && echo *)" 'raw.1 raw.2'
	for file in raw.1 raw.2; do
		dumped "$out/$file"
		ticks 159 159
		grep -q '^# note: the last [0-9.]*ms of ' "$dump"
		# It was there before, and did what it did.
		grep -q '^0.000000000 [0-9]*/other is-' "$dump"
		lacks "$(cat "$dump")" ' is-unknown'
	done
}

@test "flight: whoever kills a program leaves what its file has" {
	mkdir -p "$out"
	run env PPROF_FLIGHT=300ms PPROF_FLIGHT_FILE="$out/raw" LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" \
		timeout -s KILL 3 "$FIXTURES/flies" 60000
	dumped "$out/raw"
	ticks 20 600
	# What was going on where it begins is known, though the switches before were dropped.
	grep -q '^0.000000000 [0-9]*/other is-' "$dump"
	lacks "$(cat "$dump")" ' is-unknown'
}

@test "flight: SIGUSR2 writes a file each time, unless the program has it" {
	mkdir -p "$out"
	for mode in plain usr2; do
		mkdir "$out/$mode"
		PPROF_FLIGHT=300ms PPROF_FLIGHT_DIR="$out/$mode" LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" \
			"$FIXTURES/flies" 3000 "$mode" >"$out/printed" 3>&- &
		pid=$!
		until grep -q running "$out/printed"; do sleep 0.05; done
		# So that there is something to see.
		sleep 0.4
		kill -USR2 "$pid"
		until [ -e "$out/$mode/pprof.$pid.1.trace" ] || grep -q own "$out/printed"; do sleep 0.05; done
		sleep 0.2
		kill -USR2 "$pid"
		wait "$pid"
		[ "$mode" = usr2 ] || equal 'files' "$(cd "$out/$mode" && echo *)" "pprof.$pid.1.trace pprof.$pid.2.trace"
	done
	equal 'files' "$(ls "$out/usr2")" ''
	equal 'its own' "$(grep -c own "$out/printed")" 2
	dumped "$(echo "$out"/plain/*.2.trace)"
	ticks 20 590
}

@test "flight: a forked child has none, and harms none" {
	run -0 env PPROF_FLIGHT=1s LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" timeout "$LIMIT" "$FIXTURES/flies" 200 fork
	equal 'output' "$output" running
}

@test "flight: what makes no sense in the environment is said, and the program runs" {
	run -0 env PPROF_FLIGHT=16kB LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" "$FIXTURES/flies" 5
	[[ $output == *'pprof: PPROF_FLIGHT=16kB: give a time like 5s, of 10ms at least, or a size like 64MB, of 1MB at least'* ]]
	# What wraps around to 25 minutes in 64 bits of nanoseconds.
	run -0 env PPROF_FLIGHT=5124096h LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" "$FIXTURES/flies" 5
	[[ $output == *'pprof: PPROF_FLIGHT=5124096h: give a time like 5s'* ]]
	for signal in USR2 12x -1; do
		run -0 env PPROF_FLIGHT=1s PPROF_FLIGHT_SIGNAL="$signal" LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" "$FIXTURES/flies" 5
		[[ $output == *"pprof: PPROF_FLIGHT_SIGNAL=$signal: give a signal's number, like 12, or 0 for none"* ]]
	done
	run -0 env PPROF_FLIGHT=1s PPROF_FLIGHT_SIGNAL=9 LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" "$FIXTURES/flies" 5
	[[ $output == *'pprof: flight: signal 9: Invalid argument: no trace is written at it'* ]]
}

@test "flight: a program has no descriptor of ours" {
	PPROF_FLIGHT=1s LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" "$FIXTURES/flies" 600 >/dev/null 3>&- &
	sleep 0.3
	equal 'memfds and events' "$(find "/proc/$!/fd" -lname '*memfd*' -o -lname 'anon_inode*' | wc -l)" 0
	wait $!
}
