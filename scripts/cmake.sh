#!/bin/sh
# SPDX-License-Identifier: MIT
# A target of CMake's (cmake/pprofmk-config.cmake): values come from the environment under the names that people type.
#
# Usage: cmake.sh NAME    of a target pprof.NAME
# Needs PPROF_ARG_CTEST and PPROF_ARG_OUT.
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

command=$(printf %s "$1" | tr . -)
case $command in
help)
	"$here/help.sh" '^pprof[.]' "$here"/make-rules/*.mk | grep -v 'pprof[.]bench[.]diff' |
		sed 's/^make /cmake --build . --target /'
	exit
	;;
clean) exec "$here/clean.sh" ;;
test | bench | trace) "$here/check-values.sh" asked ;;
esac
"$here/build-tool.sh"
case $command in
cpu | mem | heap | allocs | block | mutex | net | sync | syscall | sched) exec "$here/pprof.sh" web "$command" ;;
ci) exec "$here/ci.sh" ;;
*) exec "$here/pprof.sh" "$command" ;;
esac
