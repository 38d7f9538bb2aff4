#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The example project: it stands by itself, and the walk through its profiles in README.md holds.

# status, output and stderr are set by `run`.
# shellcheck disable=SC2154
load ../helpers/helpers

# A copy of the project as a user has it: $project, including the rules of this repository. Of what one test has built the next
# builds again what it changes.
setup_file() {
	checkout=$BATS_FILE_TMPDIR/checkout
	project=$checkout/examples/send-code
	mkdir -p "$project"
	(cd "$ROOT/examples/send-code" && tar --exclude=./_output -cf - .) | tar -xf - -C "$project"
	cp "$ROOT/.gitignore" "$checkout"
	sed -i -e "s,^include .*/scripts/,include $ROOT/scripts/," -e "s,-I[^ ]*/include,-I$ROOT/include," "$project/Makefile"
	# Without a repository of its own `git apply` would look for one above, and find it where TMPDIR is in ours.
	git init -q "$checkout"
	commit start
	git -C "$checkout" tag start
}

setup() {
	checkout=$BATS_FILE_TMPDIR/checkout
	project=$checkout/examples/send-code
	out=$project/_output/pprof
	git -C "$checkout" reset -q --hard start
	git -C "$checkout" clean -qfd
	rm -rf "$out"/*.*
}

# commit MESSAGE: everything.
commit() {
	git -C "$checkout" add -A
	git -C "$checkout" -c user.name=e2e -c user.email=e2e@example.org commit -qm "$1"
}

# mend FIX...: apply patches of fixes/.
mend() {
	local fix
	for fix; do
		git -C "$checkout" apply "examples/send-code/fixes/$fix.patch"
	done
}

# profile_example VARIABLE=VALUE...: as the README has it. Sets status, output and stderr.
profile_example() {
	run --separate-stderr timeout "$LIMIT" make -C "$project" PPROF_TOOL="$PPROFMK" pprof.test \
		Func=test_send_code Package=internal/controller/user "$@"
	echo "$output"
	echo "$stderr" >&2
}

# share FILE COLUMN REGEX: percent of the samples that have such a frame.
share() {
	percent "$(sum "$1" "$2" "$3")" "$(sum "$1" "$2")"
}

@test "the project builds and its tests pass, with nothing of ours but a header" {
	sed -i '/pprof\.mk$/d' "$project/Makefile"
	run timeout "$LIMIT" make -s -C "$project" CFLAGS='-O2 -g -Werror' all test
	equal 'exit status' "$status" 0
	equal programs "$(printf '%s\n' "$output" | grep -c 'PASSED')" 6
	run "$project/_output/bin/send-code" <<<'send phone=%2B491510000001'
	equal reply "${lines[-1]}" '200 The code is on its way.'
}

@test "each fix applies by itself, and the tests pass with all of them" {
	local fix
	sed -i '/pprof\.mk$/d' "$project/Makefile"
	for fix in "$project"/fixes/*.patch; do
		git -C "$checkout" apply --check "$fix"
	done
	mend hot-spot allocations leak
	run timeout "$LIMIT" make -s -C "$project" CFLAGS='-O2 -g -Werror' test
	equal 'exit status' "$status" 0
}

@test "cpu: the store's sweep is most of the time, and no more after the fix" {
	profile_example Kinds=cpu Time=500ms
	equal 'exit status' "$status" 0
	# Of the sweep's functions the hottest; drop_expired's own lines are at the edge of the top ten.
	has "$output" 'turn (internal/digest/sha256.c'
	within 'share of drop_expired' "$(share "$out/test_send_code.cpu.pb.gz" 2 '(^|;)drop_expired@')" 60 99
	mend hot-spot
	profile_example Kinds=cpu Time=500ms
	within 'share when mended' "$(share "$out/test_send_code.cpu.pb.gz" 2 '(^|;)drop_expired@')" 0 5
}

@test "mem: 40 requests that are refused leak three texts each, and none after the fix" {
	profile_example Kinds=mem
	equal 'exit status' "$status" 0
	has "$output" leaked
	equal 'blocks in use' "$(sum "$out/test_send_code.mem.pb.gz" 3 '(^|;)request_parse@')" 120
	mend leak
	profile_example Kinds=mem
	equal 'blocks in use when mended' "$(sum "$out/test_send_code.mem.pb.gz" 3 '(^|;)request_parse@')" 0
	# glibc keeps the stacks of threads that have ended, and their tables of thread-local storage.
	equal 'but for those of pthread_create' \
		"$(sum "$out/test_send_code.mem.pb.gz" 3)" \
		"$(sum "$out/test_send_code.mem.pb.gz" 3 '(^|;)pthread_create@')"
}

@test "mem: growing texts by doubling takes most allocations away" {
	local before after
	profile_example Kinds=mem
	before=$(sum "$out/test_send_code.mem.pb.gz" 1 '(^|;)text_append_char@')
	mend allocations
	profile_example Kinds=mem
	after=$(sum "$out/test_send_code.mem.pb.gz" 1 '(^|;)text_append_char@')
	within 'allocations of before, for one now' "$((before / after))" 10 100
}

@test "block and mutex: the handlers queue at the store's lock, and no more after the fix" {
	local before after
	# A run whose threads happen to share one CPU has few waits: twenty runs tell.
	profile_example Kinds=block Count=20
	equal 'exit status' "$status" 0
	before=$(sum "$out/test_send_code.mutex.pb.gz" 2 '(^|;)code_store_put@')
	# 100 to 300 ms on two CPUs with nothing else to do; the bounds are loose because the machine may be busy.
	within 'ns waited for the store' "$before" 5000000 10000000000
	within 'ns waited under a request' "$(sum "$out/test_send_code.block.pb.gz" 2 '(^|;)code_store_put@')" \
		5000000 10000000000
	mend hot-spot
	profile_example Kinds=block Count=20
	after=$(sum "$out/test_send_code.mutex.pb.gz" 2 '(^|;)code_store_put@')
	within 'when mended' "$after" 0 "$((before / 2))"
}

# bench_example TARGET VARIABLE=VALUE...: few iterations, as the figures themselves are not looked at. Sets status,
# output and stderr.
bench_example() {
	run --separate-stderr timeout "$LIMIT" make -C "$project" PPROF_TOOL="$PPROFMK" "pprof.$1" Benchtime=10x "${@:2}"
	echo "$output"
	echo "$stderr" >&2
}

# lines_of TEXT REGEX: how many of its lines match.
lines_of() {
	grep -cE -- "$2" <<<"$1" || :
}

@test "bench: a line for each size, with MB/s and no allocation, and profiles of the loop" {
	local kind
	bench_example bench Func=bench_sha256 Package=internal/digest
	equal 'exit status' "$status" 0
	equal lines "$(lines_of "$output" '^BenchmarkSha256/size=(16|1024|65536)(-[0-9]+)? *	 +10	.* ns/op	.* MB/s	 +0 B/op	 +0 allocs/op')" 3
	has "$(cat "$out/bench_sha256.bench.txt")" "$(grep '^Benchmark' <<<"$output")"
	for kind in cpu mem block mutex; do
		[ -s "$out/bench_sha256.$kind.pb.gz" ] || { echo "no profile of $kind"; false; }
	done
}

@test "bench: without Func every benchmark of the project, and none of its tests" {
	bench_example bench Package=internal/store Kinds=mem
	equal 'exit status' "$status" 0
	equal lines "$(lines_of "$output" '^BenchmarkCodeStorePut/alive=(10|100|1000)')" 3
	equal 'lines of others' "$(grep '^Benchmark' <<<"$output" | grep -vc '^BenchmarkCodeStorePut/')" 0
}

@test "bench: the worked comparison, with figures kept and with what is committed" {
	bench_example bench Func=bench_code_store_put Package=internal/store Kinds=mem Bench_count=2
	cp "$out/bench_code_store_put.bench.txt" "$project/before.txt"
	commit slow
	mend hot-spot
	bench_example bench Func=bench_code_store_put Package=internal/store Kinds=mem Bench_count=2
	bench_example bench.diff Func=bench_code_store_put Package=internal/store Base=before.txt
	equal 'exit status' "$status" 0
	has "$output" 'alive=1000'
	bench_example bench.diff Func=bench_code_store_put Package=internal/store Base=HEAD Bench_count=2
	equal 'exit status' "$status" 0
	has "$output" 'alive=1000'
	# The work tree is the user's, and stays as it was.
	equal 'changed files' "$(git -C "$checkout" status --porcelain -- examples/send-code/internal)" \
		' M examples/send-code/internal/store/code_store.c'
}
