#!/bin/sh
# SPDX-License-Identifier: MIT
# List targets with what is said of them in lines `## target: text`.
#
# Usage: help.sh PATTERN FILE...
#   PATTERN    of targets to list, for awk
#
# Example: scripts/help.sh '^pprof[.]' scripts/make-rules/*.mk
set -eu

pattern=$1
shift
awk -v pattern="$pattern" '
/^## [^ ]+: / {
	target = substr($2, 1, length($2) - 1)
	if (target ~ pattern)
		printf "make %-20s %s\n", target, substr($0, index($0, ": ") + 2)
}' "$@"
