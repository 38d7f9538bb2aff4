#!/bin/sh
# SPDX-License-Identifier: MIT
# Build pprofmk and its runtime in this repository's own folder, unless PPROF_ARG_TOOL names one to use, or these scripts
# are installed and so is the tool.
#
# Usage: build-tool.sh
# Needs a compiler and the libraries that scripts/deps.sh installs.
# Example: scripts/build-tool.sh && _output/build/bin/pprofmk version
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/submake.sh
. "$here/submake.sh"
# shellcheck source=scripts/tool.sh
. "$here/tool.sh"

if [ -n "${PPROF_ARG_TOOL-}" ]; then
	command -v -- "$PPROF_ARG_TOOL" >/dev/null ||
		wrong "PPROF_TOOL=$PPROF_ARG_TOOL is no program: leave it unset to build pprofmk here"
	exit
fi

home=$here/..
build=_output/build
tool=$(tool_path "$home")
if tool_installed "$home"; then
	[ -x "$tool" ] || fail "$tool is not there: install pprofmk again, or name one with PPROF_TOOL="
	exit
fi
# Where somebody else built it and we may not.
if [ -x "$tool" ] && [ ! -w "$home/$build" ]; then
	exit
fi
if ! mkdir -p -- "$home/$build" 2>/dev/null || [ ! -w "$home/$build" ]; then
	fail "pprofmk is not built yet, and $home/$build cannot be written: run \`make\` in $home as somebody who may, or name a pprofmk with PPROF_TOOL="
fi
# The first call of a new user is silent for that long otherwise.
[ -x "$tool" ] || say "building pprofmk in $(cd -- "$home" && pwd), once; that takes a minute"
# What the user's Makefile exports is meant for the user's programs, not for ours. Of compilers to come no warning is a
# reason not to build.
submake "$home/$build/.lock" -s -C "$home" build BUILD="$build" BUILD_WARN=-Wall CC=cc SAN= LDFLAGS= >&2 ||
	fail "pprofmk could not be built; \`$home/scripts/deps.sh run\` installs what it needs"
