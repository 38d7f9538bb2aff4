#!/bin/sh
# SPDX-License-Identifier: MIT
# A target of CMake's (cmake/pprofmk-config.cmake): values come from the environment under the names that people type.
#
# Usage: cmake.sh NAME    of a target pprof.NAME
# Needs the build folder in PPROF_ARG_CTEST, the project's in PPROF_ARG_SOURCE, and PPROF_ARG_OUT.
# Example: Func=test_send_code PPROF_ARG_CTEST=build PPROF_ARG_OUT=build/pprof scripts/cmake.sh test
set -eu

here=$(dirname -- "$0")

# typed: names of the values, from the table of the rules.
typed() {
	sed -n '/^PPROF_TYPED :=/,/[^\\]$/p' "$here/make-rules/values.mk" | sed 's/^PPROF_TYPED :=//; s/\\$//'
}

for name in $(typed); do
	eval "export PPROF_ARG_$name=\"\${$name-}\""
done
# What CMake builds is all that there is.
export PPROF_ARG_PACKAGES=none PPROF_ARG_Package=
# What is to be done next is said for a prompt in any folder.
export PPROF_ARG_CMAKE="$PPROF_ARG_CTEST"
case $PPROF_ARG_OUT in
/*) ;;
*) PPROF_ARG_OUT=$PWD/$PPROF_ARG_OUT ;;
esac

# with_revisions: a revision of git is one of the project's folder, and built as cmake-base.sh does. Base is from here.
with_revisions() {
	case $PPROF_ARG_Base in
	/*) ;;
	*) [ ! -e "$PPROF_ARG_Base" ] || PPROF_ARG_Base=$PWD/$PPROF_ARG_Base ;;
	esac
	here=$(cd -- "$here" && pwd)
	export PPROF_ARG_BASE_BUILD="$here/cmake-base.sh" PPROF_ARG_BASE_CTEST=_output/pprof/cmake
	cd -- "$PPROF_ARG_SOURCE"
}

command=$(printf %s "$1" | tr . -)
case $command in
help)
	"$here/help.sh" '^pprof[.]' "$here"/make-rules/*.mk |
		sed 's/^make /cmake --build . --target /'
	exit
	;;
clean) exec "$here/clean.sh" ;;
trace) [ -n "${PPROF_ARG_Addr-}" ] || "$here/check-values.sh" asked ;;
test | bench) "$here/check-values.sh" asked ;;
esac
"$here/build-tool.sh"
case $command in
cpu | mem | heap | allocs | block | mutex | net | sync | syscall | sched) exec "$here/pprof.sh" web "$command" ;;
ci) exec "$here/ci.sh" ;;
bench-diff | gate)
	with_revisions
	exec "$here/$command.sh"
	;;
*) exec "$here/pprof.sh" "$command" ;;
esac
