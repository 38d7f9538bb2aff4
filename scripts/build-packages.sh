#!/bin/sh
# SPDX-License-Identifier: MIT
# Build the test programs of the package asked for, or of every one known.
#
# Usage: build-packages.sh
# Needs the values in PPROF_ARG_<name>, as scripts/make-rules/values.mk gives them; PPROF_ARG_OUT among them.
# Example: PPROF_ARG_OUT=_output/pprof PPROF_ARG_Package=internal/store scripts/build-packages.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"
# shellcheck source=scripts/submake.sh
. "$here/submake.sh"

build=${PPROF_ARG_OUT:-_output/pprof}/build

# make_programs OPTION...: start make for the programs of $packages
make_programs() {
	submake "$build/.lock" "$@" -f "$here/make-rules/package.mk" CC="${PPROF_ARG_CC:-cc}" AR="${PPROF_ARG_AR:-ar}" \
		build="$build" scripts="$here" packages="$packages" Q="${quiet-@}" >&2
}

# After a failure programs of earlier builds are still there. They are not what the sources say. All that can be built is by
# now, so asking for each again is quick.
remove_stale() {
	for package in $packages; do
		package_programs "$package" "$build"
	done | while IFS= read -r program; do
		! make_programs "$program" 2>/dev/null || continue
		rm -f -- "$program"
		say "$program could not be built; going on without it (PPROF_PACKAGES limits what is looked at)"
	done
}

[ -z "${PPROF_ARG_Bin-}" ] || exit 0
case $build in
*[!A-Za-z0-9._+@/-]*) wrong "PPROF_OUT=${build%/build}: give a folder of letters, digits and . _ + @ - / only" ;;
esac
[ -z "${PPROF_ARG_V-}" ] || quiet=
packages=$(packages_wanted "$here/.." "${PPROF_ARG_OUT:-_output/pprof}" | paste -s -d ' ' -)
[ -n "$packages" ] || [ -z "${PPROF_ARG_Package-}" ] || exit 2
if [ -z "$packages" ]; then
	[ -n "${PPROF_ARG_PROGRAMS-}${PPROF_ARG_CTEST-}${PPROF_ARG_MESON-}${PPROF_ARG_AUTOMAKE-}" ] ||
		wrong 'there is no *_test.c or *_bench.c in this project: give Package=folder or Bin=program, or set PPROF_PROGRAMS'
	exit 0
fi
for package in $packages; do
	package_check "$package"
	[ -n "$(package_tests "$package")" ] ||
		wrong "package $package has no *_test.c or *_bench.c, neither beside its sources nor in test/$package; for programs that exist give Bin=program"
done
mkdir -p -- "$build" || fail "cannot make $build: give another folder with PPROF_OUT="

if [ -n "${PPROF_ARG_Package-}" ]; then
	make_programs || fail "the tests of package $packages could not be built; V=1 shows the commands"
else
	make_programs -k || remove_stale
fi
