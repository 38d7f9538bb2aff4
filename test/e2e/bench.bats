#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `pprofmk bench`: what it prints and leaves behind, of good benchmarks and of bad ones. Whether its figures are true is
# test/truth/bench.bats.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
}

# bench TEST OPTION...: of the fixture, into $out. Sets status, output and stderr.
bench() {
	local name=$1
	shift
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" bench --bin "$FIXTURES/bench_endings" --func "$name" \
		--out "$out" --benchtime 10x "$@"
	echo "$output"
	echo "$stderr" >&2
}

# results [TEXT]: the names of the results, one a line.
results() {
	printf '%s\n' "${1-$output}" | awk '/^Benchmark/ { print $1 }'
}

# cpus: what is said behind a name without --cpu.
cpus() {
	[ "$(nproc)" = 1 ] || printf -- '-%s' "$(nproc)"
}

# bad TEST WHY [KEPT]: it fails with 1 and says why, and the result of KEPT is there all the same.
bad() {
	equal 'exit status' "$status" 1
	has "$output" "--- FAIL: $1"
	has "$output" "$2"
	equal results "$(results | sort -u)" "${3:+$3$(cpus)}"
	whole_files "$out"
}

@test "bench: a result, its file, its profiles" {
	bench bench_good
	equal 'exit status' "$status" 0
	equal results "$(results)" "BenchmarkGood$(cpus)"
	printf '%s\n' "$output" | grep -qE "^BenchmarkGood$(cpus)"$'\t''      10'$'\t'' +[0-9.]+ ns/op'$'\t''       0 B/op'$'\t''       0 allocs/op$'
	equal files "$(ls "$out")" "$(printf '%s\n' bench_good.{bench.txt,block.pb.gz,cpu.pb.gz,json,mem.pb.gz,mutex.pb.gz})"
	# The file has all of it but where things are and what comes next.
	equal 'the file' "$(cat "$out/bench_good.bench.txt")" "$(printf '%s\n' "$output" | grep -v '^# results and\|^# next')"
	whole_files "$out"
	equal results "$(json "$out/bench_good.json" '[.bench.results[] | .name, .iterations, .run, .allocs_op] | join(",")')" \
		"BenchmarkGood$(cpus),10,1,0"
	equal 'asked for' "$(json "$out/bench_good.json" '[.bench | .iterations, .runs] | join(",")')" 10,1
	equal passes "$(json "$out/bench_good.json" '[.kinds[].kind | select(. != "time")] | join(",")')" mem,cpu,block
	equal 'file in the manifest' "$(json "$out/bench_good.json" .files.bench)" bench_good.bench.txt
}

@test "bench: the header says what was measured on what" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --package lib/codec --bin "$FIXTURES/bench_endings" \
		--func bench_good --out "$out" --benchtime 10x --kinds mem
	equal goos "$(printf '%s\n' "$output" | sed -n 's/^goos: //p')" linux
	equal pkg "$(printf '%s\n' "$output" | sed -n 's/^pkg: //p')" lib/codec
	equal cpu "$(printf '%s\n' "$output" | sed -n 's/^cpu: //p')" "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
	has "$(printf '%s\n' "$output" | sed -n 's/^compiler: //p')" "$(cc -dumpfullversion)"
	has "$(printf '%s\n' "$output" | sed -n 's/^flags: //p')" '-fno-optimize-sibling-calls'
	# All other lines are results, or comments: a reader of the format takes nothing else for something it knows.
	equal others "$(printf '%s\n' "$output" | grep -vE '^(goos|goarch|pkg|cpu|compiler|flags|commit): |^Benchmark|^# ')" ''
}

@test "bench: the commit of the program's folder, and whether it was changed" {
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	git init -q project
	cp "$FIXTURES/bench_endings" project/program
	echo one >project/file
	git -C project add file
	git -C project -c user.name=n -c user.email=e@example.org commit -q -m one
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --bin project/program --func bench_good --out "$out" --benchtime 1x --kinds mem
	equal commit "$(printf '%s\n' "$output" | sed -n 's/^commit: //p')" "$(git -C project rev-parse HEAD)"
	echo two >project/file
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --bin project/program --func bench_good --out "$out" --benchtime 1x --kinds mem
	equal commit "$(printf '%s\n' "$output" | sed -n 's/^commit: //p')" "$(git -C project rev-parse HEAD)-dirty"
}

