#!/bin/sh
# SPDX-License-Identifier: MIT
# Our figures beside those of peers: every *_bench.c and every other script here. Nothing passes or fails.
#
# Usage: test/bench/run.sh [NAME...]    without .c or .sh (all)
# Needs what `scripts/deps.sh test` installs, and `make build`.
# Example: test/bench/run.sh stack_bench naming
set -eu

cd -- "$(dirname -- "$0")/../.."

build=_output/test/bench
[ $# -gt 0 ] || set -- test/bench/*_bench.c test/bench/*.sh
make -s -j"$(nproc)" -f scripts/make-rules/unit.mk bench BUILD="$build" CC=gcc

for name; do
	name=$(basename -- "$name")
	name=${name%.*}
	# A benchmark in C may have a script of its own, which knows how to call it.
	if [ -x "test/bench/$name.sh" ] && [ "$name" != run ]; then
		printf '== %s\n' "$name"
		"test/bench/$name.sh" || printf '%s: exit status %s\n' "$name" "$?"
	elif [ -x "$build/bench/$name" ]; then
		printf '== %s\n' "$name"
		"$build/bench/$name" || printf '%s: exit status %s\n' "$name" "$?"
	fi
done
