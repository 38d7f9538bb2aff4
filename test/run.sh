#!/bin/sh
# SPDX-License-Identifier: MIT
# Run every test of this repository, and say how many passed.
#
# Usage: test/run.sh [RUNNER...]    folders below test/ (all), or FOLDER.PART of one that has parts
# Needs what scripts/deps.sh installs.
# Example: test/run.sh lint unit
set -eu

cd -- "$(dirname -- "$0")/.."
# shellcheck source=test/tally.sh
. test/tally.sh

# Three at a time on two processors, because each waits now and then, whichever is next when one is over. Those first that download
# something or are longest, so that at the end no processor waits for one of them; what several build they build in turns (make-in.sh).
together='projects cross e2e unit lint fuzz truth.untimed install rules browser ci'
# What compares times: the machine is theirs.
alone='truth.timed'

# cpu_seconds COMMAND...: of processors, that it and its children took. Its output goes to descriptor 3.
cpu_seconds() {
	{ "$@" >&3 2>&3 3>&- </dev/null || :; times; } | awk -F '[ms ]+' 'NR == 2 { printf "%d\n", $1 * 60 + $2 + $3 * 60 + $4 }'
}

# run RUNNER: its output at once when it is over, so that two of them do not mix.
run() {
	begin=$(date +%s)
	part=${1#*.}
	[ "$part" != "$1" ] || part=
	# shellcheck disable=SC2086 # a word, or none
	cpu_s=$(cpu_seconds "test/${1%%.*}/run.sh" $part 3>"$logs/$1")
	{
		printf '== %s\n' "$1"
		cat -- "$logs/$1"
		printf '   %s: %d s, %d s of processors\n' "$1" $(($(date +%s) - begin)) "$cpu_s"
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

# side_by_side RUNNER...
side_by_side() {
	printf '%s\n' "$@" | xargs -P 3 -I '{}' test/run.sh --lane "$logs" '{}'
}

if [ "${1-}" = --lane ]; then
	logs=$2
	lane "$3"
	exit
fi
logs=$(mktemp -d)
trap 'rm -rf -- "$logs"' EXIT
make -s -j"$(nproc)" build
if [ $# -gt 0 ]; then
	lane "$@"
else
	# shellcheck disable=SC2086 # words
	side_by_side $together
	lane "$alone"
	# shellcheck disable=SC2086 # words
	set -- $together "$alone"
fi
printf '== all\n'
for runner; do
	count "$runner"
	printf '   %-13s %s\n' "$runner" "$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$logs/$runner" | tail -n 1)"
done
tally_end