@test "bench: parts, units and names are Go's" {
	local n
	n=$(cpus)
	bench benchmark_full_house_1_64 --kinds mem
	equal 'exit status' "$status" 0
	equal names "$(results)" "$(printf 'BenchmarkFullHouse1_64/%s\n' "size=8$n" "size=64$n" "with_space$n" "with_space#01$n")"
	# In this order, each a value and a unit; the width of the names is one.
	equal units "$(printf '%s\n' "$output" | awk '/size=8/ && /^Benchmark/ { for (i = 4; i <= NF; i += 2) printf "%s ", $i }')" \
		'ns/op MB/s apples/op zebras/op B/op allocs/op '
	equal values "$(printf '%s\n' "$output" | awk '/size=64/ && /^Benchmark/ { print $2, $7, $9, $11, $13 }')" '10 1234567 0.5000 64 1'
	equal widths "$(printf '%s\n' "$output" | awk -F '\t' '/^Benchmark/ { print length($1) }' | sort -u | wc -l)" 1
}

@test "bench: the program's own figures replace ours" {
	bench bench_overrides --kinds mem
	equal line "$(printf '%s\n' "$output" | grep ^Benchmark)" \
		"BenchmarkOverrides$(cpus)"$'\t      10\t        12.25 ns/op\t   3.50 MB/s\t      77 B/op\t       7 allocs/op'
}

@test "bench: runs, and numbers of processors" {
	bench bench_good --bench-count 3 --cpu 1,2 --kinds mem
	equal 'exit status' "$status" 0
	equal names "$(results | uniq -c | awk '{ print $1, $2 }')" "$(printf '%s\n' '3 BenchmarkGood' '3 BenchmarkGood-2')"
	has "$output" '(3 runs)'
	equal 'in the manifest' "$(json "$out/bench_good.json" '[.bench.results[] | "\(.cpus):\(.run)"] | join(",")')" 1:1,1:2,1:3,2:1,2:2,2:3
}

@test "bench: counters that need no permission, where there is none" {
	run --separate-stderr timeout "$LIMIT" "$FIXTURES/no_perf" "$PPROFMK" bench --bin "$FIXTURES/bench_endings" --func bench_good \
		--out "$out" --benchtime 10x --kinds mem --counters task-clock,page-faults,context-switches
	equal 'exit status' "$status" 0
	equal units "$(printf '%s\n' "$output" | awk '/^Benchmark/ { for (i = 4; i <= NF; i += 2) printf "%s ", $i }')" \
		'ns/op context-switches/op cpu-ns/op page-faults/op B/op allocs/op '
}

@test "bench: hardware counters where there are any, else one note for all tests" {
	bench 'bench_[go]*' --kinds mem
	equal 'exit status' "$status" 0
	if has "$output" instructions/op 2>/dev/null; then
		lacks "$output" '# no instructions'
	else
		equal notes "$(printf '%s\n' "$output" | grep -c '^# no instructions: ')" 1
		has "$(cat "$out/bench_good.bench.txt")" '# no instructions: '
	fi
}

