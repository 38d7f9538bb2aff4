#!/bin/sh
# SPDX-License-Identifier: MIT
# Make something into a folder that several runners use: whoever comes second waits, and finds it made.
#
# Usage: make-in.sh FOLDER MAKE_ARGUMENT...
# Example: test/make-in.sh _output/test/clang build CC=clang
set -eu

folder=$1
shift
mkdir -p -- "$folder"
# lld links in a quarter of the time of the system's linker, which makes what users get.
exec flock -- "$folder/.lock" make -s -j"$(nproc)" BUILD="$folder" TEST_LDFLAGS=-fuse-ld=lld "$@"
