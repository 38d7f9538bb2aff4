#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is sent to Pyroscope, to a server that checks it as Pyroscope's sources do (test/helpers/ingest.mjs).

load ../helpers/helpers

# A folder that a test run has left, made once.
setup_file() {
	"$PPROFMK" test --bin "$FIXTURES/cpu_split" "$FIXTURES/mem_counts" --kinds cpu,mem --time 20ms --out "$BATS_FILE_TMPDIR/run" >/dev/null 2>&1 || :
}

setup() {
	server=
	out=$BATS_FILE_TMPDIR/run
	unset "${!PPROF_PUSH_@}" "${!GITHUB_@}" "${!CI_@}" "${!BUILDKITE_@}" GIT_COMMIT GIT_BRANCH BRANCH_NAME http_proxy
	export CI_COMMIT_SHA=1a2b3c CI_COMMIT_REF_NAME=topic/x CI_PROJECT_NAME=shop
}

teardown() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
}

# serve [STATUS]: its address in $url, its folder in $server_folder.
serve() {
	local i
	server_folder=$BATS_TEST_TMPDIR/server
	rm -rf "$server_folder"
	mkdir -p "$server_folder"
	node "$HELPERS/ingest.mjs" "$server_folder" "$@" </dev/null >"$server_folder/log" 2>&1 3>&- &
	server=$!
	for ((i = 0; i < 100; i++)); do
		[ ! -s "$server_folder/port" ] || break
		sleep 0.05
	done
	url=http://127.0.0.1:$(cat "$server_folder/port")
}