@test "bench: no name: those that are benchmarks by their names" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --bin "$FIXTURES/bench_header" --out "$out" --benchtime 1x --kinds mem
	lacks "$(ls "$out")" test_
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --bin "$FIXTURES/ending" --out "$BATS_TEST_TMPDIR/none" --benchtime 1x
	equal 'exit status' "$status" 2
	has "$stderr" 'bench_ or benchmark_'
	[ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "bench: any test is one when it is named" {
	bench test_body --kinds mem
	equal 'exit status' "$status" 0
	equal results "$(results)" "BenchmarkTestBody$(cpus)"
	lacks "$output" 'near what timing it takes'
	bench test_body_with_fixtures --kinds mem
	equal results "$(results)" "BenchmarkTestBodyWithFixtures$(cpus)"
	has "$output" 'near what timing it takes'
}

@test "bench: no test of that name: 2, and the nearest" {
	bench bench_godo
	equal 'exit status' "$status" 2
	has "$stderr" 'did you mean bench_good'
}

@test "bench: a value that is wrong: 1 of the time to measure, 2 of all else; says what is right, runs nothing, keeps what is there" {
	local option value expected
	mkdir -p "$out"
	echo 'BenchmarkKept 1 1 ns/op' >"$out/bench_good.bench.txt"
	while read -r expected option value; do
		run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --bin "$FIXTURES/bench_endings" --func bench_good --out "$out" "--$option=$value"
		equal "exit status of $option=$value" "$status" "$expected"
		has "$stderr" "--$option: \"$value\""
		equal 'files' "$(ls -A "$out")" bench_good.bench.txt
		equal 'its text' "$(cat "$out/bench_good.bench.txt")" 'BenchmarkKept 1 1 ns/op'
	done <<-'END'
		1 benchtime abc
		1 benchtime 0x
		1 benchtime 0s
		1 benchtime -1x
		1 benchtime 100
		1 benchtime
		2 bench-count 0
		2 bench-count many
		2 cpu 0
		2 cpu 1,
		2 cpu 1,two
		2 counters instructions,sheep
		2 kinds time
		2 timeout 0s
	END
}

@test "bench: one that fails: 1, what it printed, what was good" {
	bench bench_fails
	bad BenchmarkFails/bad '0x36 != 0x2a' BenchmarkFails/good
	[ -s "$out/bench_fails.cpu.pb.gz" ]
	has "$(cat "$out/bench_fails.bench.txt")" 'BenchmarkFails/good'
	# Indented: no reader takes it for a line of ours.
	equal 'output at the margin' "$(printf '%s\n' "$output" | grep -c '^\[')" 0
}

@test "bench: one that crashes: 1" {
	bench bench_crashes --kinds mem
	bad BenchmarkCrashes/bad 'Segmentation fault' BenchmarkCrashes/good
	bench bench_aborts --kinds mem
	bad BenchmarkAborts/bad 'killed by signal 6' BenchmarkAborts/good
}

@test "bench: one that never ends: 1, where it was" {
	bench bench_hangs --timeout 500ms
	bad BenchmarkHangs 'stopped at the time limit'
	has "$stderr" wait_forever
}

@test "bench: one that takes memory without end: 1" {
	bench bench_takes_all_memory --benchtime 1000000x --kinds mem
	bad BenchmarkTakesAllMemory 'half of the memory available'
}

@test "bench: one that leaves its loop: 1" {
	bench bench_leaves --kinds mem
	bad BenchmarkLeaves/bad 'left by break' BenchmarkLeaves/good
}

@test "bench: two loops without a part for each: 1" {
	bench bench_two_loops --kinds mem
	bad BenchmarkTwoLoops 'two loops' BenchmarkTwoLoops
}

@test "bench: a part without a loop: 1" {
	bench bench_no_loop --kinds mem
	bad BenchmarkNoLoop/bad 'did not come to its end' BenchmarkNoLoop/good
}

@test "bench: a part in a body that has no loop is one, however often the body is called" {
	bench bench_part_of_body --benchtime 5000x --kinds mem
	bad BenchmarkPartOfBody/part 'did not come to its end' BenchmarkPartOfBody
	equal 'said so often' "$(printf '%s\n' "$output" | grep -c '^--- FAIL')" 1
}

@test "bench: a test that can't be repeated: 1" {
	bench test_fails_at_the_17th --benchtime 100x --kinds mem
	bad BenchmarkTestFailsAtThe17th 'not repeatable: passed first, then failed'
	bench test_skips_at_the_17th --benchtime 100x --kinds mem
	bad BenchmarkTestSkipsAtThe17th 'not repeatable: passed first, then skipped itself'
}

@test "bench: runs that do not do the same: 1" {
	bench bench_changes_names --bench-count 2 --kinds mem -- "$BATS_TEST_TMPDIR/names"
	equal 'exit status' "$status" 1
	has "$output" "/odd$(cpus): in 1 of 2 runs only"
	has "$output" "/even$(cpus): in 1 of 2 runs only"
	# One run only, but the one for allocations before it was a process too: the first, and this the fourth.
	rm "$BATS_TEST_TMPDIR/names"
	bench bench_changes_names --counters page-faults --kinds mem -- "$BATS_TEST_TMPDIR/names"
	equal 'exit status' "$status" 1
	has "$output" "/odd$(cpus): in the pass for allocations only"
	has "$output" "/even$(cpus): not in the pass for allocations"
	bench bench_changes_metrics --bench-count 2 --kinds mem -- "$BATS_TEST_TMPDIR/metrics"
	equal 'exit status' "$status" 1
	has "$output" 'frames/s is in 1 of its 2 runs only'
}

@test "bench: a timer that was never running is no figure of 0 ns" {
	bench bench_timer_stopped --benchtime 1ms --kinds mem
	has "$output" '0 ns/op: no time passed'
}

@test "bench: an empty loop is called one" {
	bench bench_empty --benchtime 20ms --kinds mem
	equal 'exit status' "$status" 0
	has "$output" 'no slower than an empty loop'
}

@test "bench: a test that skips itself is no failure" {
	bench bench_is_skipped --kinds mem
	equal 'exit status' "$status" 0
	equal results "$(results)" ''
	has "$output" 'skips itself'
}

@test "bench: a unit that is none is said" {
	bench bench_own_metric_unit --kinds mem
	has "$output" '"two words" is no unit'
	equal results "$(results)" "BenchmarkOwnMetricUnit$(cpus)"
}

@test "bench: one of several is bad: the others are measured, 1" {
	bench 'bench_[gfo]*' --kinds mem
	equal 'exit status' "$status" 1
	equal results "$(results | sort -u)" "$(printf 'Benchmark%s\n' "Fails/good$(cpus)" "Good$(cpus)" "Overrides$(cpus)" "OwnMetricUnit$(cpus)")"
	has "$output" '# 4 of 4 tests run as benchmarks, 1 of them failed'
	whole_files "$out"
}

@test "bench: Ctrl-C keeps what was measured" {
	local pid
	"$PPROFMK" bench --bin "$FIXTURES/bench_endings" --func 'bench_[go]*' --out "$out" --benchtime 50ms --bench-count 1000 \
		>"$BATS_TEST_TMPDIR/printed" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	pid=$!
	for _ in $(seq 600); do
		! grep -q '^Benchmark' "$BATS_TEST_TMPDIR/printed" || break
		sleep 0.1
	done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	equal 'exit status' "$status" 1
	has "$(cat "$BATS_TEST_TMPDIR/errors")" interrupted
	[ "$(results "$(cat "$out/bench_good.bench.txt")" | wc -l)" -ge 1 ]
	equal 'results in the file and printed' "$(grep ^Benchmark "$out/bench_good.bench.txt")" "$(grep ^Benchmark "$BATS_TEST_TMPDIR/printed")"
	lacks "$(cat "$BATS_TEST_TMPDIR/printed")" FAIL
	has "$(cat "$BATS_TEST_TMPDIR/printed")" '# 1 of 3 tests run as benchmarks, 0 of them failed'
	whole_files "$out"
}

@test "bench: nothing of progress where no terminal is" {
	bench bench_good --kinds mem
	lacks "$output" $'\r'
	lacks "$output" $'\033'
	lacks "$stderr" $'\033'
}

@test "bench: a program's output, however much, costs no memory and is cut" {
	bench bench_prints_without_end --benchtime 100000x --kinds mem
	equal 'exit status' "$status" 1
	has "$output" 'bench_prints_without_end'
	[ "${#output}" -lt 100000 ]
}

@test "bench: whatever names there are, every line is UTF-8 and every result has pairs of values and units" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --package $'p\xffq' --bin "$FIXTURES/names" --func '*' --out "$out" \
		--benchtime 1x --kinds mem
	equal 'exit status' "$status" 0
	printf '%s\n' "$output" | iconv -f UTF-8 -t UTF-8 >/dev/null
	equal 'results of tests' "$(results | wc -l)" 22
	equal 'odd numbers of fields' "$(printf '%s\n' "$output" | awk '/^Benchmark/ && NF % 2' | wc -l)" 0
	lacks "$output" $'\033'
	equal 'other lines' "$(printf '%s\n' "$output" | grep -vE '^(goos|goarch|pkg|cpu|compiler|flags|commit): |^Benchmark|^# ')" ''
}

