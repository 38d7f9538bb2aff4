#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The endpoint as Parca and Grafana Alloy ask it: all five default paths at a time, answered with what these servers take
# (test/helpers/scraper.mjs).

load ../helpers/helpers

teardown() {
	if [ -n "${pid-}" ]; then
		kill -KILL "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	fi
	[ -z "${server-}" ] || kill "$server" 2>/dev/null || :
}

# start NAME=VALUE... -- PROGRAM ARGUMENT...: with the endpoint, at $addr.
start() {
	local variables=() port
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
	addr=127.0.0.1:$port
	env "PPROF_HTTP=$addr" "${variables[@]}" LD_PRELOAD="$BUILD/lib/libpprofmk-live.so" "${@:2}" </dev/null >/dev/null 2>&1 3>&- &
	pid=$!
	# Whoever asks first waits until names are known, at lowest priority: 0.3 s, and 14 s at a load of 16 on two processors.
	curl -sS -m 60 --retry 40 --retry-connrefused --retry-delay 1 --retry-max-time 60 -o "$BATS_TEST_TMPDIR/first" \
		"http://$addr/debug/pprof/block"
}

# scrape WHO: at an interval of two seconds, the least that Alloy takes.
scrape() {
	run timeout 40 node "$HELPERS/scraper.mjs" "$1" "$addr" 2
	echo "$output"
}

@test "a busy program: all five paths, one scraper after the other, with names and build ids" {
	start -- "$FIXTURES/live_server" 60
	for who in parca alloy; do
		scrape "$who"
		equal status "$status" 0
		[[ $output =~ process_cpu\ [1-9] ]]
		[[ $output =~ mutex\ [1-9] ]]
		[[ $output =~ block\ [1-9] ]]
		[[ $output =~ goroutine\ [1-9] ]]
	done
}

@test "a program that does nothing: empty profiles are valid ones" {
	start -- sleep 60
	for who in parca alloy; do
		scrape "$who"
		equal status "$status" 0
		has "$output" 'mutex 0'
		has "$output" 'process_cpu 0'
	done
}

@test "with a token, and without the one that is demanded" {
	start PPROF_HTTP_TOKEN=secret -- sleep 60
	scrape parca
	equal status "$status" 1
	has "$output" 'HTTP status 401'
	PPROF_HTTP_TOKEN=secret scrape parca
	equal status "$status" 0
}

@test "two at a time: the second has no cpu profile, and everything else" {
	start -- "$FIXTURES/live_server" 60
	timeout 40 node "$HELPERS/scraper.mjs" parca "$addr" 3 >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- &
	local first=$!
	sleep 0.7
	scrape alloy
	wait "$first"
	equal status "$status" 1
	equal problems "$(grep -c ':' <<<"$output")" 1
	has "$output" 'process_cpu: server returned HTTP status 500'
}

@test "the scraper sees what is wrong" {
	local case mode
	for case in parca:damaged parca:500 alloy:empty alloy:html alloy:other-types; do
		mode=${case#*:}
		mkdir "$BATS_TEST_TMPDIR/$mode"
		node "$HELPERS/debug_pprof.mjs" "$BATS_TEST_TMPDIR/$mode" "$mode" </dev/null >/dev/null 2>&1 3>&- &
		server=$!
		until [ -s "$BATS_TEST_TMPDIR/$mode/port" ]; do sleep 0.05; done
		addr=127.0.0.1:$(cat "$BATS_TEST_TMPDIR/$mode/port")
		scrape "${case%:*}"
		equal "$case" "$status" 1
		kill "$server"
	done
}
