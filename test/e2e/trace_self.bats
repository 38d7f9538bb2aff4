#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Programs that record themselves, by the public header alone, and what can be read of it however they end.

load ../helpers/helpers

setup() {
	setup_out
	mkdir -p "$out"
}

# recorded HOW: run the program and finish what it recorded.
recorded() {
	run env LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" timeout "$LIMIT" "$FIXTURES/records_itself" "$out/raw" "$1"
	equal 'starting' "${lines[0]}" 'start: Success'
	run -0 "$PPROFMK" trace-finish --raw "$out/raw" --out "$out/own.trace"
	run -0 "$PPROFMK" trace-dump --func own --out "$out"
}

# events PATTERN: how many lines of the dump have it.
events() {
	printf '%s\n' "$output" | grep -cE -- "$1" || :
}

# What all of them have, by construction.
has_all() {
	equal 'regions' "$(events ' region .*name="hold"')" 3
	equal 'threads made' "$(events ' thread-create ')" 3
	equal 'threads ended' "$(events ' thread-end')" 3
	# All three wait, unless one was kept from its CPU until the lock was free.
	within 'waits for the lock' "$(events ' wait .*for=mutex')" 1 3
	equal 'those that nobody ended' "$(printf '%s\n' "$output" | grep ' wait .*for=mutex' | grep -vc ended-by= || :)" 0
	within 'sleeps' "$(events ' syscall .*call=sleep')" 4 1000
	equal 'ends of the task' "$(events ' task-end ')" 1
	equal 'last lines' "$(events ' log .*the last of 3')" 1
}

# known_throughout: where perf_event is, what its first thread did is known from the beginning on, and the kernel's counts are there.
known_throughout() {
	"$PPROFMK" trace-stat --func own --out "$out" --format json >"$out/stat.json"
	[ "$(json "$out/stat.json" '.source')" = perf_event ] || skip 'perf_event is refused'
	equal 'not known of the first thread' "$(json "$out/stat.json" '.groups[] | select(.started_with == "main").ns.unknown > 1e6')" false
	# Each new thread's stack, and more.
	equal 'page faults' "$(json "$out/stat.json" '.page_faults > 3')" true
}

@test "a program that stops its recording" {
	recorded stop
	has_all
	known_throughout
}

@test "a program that never stops it" {
	recorded exit
	has_all
}

@test "a program that is killed" {
	recorded kill
	has_all
}

@test "what is not finished is when it is read" {
	run -0 env LD_PRELOAD="$BUILD/lib/libpprofmk-trace.so" timeout "$LIMIT" "$FIXTURES/records_itself" "$out/own.trace" stop
	run -0 "$PPROFMK" trace-dump --func own --out "$out"
	has_all
}

@test "without the runtime the header does nothing" {
	run -0 timeout "$LIMIT" "$FIXTURES/records_itself" "$out/raw" stop
	equal 'what it says' "$output" "$(printf 'start: Function not implemented\nstop: Function not implemented')"
	[ ! -e "$out/raw" ]
}

@test "a test that is recorded can't be recorded by itself" {
	run -0 timeout "$LIMIT" "$PPROFMK" run --kinds block --out "$out" -- "$FIXTURES/records_itself" "$out/raw" stop
	[[ $output == *'start: Function not implemented'* ]]
}
