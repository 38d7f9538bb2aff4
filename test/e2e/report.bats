#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Reports of a folder of profiles: figures, verdicts, comparisons, folders of several jobs; and folders that are not sound. What
# the page looks like: test/browser.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
	unset GITHUB_STEP_SUMMARY
}

# report OPTION...: sets status, output and stderr.
report() {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" report --out "$out" "$@"
	echo "$output"
	echo "$stderr" >&2
}

# merge OPTION...
merge() {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" merge "$@"
	echo "$output"
	echo "$stderr" >&2
}

# index FILTER: of index.json; `t(NAME)` is the test of that name.
index() {
	json "$out/index.json" "def t(\$name): first(.tests[] | select(.test == \$name)); $1"
}

# manifest TEST MEMBER...: a manifest of a test that passed for mem, with further members.
manifest() {
	printf '{"schema": 1, "test": "%s", "name": "%s", "date": "2026-01-02T03:04:05Z", "kinds": [{"kind": "mem",
		"outcome": "passed", "ended": "passed", "runs": 1, "lost": 0, "totals": {"mem": {"alloc_objects": 7}}, "leaks": []}]%s}\n' \
		"$1" "$1" "${2:+, $2}"
}

@test "figures and verdicts in all files" {
	profile mem_leaks test_leaks --kinds mem
	profile ending test_fails --kinds cpu --count 1
	profile ending test_aborts --kinds cpu --count 1
	profile ending test_is_skipped --kinds cpu --count 1
	GITHUB_STEP_SUMMARY=$PWD/step report
	equal 'exit status' "$status" 0
	equal 'what is said' "${lines[0]}" "$out/index.html"
	# 10 x 24 + 3 x 4096 + 5 x 200 + 9
	equal 'leaked' "$(index 't("test_leaks").metrics.leaked')" 13537
	equal 'leaked blocks' "$(index 't("test_leaks").metrics.leaked_blocks')" 19
	equal 'first leak' "$(index 't("test_leaks").leaks[0].bytes')" 12288
	equal 'verdicts' "$(index '.verdicts')" '{"passed":1,"skipped":1,"failed":1,"crashed":1}'
	equal 'files' "$(index 't("test_leaks").files')" '{"mem":"test_leaks.mem.pb.gz"}'
	equal 'summary' "$(head -n 1 "$out/summary.md")" '## Failed: 4 tests, 1 passed, 2 failed, 1 skipped'
	# shellcheck disable=SC2016 # Markdown
	grep -qF '| `test_leaks` | 13.22kB in 19 blocks, `calloc` < `leak_big` < `test_leaks` |' "$out/summary.md" ||
		grep -qF '13.22kB in 19 blocks' "$out/summary.md"
	cmp step "$out/summary.md"
	has "$(cat "$out/junit.xml")" '<testsuites name="pprof.mk" tests="4" failures="1" errors="1" skipped="1"'
	grep -A1 'name="test_fails"' "$out/junit.xml" | grep -qF '<failure type="failed" message="failed"/>'
	grep -A1 'name="test_aborts"' "$out/junit.xml" | grep -qF '<error type="crashed" message="killed by signal 6 (Aborted)'
	grep -A1 'name="test_is_skipped"' "$out/junit.xml" | grep -qF '<skipped/>'
	equal 'left beside them' "$(find "$out" -name '*.tmp')" ''
}

@test "names that are none are text, in every file" {
	run "$PPROFMK" test --bin "$FIXTURES/names" --out "$out" --kinds mem
	report
	equal 'exit status' "$status" 0
	equal 'what is not in the report' "$stderr" ''
	equal 'tests' "$(index '[.tests[] | select(.type == "test")] | length')" "$("$PPROFMK" list --bin "$FIXTURES/names" --out list | tail -n +2 | wc -l)"
	equal 'a name' "$(index 't("line\nfeed").outcome')" passed
	equal 'a name that is no UTF-8' "$(index 't("bytes \\xff\\xfe").outcome')" passed
	lacks "$(cat "$out/junit.xml" "$out/summary.md")" $'\e'
	run ! env LC_ALL=C grep -q $'\xff' "$out/junit.xml" "$out/summary.md" "$out/index.html" "$out/index.json"
}

