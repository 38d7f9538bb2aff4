#!/bin/sh
# SPDX-License-Identifier: MIT
# Has something got worse than in PPROF_ARG_Base: a folder that an earlier run has left (with manifests, *.json), or a revision of git?
# Of a folder allocations are compared; a revision is built, and times are measured by turns too. Without Base there is the budget.
#
# Usage: gate.sh
# Needs the values in PPROF_ARG_<name>, as scripts/make-rules/values.mk gives them, and the tool built. git for a revision.
# Exit status: 1 when something is worse, or could not be built or run; 2 for a wrong value.
# Example: PPROF_ARG_Base=HEAD~1 PPROF_ARG_Package=internal/store scripts/gate.sh
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"
base_is='folder with manifests'
# shellcheck source=scripts/base.sh
. "$here/base.sh"

has_manifests() {
	for manifest in "$1"/*.json; do
		[ ! -f "$manifest" ] || return 0
	done
	return 1
}

[ -n "$base" ] || [ -f "${PPROF_ARG_Budget:-pprof.budget}" ] ||
	wrong 'say what to compare with: Base=folder that an earlier run has left, or a revision of git like Base=HEAD~1; or have a pprof.budget'
if [ -z "$base" ] || { [ -d "$base" ] && has_manifests "$base"; }; then
	"$here/build-external.sh"
	"$here/build-packages.sh"
	"$here/pprof.sh" gate
else
	build_revision
	"$here/pprof.sh" gate-builds "$folder" "$base ($sha)"
fi
