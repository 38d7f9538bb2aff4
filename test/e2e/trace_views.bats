#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is made of a trace, read by programs that share no code with us: protoc and go tool pprof. The trace is one of test/bench/trace_make.c,
# which is as a program leaves it that hands work from thread to thread; what is in it follows from how it is made.

load ../helpers/helpers

setup_file() {
	(cd "$ROOT" && test/make-in.sh "$BUILD" -f scripts/make-rules/unit.mk "$BUILD/bench/trace_make")
}

setup() {
	setup_out
	mkdir -p "$out"
}

# trace EVENTS THREADS [odd]: of test_work.
trace() {
	"$BUILD/bench/trace_make" "$out/test_work.trace" "$@"
}

# view COMMAND OPTION...: sets status, output and stderr.
view() {
	local command=$1
	shift
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" "$command" --func test_work --out "$out" "$@"
	echo "$stderr" >&2
}

# decode: the Perfetto file as protoc prints it, with Perfetto's published numbers.
decode() {
	protoc --decode=perfetto.protos.Trace -I "$HELPERS" "$HELPERS/perfetto.proto" <"$out/test_work.pftrace"
}

# perfetto EXPRESSION: JavaScript over what is in the file, `p`, and the thread analysis, `s`.
perfetto() {
	"$PPROFMK" trace-stat --func test_work --out "$out" --format json >"$out/stat.json"
	node -e 'const fs = require("fs"), [p, s] = process.argv.slice(1, 3).map((file) => JSON.parse(fs.readFileSync(file)));
		const threads = s.groups.flatMap((group) => group.threads);
		console.log(String(eval(process.argv[3])));' "$out/perfetto.json" "$out/stat.json" "$1"
}

@test "Perfetto's file keeps its rules, and has the times of the thread analysis" {
	trace 6000 8
	view trace-perfetto
	equal 'exit status' "$status" 0
	equal 'said first' "${lines[0]}" 'nothing was lost'
	decode | node "$HELPERS/perfetto.mjs" >"$out/perfetto.json"
	equal 'threads that differ' "$(perfetto 'threads.filter((t) => p.threads[t.tid].running_ns !== t.ns.running + t.ns.syscall ||
		p.threads[t.tid].runnable_ns !== t.ns.runnable).length')" 0
	equal 'threads' "$(perfetto 'Object.keys(p.threads).length')" 9
	# Whatever they wait for is sleeping.
	equal 'asleep' "$(perfetto 'threads.filter((t) => p.threads[t.tid].sleep_ns !==
		t.total_ns - t.ns.running - t.ns.syscall - t.ns.runnable).length')" 0
	equal 'system calls' "$(perfetto 'p.slices.read.ns')" "$(perfetto 'p.slices.read.count * 500')"
	equal 'arrows' "$(perfetto 'p.flows > 900 && p.instants.woken === p.flows && p.instants.wakes === p.flows')" true
	equal 'heap' "$(perfetto 'p.counters')" 1001
	equal 'marked as lossy' "$(perfetto 'p.dropped')" false
	# That the checks can fail.
	run node "$HELPERS/perfetto.mjs" < <(decode | awk '/TYPE_SLICE_END/ && !done++ { sub("END", "BEGIN") } { print }')
	equal 'of a broken file' "$status" 1
}

@test "clocks that differ and lost events leave a Perfetto file that keeps its rules" {
	trace 6000 8 odd
	view trace-perfetto
	equal 'said first' "${lines[0]}" 'lost: 36 events of 8 threads (most of them of worker-8 (1008): 8)'
	decode | node "$HELPERS/perfetto.mjs" >"$out/perfetto.json"
	equal 'marked as lossy' "$(perfetto 'p.dropped')" true
}

@test "the profiles of a trace are pprof's, and add up to the thread analysis" {
	trace 6000 8
	view trace-profile
	equal 'exit status' "$status" 0
	equal 'types' "$(columns "$out/test_work.net.pb.gz" | tr '\n' ' ')" 'contentions/count delay/nanoseconds[dflt] '
	echo '{}' >"$out/perfetto.json"
	equal network "$(sum "$out/test_work.net.pb.gz" 2)" "$(perfetto 's.ns.network')"
	equal sync "$(sum "$out/test_work.sync.pb.gz" 2)" "$(perfetto 's.ns.mutex + s.ns.cond + s.ns.semaphore + s.ns.join')"
	equal sched "$(sum "$out/test_work.sched.pb.gz" 2)" "$(perfetto 's.ns.runnable')"
	equal syscall "$(sum "$out/test_work.syscall.pb.gz" 2)" "$(perfetto 's.ns.syscall + s.ns.sleep')"
	equal running "$(sum "$out/test_work.running.pb.gz" 2)" "$(perfetto 's.ns.running')"
	# Of one group, and beside the whole one.
	view trace-profile --of cpu --group main
	equal main "$(sum "$out/test_work.running.part.pb.gz" 2)" 2000
	view trace-profile --of cpu --group wrok
	equal 'exit status' "$status" 1
	has "$stderr" 'there is work'
	# One that is asked for is made.
	rm "$out/test_work.sched.pb.gz"
	view top --kind sched
	has "$output" 'test_work: sched, '
}

