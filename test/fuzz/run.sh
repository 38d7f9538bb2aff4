#!/bin/sh
# SPDX-License-Identifier: MIT
# Run each fuzz target over its kept inputs, and a little further from there.
#
# Usage: test/fuzz/run.sh [SECONDS]    for each target (2); from 60 on they are optimised, which takes a minute
# Needs clang with libFuzzer.
# Example: test/fuzz/run.sh 600
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/tally.sh
. test/tally.sh

seconds=${1:-2}
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT

build=_output/test/clang
set --
if [ "$seconds" -ge 60 ]; then
	build=_output/test/fuzz
	set -- BUILD="$build" BUILD_OPT='-O1 -g1'
fi
test/make-clang.sh fuzz "$@" || tally 0 1
for source in test/fuzz/*_fuzz.c; do
	name=$(basename -- "$source" _fuzz.c)
	target=$build/fuzz/${name}_fuzz
	[ -x "$target" ] || continue
	# What it finds new goes to a folder of its own; -merge=1 chooses, by hand, what is kept.
	mkdir -p -- "$build/found/$name"
	set -- "$build/found/$name"
	[ ! -d "test/fuzz/corpus/$name" ] || set -- "$@" "test/fuzz/corpus/$name"
	if timeout $((seconds + 60)) "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="$build/found/" "$@" >"$log" 2>&1; then
		tally 1 0
	else
		tally 0 1
		printf '%s:\n' "$name"
		tail -n 40 -- "$log"
	fi
done
tally_end
