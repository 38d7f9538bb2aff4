#!/bin/bash
# SPDX-License-Identifier: MIT
# Run the bats files of a folder; show what failed or was skipped, and how many passed.
#
# Usage: run-bats.sh [--parts N] FOLDER [BATS_OPTION...]
#   --parts N   so many files at a time: for tests that mostly wait and do not compare times
# Needs bats. V=1 shows every test.
# Example: test/run-bats.sh test/rules --filter newline
set -euo pipefail

here=$(dirname -- "$0")
# shellcheck source=test/tally.sh
. "$here/tally.sh"

count=1
if [ "$1" = --parts ]; then
	count=$2
	shift 2
fi
folder=$1
shift
logs=$(mktemp -d)
trap 'rm -rf -- "$logs"' EXIT

# The longest first, so that none is alone at the end.
files() {
	wc -l "$folder"/*.bats | sed '/ total$/d' | sort -rn | awk '{ print $2 }'
}

# The status is in the lines; bats that breaks leaves a plan that is not fulfilled.
# shellcheck disable=SC2016 # for the shell of xargs
files | xargs -P "$count" -n 1 bash -c 'exec bats --tap "${@:2}" </dev/null >"$1/$(basename -- "${*: -1}")" 2>&1' _ "$logs" "$@" || :
for log in "$logs"/*; do
	if [ -n "${V-}" ]; then
		cat -- "$log"
	else
		awk '/^ok / { show = / # skip/ } /^not ok / { show = 1 } show || !/^(ok |#|1\.\.)/' "$log"
	fi
	planned=$(sed -n 's/^1\.\.//p' "$log" | head -n 1)
	good=$(grep -c '^ok ' "$log" || :)
	tally "$good" $((${planned:-1} - good))
done
tally_end
