#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What goes wrong around a test: programs that are none, folders that can't be written, tools that are missing, two runs
# at once, Ctrl-C. Each: a clear error that says what to do, no half file, nothing lost that was recorded.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	# Started by `serve`: by its own number.
	[ -z "${served:-}" ] || kill "$served" 2>/dev/null || true
}

# refused PROGRAM PART...: it can't be profiled; 1, and each part is in what is said.
refused() {
	local program=$1 part
	shift
	run --separate-stderr plainly timeout 30 "$PPROFMK" test --bin "$program" --func test_any --out "$out"
	equal "exit status for $program" "$status" 1
	for part in "${program##*/}" "$@"; do
		has "$stderr" "$part"
	done
	[ ! -e "$out" ] || equal 'files' "$(find "$out" -type f)" ''
}

@test "programs that are none are refused, each with its reason" {
	touch empty no_execute
	chmod +x empty
	head -c 3000 "$FIXTURES/window" >truncated
	chmod +x truncated
	mkdir folder
	refused "$FIXTURES/not_cmocka" 'not a cmocka program'
	refused "$FIXTURES/cpu_split.asan" sanitizer
	refused ./missing 'not there'
	refused ./empty
	refused ./no_execute
	refused ./folder
	refused ./truncated
}

@test "a program whose tests are not reached is refused, with its exit status" {
	refused "$FIXTURES/never_runs" 64 Args=
}

@test "a script that runs no test program is refused" {
	printf '#!/bin/sh\necho nothing here\n' >script
	chmod +x script
	refused ./script
}

@test "one refused program does not keep the others from being profiled" {
	run --separate-stderr plainly timeout 60 "$PPROFMK" test --bin "$FIXTURES/not_cmocka" "$FIXTURES/window" \
		--func test_window --kinds mem --out "$out"
	equal 'exit status' "$status" 1
	has "$stderr" not_cmocka
	equal bytes "$(sum "$out/test_window.mem.pb.gz" 2)" 24
}

@test "a program with an allocator of its own: cpu and block as ever, mem counts or says why not" {
	profile own_malloc test_own_malloc --time 100ms
	within 'cpu samples' "$(sum "$out/test_own_malloc.cpu.pb.gz" 1 work_with_own_malloc)" 50 200
	if [ -e "$out/test_own_malloc.mem.pb.gz" ]; then
		equal allocations "$(sum "$out/test_own_malloc.mem.pb.gz" 1)" 2000
	else
		has "$output$stderr" own_malloc
		has "$output$stderr" malloc
	fi
	[ -e "$out/test_own_malloc.block.pb.gz" ]
	equal 'test outcomes' "$(json "$out/test_own_malloc.json" '[.kinds[].outcome] | unique | join(",")')" passed
}

@test "paths of programs with spaces, quotes, dollars, semicolons and newlines are themselves" {
	local name
	for name in 'with space' "quote'and\"" 'dollar $(touch canary)' 'semi;touch canary' '`touch canary`' $'new\nline' \
		'-dash' 'glob*[a]?'; do
		mkdir -p "dir $name"
		cp "$FIXTURES/window" "dir $name/$name"
		run --separate-stderr plainly timeout 30 "$PPROFMK" test --bin "./dir $name/$name" --func test_window \
			--kinds mem --out "$out"
		equal "exit status of $name" "$status" 0
		equal "bytes of $name" "$(sum "$out/test_window.mem.pb.gz" 2)" 24
		rm -r "$out"
	done
	[ ! -e canary ]
}

@test "hostile test names and packages select nothing, run nothing, write nothing" {
	local name
	for name in '$(touch canary)' '`touch canary`' "'; touch canary; '" '../../etc/passwd' $'a\nb' '#2' '[' '%s%n'; do
		profile window "$name" --package "$name"
		equal "exit status of $name" "$status" 2
	done
	[ ! -e canary ]
	[ ! -e "$out" ] || equal files "$(find "$out" -type f)" ''
}

@test "wrong usage: 2, one sentence, and where to read on" {
	local words
	while IFS= read -r words; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr plainly timeout 20 "$PPROFMK" $words
		equal "exit status of: $words" "$status" 2
		has "$stderr" pprofmk
		has "$stderr" help
	done <<-END
		no-such-command
		test
		test --no-such-option x
		test --bin $FIXTURES/window --time
		test --bin $FIXTURES/window --time 1
		test --bin $FIXTURES/window --time -1s
		test --bin $FIXTURES/window --hz 0
		test --bin $FIXTURES/window --hz 10001
		test --bin $FIXTURES/window --count 0
		test --bin $FIXTURES/window --count 1x
		test --bin $FIXTURES/window --kinds cpu,gpu
		test --bin $FIXTURES/window --alone maybe
		run stray
		list
		top --func x --kind nothing
		web --func x --kind cpu --port 70000
	END
}

