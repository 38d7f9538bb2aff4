#!/bin/bash
# SPDX-License-Identifier: MIT
# Run the bats files of a folder; show what failed or was skipped, and how many passed.
#
# Usage: run-bats.sh FOLDER [BATS_OPTION...]
# Needs bats. V=1 shows every test.
# Example: test/run-bats.sh test/rules --filter newline
set -euo pipefail

here=$(dirname -- "$0")
# shellcheck source=test/tally.sh
. "$here/tally.sh"

folder=$1
shift
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT

# The status is in the lines; bats that breaks leaves a plan that is not fulfilled.
bats --tap "$@" "$folder" </dev/null >"$log" 2>&1 || :
if [ -n "${V-}" ]; then
	cat -- "$log"
else
	awk '/^ok / { show = / # skip/ } /^not ok / { show = 1 } show || !/^(ok |#|1\.\.)/' "$log"
fi
planned=$(sed -n 's/^1\.\.//p' "$log" | head -n 1)
good=$(grep -c '^ok ' "$log" || :)
tally "$good" $((${planned:-1} - good))
tally_end
