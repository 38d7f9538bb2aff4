#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Benchmarks whose figures follow from their arithmetic, or that keep their own account (test/fixtures/bench_truth.c). Their
# text is read by test/helpers/gobench.awk, by Go's testing package and by benchstat. No figure is held against a clock but
# by the program's own readings of it.

load ../helpers/helpers

setup() {
	setup_out
}

# measure TEST OPTION...: on one processor, so that no name has a suffix, and without the profiles of cpu and waits.
measure() {
	local name=$1
	shift
	bench bench_truth "$name" --cpu 1 --kinds mem "$@"
	equal 'exit status' "$status" 0
}

# figure NAME UNIT EXPECTED: one run's.
figure() {
	equal "$1 $2" "$(figures "$1" "$2" | awk '{ printf "%s%.10g", (NR > 1 ? " " : ""), $1 }')" "$3"
}

# allocated NAME BYTES COUNT
allocated() {
	figure "$1" B/op "$2"
	figure "$1" allocs/op "$3"
}

# names: of the results in $text, in its order.
names() {
	awk -f "$HELPERS/gobench.awk" "$text" | awk -F '\t' '$1 == "figure" && $4 == "ns/op" { print $2 }'
}

# go_again FILE: its results as Go prints them.
go_again() {
	GOTOOLCHAIN=local GOFLAGS='' GOTELEMETRY=off GOCACHE="$ROOT/_output/test/go-cache" \
		"$(find_go)" run "$HELPERS/gobench.go" <"$1"
}

@test "bench: as many iterations as asked for, by the program's count" {
	local count
	for count in 1 2 100 12345; do
		measure bench_count --benchtime "${count}x"
		equal iterations "$(iterations BenchmarkCount)" "$count"
		figure BenchmarkCount runs "$count"
		figure BenchmarkCount measured "$count"
	done
}

@test "bench: the iterations of a run of so much time, by the program's count" {
	measure bench_count --benchtime 50ms
	figure BenchmarkCount measured "$(iterations BenchmarkCount)"
	# Those of the warm-up are not among them.
	within runs "$(figures BenchmarkCount runs)" "$(iterations BenchmarkCount)" 1e18
	# Of so short an operation there is room for many in 50 ms, on any machine.
	within iterations "$(iterations BenchmarkCount)" 10000 1e18
}

@test "bench: one line a run" {
	measure bench_count --benchtime 7x --bench-count 3
	equal iterations "$(iterations BenchmarkCount | xargs)" '7 7 7'
	figure BenchmarkCount runs '7 7 7'
}

# least SUB: ns/op of the fastest stretch of all runs in the manifest of bench_steps.
least() {
	json "$out/bench_steps.json" \
		"[.bench.results[] | select(.name == \"BenchmarkSteps/$1\").batches_ns_op[]] | min"
}

# ten_times MORE LESS: so many steps take ten times as long as those, within 30 %.
ten_times() {
	within "$1 steps to $2, in percent" "$(percent "$(least "steps=$1")" "$(least "steps=$2")")" 700 1300
}

# linear: of five tries one has to be within. Who shares the processor makes all work slower, for as long as it is there.
linear() {
	local try
	for try in 1 2 3 4 5; do
		measure bench_steps --benchtime 10ms --bench-count 10
		if ten_times 10000 1000 && ten_times 100000 10000; then
			return
		fi
	done
	return 1
}

@test "bench: ten times the work takes ten times as long" {
	linear
}

# clocked NAME: what all iterations took lies between the program's readings; digits that are not printed aside.
clocked() {
	local total
	total=$(awk -v a="$(figures "$1" ns/op)" -v n="$(iterations "$1")" 'BEGIN { print a * n }')
	within "ns of all iterations of $1" "$total" "$(figures "$1" within-ns | awk '{ print $1 * 0.999 }')" \
		"$(figures "$1" around-ns | awk '{ print $1 * 1.001 }')"
}

@test "bench: ns/op lies between the program's own readings of the clock" {
	measure bench_clock --benchtime 200x
	clocked BenchmarkClock
}

@test "bench: ns/op leaves out what the timer was stopped for" {
	measure bench_timer --benchtime 200x
	equal iterations "$(iterations BenchmarkTimer)" 200
	clocked BenchmarkTimer
}

@test "bench: allocations leave out what the timer was stopped for" {
	measure bench_timer --benchtime 100x
	allocated BenchmarkTimer 32 1
	local file=$out/bench_timer.mem.pb.gz
	equal 'while it ran' "$(sum "$file" 1 '(^|;)while_running@') $(sum "$file" 2 '(^|;)while_running@')" '100 3200'
	equal 'while it was stopped' "$(sum "$file" 1 '(^|;)while_stopped@')" 0
}

