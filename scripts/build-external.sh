#!/bin/sh
# SPDX-License-Identifier: MIT
# Run the user's command PPROF_ARG_BUILD, which makes test programs that are none of ours to build. It is wanted only
# where neither a package nor a program is named.
#
# Usage: build-external.sh
# Example: PPROF_ARG_BUILD='cmake --build build' scripts/build-external.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/submake.sh
. "$here/submake.sh"

if [ -z "${PPROF_ARG_BUILD-}" ] || [ -n "${PPROF_ARG_Package-}${PPROF_ARG_Bin-}" ]; then
	exit 0
fi
submake_forget
[ -z "${PPROF_ARG_V-}" ] || printf '%s\n' "$PPROF_ARG_BUILD" >&2
sh -c "$PPROF_ARG_BUILD" >&2 || fail "PPROF_BUILD failed: $PPROF_ARG_BUILD"
