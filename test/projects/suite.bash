# SPDX-License-Identifier: MIT
# What the suites' tests share. Each suite is run once by its own runner, and once by us in every kind, for all tests of
# its file.
#
# PROJECTS is where run.sh has put the sources and builds.

# Set by `setup` and by suite_of.
# shellcheck disable=SC2154
PROJECTS=${PROJECTS:-$ROOT/_output/projects}
load facts

# both PROJECT: run it, for setup_file. What is said of it is in $BATS_FILE_TMPDIR then: own, ours and list; profiles in
# all.
both() {
	local all=$BATS_FILE_TMPDIR/all
	suite_of "$1"
	plainly own_verdicts "$1" >"$BATS_FILE_TMPDIR/own"
	# It fails where a test does, which is compared later.
	plainly timeout 300 "$PPROFMK" test "${suite[@]}" --out "$all" --count 1 >"$BATS_FILE_TMPDIR/log" 2>&1 || :
	our_verdicts "$all" >"$BATS_FILE_TMPDIR/ours"
	plainly our_list "$all" >"$BATS_FILE_TMPDIR/list"
}

# lists_agree PROGRAMS TESTS: what the tool lists is what cmocka announced, and so many.
lists_agree() {
	equal tests "$(cat "$BATS_FILE_TMPDIR/list")" "$(cut -d ' ' -f 1,2 "$BATS_FILE_TMPDIR/own")"
	equal 'number of programs' "$(cut -d ' ' -f 1 "$BATS_FILE_TMPDIR/list" | uniq | wc -l)" "$1"
	equal 'number of tests' "$(wc -l <"$BATS_FILE_TMPDIR/list")" "$2"
}

# verdicts_agree PROJECT: in each of three kinds, but for those that have a reason.
verdicts_agree() {
	equal 'verdicts under us' "$(wc -l <"$BATS_FILE_TMPDIR/ours")" $((3 * $(wc -l <"$BATS_FILE_TMPDIR/own")))
	equal 'verdicts that differ' "$(unequal "$BATS_FILE_TMPDIR/own" "$BATS_FILE_TMPDIR/ours")" "$(with_reason "$1")"
}

# has_named FILE REGEX: go tool pprof can read the profile, and functions in it have such names.
has_named() {
	go_pprof -top -nodecount=1000 "$1" >"$BATS_TEST_TMPDIR/top" || { cat "$BATS_TEST_TMPDIR/pprof.err" >&2; return 1; }
	grep -qE " $2" "$BATS_TEST_TMPDIR/top" || { echo "$1: nothing named $2" >&2; cat "$BATS_TEST_TMPDIR/top" >&2; return 1; }
}

# profile_longest PROJECT: the three longest tests in every kind.
profile_longest() {
	local title regex
	suite_of "$1"
	regex=$(library_of "$1")
	for title in $(longest "$BATS_FILE_TMPDIR/all"); do
		plainly timeout "$LIMIT" "$PPROFMK" test "${suite[@]}" --func "$title" --out "$out" --time 200ms \
			>"$BATS_TEST_TMPDIR/log" 2>&1 || { echo "$title" >&2; cat "$BATS_TEST_TMPDIR/log" >&2; return 1; }
		has_named "$out/$title.cpu.pb.gz" "$regex"
		# What takes longest on a busy machine need not allocate in the library.
		has_named "$out/$title.mem.pb.gz" "($regex|test_)"
		has_named "$out/$title.block.pb.gz" ''
		has_named "$out/$title.mutex.pb.gz" ''
	done
	whole_files "$out"
}
