#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Execution traces: threads whose trace is known by construction (test/fixtures/traced.c). Durations within 5 % or 50 us, every
# waker right, states that add up to each thread's life.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return
}

# traced TEST OPTION...: trace a test of the fixture. What the trace has is in the file items, compared in the file facts.
traced() {
	run --separate-stderr plainly env -u MAKELEVEL timeout "$LIMIT" "$PPROFMK" trace --bin "$FIXTURES/traced" --func "$1" --out "$out" "${@:2}"
	compare "$1"
}

# compare TEST: what the tool printed, and the trace.
compare() {
	printf '%s\n' "$output" "$stderr" | grep -v 'expect: '
	printf '%s\n' "$output" "$stderr" | grep -o 'expect: .*' >expect || :
	"$FIXTURES/trace_items" "$out/$1.trace" >items
	awk -f "$HELPERS/trace_facts.awk" expect items >facts
}

# lives: each thread is in one state at any time, from its start to its end.
lives() {
	awk -F '\t' '$1 == "life" { count++; if ($3 != $4 || $5 != 0) { bad = 1; print } }
		END { exit bad || count < 1 }' facts
	awk -F '\t' '$1 == "cpus" { exit !($2 == 0 && $3 > 0) }' facts
}

# waits THREAD KIND [COUNT]: each took as long as the program saw, and there were as many. Of many one in fifty may not: the program
# can be interrupted between its clock and the call.
waits() {
	awk -F '\t' -v thread="$1" -v kind="$2" -v wanted="${3-}" '
		$2 != thread || $3 != kind { next }
		$1 == "count" { found = 1; if ($4 != $5 || (wanted != "" && $5 != wanted)) { bad = 1; print } }
		$1 == "wait" { off = $5 - $4; if (off < 0) off = -off; count++; if (off > 50000 && off > $4 * 0.05) { off_count++; print } }
		END { exit bad || !found || off_count > count / 50 }' facts
}

# woken THREAD STATE BY [LEAST]: every time by that one, a pattern, and so many times (1). Of many one in fifty may not be known, one of
# any number: a condition may wake a thread that nobody has signalled.
woken() {
	awk -F '\t' -v thread="$1" -v state="$2" -v by="$3" -v least="${4-1}" '
		$1 != "waker" || $2 != thread || $3 != state { next }
		$4 ~ "^(" by ")$" { good += $5; next }
		{ print }
		$4 == "-" { unknown += $5; next }
		{ bad = 1 }
		END { exit bad || good < least || (unknown > 1 && unknown > good / 50) }' facts
}

# handed A B STATE: each is woken by the other only. On one CPU the one that is woken may take it at once, find what comes next already
# there, and so be the only one that ever waits, or never wait: together they do, half the turns at least.
handed() {
	woken "$1" "$3" "$2" 0
	woken "$2" "$3" "$1" 0
	awk -F '\t' -v state="$3" '$1 == "waker" && $3 == state { count += $5 } END { exit count < 250 }' facts
}

# ran THREAD: as much as its own CPU clock says, within 5 % or 50 us: what coming to a CPU costs is learned, from few turns here.
ran() {
	awk -F '\t' -v thread="$1" '
		$1 == "cpu" && $2 == thread { found = 1; off = $4 - $3; if (off < 0) off = -off; if (off > 50000 && off > $3 * 0.05) { bad = 1; print } }
		END { exit bad || !found }' facts
}

@test "trace: sleeps" {
	traced test_sleeps
	equal 'exit status' "$status" 0
	lives
	waits sleeper sleep 5
	# 4 + 8 + 12 + 16 + 20 ms, asleep or (where others have the CPU) ready; on its CPU next to nothing.
	within 'asleep or ready' "$(awk -F '\t' '$1 == "state" && $2 == "sleeper" && ($3 == "sleep" || $3 == "runnable") { ns += $4 } END { print ns }' facts)" \
		60000000 "$(awk '/wait sleeper/ { ns += $5 } END { print ns * 1.05 + 20000000 }' expect)"
}