# in_mounts COMMAND: by sh -c in a mount namespace of its own, where it may mount. Skips where that is refused.
in_mounts() {
	local -a unshare=(unshare -m)
	[ "$(id -u)" = 0 ] || unshare=(unshare -rm)
	"${unshare[@]}" true 2>/dev/null || skip 'no mount namespaces here'
	run --separate-stderr plainly timeout "$LIMIT" "${unshare[@]}" sh -c "$@"
	printf '%s\n' "$output" "$stderr"
}

@test "an output folder that can't be made or written: 1 before any test runs" {
	touch file
	mkdir mounted
	for out in file/below /proc/nowhere; do
		profile window test_window
		equal "exit status of $out" "$status" 1
		has "$stderr" "$out"
		lacks "$output$stderr" RUN
	done
	# shellcheck disable=SC2016 # for the inner shell
	in_mounts 'mount -t tmpfs -o ro none mounted && exec "$0" test --bin "$1" --func test_window --out mounted' \
		"$PPROFMK" "$FIXTURES/window"
	equal 'exit status of a read-only folder' "$status" 1
	has "$stderr" mounted
	has "$stderr" 'Read-only'
	lacks "$output$stderr" RUN
}

@test "a full output folder: 1, said, nothing half-written, what was there before stays" {
	mkdir mounted copy
	# shellcheck disable=SC2016 # for the inner shell
	in_mounts 'mount -t tmpfs -o size=256k none mounted || exit 99
		"$0" test --bin "$1" --func test_window --kinds mem --out mounted || exit 98
		before=$(cksum <mounted/test_window.mem.pb.gz)
		dd if=/dev/zero of=mounted/filler bs=4k 2>/dev/null
		"$0" test --bin "$1" --func test_window --time 20ms --out mounted
		status=$?
		[ "$before" = "$(cksum <mounted/test_window.mem.pb.gz)" ] || exit 97
		rm mounted/filler
		cp -a mounted/. copy
		exit $status' "$PPROFMK" "$FIXTURES/window"
	equal 'exit status' "$status" 1
	has "$stderr" 'No space left'
	whole_files copy
}

@test "two runs of the same test at once: both good, every file whole" {
	local first second
	plainly timeout 60 "$PPROFMK" test --bin "$FIXTURES/window" --func 'test_*' --time 100ms --out "$out" >first.log 2>&1 &
	first=$!
	plainly timeout 60 "$PPROFMK" test --bin "$FIXTURES/window" --func 'test_*' --time 100ms --out "$out" >second.log 2>&1 &
	second=$!
	wait "$first"
	wait "$second"
	whole_files "$out"
	equal 'bytes' "$(sum "$out/test_window.mem.pb.gz" 2)" 24
}