@test "bench: a name with a newline makes no line of its own" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --bin "$FIXTURES/names" --func $'line\nfeed' --out "$out" \
		--benchtime 1x --kinds mem
	equal 'exit status' "$status" 0
	equal results "$(results)" "BenchmarkLine_feed$(cpus)"
	equal 'lines of other things' "$(printf '%s\n' "$output" | grep -vE '^(goos|goarch|pkg|cpu|compiler|flags|commit): |^Benchmark|^# ')" ''
}

@test "bench: tests of one name in two programs of a package are two packages to a reader" {
	cp "$FIXTURES/bench_endings" one
	cp "$FIXTURES/bench_endings" two
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" bench --package lib/codec --bin one two --func bench_good --out "$out" \
		--benchtime 1x --kinds mem
	equal 'exit status' "$status" 0
	equal packages "$(printf '%s\n' "$output" | sed -n 's/^pkg: //p')" "$(printf 'lib/codec/%s\n' one two)"
	equal results "$(results)" "$(printf 'BenchmarkGood%s\n' "$(cpus)" "$(cpus)")"
	# What is the same for both is said once.
	equal 'lines of goos' "$(printf '%s\n' "$output" | grep -c '^goos: ')" 1
	equal 'in each file' "$(cat "$out"/*.bench.txt | grep -c '^goos: ')" 2
}
