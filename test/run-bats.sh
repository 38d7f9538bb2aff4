#!/bin/bash
# SPDX-License-Identifier: MIT
# Run the bats files of a folder; show what failed or was skipped, and how many passed.
#
# Usage: run-bats.sh [--halves] FOLDER [BATS_OPTION...]
#   --halves   two at a time: for tests that mostly wait and do not compare times
# Needs bats. V=1 shows every test.
# Example: test/run-bats.sh test/rules --filter newline
set -euo pipefail

here=$(dirname -- "$0")
# shellcheck source=test/tally.sh
. "$here/tally.sh"

count=1
if [ "$1" = --halves ]; then
	count=2
	shift
fi
folder=$1
shift
logs=$(mktemp -d)
trap 'rm -rf -- "$logs"' EXIT

# part N: every file whose turn it is, the longest first.
part() {
	wc -l "$folder"/*.bats | sed '/ total$/d' | sort -rn | awk -v n="$1" -v count="$count" 'NR % count == n { print $2 }'
}

# The status is in the lines; bats that breaks leaves a plan that is not fulfilled.
for ((n = 0; n < count; n++)); do
	mapfile -t files < <(part "$n")
	bats --tap "$@" "${files[@]}" </dev/null >"$logs/$n" 2>&1 &
done
wait
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