# start_hanging MARKER KIND: profile a test that hangs, in a process group of its own, and wait until it hangs. Sets
# leader. SIGINT has its default action as in a terminal: a shell without job control takes it from background jobs.
start_hanging() {
	(exec env --default-signal=INT,QUIT setsid timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/ending" \
		--func test_hangs --kinds "$2" --out "$out" -- "$1" >log 2>err 3>&- 4>&-) &
	leader=$!
	at_rest ending "$1"
}

@test "Ctrl-C in the middle: ends at once, what was recorded is written, no process is left" {
	local marker=e2e-$$-$RANDOM started leader
	start_hanging "$marker" cpu
	started=$(date +%s)
	kill -INT -- "-$leader"
	status=0
	wait "$leader" || status=$?
	cat log err
	[ "$status" != 0 ]
	within 'seconds' $(($(date +%s) - started)) 0 30
	within 'cpu samples' "$(sum "$out/test_hangs.cpu.pb.gz" 1 before_the_end)" 10 100000
	equal outcome "$(json "$out/test_hangs.json" '.kinds[0].outcome')" interrupted
	whole_files "$out"
	equal 'processes left' "$(pids_with "$marker")" ''
}

# stop_tool SIGNAL: while it profiles a test that hangs. No process is left, and no half file.
stop_tool() {
	local marker=e2e-$$-$RANDOM leader
	start_hanging "$marker" mem
	kill "-$1" "$(pgrep -P "$leader" -f "$marker")"
	wait "$leader" || true
	# By the kernel, where we can't.
	local i
	for i in $(seq 600); do
		if [ "$1" != KILL ] || [ -z "$(pids_with "$marker")" ]; then
			break
		fi
		sleep 0.05
	done
	whole_files "$out"
	equal 'processes left' "$(pids_with "$marker")" ''
}

@test "SIGTERM to the tool alone does the same" {
	stop_tool TERM
	equal bytes "$(sum "$out/test_hangs.mem.pb.gz" 2 before_the_end)" 640
}

@test "kill -9 of the tool: the test goes with it, no half file" {
	stop_tool KILL
}

@test "no perf_event: every kind works, the clock used and its rate are said" {
	run --separate-stderr plainly timeout "$LIMIT" "$FIXTURES/no_perf" "$PPROFMK" test --bin "$FIXTURES/cpu_split" \
		--func test_cpu_split --time 300ms --out "$out"
	equal 'exit status' "$status" 0
	has "$output" gperftools
	equal clock "$(json "$out/test_cpu_split.json" '.kinds[0].clock')" 'gperftools timer'
	# The rate reached, not the one asked: the tick's, or less.
	within rate "$(json "$out/test_cpu_split.json" '.kinds[0].rate_hz')" 50 1001
	equal files "$(find "$out" -name '*.pb.gz' | wc -l)" 4
	whole_files "$out"
}

@test "no perf_event: programs with signals and threads of their own are unharmed" {
	local program
	for program in signals threads process; do
		run --separate-stderr plainly timeout "$LIMIT" "$FIXTURES/no_perf" "$PPROFMK" test --bin "$FIXTURES/$program" \
			--out "$out/$program" --kinds cpu --time 50ms
		printf '%s\n' "$output" "$stderr" | grep -E 'FAILED|ERROR|signal|repeatable' || true
		equal "exit status of $program" "$status" 0
	done
}

# serve COMMAND...: start it in the background and wait for the address it prints; sets url and served.
serve() {
	local i
	plainly timeout 60 "$@" >served.log 2>&1 &
	served=$!
	for i in $(seq 200); do
		url=$(sed -n 's|.*\(http://[^ ]*\).*|\1|p' served.log | head -n 1)
		[ -z "$url" ] || return 0
		sleep 0.05
	done
	cat served.log >&2
	return 1
}

@test "web: a busy port is said before anything starts, with what to do" {
	profile window test_window --kinds mem
	serve node -e 'const s = require("http").createServer((q, r) => r.end("busy")).listen(0, "127.0.0.1",
		() => console.log("http://127.0.0.1:" + s.address().port))'
	run --separate-stderr plainly timeout 20 "$PPROFMK" web --func test_window --kind mem --out "$out" \
		--host 127.0.0.1 --port "${url##*:}"
	equal 'exit status' "$status" 1
	has "$stderr" "${url##*:}"
	has "$stderr" ort
}

@test "web: without dot the other views are served" {
	profile window test_window --kinds mem
	mkdir bin
	serve env PATH="$PWD/bin" PPROF="" "$PPROFMK" web --func test_window --kind mem --out "$out" --host 127.0.0.1 --port 0
	has "$(curl -sf "${url%%/ui*}/ui/top")" test_window
	grep -qi graphviz served.log
}

@test "web and top: no pprof program, no profile: what is missing and what makes it" {
	run --separate-stderr plainly timeout 20 "$PPROFMK" top --func test_window --kind mem --out "$out"
	equal 'exit status without a profile' "$status" 1
	has "$stderr" test_window.mem.pb.gz
	has "$stderr" pprof.test
	profile window test_window --kinds mem
	mkdir empty bin
	# shellcheck disable=SC2016 # for the inner shell
	in_mounts 'for go in /usr/lib/go-*/bin /usr/local/go/bin; do
			[ ! -d "$go" ] || mount --bind empty "$go" || exit 99
		done
		PATH=$PWD/bin
		unset PPROF
		exec "$0" web --func test_window --kind mem --out "$1" --port 0' "$PPROFMK" "$out"
	equal 'exit status without pprof' "$status" 1
	has "$stderr" 'no pprof'
	has "$stderr" install
}
