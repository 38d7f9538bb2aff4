# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Messages of the scripts; sourced by them.

# say TEXT: one line on stderr. Control characters of hostile values never reach the terminal.
say() {
	printf 'pprof.mk: %s\n' "$(printf '%s' "$1" | tr '\001-\037\177' '?')" >&2
}

# Something could not be done.
fail() {
	say "$1"
	exit 1
}

# Something wrong was asked for.
wrong() {
	say "$1"
	exit 2
}
