#!/bin/sh
# SPDX-License-Identifier: MIT
# Look at what was asked before anything is built.
#
# Usage: check-values.sh [asked]
#   asked    it must also be said what to profile
#
# Needs the values in PPROF_ARG_<name>, as scripts/make-rules/values.mk gives them. Exit status 2 for a bad one.
# Example: PPROF_ARG_Hz=0 scripts/check-values.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/values.sh
. "$here/values.sh"
# shellcheck source=scripts/names.sh
. "$here/names.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"

# Once: targets that have to be asked are looked at twice.
[ "${1-}" = asked ] || tell_of_slips
check_values
# With Bin it is only a name.
if [ -n "${PPROF_ARG_Package-}" ] && [ -z "${PPROF_ARG_Bin-}" ]; then
	package_name "$PPROF_ARG_Package" >/dev/null
fi
if [ "${1-}" = asked ] &&
	[ -z "${PPROF_ARG_Func-}${PPROF_ARG_Package-}${PPROF_ARG_Bin-}" ]; then
	tell_of_slips
	wrong 'say what to profile: Func=test_name, Package=folder or Bin=program (make pprof.list names the tests)'
fi
