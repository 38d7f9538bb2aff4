#!/bin/sh
# SPDX-License-Identifier: MIT
# Write standard input to a file, unless the file says so already: what depends on it is then not made again.
#
# Usage: replace-if-changed.sh FILE
# Example: echo "$CFLAGS" | scripts/replace-if-changed.sh _output/flags
set -eu

text=$(cat)
if [ -f "$1" ] && [ "$text" = "$(cat -- "$1")" ]; then
	exit 0
fi
printf '%s\n' "$text" >"$1.tmp"
mv -- "$1.tmp" "$1"