@test "trace: who waits for a lock is let in by the one who holds it" {
	traced test_holds
	equal 'exit status' "$status" 0
	lives
	waits waiter mutex 5
	woken waiter mutex holder
	equal 'waits that the holder ended in holder_main' \
		"$(awk -F '\t' '$1 == "event" && $5 == "wait" && $6 == "mutex" && $11 ~ /^pthread_mutex_unlock;holder_main/' items | wc -l)" 5
	has "$output" $'\nnext: '"pprofmk trace-show --func 'test_holds' --out '$out'"$'\n'"      pprofmk trace-stat --func 'test_holds' --out '$out'"
	equal 'waits in waiter_main' "$(awk -F '\t' '$1 == "event" && $5 == "wait" && $6 == "mutex" && $9 ~ /^pthread_mutex_lock;waiter_main/' items | wc -l)" 5
}

@test "trace: ping-pong over a pipe" {
	traced test_pipe
	equal 'exit status' "$status" 0
	lives
	waits ping read 500
	waits pong read 500
	handed ping pong file
}

@test "trace: ping-pong over a condition" {
	traced test_condition
	equal 'exit status' "$status" 0
	lives
	waits ping cond
	waits pong cond
	handed ping pong cond
}

@test "trace: ping-pong over a semaphore" {
	traced test_semaphore
	equal 'exit status' "$status" 0
	lives
	handed ping pong semaphore
}

@test "trace: a producer and consumers" {
	traced test_producer
	equal 'exit status' "$status" 0
	lives
	ran producer
	for consumer in consumer-0 consumer-1 consumer-2; do
		waits "$consumer" cond
		woken "$consumer" cond producer
	done
}

@test "trace: who is signalled while the mutex is held waits for the mutex then" {
	traced test_keeps_the_mutex
	equal 'exit status' "$status" 0
	lives
	woken signalled cond traced
	woken signalled mutex traced
	# 20 ms for the signal, and 40 for the mutex or, where the machine is busy, at first for a CPU.
	within 'for the signal' "$(awk -F '\t' '$1 == "state" && $2 == "signalled" && $3 == "cond" { print $4 }' facts)" 10000000 60000000000
	within 'for the mutex' "$(awk -F '\t' '$1 == "state" && $2 == "signalled" && ($3 == "mutex" || $3 == "runnable") { ns += $4 } END { print ns }' facts)" \
		35000000 60000000000
	grep -q "$(printf 'state\tsignalled\tmutex')" facts
}

@test "trace: a convoy on one lock" {
	traced test_convoy
	equal 'exit status' "$status" 0
	lives
	for thread in convoy-0 convoy-1 convoy-2 convoy-3; do
		ran "$thread"
	done
	# Which of them have to wait is chance; that some do, and that another one lets them in, is not.
	awk -F '\t' '$1 == "waker" && $3 == "mutex" { count += $5; if ($4 !~ /^convoy-/ || $4 == $2) { bad = 1; print } } END { exit bad || !count }' facts
}

@test "trace: more threads than CPUs, each as long on one as the kernel says" {
	traced test_busy
	equal 'exit status' "$status" 0
	lives
	for number in 0 1 2 3 4 5; do
		ran "busy-$number"
	done
	# All of the process.
	awk -F '\t' '$1 == "process" { exit !($3 > $2 * 0.98 && $3 < $2 * 1.02) }' facts
	[ "$(awk -F '\t' '$1 == "state" && $5 == "runnable" && $12 == "preempted"' items | wc -l)" -ge 4 ]
}

# The kernel's counts of all threads, /proc/TID/schedstat and status, and the CPU time of the process.
@test "trace: what the states say is what the kernel has counted" {
	traced test_mixed
	equal 'exit status' "$status" 0
	lives
	awk -F '\t' '$1 == "process" { exit !($3 > $2 * 0.98 && $3 < $2 * 1.02) }' facts
	# Each time that a thread left a CPU, and why; behind the last look it does so a few times more.
	awk -F '\t' '$1 == "kernel" { count++; if ($6 < $5 || $6 > $5 + 3 || $8 < $7 - 2 || $8 > $7 + 3) { bad = 1; print } } END { exit bad || count != 6 }' facts
	# Ready and waiting for a CPU: nobody says when a lock that is given back again and again was given to whom.
	awk -F '\t' '$1 == "kernel" { kernel += $3; trace += $4 } END { print kernel, trace; exit !(trace > kernel * 0.9 - 5e6 && trace < kernel * 1.1 + 5e6) }' facts
}

