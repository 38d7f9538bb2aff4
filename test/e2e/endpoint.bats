#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The endpoint in a program that was not changed: /debug/pprof/ as Go programs have it, and what it does not do to the program.

load ../helpers/helpers

is_served() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port: one of loopback that nobody listens at, and below those that connections get.
free_port() {
	local port=$((10000 + RANDOM % 20000))
	while is_served "$port"; do
		port=$((port + 1))
	done
	printf '%s\n' "$port"
}

# start PORT [NAME=VALUE...] -- PROGRAM ARGUMENT...: with the endpoint; its pid is $pid.
start() {
	local port=$1 variables=()
	shift
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	env "PPROF_HTTP=127.0.0.1:$port" "${variables[@]}" LD_PRELOAD="$BUILD/lib/libpprofmk-live.so" timeout -s KILL "$LIMIT" "$@" \
		</dev/null >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
	pid=$!
	for _ in $(seq 1000); do
		! is_served "$port" || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	cat "$BATS_TEST_TMPDIR/stderr" >&2
	return 1
}

# program_of PID: timeout's child.
program_of() {
	tr -d ' ' <"/proc/$1/task/$1/children"
}

stop() {
	kill -KILL "$(program_of "$pid")" 2>/dev/null || :
	wait "$pid" || :
}

setup() {
	setup_out
}

teardown() {
	[ -z "${pid-}" ] || stop
	[ -z "${apart-}" ] || rm -r "$apart"
}

# get PATH [CURL OPTION...]
get() {
	local path=$1
	shift
	curl -sS -m 60 "$@" "http://127.0.0.1:$port$path"
}

# status PATH [CURL OPTION...]
status() {
	get "$1" -o /dev/null -w '%{http_code}' "${@:2}"
}

@test "status, headers and errors are those of Go's net/http/pprof" {
	port=$(free_port)
	start "$port" -- "$FIXTURES/live_server" 100
	"$HELPERS/endpoint_asks.sh" "127.0.0.1:$port" >"$BATS_TEST_TMPDIR/ours"
	diff "$BATS_TEST_DIRNAME/endpoint_go.txt" "$BATS_TEST_TMPDIR/ours"
}

@test "pprof reads every profile from its address, with names" {
	port=$(free_port)
	start "$port" -- "$FIXTURES/live_server" 100
	url=http://127.0.0.1:$port
	sleep 0.5
	local kind getting=()
	for kind in heap allocs block mutex goroutine threadcreate; do
		get "/debug/pprof/$kind" -f -o "$BATS_TEST_TMPDIR/$kind.pb.gz" 3>&- &
		getting+=($!)
	done
	PPROF_TMPDIR=$BATS_TEST_TMPDIR go_pprof -top -sample_index=0 "$url/debug/pprof/profile?seconds=1" >"$BATS_TEST_TMPDIR/top"
	has "$(cat "$BATS_TEST_TMPDIR/top")" burn_most
	wait "${getting[@]}"
	for kind in heap allocs block mutex goroutine threadcreate; do
		go_pprof -raw "$BATS_TEST_TMPDIR/$kind.pb.gz" >"$BATS_TEST_TMPDIR/raw"
		grep -q "$FIXTURES/live_server" "$BATS_TEST_TMPDIR/raw"
	done
	equal 'heap' "$(columns "$BATS_TEST_TMPDIR/heap.pb.gz" | tr '\n' ' ')" \
		'alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes '
	# One that is about to begin or to end may be there too.
	within 'threads' "$(sum "$BATS_TEST_TMPDIR/goroutine.pb.gz" 1)" 9 10
	within 'waits for the lock' "$(sum "$BATS_TEST_TMPDIR/block.pb.gz" 1 want_lock)" 1 1e9
}

