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

logs=$(mktemp -d)
trap 'rm -rf -- "$logs"' EXIT

# Two lanes side by side: one keeps a processor busy, the other mostly waits for what it has started.
busy='lint unit fuzz'
waiting='rules install browser projects cross ci'
# They wait in parts of their own, and compare times: the machine is theirs.
alone='e2e truth'

# run RUNNER: its output at once when it is over, so that two of them do not mix.
run() {
	begin=$(date +%s)
	"test/$1/run.sh" >"$logs/$1" 2>&1 </dev/null || :
	{
		printf '== %s\n' "$1"
		cat -- "$logs/$1"
		printf '   %s: %d s\n' "$1" $(($(date +%s) - begin))
	} >"$logs/$1.shown"
	cat -- "$logs/$1.shown"
}

# lane RUNNER...
lane() {
	for runner; do
		run "$runner"
	done
}

# A runner's numbers are in its last line. Without one it broke.
count() {
	closing=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$logs/$1" | tail -n 1)
	# shellcheck disable=SC2086 # two numbers
	tally ${closing:-0 1}
}

make -s -j"$(nproc)" build
if [ $# -gt 0 ]; then
	lane "$@"
else
	# shellcheck disable=SC2086 # words
	set -- $busy $waiting $alone
	# shellcheck disable=SC2086 # words
	lane $busy &
	# shellcheck disable=SC2086 # words
	lane $waiting
	wait
	# shellcheck disable=SC2086 # words
	lane $alone
fi
printf '== all\n'
for runner; do
	count "$runner"
	printf '   %-10s %s\n' "$runner" "$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$logs/$runner" | tail -n 1)"
done
tally_end
