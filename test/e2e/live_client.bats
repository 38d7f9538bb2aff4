#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Asking a running program: what is fetched, kept and printed, and what is said when the answer is none. The program is played by
# test/helpers/debug_pprof.mjs, whose numbers are known.

load ../helpers/helpers

setup() {
	setup_out
	server=
	unset PPROF_HTTP_TOKEN MAKELEVEL http_proxy
}

teardown() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
}

# serve MODE [TRACE]: its address in $addr.
serve() {
	local folder=$BATS_TEST_TMPDIR/$1 i
	mkdir -p "$folder"
	node "$HELPERS/debug_pprof.mjs" "$folder" "$@" </dev/null >"$folder/log" 2>&1 3>&- &
	server=$!
	for ((i = 0; i < 100; i++)); do
		[ ! -s "$folder/port" ] || break
		sleep 0.05
	done
	requests=$folder/requests
	addr=127.0.0.1:$(cat "$folder/port")
}

stop() {
	kill "$server"
	wait "$server" 2>/dev/null || :
	server=
}

# ask COMMAND OPTION...: of $addr.
ask() {
	local command=$1
	shift
	run --separate-stderr timeout 30 "$PPROFMK" "$command" --addr "$addr" --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

# refused PART...: the last call failed for these reasons, and nothing was kept.
refused() {
	local part
	equal status "$status" 1
	for part; do
		has "$stderr" "$part"
	done
	[ -z "$(find "$out" -type f)" ]
}

@test "each kind is asked for at Go's path, and kept as it came" {
	serve good
	local kind
	for kind in cpu heap allocs block mutex threads; do
		ask live --kind "$kind" --show no --name "of $kind" --timeout 5s
		equal status "$status" 0
	done
	equal requests "$(sort "$requests")" "$(printf 'GET /debug/pprof/%s -\n' allocs block goroutine heap mutex 'profile?seconds=30' | sort)"
	equal cpu "$(sum "$out/live/of%20cpu.cpu.pb.gz" 2 'serve')" 30000000000
	equal heap "$(sum "$out/live/of%20heap.mem.pb.gz" 4 'cache_add')" 1048576
	equal allocs "$(sum "$out/live/of%20allocs.mem.pb.gz" 2 'format')" 65536
	equal block "$(sum "$out/live/of%20block.block.pb.gz" 2)" 1000000000
	equal mutex "$(sum "$out/live/of%20mutex.mutex.pb.gz" 2)" 0
	equal threads "$(sum "$out/live/of%20threads.threads.pb.gz" 1)" 5
}

@test "Seconds are handed on, the summary has the first functions, and the name is host, port and time" {
	serve good
	ask live --kind heap --seconds 3 --show no
	equal status "$status" 0
	has "$(cat "$requests")" 'GET /debug/pprof/heap?seconds=3 '
	has "$output" 'cache_add (server.c)'
	local file
	file=$(cd "$out/live" && ls)
	[[ $file =~ ^127\.0\.0\.1-[0-9]+\.20[0-9]{6}-[0-9]{6}\.mem\.pb\.gz$ ]]
	has "$output" "next: pprofmk web --kind heap --func '${file%.mem.pb.gz}'"
}

@test "what was saved is found by its name, as a test's is" {
	serve good
	ask live --kind heap --show no --name served
	run "$PPROFMK" top --func served --kind heap --out "$out"
	equal status "$status" 0
	has "$output" 'served: heap, 1MB inuse_space'
	run "$PPROFMK" diff --func served --kind heap --base "$out/live" --out "$out" --format text
	equal status "$status" 0
	lacks "$output" 'every allocation was counted'
}

@test "the web UI opens, and Show=no leaves it out" {
	serve good
	"$PPROFMK" live --addr "$addr" --kind heap --out "$out" --port 0 >"$BATS_TEST_TMPDIR/shown" 2>&1 3>&- &
	local shown=$! i
	for ((i = 0; i < 100; i++)); do
		! grep -q 'http://localhost:' "$BATS_TEST_TMPDIR/shown" || break
		sleep 0.1
	done
	grep -q 'http://localhost:' "$BATS_TEST_TMPDIR/shown"
	kill -INT "$shown"
	wait "$shown"
}

@test "a token is sent, asked for, and refused by name" {
	serve token
	ask live --kind heap --show no
	refused 'demands a token' 'PPROF_HTTP_TOKEN=...'
	PPROF_HTTP_TOKEN=wrong ask live --kind heap --show no
	refused 'does not take the token of PPROF_HTTP_TOKEN'
	lacks "$stderr" wrong
	PPROF_HTTP_TOKEN=secret ask live --kind heap --show no
	equal status "$status" 0
	PPROF_HTTP_TOKEN=$'a\nb' ask live --kind heap --show no
	equal status "$status" 2
}

@test "nobody there, an unknown host, no such path, a busy profiler" {
	serve good
	stop
	ask live --show no
	refused "nobody answers at http://$addr" 'PPROF_HTTP=address'
	addr=nowhere.invalid:6060 ask live --show no
	refused 'the host has no address'
	serve 404
	ask live --show no
	refused 'has no /debug/pprof/profile' "with pprof.mk's endpoint"
	serve 500
	ask live --show no
	refused 'answers 500' 'cpu profiling already in use'
}

@test "a redirect is not followed, and the token stays here" {
	serve redirect
	PPROF_HTTP_TOKEN=secret ask live --show no
	refused 'leads to http://127.0.0.1:1/stolen, where we don'
}

@test "answers that are none: empty, damaged, a page, other types, cut off" {
	local mode
	for mode in empty damaged html other-types cut; do
		serve "$mode"
		ask live --kind heap --show no
		case $mode in
		empty) refused 'the answer for heap is empty' ;;
		damaged | html) refused 'the answer for heap is no profile' ;;
		other-types) refused 'is no heap profile, it has no sample type "inuse_space"' ;;
		cut) refused 'the connection ended after 5 bytes' 'has the program ended?' ;;
		esac
		lacks "$stderr" $'\e'
		stop
	done
}