@test "text is what pprof takes for a profile, and people read" {
	port=$(free_port)
	start "$port" -- "$FIXTURES/live_server" 100
	sleep 0.3
	for ask in debug/pprof/heap?debug=1 debug/pprof/block?debug=1 debug/pprof/mutex?debug=1 debug/pprof/goroutine?debug=1 \
		pprof/heap pprof/contention pprof/profile?seconds=1; do
		get "/$ask" -f -o "$BATS_TEST_TMPDIR/text"
		go_pprof -raw "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/raw"
		grep -q '^Samples:' "$BATS_TEST_TMPDIR/raw"
	done
	get '/debug/pprof/goroutine?debug=2' >"$BATS_TEST_TMPDIR/dump"
	within 'threads' "$(grep -c '^goroutine [0-9]* \[.*\]:$' "$BATS_TEST_TMPDIR/dump")" 9 10
	grep -q '^burner(' "$BATS_TEST_TMPDIR/dump"
	# An address is named as its symbol says.
	address=0x$(awk '/ r-xp .*live_server$/ { split($1, range, "-"); print range[1]; exit }' "/proc/$(program_of "$pid")/maps")
	main=$(nm "$FIXTURES/live_server" | awk '$3 == "main" { print $1 }')
	offset=$(readelf -lW "$FIXTURES/live_server" | awk '$1 == "LOAD" && / R E / { print $3 }')
	word=$(printf '0x%x' $((address - offset + 0x$main)))
	equal 'symbol' "$(get /debug/pprof/symbol -d "0x1+$word")" "$(printf 'num_symbols: 1\n%s main' "$word")"
	equal 'symbol of gperftools' "$(get /pprof/symbol -d "$word")" "$(printf 'num_symbols: 1\n%s\tmain' "$word")"
	equal 'command line' "$(get /pprof/cmdline)" "$(printf '%s\n100' "$FIXTURES/live_server")"
}

# without_ours TRACE PATH: of three such traces one has no thread without a name. One of the program's that has begun and has not
# told its name yet may be in a trace; threads of ours would be in each.
without_ours() {
	local tries
	for tries in 1 2 3; do
		get "$2" -f -o "$out/$1.trace"
		"$PPROFMK" trace-stat --func "$1" --out "$out" >"$BATS_TEST_TMPDIR/stat"
		grep -q '^burner ' "$BATS_TEST_TMPDIR/stat"
		grep -E '^[?] |pprof' "$BATS_TEST_TMPDIR/stat" || return 0
	done
	return 1
}

@test "a trace, and the flight recorder's, come finished" {
	port=$(free_port)
	start "$port" PPROF_FLIGHT=5s -- "$FIXTURES/live_server" 100
	sleep 0.5
	mkdir -p "$out"
	# Which takes a thread of ours more.
	get '/debug/pprof/profile?seconds=2' -o /dev/null 3>&- &
	without_ours asked '/debug/pprof/trace?seconds=0.3'
	without_ours flight /debug/pprof/flight
	wait $!
}

# replaced_program: in $apart, started from there and replaced since, with its pid in $pid; as nobody where root is at work, who may
# open more, but not look into every checkout: what is started is in $apart too.
replaced_program() {
	local as=()
	apart=$(mktemp -d)
	chmod 755 "$apart"
	cp -r "$FIXTURES/live_server" "$PPROFMK" "$BUILD/lib" "$apart"
	local BUILD=$apart
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid=nobody --regid=65534 --clear-groups)
	port=$(free_port)
	start "$port" "PPROF_TOOL=$apart/pprofmk" -- env "$@" "${as[@]}" "$apart/live_server" 100
	rm "$apart/live_server"
	cp /bin/true "$apart/live_server"
	mkdir -p "$out"
}

@test "a program whose file was replaced has its names" {
	replaced_program BUSY=1
	get '/debug/pprof/profile?seconds=1' -f -o "$out/cpu"
	within 'samples with names' "$(percent "$(sum "$out/cpu" 1 'burn_(most|some|few)@[^;]*;burner@')" "$(sum "$out/cpu" 1 'thread:.burner.')")" 90 100
	get '/debug/pprof/trace?seconds=0.2' -f -o "$out/asked.trace"
	"$PPROFMK" trace-stat --func asked --out "$out" | grep -q '^nothing_much '
}

