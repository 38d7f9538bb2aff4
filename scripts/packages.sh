# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Packages by convention: names, tests and programs; sourced, after say.sh. The current folder is the project's.
#
# A package's name is the path of its sources' folder from the project's, without ./ and final slash; "." is the
# project's own folder. Names hold A-Z a-z 0-9 . _ + @ - / only: make and the shell see them unquoted.

# package_path TEXT: the text as a path without ./ // and final slash. Fails for one that leaves the project.
package_path() (
	set -f
	path=
	IFS=/
	# shellcheck disable=SC2086 # split at slashes
	for part in $1; do
		case $part in
		'' | .) ;;
		..) wrong "Package=$1 leaves the project: give a folder below it, or run make in that project" ;;
		*) path=$path${path:+/}$part ;;
		esac
	done
	printf '%s\n' "${path:-.}"
)

# has_file FOLDER PATTERN
has_file() {
	# shellcheck disable=SC2086 # a pattern
	set -- "$1"/$2
	[ -e "$1" ]
}

# benchmarks FILE...: those of the files that are cmocka programs, a line each. Other frameworks' benchmarks have such
# names too, and so have plain sources.
benchmarks() {
	[ $# -eq 0 ] || grep -lE '[</"](cmocka|pprofmk)\.h[>"]' -- "$@" || :
}

# tests_among: those files of the input, a line each, that make a program each.
tests_among() {
	while IFS= read -r file; do
		case $file in
		*_test.c) printf '%s\n' "$file" ;;
		*_bench.c) benchmarks "$file" ;;
		esac
	done
}

# package_name FOLDER: the package of a folder of sources, or of their tests. Exit status 2 with a sentence for
# one that is none.
package_name() {
	folder=$1
	case $folder in
	"$PWD" | "$PWD"/*) folder=.${folder#"$PWD"} ;;
	/*) wrong "Package=$1 is outside the project: give a folder below it, or run make in that project" ;;
	esac
	case $folder in
	*[!A-Za-z0-9._+@/-]* | -*)
		wrong "Package=$1: names of folders to build may hold letters, digits and . _ + @ - only"
		;;
	esac
	folder=$(package_path "$folder") || exit
	[ -d "$folder" ] || wrong "Package=$1: there is no such folder; \`make pprof.list\` names the packages"
	case $folder in
	test) has_file . '*.c' && folder=. ;;
	test/*) has_file "${folder#test/}" '*.c' && folder=${folder#test/} ;;
	esac
	printf '%s\n' "$folder"
}

# package_sources PACKAGE PATTERN: its files of that pattern, a line each.
package_sources() {
	case $1 in
	.) set -- . test "$2" ;;
	*) set -- "$1" "test/$1" "$2" ;;
	esac
	for file in "$1"/$3 "$2"/$3; do
		[ ! -e "$file" ] || printf '%s\n' "${file#./}"
	done
}

# package_tests PACKAGE: its files that make a program each, a line each.
package_tests() {
	package_sources "$1" '*.c' | tests_among
}

# package_check PACKAGE: can make build it? Exit status 2 with a sentence if not.
package_check() {
	package_sources "$1" '*.c' | while IFS= read -r file; do
		case ${file##*/} in
		*[!A-Za-z0-9._+@-]* | -*)
			wrong "$file: names of C files may hold letters, digits and . _ + @ - only, for make"
			;;
		esac
	done || exit
	twice=$(package_tests "$1" | sed 's|.*/||' | sort | uniq -d)
	[ -z "$twice" ] || wrong "package $1 has $twice twice, beside its sources and below test/: rename one"
}

# package_programs PACKAGE BUILD: the test programs that its tests make, a line each, whether built or not.
package_programs() {
	programs_prefix=$2/$1/
	[ "$1" != . ] || programs_prefix=$2/
	package_tests "$1" | sed "s|.*/||; s|\.c\$||; s|^|$programs_prefix|"
}

# packages_found HOME OUT: every package with a test, a line each. Looks into no hidden folder, nothing generated,
# and not at pprof.mk's own files in HOME, which may be a folder of the project.
packages_found() {
	own=$(cd -- "$1" && pwd -P)
	own=./${own#"$(pwd -P)"/}
	find . -name '.?*' -prune -o -name _output -prune -o -name node_modules -prune -o \
		-path "./${2#./}" -prune -o -path "$own" -prune -o -type f \( -name '*_test.c' -o -name '*_bench.c' \) -print |
		tests_among | sed 's|/[^/]*$||' | sort -u | while IFS= read -r folder; do
		(package_name "$folder") 2>/dev/null || say "${folder#./}: passed over, its name is not for make"
	done | sort -u
}

# packages_unsaid: what PPROF_PACKAGES is where nobody says. What another build has tests of is not built by convention.
packages_unsaid() {
	[ -z "${PPROF_ARG_CTEST-}${PPROF_ARG_MESON-}${PPROF_ARG_AUTOMAKE-}" ] || echo none
}

# packages_wanted HOME OUT: the package asked for, or all known, a line each. PPROF_ARG_PACKAGES=none: none is known.
packages_wanted() {
	if [ -n "${PPROF_ARG_Package-}" ]; then
		package_name "$PPROF_ARG_Package"
	elif [ "${PPROF_ARG_PACKAGES:-$(packages_unsaid)}" = none ]; then
		:
	elif [ -n "${PPROF_ARG_PACKAGES-}" ]; then
		for wanted in $PPROF_ARG_PACKAGES; do
			package_name "$wanted"
		done
	else
		packages_found "$1" "$2"
	fi
}