@test "trace: without perf_event, waits and who ended them are there all the same" {
	run --separate-stderr plainly timeout "$LIMIT" "$FIXTURES/no_perf" "$PPROFMK" trace \
		--bin "$FIXTURES/traced" --func test_holds --out "$out"
	equal 'exit status' "$status" 0
	has "$output" 'perf_event: Operation not permitted'
	compare test_holds
	awk -F '\t' '$1 == "life" { count++; if ($3 != $4 || $5 != 0) { bad = 1; print } } END { exit bad || count != 3 }' facts
	waits waiter mutex 5
	woken waiter mutex holder
	has "$(cat items)" "$(printf 'info\tsource\tperf_event: Operation not permitted')"
	equal 'states of a CPU' "$(grep -c "$(printf '\trunning\t')" items)" 0
}

# stuck OUTCOME: a thread that waited for ever when the process ended is there, and its wait.
stuck() {
	equal 'exit status' "$status" 1
	has "$output" "$1"
	lives
	equal 'unfinished waits' "$(awk -F '\t' '$1 == "event" && $5 == "wait" && $6 == "cond" && $8 == "unfinished" && $9 ~ /^pthread_cond_wait;stuck_main/' items | wc -l)" 1
	within 'its wait' "$(awk -F '\t' '$1 == "state" && $2 == "stuck" && $3 == "cond" { print $4 }' facts)" 9000000 60000000000
}

@test "trace: kill -9, a crash, _exit and the time limit leave what there was" {
	traced test_killed
	stuck 'killed by signal 9'
	traced test_faults
	stuck 'killed by signal 11'
	traced test_exits
	stuck 'exited with status 3'
	traced test_hangs --timeout 300ms
	stuck 'stopped at the time limit'
}

@test "trace: a thousand threads, of microseconds and at once" {
	local name
	for name in test_thousand test_thousand_alive; do
		traced "$name"
		equal 'exit status' "$status" 0
		lives
		equal "threads of $name" "$(grep -c '^thread' items)" 1001
		equal "threads that ended" "$(awk -F '\t' '$1 == "thread" && $8 == "ended" && $5 ~ /^(brief|waiting)_main$/' items | wc -l)" 1000
		has "$(cat items)" "$(printf 'info\tlost_events\t0')"
	done
}

@test "trace: of a child there is nothing but that it was made and waited for" {
	traced test_forks
	equal 'exit status' "$status" 0
	lives
	equal threads "$(grep -c '^thread' items)" 1
	child=$(sed -n 's/^expect: child //p' expect)
	equal fork "$(awk -F '\t' '$1 == "event" && $5 == "fork" { print $6 }' items)" "$child"
	equal waited "$(awk -F '\t' '$1 == "event" && $5 == "syscall" && $6 == "wait" { print $8 }' items)" "$child"
	within 'waiting for it' "$(awk -F '\t' '$1 == "state" && $3 == "process" { print $4 }' facts)" 15000000 60000000000
}

@test "trace: children of vfork and popen, and ioctl" {
	traced test_children
	equal 'exit status' "$status" 0
	lives
	equal forks "$(awk -F '\t' '$1 == "event" && $5 == "fork" { print $6 }' items | xargs)" "$(sed -n 's/^expect: children //p' expect)"
	equal 'forks in make_child' "$(awk -F '\t' '$1 == "event" && $5 == "fork" && $0 ~ /\tvfork;make_child;test_children/' items | wc -l)" 2
	# What they did in their parent's memory is not its own.
	equal 'calls' "$(awk -F '\t' '$1 == "event" && $5 == "syscall" && $6 ~ /popen|ioctl|close|wait/ { print $6 }' items | xargs)" \
		'wait wait popen wait ioctl ioctl close close'
	equal 'execs' "$(grep -c "$(printf '\texec\t')" items)" 0
	equal 'results of ioctl' "$(awk -F '\t' '$6 == "ioctl" { print $8 }' items | xargs)" '0 -14'
	grep -q "popen.*popen;test_children" items
}