@test "where names can't be had, build ids are there, and why" {
	# Then nobody may look into its process.
	replaced_program NO_DUMP=1 BUSY=1
	get '/debug/pprof/profile?seconds=3' -f -o "$out/cpu"
	local id
	id=$(readelf -n "$FIXTURES/live_server" | sed -n 's/.*Build ID: //p')
	gunzip -c "$out/cpu" | grep -aq "pprof.mk: no names of $apart/live_server, build id $id: it was deleted or replaced"
	within 'samples' "$(sum "$out/cpu" 1 'thread:.burner.')" 1 330
	equal 'of these with names' "$(sum "$out/cpu" 1 'burn_(most|some|few)@')" 0
}

@test "a token is demanded away from loopback, and the endpoint does not answer without" {
	port=$(free_port)
	run --separate-stderr env PPROF_HTTP="0.0.0.0:$port" LD_PRELOAD="$BUILD/lib/libpprofmk-live.so" "$FIXTURES/live_server" 0
	has "$stderr" "PPROF_HTTP=0.0.0.0:$port: Permission denied: is PPROF_HTTP_TOKEN missing?"
	run --separate-stderr env PPROF_HTTP="127.0.0.1:$port" PPROF_HTTP_TOKEN="$(printf '%257s' x | tr ' ' x)" \
		LD_PRELOAD="$BUILD/lib/libpprofmk-live.so" "$FIXTURES/live_server" 0
	has "$stderr" "PPROF_HTTP=127.0.0.1:$port: Invalid argument"
	start "$port" PPROF_HTTP="0.0.0.0:$port" PPROF_HTTP_TOKEN=a-secret -- "$FIXTURES/live_server" 100
	equal 'without' "$(status /debug/pprof/)" 401
	equal 'another' "$(status /debug/pprof/ -H 'Authorization: Bearer a-secre')" 401
	equal 'with' "$(status /debug/pprof/ -H 'Authorization: Bearer a-secret')" 200
	has "$(get /debug/pprof/heap)" 'Authorization: Bearer'
	stop
	start "$port" PPROF_HTTP="0.0.0.0:$port" PPROF_HTTP_TOKEN=none -- "$FIXTURES/live_server" 100
	equal 'refused' "$(status /debug/pprof/)" 200
	equal 'another name' "$(status /debug/pprof/ -H 'Host: example.com')" 403
	stop
	start "$port" PPROF_HTTP_TOKEN=a-secret SCRIPT="0.0.0.0:$port" -- env -u PPROF_HTTP "$FIXTURES/live_server" 100
	equal 'a program that serves by itself, without' "$(status /debug/pprof/)" 401
	equal 'with' "$(status /debug/pprof/ -H 'Authorization: Bearer a-secret')" 200
}

@test "a program that closes all descriptors and forks is answered for, and sees no child" {
	port=$(free_port)
	start "$port" -- "$FIXTURES/live_rude" "$BATS_TEST_TMPDIR/said" 2500
	get '/debug/pprof/profile?seconds=1' -f -o "$BATS_TEST_TMPDIR/cpu"
	[ -s "$BATS_TEST_TMPDIR/cpu" ]
	equal 'heap' "$(status /debug/pprof/heap)" 200
	wait "$pid" || :
	equal 'said' "$(cat "$BATS_TEST_TMPDIR/said")" 'children 0, signals 0, descriptors 0'
	# Its child lives on, and does not answer.
	run ! is_served "$port"
	pid=
}

@test "a program that may have few descriptors open is answered for" {
	port=$(free_port)
	start "$port" -- sh -c 'ulimit -n 12 && exec "$@"' sh "$FIXTURES/live_rude" "$BATS_TEST_TMPDIR/said" 20000
	equal 'heap' "$(status /debug/pprof/heap)" 200
}

