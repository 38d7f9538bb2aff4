#!/bin/sh
# SPDX-License-Identifier: MIT
# Our figures beside those of peers: every *_bench.c, called by the script of its name where there is one, and every
# other script but those that make programs for others (*_program.sh). Nothing passes or fails.
#
# Usage: test/bench/run.sh [NAME...]    without .c or .sh (all)
# Needs what `scripts/deps.sh test` installs, and `make build`.
# Example: test/bench/run.sh stack_bench naming
set -eu

cd -- "$(dirname -- "$0")/../.."

build=_output/test/bench

names() {
	for file in test/bench/*_bench.c test/bench/*.sh; do
		file=${file##*/}
		case $file in
		run.sh | *_program.sh) ;;
		*) printf '%s\n' "${file%.*}" ;;
		esac
	done | sort -u
}

# shellcheck disable=SC2046 # names without spaces
[ $# -gt 0 ] || set -- $(names)
make -s -j"$(nproc)" -f scripts/make-rules/unit.mk bench BUILD="$build" CC=gcc
for name; do
	printf '== %s\n' "$name"
	if [ -f "test/bench/$name.sh" ]; then
		sh "test/bench/$name.sh"
	else
		"$build/bench/$name"
	fi || printf '%s: exit status %s\n' "$name" "$?"
done
