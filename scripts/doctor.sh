#!/bin/sh
# SPDX-License-Identifier: MIT
# Check this machine and the programs asked for. Says what is missing also where that keeps pprofmk from being built.
#
# Usage: doctor.sh
# Example: PPROF_ARG_Bin=build/store_test scripts/doctor.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac

if ! "$here/build-tool.sh"; then
	"$here/deps.sh" check run || :
	exit 1
fi
if [ -n "${PPROF_ARG_Package-}" ]; then
	"$here/build-packages.sh"
fi
exec "$here/pprof.sh" doctor
