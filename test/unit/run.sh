#!/bin/sh
# SPDX-License-Identifier: MIT
# Build and run the unit tests, once for each flavour, from the repository's folder.
#
# Usage: test/unit/run.sh [FLAVOUR...]    of gcc clang tsan (all): gcc is what `cc` is, clang has the address and undefined
#                                       behaviour sanitizers, tsan has only those tests that start a thread
# Needs gcc, clang, cmocka. V=1 shows every test's output.
# Example: test/unit/run.sh clang
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/tally.sh
. test/tally.sh

# Ten times what the longest takes; a test that hangs is one that failed.
limit_s=300
log=$(mktemp)
# See build_once.sh.
BUILT_ONCE=$(mktemp -d)
export BUILT_ONCE
trap 'rm -rf -- "$log" "$BUILT_ONCE"' EXIT

# folder FLAVOUR: gcc's objects are those of `make build`.
folder() {
	case $1 in
	gcc) echo _output/build ;;
	*) echo "_output/test/$1" ;;
	esac
}

# build FLAVOUR MAKE_ARGUMENT...
build() {
	flavour=$1
	shift
	case $flavour in
	gcc) test/make-in.sh _output/build -f scripts/make-rules/unit.mk SAN= "$@" ;;
	clang) test/make-clang.sh "$@" ;;
	tsan) test/make-in.sh _output/test/tsan -f scripts/make-rules/unit.mk CC=gcc SAN=thread BUILD_OPT='-O1 -g1' "$@" ;;
	*)
		echo "unit: what is $flavour? One of gcc clang tsan" >&2
		exit 2
		;;
	esac
}

# programs FLAVOUR: names of what there is to run. Where no thread is started no two can race.
programs() {
	case $1 in
	tsan) grep -lE 'pthread_create|thrd_create' test/unit/*_test.c ;;
	*) ls test/unit/*_test.c ;;
	esac | sed 's|.*/||; s|\.c$||'
}

# count WORD: cmocka's own number of tests that did so.
count() {
	sed -n "s/^\[  $1 *\] \([0-9]*\) test(s).*/\1/p" "$log" | awk '{ n += $1 } END { print n + 0 }'
}

# run FLAVOUR PROGRAM
run() {
	status=0
	timeout "$limit_s" "$2" </dev/null >"$log" 2>&1 || status=$?
	good=$(count PASSED) bad=$(count FAILED)
	# A sanitizer's report, a crash, a test program that is not cmocka's.
	if [ "$status" != 0 ] && [ "$bad" = 0 ] || [ $((good + bad)) = 0 ]; then
		bad=$((bad + 1))
	fi
	tally "$good" "$bad"
	if [ "$bad" != 0 ] || [ -n "${V-}" ]; then
		printf '%s: %s: exit status %s\n' "$1" "${2##*/}" "$status"
		cat -- "$log"
	fi
	sed -n "/test(s)/!s/^\[  SKIPPED \] \(.*\)/$1: skipped \1/p" "$log" | sort -u
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
[ $# -gt 0 ] || set -- gcc clang tsan
for flavour; do
	folder=$(folder "$flavour")/unit
	names=$(programs "$flavour")
	is_built=yes
	# shellcheck disable=SC2046,SC2086 # words
	build "$flavour" -k $(printf "$folder/%s\n" $names) || is_built=no
	for name in $names; do
		# Not one of an earlier build, when this one failed.
		if [ "$is_built" = yes ] || build "$flavour" -q "$folder/$name"; then
			run "$flavour" "$folder/$name"
		else
			printf '%s: %s could not be built\n' "$flavour" "$name"
			tally 0 1
		fi
	done
done
tally_end
