#!/bin/bash
# SPDX-License-Identifier: MIT
# Run the bats files of a folder; show what failed or was skipped, and how many passed.
#
# Usage: run-bats.sh [--parts N] [--alone NAME] [--which WHICH] [--tries N] FOLDER [BATS_OPTION...]
#   --parts N      so many files at a time: for tests that mostly wait, or that leave a processor to each other
#   --alone NAME   NAME.bats afterwards, beside other such files only, in the order given; may be repeated
#   --which WHICH  `alone`: only these; `others`: only the others (both)
#   --tries N      a test that fails is tried up to N times: for those that compare times; each further try is shown
# Needs bats. V=1 shows every test.
# Example: test/run-bats.sh test/rules --filter newline
set -euo pipefail

here=$(dirname -- "$0")
# shellcheck source=test/tally.sh
. "$here/tally.sh"
# shellcheck source=test/helpers/go.bash
. "$here/helpers/go.bash"
# Asked once for all tests.
GO_TOOL_PPROF=$(find_go_pprof || :)
export GO_TOOL_PPROF

count=1 alone=() which=both
while [ "${1#--}" != "$1" ]; do
	case $1 in
	--parts) count=$2 ;;
	--alone) alone+=("/$2.bats") ;;
	--which) which=$2 ;;
	--tries) export TRIES=$2 ;;
	esac
	shift 2
done
folder=$1
shift
options=("$@")
logs=$(mktemp -d)
trap 'rm -rf -- "$logs"' EXIT

# The longest first, so that none is alone at the end.
files() {
	wc -l "$folder"/*.bats | sed '/ total$/d' | sort -rn | awk '{ print $2 }'
}

# not_alone: the lines of those that are not to be.
not_alone() {
	grep -vF -f <(printf '%s\n' "${alone[@]}") || :
}

# The status is in the lines; bats that breaks leaves a plan that is not fulfilled.
run() {
	# shellcheck disable=SC2016 # for the shell of xargs
	xargs -r -P "$1" -n 1 bash -c 'exec bats --tap "${@:2}" </dev/null >"$1/$(basename -- "${*: -1}")" 2>&1' _ "$logs" \
		"${options[@]}" || :
}

if [ "${#alone[@]}" = 0 ]; then
	files | run "$count"
else
	[ "$which" = alone ] || files | not_alone | run "$count"
	[ "$which" = others ] || printf '%s\n' "${alone[@]/#/$folder}" | run "$count"
fi
for log in "$logs"/*; do
	if [ -n "${V-}" ]; then
		cat -- "$log"
	else
		awk '/^ok / { show = / # skip/ } /^not ok |^# tried again: / { show = 1 } show || !/^(ok |#|1\.\.)/' "$log"
	fi
	planned=$(sed -n 's/^1\.\.//p' "$log" | head -n 1)
	good=$(grep -c '^ok ' "$log" || :)
	tally "$good" $((${planned:-1} - good))
done
tally_end