@test "trace: page faults, each with its page" {
	traced test_touches
	equal 'exit status' "$status" 0
	read -r first pages < <(sed -n 's/^expect: pages //p' expect)
	equal 'pages that were touched' "$(awk -F '\t' '$1 == "event" && $5 == "fault" { print $6 }' items | sort -u |
		while read -r at; do echo $(((at - first) / $(getconf PAGESIZE))); done | awk -v pages="$pages" '$1 >= 0 && $1 < pages' | sort -u | wc -l)" "$pages"
	has "$("$PPROFMK" trace-stat --func test_touches --out "$out")" ", $(grep -c "$(printf '\tfault\t')" items) of them page faults;"
}

@test "trace: what is more than Tracesize is dropped, counted and said" {
	traced test_much --tracesize 1MB
	equal 'exit status' "$status" 0
	has "$output" 'the trace was cut off when it had 1MB'
	events=$(awk -F '\t' '$1 == "event" && $5 == "syscall"' items | wc -l)
	lost=$(sed -n 's/^info\tlost_events\t//p' items)
	has "$output" "lost       $lost events were dropped"
	# Among the lost are a few of another kind.
	within 'kept and lost' $((events + lost)) 400000 400100
	[ "$lost" -gt 100000 ]
	lives
	# When that was: from its beginning, or close to it, to the end.
	has "$("$PPROFMK" trace-stat --func test_much --out "$out")" "lost: $lost events of 1 thread (traced ("
	read -r first last < <("$PPROFMK" trace-stat --func test_much --out "$out" --format json |
		jq -r '"\(.lost.from_ns) \(.lost.to_ns - .span_ns)"')
	[ "$first" -gt 0 ]
	within 'the end of what was lost' "$last" -10000000 0
}

@test "trace: a full disk ends the recording, not the test, and leaves what there was" {
	mkdir mounted
	unshare -m true 2>/dev/null || skip 'no mount namespaces here'
	# shellcheck disable=SC2016 # for the inner shell
	run --separate-stderr plainly timeout "$LIMIT" unshare -m sh -c 'mount -t tmpfs -o size=3m none mounted || exit 99
		"$0" trace --bin "$1" --func test_much --out mounted; status=$?
		"$2" mounted/test_much.trace >items; find mounted >left; exit $status' "$PPROFMK" "$FIXTURES/traced" "$FIXTURES/trace_items"
	equal 'exit status' "$status" 0
	has "$output" 'the trace was cut off: No space left on device'
	events=$(awk -F '\t' '$1 == "event" && $5 == "syscall"' items | wc -l)
	lost=$(sed -n 's/^info\tlost_events\t//p' items)
	# Among the lost are a few of another kind.
	within 'kept and lost' $((events + lost)) 400000 400100
	[ "$events" -gt 10000 ]
	[ "$lost" -gt 10000 ]
	equal 'left behind' "$(grep -c '\.tmp\|-XX\|\.trace-' left)" 0
}

@test "trace: it is added to the manifest of the test's profiles, and takes the place of an earlier one" {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/traced" --func test_holds --kinds cpu --time 1ms --out "$out"
	traced test_holds
	traced test_holds
	equal 'exit status' "$status" 0
	equal files "$(json "$out/test_holds.json" '.files')" '{"cpu":"test_holds.cpu.pb.gz","trace":"test_holds.trace"}'
	equal kinds "$(json "$out/test_holds.json" '[.kinds[] | .kind + " " + .outcome]')" '["cpu passed","trace passed"]'
	# And stays when the profiles are made again, as long as it is there.
	run "$PPROFMK" test --bin "$FIXTURES/traced" --func test_holds --kinds cpu,mem --time 1ms --out "$out"
	equal kinds "$(json "$out/test_holds.json" '[.kinds[].kind]')" '["cpu","mem","trace"]'
	equal file "$(json "$out/test_holds.json" '.files.trace')" test_holds.trace
	rm "$out/test_holds.trace"
	run "$PPROFMK" test --bin "$FIXTURES/traced" --func test_holds --kinds cpu --time 1ms --out "$out"
	equal kinds "$(json "$out/test_holds.json" '[.kinds[].kind]')" '["cpu"]'
}