@test "bench: cpu samples leave out what the timer was stopped for" {
	"$FIXTURES/perf_works" || skip 'perf_event is refused here: a sample may be a tick late'
	bench bench_truth bench_timer --cpu 1 --benchtime 500ms
	equal 'exit status' "$status" 0
	local file=$out/bench_timer.cpu.pb.gz
	within 'samples while it ran' "$(sum "$file" 1 '(^|;)while_running@')" 50 1e9
	equal 'samples while it was stopped' "$(sum "$file" 1 '(^|;)while_stopped@')" 0
}

@test "bench: a reset forgets allocations, and keeps the iterations" {
	measure bench_reset --benchtime 100x
	equal iterations "$(iterations BenchmarkReset)" 100
	figure BenchmarkReset measured 100
	# 90 of 32 bytes, by 100 and rounded down.
	allocated BenchmarkReset 28 0
	# Profiles keep what they have, as Go's.
	equal 'in the profile' "$(sum "$out/bench_reset.mem.pb.gz" 1 '(^|;)bench_reset@')" 100
}

@test "bench: the profiles have what is in the loop, and nothing before and after it" {
	local file function
	bench bench_truth bench_around --cpu 1 --benchtime 300ms
	equal 'exit status' "$status" 0
	for file in "$out/bench_around.cpu.pb.gz" "$out/bench_around.mem.pb.gz"; do
		within "$file, in the loop" "$(sum "$file" 1 '(^|;)in_loop@')" 1 1e9
		for function in before_loop after_loop; do
			equal "$file, $function" "$(sum "$file" 1 "(^|;)$function@")" 0
		done
	done
	allocated BenchmarkAround 48 1
}

@test "bench: as many profiles as kinds" {
	bench bench_truth bench_around --cpu 1 --benchtime 10x
	equal 'exit status' "$status" 0
	equal files "$(cd "$out" && printf '%s ' *)" \
		'bench_around.bench.txt bench_around.block.pb.gz bench_around.cpu.pb.gz bench_around.json bench_around.mem.pb.gz bench_around.mutex.pb.gz '
	equal 'allocations in the profile' "$(sum "$out/bench_around.mem.pb.gz" 1) $(sum "$out/bench_around.mem.pb.gz" 2)" '10 480'
}

@test "bench: allocations are exact" {
	measure bench_allocations --benchtime 1000x
	allocated BenchmarkAllocations 260 3
	measure bench_allocations --benchtime 20ms
	allocated BenchmarkAllocations 260 3
}

@test "bench: what only the first iteration allocates is none of an operation, however long that is" {
	measure bench_first --benchtime 400ms
	allocated BenchmarkFirst 64 1
}

@test "bench: allocations of all threads, freed by others" {
	measure bench_exchange --benchtime 100x
	allocated BenchmarkExchange 80 2
}

@test "bench: allocations of parallel loops" {
	measure bench_parallel --benchtime 3000x
	allocated BenchmarkParallel/default 24 1
	allocated BenchmarkParallel/three 24 1
}

@test "bench: nothing allocated is 0" {
	measure bench_count --benchtime 100x
	allocated BenchmarkCount 0 0
}

@test "bench: MB/s is bytes by ns/op" {
	measure bench_bytes --benchtime 20ms
	local name=BenchmarkBytes
	# Go gives it two digits behind the point, ns/op four in all.
	within 'MB/s by ns/op, of 4096 bytes' \
		"$(awk -v mb="$(figures $name MB/s)" -v ns="$(figures $name ns/op)" 'BEGIN { print mb * ns / 1000 }')" 4080 4112
}

@test "bench: metrics, the last of a unit, and in place of ours" {
	measure bench_metrics --benchtime 10x
	figure BenchmarkMetrics/more frames/s 1234 # 1234.5, without a digit behind the point from 1000 on
	figure BenchmarkMetrics/more a-ratio 0.25
	figure BenchmarkMetrics/instead ns/op 42
	figure BenchmarkMetrics/instead MB/s 9
	allocated BenchmarkMetrics/instead 7 8
}

@test "bench: names of sub-benchmarks, nested ones too" {
	measure bench_names --benchtime 10x
	equal names "$(names | xargs)" \
		'BenchmarkNames/size=64/fast BenchmarkNames/size=64/with_a_space_ BenchmarkNames/size=128 BenchmarkNames/#00'
}

@test "bench: parallel loops share the iterations among the threads asked for" {
	measure bench_parallel --benchtime 1000x
	local name
	for name in BenchmarkParallel/default BenchmarkParallel/three; do
		equal "iterations of $name" "$(iterations $name)" 1000
		figure "$name" runs 1000
		figure "$name" measured 1000
	done
	figure BenchmarkParallel/default threads 1
	figure BenchmarkParallel/three threads 3
}

