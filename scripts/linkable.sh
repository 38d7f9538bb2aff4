#!/bin/sh
# SPDX-License-Identifier: MIT
# Print those of a package's objects that a test can be linked with: all but one with a main() of its own, and one
# whose source the test includes to reach its static functions.
#
# Usage: linkable.sh FOLDER TEST.o [OBJECT.o...]
#   FOLDER    of all objects; an object's path below it is its source's path in the project
#
# Needs nm, and TEST.d beside TEST.o, from -MMD. Paths hold nothing that the shell splits: see packages.sh.
# Example: scripts/linkable.sh build/.obj build/.obj/a_test.o build/.obj/a.o build/.obj/main.o
set -eu

folder=$1 test=$2
shift 2
[ $# -gt 0 ] || exit 0

# The C files that the test includes are among the prerequisites that the compiler noted.
included=$(tr -s '[:space:]' '\n' <"${test%.o}.d" | grep '\.c$' | sort -u || :)
mains=$(nm -A --defined-only -- "$@" | sed -n 's/\.o:.* [TW] main$/.o/p')

# is_included SOURCE
is_included() {
	for file in $included; do
		# shellcheck disable=SC3013 # not in POSIX, but in dash, bash and BusyBox
		[ ! "$file" -ef "$1" ] || return 0
	done
	return 1
}

for object; do
	source=${object#"$folder"/}
	case "
$mains
" in
	*"
$object
"*) ;;
	*) is_included "${source%.o}.c" || printf '%s\n' "$object" ;;
	esac
done
