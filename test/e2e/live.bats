#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A program that is looked at while it runs: what the runtime hands out, without HTTP (fixtures/live/endpoint_double.c).

load ../helpers/helpers
load ../helpers/live

as=()

# looked_at PROGRAM SECONDS WORD...: run the fixture so long, and have the double do these. As somebody else, where $as says so.
looked_at() {
	local program=$1 seconds=$2
	shift 2
	run -0 --separate-stderr plainly "${as[@]}" env LIVE_STOP=1 PPROF_HTTP="$*" LD_PRELOAD="$out/libpprofmk-live.so" \
		timeout "$LIMIT" "$FIXTURES/$program" "$seconds"
	echo "$output" "$stderr" >&2
	equal 'what the double says' "${stderr-}" ''
	is_undisturbed
}

# What the program sees of us.
is_undisturbed() {
	[[ $output == *'interrupted: 0'* ]]
	[[ $output == *'next descriptor: 6'* ]]
}

# made NAME FILE [BASE]: $out/NAME.pb.gz
made() {
	"$BUILD/helpers/live_profile_make" "$1" "$out/$1.pb.gz" "${@:2}"
}

@test "a cpu profile of a running program" {
	BUSY=1 looked_at live_server 2 "cpu=400,1800,$out/cpu"
	made profile "$out/cpu"
	all=$(sum "$out/profile.pb.gz" 1 burner)
	within 'samples' "$all" 60 800
	within 'most' "$(percent "$(sum "$out/profile.pb.gz" 1 burn_most)" "$all")" 50 70
	within 'some' "$(percent "$(sum "$out/profile.pb.gz" 1 burn_some)" "$all")" 20 40
	within 'few' "$(percent "$(sum "$out/profile.pb.gz" 1 burn_few)" "$all")" 3 18
	equal 'types' "$(columns "$out/profile.pb.gz" | tr '\n' ' ')" 'samples/count cpu/nanoseconds '
}

@test "waits since the beginning, and between two times" {
	looked_at live_server 2 "sleep=300 snapshot=$out/first sleep=1000 snapshot=$out/second"
	made block "$out/second"
	all=$(sum "$out/block.pb.gz" 1 want_lock)
	made block "$out/second" "$out/first"
	# 1,000 ms, of which one wait takes 5 to 6 and more where the machine is busy.
	within 'waits for the lock' "$(sum "$out/block.pb.gz" 1 want_lock)" 20 200
	within 'time of it' "$(sum "$out/block.pb.gz" 2 want_lock)" 5e8 1.1e9
	within 'all waits' "$all" "$(sum "$out/block.pb.gz" 1 want_lock)" 400
	made mutex "$out/second" "$out/first"
	within 'time that the holder is charged with' "$(sum "$out/mutex.pb.gz" 2 hold_lock)" 5e8 1.1e9
	made threadcreate "$out/second"
	equal 'threads that main started' "$(sum_leaf "$out/threadcreate.pb.gz" 1 pthread_create)" "$(sum "$out/threadcreate.pb.gz" 1)"
	equal 'of these eight by main' "$(sum "$out/threadcreate.pb.gz" 1 '(^|;)main@')" 8
}

# has_stacks FILE: every thread that the program keeps, each from where it is to its beginning.
has_stacks() {
	made goroutine "$1"
	for function in sleep_long poll_long wait_long read_long; do
		equal "threads in $function" "$(fold "$out/goroutine.pb.gz" | grep -c "$function@.*;sleeper@.*;start_thread@")" 1
	done
	equal 'burners' "$(fold "$out/goroutine.pb.gz" | grep -c 'thread:\[burner\].*;burner@.*;start_thread@')" 1
	equal 'waiters' "$(fold "$out/goroutine.pb.gz" | grep -c 'thread:\[waiter\].*waiter@.*;start_thread@')" 1
	equal 'in main' "$(fold "$out/goroutine.pb.gz" | grep -c 'nanosleep.*;main@.*_start@')" 1
	# One that is about to begin or to end may be there too.
	within 'all' "$(sum "$out/goroutine.pb.gz" 1)" 9 10
}