@test "an answer that never comes, and one that never ends" {
	serve silent
	ask live --kind heap --show no --timeout 300ms
	refused 'no answer for heap' 'Timeout= waits longer'
	stop
	serve endless
	ask live --kind heap --show no
	refused 'has more than 64 MB: nothing is kept'
}

@test "https where nothing encrypts" {
	serve good
	addr=https://$addr ask live --show no --kind heap
	refused 'the endpoint itself does not encrypt' 'http://'
}

@test "addresses that are none are wrong usage" {
	local bad
	for bad in 127.0.0.1 localhost: :0x10 user:pw@127.0.0.1:6060 http://127.0.0.1:6060/other ftp://127.0.0.1:6060 \
		'127.0.0.1:6060?x=1' '127.0.0.1:60 60' $'127.0.0.1:6060\nX: y' 127.0.0.1:99999 http://; do
		addr=$bad ask live --show no
		equal "$bad" "$status" 2
		has "$stderr" '--addr'
	done
	[ ! -e "$out" ]
}

@test "a trace is kept, shown by name or as the newest; Go's is refused by name" {
	serve good "$(make_trace)"
	ask live --kind trace --seconds 2 --name served
	equal status "$status" 0
	has "$(cat "$requests")" 'GET /debug/pprof/trace?seconds=2 '
	has "$output" 'threads'
	cmp "$out/live/served.trace" "$(make_trace)"
	run "$PPROFMK" trace-stat --func served --out "$out"
	equal status "$status" 0
	ask live --kind trace --seconds 2 --name served --tracesize 1MB
	equal status "$status" 0
	stop
	serve go-trace
	rm -r "$out"
	ask live --kind trace --seconds 2
	refused "a program of Go's" 'go tool trace'
	stop
	serve html
	ask live --kind trace --seconds 2
	refused 'the answer is no trace'
	run "$PPROFMK" trace-show --out "$out"
	equal status "$status" 1
	has "$output" 'has no trace'
}

