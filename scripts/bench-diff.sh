#!/bin/sh
# SPDX-License-Identifier: MIT
# Compare benchmarks with PPROF_ARG_Base: a file of text that was kept, a folder with such files (*.bench.txt), or a revision of
# git. The first two are compared with the text of the last run. A revision is checked out into a work tree of its own, in
# $PPROF_ARG_OUT/base, built there by the present rules, and measured by turns with the present programs.
#
# Usage: bench-diff.sh
# Needs the values in PPROF_ARG_<name>, as scripts/make-rules/values.mk gives them, and the tool built. git for a revision.
# Example: PPROF_ARG_Base=HEAD~1 PPROF_ARG_Package=internal/store scripts/bench-diff.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"

base_is='file or folder with *.bench.txt'
# shellcheck source=scripts/base.sh
. "$here/base.sh"

has_texts() {
	for text in "$1"/*.bench.txt; do
		[ ! -f "$text" ] || return 0
	done
	return 1
}

[ -n "$base" ] || wrong 'say what to compare with: Base=file or Base=folder of texts kept, or a revision of git like Base=HEAD~1'
if [ -f "$base" ] || [ -p "$base" ] || { [ -d "$base" ] && has_texts "$base"; }; then
	exec "$here/pprof.sh" bench-texts
fi
build_revision
"$here/pprof.sh" bench-builds "$folder"
