#!/bin/sh
# SPDX-License-Identifier: MIT
# Run every test of this repository, and say how many passed.
#
# Usage: test/run.sh [RUNNER...]    folders below test/ (all)
# Needs what scripts/deps.sh installs.
# Example: test/run.sh lint unit
set -eu

cd -- "$(dirname -- "$0")/.."
# shellcheck source=test/tally.sh
. test/tally.sh

log=$(mktemp)
trap 'rm -f -- "$log"' EXIT

# A runner's numbers are in its last line. Without one it broke.
run() {
	printf '== %s\n' "$1"
	begin=$(date +%s)
	"test/$1/run.sh" 2>&1 | tee -- "$log"
	printf '   %s: %d s\n' "$1" $(($(date +%s) - begin))
	closing=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
	# shellcheck disable=SC2086 # two numbers
	tally ${closing:-0 1}
}

make -s -j"$(nproc)" build
[ $# -gt 0 ] || set -- lint unit fuzz rules e2e truth browser projects
for runner; do
	run "$runner"
done
printf '== all\n'
tally_end
