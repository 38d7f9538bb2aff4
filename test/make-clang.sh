#!/bin/sh
# SPDX-License-Identifier: MIT
# Make something with clang and the address and undefined behaviour sanitizers, ready for libFuzzer too, into _output/test/clang: for lint,
# the unit tests and the fuzz targets, so that each file is compiled once for all three.
#
# Usage: make-clang.sh MAKE_ARGUMENT...    those here are overridden by them, BUILD too
# Example: test/make-clang.sh build
set -eu

# With these sanitizers -O0 compiles in two fifths of the time of -O1; -g1 has the lines of their reports. The runtime is made to be
# optimised, and one of its tests fails when it is not.
exec test/make-in.sh _output/test/clang -f scripts/make-rules/unit.mk CC=clang SAN=fuzzer-no-link,address,undefined BUILD_OPT='-O0 -g1' \
	RUNTIME_OPT=-O1 "$@"