@test "a dump has every event, in the order of time" {
	trace 6000 8
	view trace-dump
	equal 'said first' "${lines[0]}" '# nothing was lost'
	grep -v '^#' <<<"$output" | cut -d ' ' -f 1 | LC_ALL=C sort -c
	echo '{}' >"$out/perfetto.json"
	equal 'events' "$(grep -cvE '^#|^[^ ]* [^ ]* is-' <<<"$output")" "$(perfetto 'threads.reduce((n, t) => n + t.events, 0)')"
}

# of FILE FILTER: of what is in a file.
of() {
	json "$out/$1" "$2"
}

@test "the trace of a real convoy: who held its lock, its critical path, and Perfetto's rules" {
	"$PPROFMK" trace --bin "$FIXTURES/traced" --func test_convoy --out "$out" >/dev/null 2>&1
	mv "$out/test_convoy.trace" "$out/test_work.trace"
	for command in locks path; do
		"$PPROFMK" "trace-$command" --func test_work --out "$out" --format json >"$out/$command.json"
	done
	mutex='[.locks[] | select(.kind == "mutex" and (.pairs | any(.waiter.started_with == "convoy_main")))]'
	equal 'locks' "$(of locks.json "$mutex | length")" 1
	equal 'waits' "$(of locks.json "${mutex}[0] | .waits > 0 and .waits == ([.pairs[].waits] | add)")" true
	place='def at($f): .started_with == "convoy_main" and .stack[0].function == $f and .stack[1].function == "convoy_main";'
	equal 'other places' "$(of locks.json "$place [${mutex}[0].pairs[] |
		select((.waiter | at(\"pthread_mutex_lock\")) and (.ended_by | at(\"pthread_mutex_unlock\")) | not)] | length")" 0
	# The path has no gap, and goes from holder to holder.
	equal 'sum' "$(of path.json '([.steps[] | .end_ns - .start_ns] | add) == .to_ns - .from_ns')" true
	equal 'gaps' "$(of path.json '.steps as $s | [range(1; $s | length) | select($s[.].start_ns != $s[. - 1].end_ns)] | length')" 0
	equal 'hand-overs' "$(of path.json '.waits | any(.state == "mutex" and .waited_ns > 0 and .stack[1].function == "convoy_main" and
		.ended_at[0].function == "pthread_mutex_unlock")')" true
	equal 'works' "$(of path.json 'first(.functions[] | select(.function == "convoy_main")).cum_ns > 0')" true
	view trace-perfetto
	decode | node "$HELPERS/perfetto.mjs" >"$out/perfetto.json"
	equal 'arrows' "$(perfetto 'p.flows > 0')" true
}

@test "a part that is none, and a trace that is none" {
	trace 600 4
	view trace-stat --from 5s
	equal 'exit status' "$status" 2
	has "$stderr" 'nothing of the trace is between'
	view trace-path --to 1us
	equal 'exit status' "$status" 0
	run env PPROF_ARG_OUT="$out" timeout "$LIMIT" "$PPROFMK" trace-stat --func test_work --out "$out" --from 5s
	has "$output" 'between From= and To=: it is '
	run env PPROF_ARG_OUT="$out" timeout "$LIMIT" "$PPROFMK" trace-stat --func test_work --out "$out" --format xml
	equal 'as it was typed to make' "$output" 'pprofmk: Format=: "xml" is none of text|csv|json'
	run timeout "$LIMIT" "$PPROFMK" trace-stat --func test_wrk --out "$out"
	equal 'exit status' "$status" 1
	has "$output" 'there is one of Func=test_work'
	rm "$out/test_work.trace"
	for command in stat locks path profile dump perfetto; do
		view "trace-$command"
		equal "$command" "$status" 1
		has "$stderr" 'make pprof.trace Func=test_work'
	done
	echo 'no trace' >"$out/test_work.trace"
	view trace-dump
	equal 'exit status' "$status" 1
}
