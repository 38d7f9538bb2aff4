#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What has changed in a profile: as a table, and in pprof's own pages.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	[ -z "${pid-}" ] || kill "$pid" 2>/dev/null || :
}

# diff_of OPTION...: sets status, output and stderr.
diff_of() {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" diff --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

# line TEXT: the line of output that ends with it.
line() {
	printf '%s\n' "$output" | grep -- "$1\$" | head -n 1
}

# Run twice, it has twice as many allocations, and as many in a run.
@test "memory: exact, of one run of the test, from a file or a folder" {
	profile mem_counts test_asprintf --kinds mem --count 2
	mkdir old
	cp "$out/test_asprintf.mem.pb.gz" old
	profile mem_counts test_asprintf --kinds mem
	bytes=$(sum "$out/test_asprintf.mem.pb.gz" 2)
	equal 'twice the runs' "$(sum old/test_asprintf.mem.pb.gz 2)" $((2 * bytes))
	diff_of --func test_asprintf --kind mem --format text --base old
	equal 'exit status' "$status" 0
	has "${lines[0]}" 'old  old/test_asprintf.mem.pb.gz, 2 runs of the test'
	has "${lines[1]}" "new  $out/test_asprintf.mem.pb.gz, 1 run of the test"
	has "$(line 'all of it')" '  ~  equal  '
	lacks "$output" exact
	diff_of --func test_asprintf --kind mem --type alloc_objects --format text --base old/test_asprintf.mem.pb.gz
	has "$(line 'all of it')" '  ~  equal  '
	profile mem_counts test_every_call --kinds mem
	cp "$out/test_every_call.mem.pb.gz" old/test_asprintf.mem.pb.gz
	diff_of --func test_asprintf --kind mem --format text --base old
	equal 'exit status' "$status" 0
	has "$(line 'all of it')" '  exact  '
}

# changed: how many functions are said to have changed, in either table.
changed() {
	printf '%s\n' "$output" | grep -cE '  ([-+][0-9.]+%|new)  .*(<0|0)\.[0-9]{3}  ' || :
}

# The fixture's short test works 2.5 ms, its tiny one 40 us: 98.4 % less of everything.
@test "cpu: the same test is noise, another is not; several runs" {
	mkdir -p old/1 old/2 "$out/1" "$out/2" tiny
	for run in 1 2; do
		profile cpu_split test_cpu_split_short --kinds cpu --count 40
		mv "$out"/test_cpu_split_short.* "old/$run"
		profile cpu_split test_cpu_split_short --kinds cpu --count 80
		mv "$out"/test_cpu_split_short.* "$out/$run"
	done
	diff_of --func test_cpu_split_short --kind cpu --format text --base old
	equal 'exit status' "$status" 0
	has "${lines[0]}" 'old  old, 2 profiles, 80 runs of the test'
	has "${lines[1]}" "new  $out, 2 profiles, 160 runs of the test"
	equal 'functions that are said to have changed' "$(changed)" 0
	profile cpu_split test_cpu_split_tiny --kinds cpu --count 2000
	cp "$out/test_cpu_split_tiny.cpu.pb.gz" tiny/test_cpu_split_short.cpu.pb.gz
	diff_of --func test_cpu_split_short --kind cpu --format text --base tiny
	within 'functions that are said to have changed' "$(changed)" 6 20
	has "$(line 'work_sixty .*:[0-9]*)')" '<0.001'
	has "$output" 'one profile of a side does not say how much the machine varies'
	# Of a profile that does not say how often the test was run, shares are the same.
	go_pprof -proto -output="$PWD/both.pb.gz" old/1/test_cpu_split_short.cpu.pb.gz old/2/test_cpu_split_short.cpu.pb.gz
	diff_of --func test_cpu_split_short --kind cpu --format text --base both.pb.gz --normalize yes
	equal 'functions whose share is said to have changed' "$(changed)" 0
}

@test "pprof shows the difference: what has not changed is 0" {
	profile mem_counts test_asprintf --kinds mem --count 2
	mkdir old
	cp "$out/test_asprintf.mem.pb.gz" old
	profile mem_counts test_asprintf --kinds mem
	"$PPROFMK" diff --func test_asprintf --kind mem --base old --out "$out" --port 0 >said 2>&1 3>&- &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		grep -q http said && break
		sleep 0.1
	done
	cat said
	address=$(grep -o 'http://[^ ]*' said)
	curl -sS --max-time 30 "$address/ui/top" >page
	kill "$pid"
	wait "$pid"
	pid=
	has "$(cat said)" 'mem of test_asprintf, compared: http://'
	# The base, which was of two runs, is that of one, and there are no rows.
	has "$(cat page)" "makeTopTable( $(sum "$out/test_asprintf.mem.pb.gz" 2) ,  null )"
}

@test "what is wrong is said" {
	profile mem_counts test_asprintf --kinds mem
	diff_of --func test_asprint --kind mem --format text --base "$out"
	equal 'exit status without a profile' "$status" 1
	has "$stderr" 'there is one of Func=test_asprintf'
	mkdir empty
	diff_of --func test_asprintf --kind mem --format text --base empty
	equal 'exit status without an old one' "$status" 1
	has "$stderr" 'empty has no mem profile of test_asprintf, and neither has a folder in it'
	diff_of --func test_asprintf --kind mem --format text --base nowhere
	equal 'exit status without a base' "$status" 1
	has "$stderr" 'nowhere: No such file'
	diff_of --func test_asprintf --kind mem --format text --base "$out" --type bananas
	equal 'exit status of a wrong type' "$status" 2
	head -c 100 "$out/test_asprintf.mem.pb.gz" >cut.mem.pb.gz
	diff_of --func test_asprintf --kind mem --format text --base cut.mem.pb.gz
	equal 'exit status of a damaged one' "$status" 1
	profile mem_counts test_asprintf --kinds cpu --count 1
	diff_of --func test_asprintf --kind mem --format text --base "$out/test_asprintf.cpu.pb.gz"
	equal 'exit status of another kind' "$status" 1
	has "$stderr" 'has no sample type "alloc_space" in bytes to compare with'
	diff_of --func test_asprintf --kind mem --base "$out" --alpha 2
	equal 'exit status of a wrong alpha' "$status" 2
}

@test "what has not changed stands in the order of its size" {
	profile mem_counts test_every_call --kinds mem
	diff_of --func test_every_call --kind mem --format text --base "$out/test_every_call.mem.pb.gz"
	equal 'exit status' "$status" 0
	equal 'unchanged, the largest first' "$(printf '%s\n' "$output" | sed -n '/in the function itself/,/^$/p' | awk '$3 == "~" { print $1 }' | head -n 10)" \
		"$(timeout "$LIMIT" "$PPROFMK" top --func test_every_call --kind mem --out "$out" | awk 'NR > 2 && $1 != "0" && $2 ~ /%/ { print $1 }')"
}

@test "a base that is not there: what it could be" {
	profile mem_counts test_asprintf --kinds mem
	diff_of --func test_asprintf --kind mem --format text --base nowhere
	equal 'exit status' "$status" 1
	has "$stderr" 'nowhere: No such file or directory; give a profile, test_asprintf.mem.pb.gz, or a folder that has it'
	run timeout "$LIMIT" "$PPROFMK" flame-diff --func test_asprintf --kind mem --base nowhere --out "$out"
	equal 'exit status' "$status" 1
	has "$output" 'nowhere: No such file or directory; give a profile, test_asprintf.mem.pb.gz, or a folder that has it'
}
