#!/bin/sh
# SPDX-License-Identifier: MIT
# What a shell may offer for a word, a line each.
#
# Usage: complete.sh make [VARIABLE...]           PPROF_COMPLETE says for what, and PPROF_ARG_<name> what else is known:
#            targets      `target  text`
#            variables    those given
#            VARIABLE     its values: of tests, packages, choices
#        complete.sh tool PPROFMK commands        `command  text`
#        complete.sh tool PPROFMK options COMMAND
#        complete.sh tool PPROFMK values COMMAND OPTION
#        complete.sh tool PPROFMK tests --bin=PROGRAM... | --ctest=FOLDER [--config=C] | --meson=FOLDER | --automake=FOLDER
#
# Builds nothing, and ends after 5 s: somebody waits at the prompt.
# Example: PPROF_COMPLETE=Func make -s pprof.complete
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
# shellcheck source=scripts/say.sh
. "$here/say.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"
# shellcheck source=scripts/tool.sh
. "$here/tool.sh"

# tests_listed: the first column of `pprofmk list`, whatever spaces it has.
tests_listed() {
	LC_ALL=C awk '
		NR == 1 { width = index($0, " PROGRAM"); next }
		{ name = substr($0, 1, width); sub(/ +$/, "", name); if (name != "") print name }'
}

# Those of programs that are built, and those that sources name.
tests() {
	timeout 5 "$here/pprof.sh" list 2>/dev/null | tests_listed
	for package in $(packages_wanted "$here/.." "${PPROF_ARG_OUT:-_output/pprof}" 2>/dev/null); do
		package_tests "$package" | while IFS= read -r file; do
			sed -n 's/^[^/]*cmocka_unit_test[a-z_]*([[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\).*/\1/p' "$file"
		done
	done
}

# choices TOOL COMMAND OPTION: what its help gives as a|b|c.
choices() {
	"$1" help "$2" 2>/dev/null | awk -v option="$3" '
		$1 == option && match($0, /[a-z_-]+(\|[a-z_-]+)+/) { print substr($0, RSTART, RLENGTH) }' | tr '|' '\n'
}

commands_of() {
	"$1" help | awk '/^  [a-z]/ { name = $1; sub(/^ *[^ ]+ */, ""); print name "\t" $0 }'
}

# values_of_variable NAME: tests, packages, revisions, or what any command of the tool says of the option of that name.
values_of_variable() {
	case $1 in
	Func) tests ;;
	Package) (PPROF_ARG_Package='' packages_wanted "$here/.." "${PPROF_ARG_OUT:-_output/pprof}") ;;
	Base) git for-each-ref --format='%(refname:short)' refs/heads refs/tags 2>/dev/null ;;
	V) echo 1 ;;
	*)
		option=--$(printf '%s' "$1" | tr 'A-Z_' 'a-z-')
		tool=${PPROF_ARG_TOOL:-$(tool_path "$here/..")}
		[ ! -x "$tool" ] || commands_of "$tool" | while read -r command _; do
			choices "$tool" "$command" "$option"
		done
		;;
	esac | sort -u
}

complete_make() {
	case ${PPROF_COMPLETE-} in
	targets) "$here/help.sh" '^pprof[.]' "$here"/make-rules/*.mk | awk '{ name = $2; sub(/^make [^ ]+ */, ""); print name "\t" $0 }' ;;
	variables) printf '%s\n' "$@" ;;
	*) values_of_variable "${PPROF_COMPLETE-}" ;;
	esac
}

# complete_tool TOOL WHAT [ARGUMENT...]
complete_tool() {
	tool=$1 what=$2
	shift 2
	case $what in
	commands) commands_of "$tool" ;;
	options) "$tool" help "$1" 2>/dev/null | sed -n 's/^  \(--[a-z-]*\) [^ ]* */\1\t/p' ;;
	values) choices "$tool" "$1" "$2" ;;
	tests) timeout 5 "$tool" list "$@" 2>/dev/null | tests_listed ;;
	esac
}

case ${1-} in
make)
	shift
	complete_make "$@"
	;;
tool)
	shift
	complete_tool "$@"
	;;
*) wrong "complete.sh: what is \"${1-}\"? One of make tool" ;;
esac