@test "SIGTERM in the middle of a profile ends the program and the process that names" {
	port=$(free_port)
	start "$port" -- "$FIXTURES/live_server" 100
	equal 'heap' "$(status /debug/pprof/heap)" 200
	program=$(program_of "$pid")
	get '/debug/pprof/profile?seconds=30' -o /dev/null 2>"$BATS_TEST_TMPDIR/curl" &
	client=$!
	sleep 0.3
	kill -TERM "$program"
	run ! wait "$client"
	wait "$pid" || :
	for _ in $(seq 600); do
		[ -n "$(answerers)" ] || break
		sleep 0.1
	done
	equal 'left' "$(answerers)" ''
	pid=
}

# figure LINE WHAT: the number in front of or behind WHAT in a line of scrapes.sh.
figure() {
	sed -n "s/^$1 .*$2.*/\\1/p" "$BATS_TEST_TMPDIR/figures"
}

@test "10,000 requests, many scrapes and clients that dawdle leave nothing behind" {
	port=$(free_port)
	cp "$PPROFMK" "$BATS_TEST_TMPDIR/tool"
	start "$port" PPROF_TOOL="$BATS_TEST_TMPDIR/tool" -- "$FIXTURES/live_server" 100
	# Each gives another byte of its request every second, and would for a minute.
	slow=()
	for _ in $(seq 10); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$port"
		printf 'GET /' >&"$fd"
		slow+=("$fd")
	done
	began=$SECONDS
	(
		trap '' PIPE
		for _ in $(seq 60); do
			sleep 1
			for fd in "${slow[@]}"; do
				printf x >&"$fd" || { echo $((SECONDS - began)) >"$BATS_TEST_TMPDIR/closed"; exit 0; }
			done
		done
	) 2>/dev/null 3>&- &
	dawdling=$!
	equal 'answers' "$(get '/debug/pprof/cmdline?[1-10000]' -o /dev/null -w '%{http_code}\n' | sort | uniq -c | xargs)" '10000 200'
	"$HELPERS/scrapes.sh" "127.0.0.1:$port" "$(program_of "$pid")" 20 "$BATS_TEST_TMPDIR/tool" >"$BATS_TEST_TMPDIR/figures"
	cat "$BATS_TEST_TMPDIR/figures"
	equal 'statuses' "$(awk '$1 ~ /^[0-9]+$/ { sum[$2] += $1 } END { for (s in sum) print sum[s], s }' "$BATS_TEST_TMPDIR/figures")" '80 200'
	equal 'descriptors of the program' "$(figure 'after 20' 'kB, \([0-9]*\) and')" "$(figure 'after 2' 'kB, \([0-9]*\) and')"
	# A file more that it reads names from, and its debug file.
	grown=$(($(figure 'after 20' 'naming [0-9]* kB, \([0-9]*\) desc') - $(figure 'after 2' 'naming [0-9]* kB, \([0-9]*\) desc')))
	within 'descriptors more in what names' "$grown" 0 4
	grown=$(($(figure 'after 20' 'program \([0-9]*\) kB') - $(figure 'after 2' 'program \([0-9]*\) kB')))
	within 'kB more in the program' "$grown" -1000 600
	grown=$(($(figure 'after 20' 'naming \([0-9]*\) kB') - $(figure 'after 2' 'naming \([0-9]*\) kB')))
	within 'kB more in what names' "$grown" -1000 3000
	for fd in "${slow[@]}"; do
		result=0
		read -r -t 20 -u "$fd" _ || result=$?
		# An end, not a time that is over (more than 128).
		within 'status of read' "$result" 1 1
	done
	wait "$dawdling"
	within 'seconds until they were closed' "$(cat "$BATS_TEST_TMPDIR/closed")" 9 60
	equal 'afterwards' "$(status /debug/pprof/)" 200
}

# Processes that name for the tool that is tested here.
answerers() {
	local file
	find /proc/[0-9]*/exe -maxdepth 0 -lname "$(realpath "$PPROFMK")" 2>/dev/null | while IFS= read -r file; do
		! grep -qz '^answer$' "${file%exe}cmdline" || printf '%s ' "$(tr -dc 0-9 <<<"$file")"
	done 2>/dev/null
}