# make_trace: a trace of a test, made once; its path.
make_trace() {
	local trace=$BATS_FILE_TMPDIR/known.trace
	if [ ! -e "$trace" ]; then
		"$PPROFMK" trace --bin "$FIXTURES/traced" --func test_holds --out "$BATS_FILE_TMPDIR/made" >/dev/null 2>&1 || :
		cp "$BATS_FILE_TMPDIR"/made/*.trace "$trace"
	fi
	printf '%s\n' "$trace"
}

@test "watch keeps samples within its bound, and prints what has changed" {
	serve good
	ask watch --kind heap --every 1s --count 3 --keep 2
	equal status "$status" 0
	equal files "$(find "$out/watch" -name '*.heap.pb.gz' | wc -l)" 2
	has "$output" '#3 '
	has "$output" '3MB of inuse_space  (+1MB)'
	has "$output" '2MB  3MB  +50.00%?'
	has "$output" '1 older ones went (Keep=2)'
	ask watch-diff --kind heap
	has "$output" '2MB  3MB  +50.00%?'
	ask watch-diff --kind heap --old 2 --new "$(date +%H:%M)"
	equal status "$status" 0
	ask watch-diff --kind heap --old 1
	equal status "$status" 1
	has "$stderr" 'no sample 1 is kept: there are 2 to 3'
	ask watch-diff --kind heap --old yesterday
	has "$stderr" '"yesterday" is no sample'
}

@test "watch shows counters as what came between, and numbers go on" {
	serve good
	ask watch --kind allocs --every 1s --count 2
	has "$output" '(+1.19MB)'
	ask watch --kind allocs --every 1s --count 1
	has "$output" '#3 '
	ask watch-diff --kind allocs --old 1 --new 3
	has "$output" ' from #1 to #3: allocs, 2.50MB alloc_space'
	has "$output" '512kB  20.00%      512kB  20.00%  format (server.c)'
}

@test "watch says that the program was started again, and what it counts is its own" {
	serve restart
	ask watch --kind allocs --every 1s --count 4
	equal status "$status" 0
	equal restarts "$(grep -c '^# the program has been started again' <<<"$output")" 1
	has "$output" '(+1.19MB)'
	lacks "$output" '(-'
}

# printed TEXT: $watched has it within 10 s.
printed() {
	local i
	for ((i = 0; i < 100; i++)); do
		! grep -qF -- "$1" "$watched" || return 0
		sleep 0.1
	done
	cat "$watched" >&2
	return 1
}

@test "watch waits for a program that is away, but not for one that never was there" {
	serve good
	watched=$BATS_TEST_TMPDIR/watched
	"$PPROFMK" watch --addr "$addr" --kind heap --every 1s --count 2 --out "$out" >"$watched" 2>&1 3>&- &
	local watch=$!
	printed '#1 '
	stop
	printed "# http://$addr does not answer: waiting for it"
	PORT=${addr#*:} serve good
	wait "$watch"
	printed '# it answers again'
	printed '#2 '
	stop
	ask watch --kind allocs --every 1s --count 1
	equal status "$status" 1
	has "$stderr" 'nobody answers'
}

@test "watch ends with Ctrl-C, and says what it has" {
	serve good
	timeout -s INT 2 "$PPROFMK" watch --addr "$addr" --kind threads --every 30s --out "$out" >"$BATS_TEST_TMPDIR/watched" 2>&1 3>&- || :
	has "$(cat "$BATS_TEST_TMPDIR/watched")" '1 samples are kept in'
	[ -z "$(find "$out" -name '*.tmp')" ]
}

@test "watch refuses what makes no sense" {
	serve good
	ask watch --kind cpu --every 5s --seconds 10
	equal status "$status" 2
	ask watch --kind heap --seconds 10
	equal status "$status" 2
	ask watch --keep 1
	equal status "$status" 2
	has "$stderr" 'give a number of samples from 2 on'
	ask watch --every 0s
	equal status "$status" 2
}