push() {
	run --separate-stderr timeout 30 "$PPROFMK" push --pyroscope "$url" --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

# taken EXPRESSION: JavaScript over `all`, the requests that were taken.
taken() {
	node -e 'const all = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").map((line) => JSON.parse(line));
		console.log(String(eval(process.argv[2])));' "$server_folder/taken" "$1"
}

@test "the profiles of every test are taken, as what they are, with its labels" {
	serve
	push
	equal status "$status" 0
	[ ! -e "$server_folder/refused" ]
	equal apps "$(taken '[...new Set(all.map((r) => r.labels.__name__))]')" shop
	equal commits "$(taken '[...new Set(all.map((r) => r.labels.commit + " " + r.labels.branch))]')" '1a2b3c topic/x'
	# As many tests as have something to show, and each kind under Pyroscope's own name for it.
	local tests
	tests=$(grep -L '"tests": *\[' "$out"/*.json | wc -l)
	within tests "$(taken 'new Set(all.map((r) => r.labels.test)).size')" 2 "$tests"
	equal kinds "$(taken '[...new Set(all.map((r) => r.metric))].sort()')" memory,process_cpu
	equal metrics "$(taken 'all.every((r) => r.metric === ({ samples: "process_cpu", alloc_objects: "memory" })[r.types[0]])')" true
	equal spies "$(taken '[...new Set(all.map((r) => r.query.spyName))]')" pprofmk
	equal formats "$(taken 'all.some((r) => "format" in r.query)')" false
	has "$output" "shop: $(taken 'all.length') profiles of $tests tests were sent to $url/ingest"
	for file in "$server_folder"/*.pb.gz; do
		go_pprof -raw "$file" >/dev/null
	done
}

@test "waits are told apart: block is no mutex" {
	serve
	out=$BATS_TEST_TMPDIR/waits
	"$PPROFMK" test --bin "$FIXTURES/waits" --func test_mutex --kinds block --out "$out" >/dev/null 2>&1
	push
	equal status "$status" 0
	equal metrics "$(taken 'all.map((r) => r.metric).sort()')" block,mutex
}

@test "labels are added and replaced, and refused where no server takes them" {
	serve
	push --label os=linux 'team=a b' --label branch=main --app shop/api
	equal status "$status" 0
	equal labels "$(taken 'Object.entries(all[0].labels).map(([k, v]) => k + "=" + v).filter((l) => !l.startsWith("test=")).sort().join(";")')" \
		'__name__=shop/api;branch=main;commit=1a2b3c;os=linux;team=a b'
	local bad
	for bad in nothing =x 1a=b __x=y a-b=c a.b=c a= 'a=b,c' 'a=b}' $'a=b\nc' $'a=\xff'; do
		push --label "$bad"
		equal "$bad" "$status" 2
		has "$stderr" '--label'
	done
}

@test "without a CI system git says commit and branch" {
	unset CI_COMMIT_SHA CI_COMMIT_REF_NAME CI_PROJECT_NAME
	serve
	git -c init.defaultBranch=trunk init -q "$BATS_TEST_TMPDIR/my project"
	cd "$BATS_TEST_TMPDIR/my project"
	git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x
	push
	equal status "$status" 0
	equal labels "$(taken '[all[0].labels.__name__, all[0].labels.branch, all[0].labels.commit]')" "my_project,trunk,$(git rev-parse HEAD)"
}

@test "token, user and tenant come from the environment" {
	WANTED='Bearer t0ken' serve
	PPROF_PUSH_TOKEN=t0ken PPROF_PUSH_TENANT=team-a push
	equal status "$status" 0
	equal tenant "$(taken 'all[0].tenant')" team-a
	push
	equal status "$status" 1
	has "$stderr" 'it wants a token (PPROF_PUSH_TOKEN)'
	has "$output" 'the rest not tried'
	kill "$server"
	WANTED="Basic $(printf 'me:pw' | base64)" serve
	PPROF_PUSH_USER=me PPROF_PUSH_PASSWORD=pw push
	equal status "$status" 0
	PPROF_PUSH_USER=me PPROF_PUSH_TOKEN=x push
	equal status "$status" 2
	PPROF_PUSH_TENANT=$'a\nX: y' push
	equal status "$status" 2
}

@test "what is refused is said with the server's words, and the others are sent" {
	serve 422
	push
	equal status "$status" 1
	has "$stderr" 'is refused with 422: as told\x1b[31m'
	lacks "$output" 'the rest not tried'
	kill "$server"
	serve 404
	push
	has "$stderr" 'give the address of Pyroscope itself'
	equal requests "$(wc -l <"$server_folder/refused")" 1
	kill "$server"
	wait "$server" 2>/dev/null || :
	push
	equal status "$status" 1
	has "$output" 'the rest not tried'
}

# one_profile: a folder with one profile of one test.
one_profile() {
	out=$BATS_TEST_TMPDIR/one
	"$PPROFMK" test --bin "$FIXTURES/mem_counts" --func test_every_call --kinds mem --out "$out" >/dev/null 2>&1 || :
}

# waits: whole milliseconds from each request to the next, on a line.
waits() {
	awk 'NR > 1 { printf "%d ", ($1 - last) * 1000 } { last = $1 }' "$server_folder/times"
}

@test "a server that is busy, or loses the connection, is asked again, later each time" {
	one_profile
	# The first: on a connection that has served libcurl itself asks again, at once.
	FIRST='cut 503 429' serve
	push
	equal status "$status" 0
	equal 'requests' "$(wc -l <"$server_folder/times")" 4
	read -r first second third <<<"$(waits)"
	within 'the first wait' "$first" 250 2500
	within 'the second' "$second" 500 3000
	within 'the third' "$third" 1000 4000
	equal taken "$(taken all.length)" 1
}

@test "a server says how long to wait" {
	one_profile
	FIRST='429:2' serve
	push
	equal status "$status" 0
	within 'the wait' "$(waits)" 2000 4000
	kill "$server"
	FIRST='503:3600' serve
	push
	equal status "$status" 1
	has "$stderr" 'is refused with 503: not now; it asks for a wait of 3600 s'
	equal 'requests' "$(wc -l <"$server_folder/times")" 1
}

@test "tries have an end, and what is said is the last answer" {
	one_profile
	FIRST='cut 500 502 503' serve
	push
	equal status "$status" 1
	equal 'requests' "$(wc -l <"$server_folder/times")" 4
	has "$stderr" 'is refused with 503: not now (tried 4 times)'
	# What would be no other answer is not asked for again.
	kill "$server"
	FIRST='400' serve
	push
	equal status "$status" 1
	equal 'requests' "$(wc -l <"$server_folder/times")" 1
}

@test "a server that starts late" {
	one_profile
	serve
	port=${url##*:}
	kill "$server"
	wait "$server" 2>/dev/null || :
	"$PPROFMK" push --pyroscope "$url" --out "$out" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	pushing=$!
	PORT=$port serve
	wait "$pushing"
	equal taken "$(taken all.length)" 1
}

@test "nothing to send, and addresses that are none" {
	serve
	mkdir "$BATS_TEST_TMPDIR/empty"
	out=$BATS_TEST_TMPDIR/empty push
	equal status "$status" 1
	has "$stderr" 'has no profiles of tests'
	local bad
	for bad in pyroscope:4040 ftp://x http://u:p@x 'http://x/?a=b' 'http://a b' ''; do
		url=$bad push
		equal "$bad" "$status" 2
	done
}