@test "names that are Markdown are none in the summary" {
	mkdir "$out"
	manifest '`|`\n# *x*' | sed 's/"passed"/"failed"/g' >"$out/%60%7C%60%0A#%20%2Ax%2A.json"
	report
	equal 'what is not in the report' "$stderr" ''
	# shellcheck disable=SC2016 # Markdown
	grep -qxF '| `` `\|`�# *x* `` | `failed` |' "$out/summary.md"
}

@test "a trace's threads, as trace-stat has them; one that is damaged" {
	run "$PPROFMK" trace --bin "$FIXTURES/threads" --func "$("$PPROFMK" list --bin "$FIXTURES/threads" --out list | sed -n '2s/ .*//p')" --out "$out"
	name=$(basename "$out"/*.trace .trace)
	report
	equal 'files' "$(index '.tests[0].files')" "{\"trace\":\"$name.trace\"}"
	sed -n 's,.*id="traces">\(.*\)</script>,\1,p' "$out/index.html" >traces
	"$PPROFMK" trace-stat --func "$name" --out "$out" --format json >stat
	equal 'threads' "$(json traces '[.[0].threads[][:4]]')" \
		"$(json stat '[.groups[] | [.started_with] + (.threads[] | [.name, .tid, .total_ns])][:50]')"
	equal 'all threads' "$(json traces '.[0] | (.threads | length) + .left_out')" "$(json stat .threads)"
	equal 'what no state has' "$(json traces '[.[0].threads[] | .[3] - (.[4] | add) | select(. != 0)]')" '[]'
	head -c 100 "$out/$name.trace" >short
	mv short "$out/$name.trace"
	report
	equal 'exit status' "$status" 0
	has "$stderr" "$out/$name.trace: the trace can't be read"
}

@test "what got worse since a base, and what is not known" {
	mkdir base "$out"
	manifest test_same >base/test_same.json
	manifest test_more >base/test_more.json
	manifest test_less >base/test_less.json
	manifest test_gone >base/test_gone.json
	manifest test_broken >base/test_broken.json
	cp base/test_same.json "$out"
	manifest test_new >"$out/test_new.json"
	manifest test_more | sed 's/"alloc_objects": 7/"alloc_objects": 8/' >"$out/test_more.json"
	manifest test_less | sed 's/"alloc_objects": 7/"alloc_objects": 1/' >"$out/test_less.json"
	manifest test_broken | sed 's/"passed"/"failed"/g' >"$out/test_broken.json"
	report --base base
	equal 'exit status' "$status" 0
	equal 'changes' "$(index '[.base.changes[] | [.test, .measure, .old, .new, .worse]]')" \
		'[["test_more","allocs",7,8,true],["test_less","allocs",7,1,false]]'
	equal 'others' "$(index '.base | [.broken, .added, .gone]')" '[["test_broken"],["test_new"],["test_gone"]]'
	# shellcheck disable=SC2016 # Markdown
	has "$(cat "$out/summary.md")" '| `test_more` | `allocations` | 7 | 8 | +14.29% |'
	# shellcheck disable=SC2016
	has "$(cat "$out/summary.md")" '**Failed, and did not before**: `test_broken`'
	report --base nowhere
	equal 'exit status without the base' "$status" 1
	has "$stderr" 'nowhere: No such file or directory'
}

@test "what threads change by chance is no change" {
	profile mem_counts test_eight_threads --kinds mem
	profile mem_counts test_asprintf --kinds mem
	cp -r "$out" base
	# One allocation and one byte of the peak more, in either test.
	for name in test_eight_threads test_asprintf; do
		for type in alloc_objects peak_space; do
			was=$(json "$out/$name.json" ".kinds[0].totals.mem.$type")
			sed -i "s/\"$type\": $was,*\$/\"$type\": $((was + 1)),/" "$out/$name.json"
			sed -i -z 's/,\(\n *}\)/\1/g' "$out/$name.json"
		done
	done
	report --base base
	equal 'what is not in the report' "$stderr" ''
	equal 'changes' "$(index '[.base.changes[] | [.test, .measure, .new - .old]]')" \
		'[["test_asprintf","allocs",1],["test_asprintf","peak",1]]'
	has "$(cat "$out/summary.md")" '2 figures of tests with several threads differ as threads make them: not compared.'
}

@test "benchmarks are compared where they were run often enough" {
	mkdir base "$out"
	for n in 100 101 102 103 104 105; do printf 'BenchmarkA 1 %s ns/op\nBenchmarkB 1 %s ns/op\n' "$n" "$n"; done >base/bench_a.bench.txt
	for n in 120 121 122 123 124 125; do printf 'BenchmarkA 1 %s ns/op\nBenchmarkB 1 %s ns/op\n' "$n" "$((n - 20))"; done >"$out/bench_a.bench.txt"
	for folder in base "$out"; do
		manifest bench_a '"bench": {}, "files": {"bench": "bench_a.bench.txt"}' >"$folder/bench_a.json"
	done
	report --base base
	equal 'changes' "$(index '[.base.changes[] | [.test, .measure, .old, .new, .worse]]')" \
		'[["BenchmarkA","ns/op",102.5,122.5,true]]'
	printf 'BenchmarkA 1 900 ns/op\n' >"$out/bench_a.bench.txt"
	report --base base
	equal 'changes of one run' "$(index '.base.changes | length')" 0
	has "$(cat "$out/summary.md")" "figure of benchmarks can't be compared: too few runs"
}

@test "what is sound is reported, what is not is said" {
	profile mem_leaks test_leaks --kinds mem
	cp "$out/test_leaks.mem.pb.gz" whole
	head -c 300 whole >"$out/cut.mem.pb.gz"
	manifest cut '"files": {"mem": "cut.mem.pb.gz"}' >"$out/cut.json"
	# Of a job that was killed before it wrote the manifest.
	cp whole "$out/killed.mem.pb.gz"
	# 200 MB of zeroes.
	head -c 200M /dev/zero | gzip -1 >"$out/bomb.mem.pb.gz"
	printf '{"schema": 7, "test": "newer"}\n' >"$out/newer.json"
	printf '{"schema": 1, "te' >"$out/half.json"
	manifest elsewhere '"files": {"mem": "../whole"}' >"$out/elsewhere.json"
	ln -s /etc/passwd "$out/link.json"
	ln -s ../whole "$out/linked.mem.pb.gz"
	mkfifo "$out/pipe.json"
	mkdir "$out/folder.json"
	report
	equal 'exit status' "$status" 0
	for said in 'cut.mem.pb.gz: truncated at byte 300' 'bomb.mem.pb.gz: too large: it unpacks to more than 64 MiB' \
		'newer.json: manifest of another version: schema 7, this one reads 1' 'half.json: damaged at byte' \
		'elsewhere.json: it names a file of another test as its mem' 'link.json: no regular file' \
		'linked.mem.pb.gz: no regular file' 'pipe.json: no regular file' 'folder.json: no regular file'; do
		has "$stderr" "$out/$said"
		# shellcheck disable=SC2016 # Markdown
		grep -qF "\`${said%%:*}\`" "$out/summary.md"
	done
	equal 'problems' "$(index '.problems | length')" 9
	equal 'tests' "$(index '[.tests[].test]')" '["bomb","cut","elsewhere","killed","linked","test_leaks"]'
	equal 'the sound one' "$(index 't("test_leaks").metrics.leaked')" 13537
	equal 'the killed one' "$(index 't("killed").ended')" 'no manifest: the job ended before the test did'
}

@test "a full disk keeps the earlier report, and is said" {
	mkdir "$out"
	manifest test_a >"$out/test_a.json"
	report
	sum=$(cat "$out"/index.* "$out/summary.md" "$out/junit.xml" | cksum)
	manifest test_b >"$out/test_b.json"
	# No file may have a byte more than 0: a full disk.
	run bash -c 'ulimit -f 0; trap "" XFSZ; exec "$@" 2>&1 | cat' - "$PPROFMK" report --out "$out"
	has "$output" "$out/index.html: File too large; nothing was written there"
	has "$output" "$out/index.json: File too large; nothing was written there"
	equal 'the earlier one' "$(cat "$out"/index.* "$out/summary.md" "$out/junit.xml" | cksum)" "$sum"
	equal 'left beside it' "$(find "$out" -name '*.tmp')" ''
	GITHUB_STEP_SUMMARY=/dev/full report
	equal 'exit status without room for the summary' "$status" 1
	has "$stderr" '/dev/full (GITHUB_STEP_SUMMARY): No space left on device'
}

@test "tests of earlier runs are left out" {
	mkdir "$out"
	manifest test_old >"$out/test_old.json"
	manifest test_new | sed s/2026-01-02/2026-01-03/ >"$out/test_new.json"
	report --since "$(date -u -d 2026-01-03 +%s)"
	equal 'tests' "$(index '[.tests[].test]')" '["test_new"]'
	equal 'left out' "$(index '.left_out')" 1
	has "$(cat "$out/summary.md")" '1 test of earlier runs'
}

@test "merge: shards of one suite, a test that two have run, tests of the same name" {
	mkdir a b c
	run "$PPROFMK" test --package lib --bin "$FIXTURES/mem_leaks" --out a --kinds mem
	run "$PPROFMK" test --package lib --bin "$FIXTURES/mem_counts" --out b --kinds mem
	manifest test_twice '"package": "x"' | sed 's/"passed"/"failed"/g' >a/test_twice.json
	manifest test_twice '"package": "x"' >b/test_twice.json
	manifest test_named '"package": "one"' >a/test_named.json
	manifest test_named '"package": "two"' >c/test_named.json
	head -c 100 a/test_leaks.mem.pb.gz >c/cut.mem.pb.gz
	merge a b c nowhere --out "$out"
	equal 'exit status without one' "$status" 1
	has "$stderr" 'nowhere: No such file or directory'
	has "$stderr" 'b/test_twice.json: the test was run twice, and the run in a is taken'
	has "$stderr" 'c/cut.mem.pb.gz: '
	equal 'tests' "$(index '[.tests[] | select(.type == "test").test]')" \
		'["test_asprintf","test_eight_threads","test_every_call","test_leaks","test_named","test_no_leak","test_twice","two.test_named"]'
	equal 'the one that failed' "$(index 't("test_twice").outcome')" failed
	[ ! -e "$out/cut.mem.pb.gz" ]
	# The package's profile has what both have.
	equal 'bytes of the package' "$(sum "$out/lib.mem.pb.gz" 2)" $(($(sum a/lib.mem.pb.gz 2) + $(sum b/lib.mem.pb.gz 2)))
	equal 'tests of the package' "$(json "$out/lib.json" '.tests | length')" 5
	merge b --out "$out"
	equal 'exit status with a folder that is none' "$status" 1
	has "$stderr" "$out has tests already: give an empty folder with --out"
	merge --out other
	equal 'exit status without folders' "$status" 2
	# What it left is a folder like any other.
	merge "$out" --out again
	equal 'exit status of a merge of a merge' "$status" 0
	equal 'tests again' "$(json again/index.json '.tests | length')" "$(index '.tests | length')"
}

@test "a folder without tests, and none" {
	mkdir "$out"
	report
	equal 'exit status' "$status" 0
	equal 'summary' "$(cat "$out/summary.md")" '## Passed: 0 tests, 0 passed'
	rm -r "$out"
	report
	equal 'exit status without a folder' "$status" 1
}