@test "the stacks of all threads, and none is interrupted" {
	looked_at live_server 1 "sleep=300 stacks=$out/stacks"
	has_stacks "$out/stacks"
}

# become_nobody: root may read everything, and so would its programs. What they need goes where nobody gets at it.
become_nobody() {
	apart=$(mktemp -d)
	chmod 777 "$apart"
	cp "$out"/lib* "$FIXTURES/live_server" "$apart"
	out=$apart FIXTURES=$apart
	as=(setpriv --reuid=nobody --regid=65534 --clear-groups)
}

teardown() {
	[ -z "${apart-}" ] || rm -r "$apart"
}

@test "the stacks of a program that the kernel says little of" {
	[ "$(id -u)" != 0 ] || become_nobody
	NO_DUMP=1 looked_at live_server 1 "sleep=300 stacks=$out/stacks"
	has_stacks "$out/stacks"
}

@test "the stacks of a program with frame pointers" {
	looked_at live_server.unoptimised 1 "sleep=300 stacks=$out/stacks"
	has_stacks "$out/stacks"
}

@test "a program that asks for it itself, with threads that are there already" {
	run -0 plainly env BUSY=1 SCRIPT="stacks=$out/early cpu=400,1000,$out/cpu snapshot=$out/snapshot" \
		LD_PRELOAD="$out/libpprofmk-live.so" timeout "$LIMIT" "$FIXTURES/live_server" 2
	[[ $output == *'serve: Success'*'stop: Success'*'stop again: Invalid argument'* ]]
	is_undisturbed
	has_stacks "$out/early"
	made profile "$out/cpu"
	within 'samples' "$(sum "$out/profile.pb.gz" 1 burn_most)" 20 500
	made block "$out/snapshot"
	within 'waits for the lock' "$(sum "$out/block.pb.gz" 1 want_lock)" 20 400
}

@test "a day of scrapes leaves nothing behind" {
	run -0 --separate-stderr plainly env PPROF_HTTP="sleep=100 scrapes=1000" LIVE_STOP=1 LD_PRELOAD="$out/libpprofmk-live.so" \
		timeout "$LIMIT" "$FIXTURES/live_server" 1
	echo "$output" "$stderr" >&2
	is_undisturbed
	[[ $stderr =~ ([-0-9]+)' kB more, '([-0-9]+)' descriptors more' ]]
	within 'kB more' "${BASH_REMATCH[1]}" -1000 500
	equal 'descriptors more' "${BASH_REMATCH[2]}" 0
}

# ends HOW WORD...: run live_endings so, looked at.
ends() {
	local how=$1
	shift
	run -0 --separate-stderr plainly env PPROF_HTTP="$*" LD_PRELOAD="$out/libpprofmk-live.so" \
		timeout "$LIMIT" "$FIXTURES/live_endings" "$how" "$FIXTURES/stack_plugin.so"
	echo "$output" "$stderr" >&2
}

@test "a child of fork neither serves nor records, and the parent has no child of ours" {
	ends fork "cpu=1000,200,$out/cpu"
	equal 'what it says' "$output" "$(printf 'child: 42\nanother: 1')"
	made profile "$out/cpu"
	within 'samples of the parent' "$(sum "$out/profile.pb.gz" 1 burn)" 20 400
}

@test "what the program becomes by exec is not told to serve" {
	ends exec "cpu=1000,2000,$out/cpu"
	equal 'what it says' "$output" 'environment: none'
}

@test "a program that closes all descriptors in the middle of a profile" {
	ends close "cpu=400,600,$out/cpu"
	equal 'what it says' "$output" "$(printf 'next descriptor: 3\nnext descriptor: 4')"
	made profile "$out/cpu"
	within 'samples' "$(sum "$out/profile.pb.gz" 1 burn)" 15 400
}

@test "a program that ends in the middle of a profile" {
	ends exit "cpu=1000,200,$out/cpu cpu=1000,100,$out/cpu"
	equal 'what it says' "$output$stderr" ''
	LD_PRELOAD="$out/libpprofmk-live.so" run -0 plainly env PPROF_HTTP="cpu=10000,60000,$out/never" \
		timeout "$LIMIT" "$FIXTURES/not_cmocka"
}