@test "bench: a line for each number of processors, with its threads" {
	[ "$(nproc)" -ge 2 ] || skip 'one processor only'
	bench bench_truth bench_parallel --cpu 1,2 --kinds mem --benchtime 1000x
	equal 'exit status' "$status" 0
	equal names "$(names | xargs)" \
		'BenchmarkParallel/default BenchmarkParallel/three BenchmarkParallel/default-2 BenchmarkParallel/three-2'
	figure BenchmarkParallel/default-2 asked 2
	figure BenchmarkParallel/default-2 threads 2
	figure BenchmarkParallel/default-2 runs 1000
	figure BenchmarkParallel/default cpus 1
	figure BenchmarkParallel/default-2 cpus 2
	figure BenchmarkParallel/three-2 threads 3
}

@test "bench: the body of any test, and not its fixtures" {
	local name
	for name in test_plain:BenchmarkTestPlain test_between_fixtures:BenchmarkTestBetweenFixtures; do
		measure "${name%:*}" --benchtime 50x
		equal "iterations of $name" "$(iterations "${name#*:}")" 50
		allocated "${name#*:}" 40 1
		equal 'allocations in the profile' \
			"$(sum "$out/${name%:*}.mem.pb.gz" 1) $(sum "$out/${name%:*}.mem.pb.gz" 2)" '50 2000'
	done
}

@test "bench: a loop that goes on by continue is whole" {
	measure bench_continue --benchtime 100x
	figure BenchmarkContinue runs 100
	figure BenchmarkContinue odd 50
}

@test "bench: a loop in a loop runs once each time" {
	measure bench_nested --benchtime 100x
	equal iterations "$(iterations BenchmarkNested)" 100
	figure BenchmarkNested outer 100
	figure BenchmarkNested inner 100
}

@test "bench: page faults and context switches of an operation" {
	measure bench_faults --benchtime 1000x --counters page-faults
	# What else the process touches for the first time is not a tenth of it.
	within 'page faults' "$(figures BenchmarkFaults page-faults/op)" 1 1.1
	measure bench_sleep --benchtime 50x --counters context-switches
	# A sleep gives the processor up; others may take it besides.
	within 'context switches' "$(figures BenchmarkSleep context-switches/op)" 1 5
}

@test "bench: CPU time of an operation, not of a sleep" {
	measure bench_sleep --benchtime 50x --counters task-clock
	within 'CPU time' "$(figures BenchmarkSleep cpu-ns/op)" 1 "$(figures BenchmarkSleep ns/op | awk '{ print $1 / 2 }')"
}

@test "bench: waits in the loop only" {
	bench bench_truth bench_sleep --cpu 1 --kinds block --benchtime 50x
	equal 'exit status' "$status" 0
	local file=$out/bench_sleep.block.pb.gz
	equal 'sleeps in the loop' "$(sum "$file" 1 '(^|;)sleep_in_loop@')" 50
	equal 'sleeps before it' "$(sum "$file" 1 '(^|;)sleep_before_loop@')" 0
}

@test "bench: the same non-PIE, unoptimised, built by clang, and with tcmalloc linked in" {
	local variant
	for variant in nopie unoptimised clang gperftools; do
		[ -x "$FIXTURES/bench_truth.$variant" ] || continue
		for name in bench_count:BenchmarkCount bench_allocations:BenchmarkAllocations; do
			bench "bench_truth.$variant" "${name%:*}" --cpu 1 --kinds mem --benchtime 100x
			equal "exit status of $variant" "$status" 0
			equal "iterations of $variant" "$(iterations "${name#*:}")" 100
		done
		allocated BenchmarkAllocations 260 3
	done
}

@test "bench: a loop that was left is reported, and is no result" {
	local name
	for name in bench_break bench_return bench_goto; do
		bench bench_truth "$name" --cpu 1 --kinds mem --benchtime 10x
		equal "exit status of $name" "$status" 1
		has "$output$stderr" break
		[ ! -e "$text" ] || equal "results of $name" "$(names)" ''
	done
}

@test "bench: config lines come before the results" {
	measure bench_count --benchtime 10x
	local config
	config=$(awk -f "$HELPERS/gobench.awk" "$text" | awk -F '\t' '$1 == "figure" { exit } { print $2 }' | xargs)
	has " $config " ' goos goarch pkg cpu compiler '
	equal goos "$(awk -f "$HELPERS/gobench.awk" "$text" | awk -F '\t' '$2 == "goos" { print $3 }')" linux
	equal cpu "$(awk -f "$HELPERS/gobench.awk" "$text" | awk -F '\t' '$2 == "cpu" { print $3 }')" \
		"$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
	# The file is what was shown.
	equal results "$(printf '%s\n' "$output" | grep ^Benchmark)" "$(grep ^Benchmark "$text")"
}

@test "bench: results are as Go prints them" {
	local name
	for name in bench_metrics bench_names bench_bytes bench_allocations bench_steps; do
		measure "$name" --benchtime 20x
		equal "results of $name" "$(sed -n 's/^\(Benchmark[^ \t]*\) *\t/\1\t/p' "$text")" "$(go_again "$text")"
	done
}

@test "bench: results are those of the manifest, by Go" {
	local bytes=4096
	measure bench_bytes --benchtime 12345x --bench-count 3
	json "$out/bench_bytes.json" ".bench.results[] | [.name, .iterations, .wall_ns / .iterations, \"ns/op\",
		$bytes * .iterations * 1e3 / .wall_ns, \"MB/s\", .bytes_op, \"B/op\", .allocs_op, \"allocs/op\"] | join(\" \")" \
		>"$BATS_TEST_TMPDIR/exact"
	equal results "$(grep ^Benchmark "$text" | sed 's/^\(Benchmark[^ \t]*\) *\t/\1\t/')" "$(go_again "$BATS_TEST_TMPDIR/exact")"
	equal runs "$(iterations BenchmarkBytes | xargs)" '12345 12345 12345'
}

@test "bench: benchstat reads them" {
	local benchstat
	benchstat=$(command -v benchstat || "$(find_go)" env GOPATH | sed 's,$,/bin/benchstat,')
	[ -x "$benchstat" ] || skip 'no benchstat here'
	measure bench_allocations --benchtime 100x --bench-count 6
	run "$benchstat" -format csv "$text"
	equal 'exit status' "$status" 0
	printf '%s\n' "$output" | grep -E '^Allocations,[0-9.e-]+,'
	printf '%s\n' "$output" | grep -E '^Allocations,260(,|$)'
	printf '%s\n' "$output" | grep -E '^Allocations,3(,|$)'
	lacks "$output" 'parse error'
}

@test "bench: in an ordinary run each loop runs once" {
	profile bench_truth bench_allocations --kinds mem --count 1
	equal 'exit status' "$status" 0
	equal allocations "$(sum "$out/bench_allocations.mem.pb.gz" 1) $(sum "$out/bench_allocations.mem.pb.gz" 2)" '3 260'
}

@test "header: without the runtime each loop runs once, whatever compiled it" {
	local compiler level link program=$BATS_TEST_TMPDIR/program
	for compiler in 'gcc -std=c11' 'clang -std=c11' 'g++ -x c++ -std=c++11' 'clang++ -x c++ -std=c++11'; do
		command -v "${compiler%% *}" >/dev/null || continue
		for level in -O0 -O2; do
			for link in '' '-fno-pie -no-pie' -static; do
				# shellcheck disable=SC2086 # several words each
				$compiler $level $link -Wall -Wextra -Wshadow -Wconversion -pedantic -Werror -I"$ROOT/include" \
					-o "$program" "$ROOT/test/fixtures/bench_header.c"
				run -0 "$program"
				equal "$compiler $level $link" "$output" 'runs 6 parallel 1 count 1 threads 1'
				# With the runtime and nothing asked of it too; a static program can't have it.
				run -0 env LD_PRELOAD="$BUILD/lib/libpprofmk.so" "$program"
				has "$output" 'runs 6 parallel 1 '
			done
		done
	done
}

@test "header: around an operation an iteration is three instructions: subtract, test, jump back" {
	[ "$(uname -m)" = x86_64 ] || skip 'instructions are counted on x86_64 only'
	local compiler source=$BATS_TEST_TMPDIR/loop.c
	printf '%s\n' '#include <pprofmk.h>' 'void op(void);' 'void loop(void) { PPROF_BENCH_LOOP() { op(); } }' >"$source"
	for compiler in gcc clang; do
		command -v "$compiler" >/dev/null || continue
		run -0 "$compiler" -O2 -S -I"$ROOT/include" -o - "$source"
		# From the call to the first jump; labels, directives and comments are none.
		equal "$compiler" "$(printf '%s\n' "$output" | awk '
			$1 ~ /:$/ { label = $1; next }
			$1 ~ /^[.#]/ { next }
			is_in { count++ }
			$1 ~ /^call/ && $2 ~ /^op(@PLT)?$/ { is_in = 1; start = label; count = 0 }
			is_in && $1 ~ /^j/ { print count, ($2 ":" == start ? "back" : "elsewhere"); exit }')" '3 back'
	done
}
