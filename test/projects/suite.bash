# SPDX-License-Identifier: MIT
# What the suites' tests share: the tests that a program itself says it runs, and profiles of the first three.
#
# PROJECTS is where run.sh has put the sources and builds.

# Set by `setup`.
# shellcheck disable=SC2154
PROJECTS=${PROJECTS:-$ROOT/_output/projects}

# own_names PROGRAM: the tests, in order, as cmocka announces them when the program is run without us; the second of a
# name as NAME#2.
own_names() {
	plainly "$1" 2>&1 | sed -n 's/^\[ RUN      \] //p' | awk '{ n = ++seen[$0]; print n == 1 ? $0 : $0 "#" n }'
}

# listed PROGRAM: the same by us.
listed() {
	"$PPROFMK" list --bin "$1" | awk 'NR > 1 { print $1 }'
}

# lists_agree PROGRAM...: sets programs and tests to how many there are.
lists_agree() {
	local program names
	programs=0 tests=0
	for program; do
		names=$(own_names "$program")
		equal "tests of $program" "$(listed "$program")" "$names"
		programs=$((programs + 1))
		tests=$((tests + $(printf '%s\n' "$names" | wc -l)))
	done
}

# has_named KIND REGEX: the profiles of that kind can be read by go tool pprof, and the library's functions are in them.
has_named() {
	go_pprof -top -nodecount=1000 "$out"/*."$1".pb.gz >"$BATS_TEST_TMPDIR/top" ||
		{ cat "$BATS_TEST_TMPDIR/pprof.err" >&2; return 1; }
	grep -qE " $2" "$BATS_TEST_TMPDIR/top"
}

# profile_three PROGRAM REGEX: its first three tests in every kind. Counts in named_cpu and named_mem the programs whose
# profiles have functions of the library, whose names match.
profile_three() {
	local program=$1 names name kind
	mapfile -t names < <(listed "$program" | head -n 3)
	for name in "${names[@]}"; do
		plainly timeout "$LIMIT" "$PPROFMK" test --bin "$program" --func "$name" --out "$out" --time 25ms \
			>"$BATS_TEST_TMPDIR/log" 2>&1 || { echo "$program $name" >&2; cat "$BATS_TEST_TMPDIR/log" >&2; return 1; }
	done
	has_named cpu "$2" && named_cpu=$((named_cpu + 1))
	has_named mem "$2" && named_mem=$((named_mem + 1))
	for kind in block mutex; do
		has_named "$kind" '' || { echo "$program: $kind can't be read" >&2; return 1; }
	done
}
