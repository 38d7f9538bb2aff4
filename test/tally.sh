# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Counting of the runners' results; sourced. Every runner ends with "N passed, N failed" on a line.

passed=0 failed=0

# tally PASSED FAILED
tally() {
	passed=$((passed + $1))
	failed=$((failed + $2))
}

# Print the closing line, and leave with what it says.
tally_end() {
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" = 0 ]
	exit
}