@test "more names of threads than there is room for" {
	ends names "sleep=10 snapshot=$out/first stopping snapshot=$out/second"
	made block "$out/second"
	within 'waits of all' "$(sum "$out/block.pb.gz" 1 wait_named)" 5500 6000
}

@test "libraries that come and go" {
	ends plugin "cpu=2000,400,$out/cpu"
	made profile "$out/cpu"
	within 'samples in the plugin' "$(sum "$out/profile.pb.gz" 1 'plugin_inner.*plugin_work.*plugins.*main')" 20 800
}

@test "a handler on a small stack is not interrupted" {
	ends alternate "cpu=5000,700,$out/cpu"
	equal 'what it says' "$output" 'SIGSTKFLT in its mask: 0'
}

@test "without perf_event a profile has the kernel's ticks" {
	run -0 --separate-stderr plainly env LIVE_STOP=1 BUSY=1 PPROF_HTTP="cpu=100,1000,$out/cpu stacks=$out/stacks" \
		timeout "$LIMIT" "$FIXTURES/no_perf" env LD_PRELOAD="$out/libpprofmk-live.so" "$FIXTURES/live_server" 2
	is_undisturbed
	made profile "$out/cpu"
	within 'samples' "$(sum "$out/profile.pb.gz" 1 burner)" 20 120
	# Each stands for what CPU time and number of samples give.
	within 'time' "$(sum "$out/profile.pb.gz" 2)" 3e8 2.2e9
	made goroutine "$out/stacks"
	equal 'sleepers' "$(sum "$out/goroutine.pb.gz" 1 sleeper)" 4
}

# traced RAW: a finished trace of it, printed in $dump.
traced() {
	dump=$BATS_TEST_TMPDIR/dump
	"$PPROFMK" trace-finish --raw "$1" --out "$out/own.trace"
	"$PPROFMK" trace-dump --func own --out "$out" >"$dump"
}

@test "a trace of a running program, while its waits are counted" {
	looked_at live_server 3 "sleep=200 snapshot=$out/first trace=500,$out/raw snapshot=$out/second trace=300,$out/raw2"
	for raw in raw raw2; do
		traced "$out/$raw"
		within 'waits for the lock' "$(grep -c ' wait .*for=mutex.*want_lock' "$dump")" 5 200
		equal 'threads that are two' "$("$PPROFMK" trace-stat --func own --out "$out" --format json |
			jq '[.groups[].threads[].tid] | length - (unique | length)')" 0
		# By whom they were ended: the one that holds it.
		within 'ended by the holder' "$(grep -c ' wait .*for=mutex.*ended-by=.*hold_lock' "$dump")" 4 200
	done
	made block "$out/second" "$out/first"
	within 'the same, as a profile' "$(sum "$out/block.pb.gz" 1 want_lock)" 5 200
	made mutex "$out/second" "$out/first"
	within 'charged to the holder' "$(sum "$out/mutex.pb.gz" 1 hold_lock)" 5 200
}

@test "the flight recorder of a running program, and a trace that is a part of it" {
	export PPROF_FLIGHT=500ms
	looked_at live_server 3 "sleep=1200 flight=$out/flight trace=200,$out/part"
	traced "$out/flight"
	grep -q '^# note: the last [0-9.]*ms of ' "$dump"
	within 'waits for the lock' "$(grep -c ' wait .*for=mutex.*want_lock' "$dump")" 5 400
	traced "$out/part"
	within 'its length' "$("$PPROFMK" trace-stat --func own --out "$out" --format json | jq .span_ns)" 2e8 5e8
}

@test "traces one after the other leave nothing behind" {
	run -0 --separate-stderr plainly env LIVE_STOP=1 PPROF_HTTP="traces=12" LD_PRELOAD="$out/libpprofmk-live.so" \
		timeout "$LIMIT" "$FIXTURES/live_server" 2
	echo "$stderr"
	[[ $stderr =~ ^'double: 12 traces, '(-?[0-9]+)' kB more, '(-?[0-9]+)' descriptors more'$ ]]
	within 'memory' "${BASH_REMATCH[1]}" -100000 2000
	within 'descriptors' "${BASH_REMATCH[2]}" -100 0
	is_undisturbed
}
