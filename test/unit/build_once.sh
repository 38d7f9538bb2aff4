#!/bin/sh
# SPDX-License-Identifier: MIT
# Build a file that the unit tests of each flavour build alike: the first does, the others get a copy. test/unit/run.sh makes the
# folder BUILT_ONCE for one run and removes it, so that nothing is older than its sources. Without it each builds its own.
#
# Usage: build_once.sh FILE COMPILER ARGUMENT...    without -o
# Example: BUILT_ONCE=/tmp/built test/unit/build_once.sh /tmp/a.so cc -O2 -shared -fPIC test/unit/walk_shapes.c
set -eu

file=$1
shift
[ -n "${BUILT_ONCE-}" ] || exec "$@" -o "$file"
kept=$BUILT_ONCE/$(printf '%s\n' "$@" | cksum | tr ' ' -)
if [ ! -e "$kept" ]; then
	"$@" -o "$kept.$$"
	mv -- "$kept.$$" "$kept"
fi
cp -- "$kept" "$file"
