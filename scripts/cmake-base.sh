#!/bin/sh
# SPDX-License-Identifier: MIT
# Configure and build the CMake project of the current folder, a revision's, as another build folder of it is: with its generator and
# what its cache has. So what was given with -D holds for both; a default that has changed since is that of now.
#
# Usage: cmake-base.sh
# Needs the build folder that is there in PPROF_ARG_CTEST, its project's in PPROF_ARG_SOURCE, the one to make in PPROF_ARG_BASE_CTEST;
# may have PPROF_ARG_CONFIG, and targets to build besides `all` in PPROF_ARG_DEPENDS.
# Example: PPROF_ARG_CTEST=/p/build PPROF_ARG_SOURCE=/p PPROF_ARG_BASE_CTEST=_output/cmake scripts/cmake-base.sh
set -eu

here=$(dirname -- "$0")
# shellcheck source=scripts/text.sh
. "$here/text.sh"
# shellcheck source=scripts/submake.sh
. "$here/submake.sh"

# entries: the cache as CMake's script, but for what CMake itself found out about the project.
entries() {
	sed -n -E \
		-e 's/^("?)([^:"=#/]+)\1:(BOOL|STRING|PATH|FILEPATH)=(.*)/set(\2 [==[\4]==] CACHE \3 "")/p' \
		-e 's/^("?)([^:"=#/]+)\1:UNINITIALIZED=(.*)/set(\2 [==[\3]==] CACHE STRING "")/p' -- "$1/CMakeCache.txt"
}

# moved: paths in the folders of now are those of this one. The build folder first: it may be in the other.
moved() {
	while IFS= read -r line; do
		for end in / ]; do
			line=$(replace_all "$line" "$PPROF_ARG_CTEST$end" "$build$end")
			line=$(replace_all "$line" "$PPROF_ARG_SOURCE$end" "$PWD$end")
		done
		printf '%s\n' "$line"
	done
}

# cached NAME
cached() {
	sed -n "s/^$1:INTERNAL=//p" -- "$PPROF_ARG_CTEST/CMakeCache.txt"
}

build=$PWD/$PPROF_ARG_BASE_CTEST
mkdir -p -- "$build"
entries "$PPROF_ARG_CTEST" | moved >"$build/as-now.cmake"
submake_forget
cmake -S . -B "$build" -G "$(cached CMAKE_GENERATOR)" -C "$build/as-now.cmake"
cmake --build "$build" ${PPROF_ARG_CONFIG:+--config "$PPROF_ARG_CONFIG"}
for target in ${PPROF_ARG_DEPENDS-}; do
	cmake --build "$build" ${PPROF_ARG_CONFIG:+--config "$PPROF_ARG_CONFIG"} --target "$target"
done
