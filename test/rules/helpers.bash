# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Scratch projects for the tests of the rules, and a pprofmk that only notes how it was called.

# RULES and INCLUDED, what Makefiles include, may name installed ones: see test/install.
RULES=${RULES:-$(cd -- "$BATS_TEST_DIRNAME/../../scripts/make-rules" && pwd)}
SCRIPTS=${RULES%/make-rules}
# What a runner above us was given is not for the makes of the tests.
unset MAKEFLAGS MAKELEVEL MFLAGS V Func Package Bin Args

# new_project FOLDER: a project with a package and a Makefile of its own; it becomes the current folder.
new_project() {
	mkdir -p -- "$1"
	cd -- "$1" || return
	new_tool
	new_package internal/store store
	cat >Makefile <<-EOF_MAKEFILE
		CFLAGS := -O1 -Wextra
		.PHONY: all test clean help
		all: ; @echo my all
		test: ; @echo my test
		clean: ; @echo my clean
		help: ; @echo my help
		PPROF_TOOL := ./pprofmk
		include ${INCLUDED:-$RULES/pprof.mk}
	EOF_MAKEFILE
}

# new_tool: its arguments, a line each with newlines as \n, go to the file called.
new_tool() {
	cat >pprofmk <<-'EOF_TOOL'
		#!/bin/bash
		for argument; do
			printf '%s\n' "${argument//$'\n'/\\n}"
		done >called
	EOF_TOOL
	chmod +x pprofmk
}

# new_package FOLDER NAME: NAME.c in it, and its test in test/FOLDER.
new_package() {
	mkdir -p -- "$1" "test/$1"
	printf 'int %s(void);\nint %s(void)\n{\n\treturn 1;\n}\n' "$2" "$2" >"$1/$2.c"
	new_test "test/$1/$2_test.c" "$2"
}

# new_test FILE FUNCTION: a test program that passes when FUNCTION() is 1.
new_test() {
	cat >"$1" <<-EOF_TEST
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <cmocka.h>
		int $2(void);
		static void test_$2(void **state)
		{
			(void)state;
			assert_int_equal($2(), 1);
		}
		int main(void)
		{
			const struct CMUnitTest tests[] = {cmocka_unit_test(test_$2)};
			return cmocka_run_group_tests(tests, NULL, NULL);
		}
	EOF_TEST
}

# later: until a file that is written has another time than those before. The clock that files have stands still between two ticks, and for
# as long as the processor that has it is not let run.
later() {
	touch earlier
	until [ now -nt earlier ]; do
		sleep 0.01
		touch now
	done
	rm earlier now
}

# keeping_values: a script in bench-diff.sh's place notes the values that it is given, a line each.
keeping_values() {
	mkdir -p ours/scripts
	cp -r -- "$SCRIPTS"/. ours/scripts/
	cat >ours/scripts/bench-diff.sh <<-'EOF_SCRIPT'
		#!/bin/bash
		for name in ${!PPROF_ARG_*}; do
			printf '%s=%s\n' "${name#PPROF_ARG_}" "${!name//$'\n'/\\n}"
		done >values
	EOF_SCRIPT
	chmod +x ours/scripts/bench-diff.sh
	sed -i 's,^include .*,include ours/scripts/make-rules/pprof.mk,' Makefile
}

# called_with LINE...: was the tool called with exactly these arguments?
called_with() {
	diff <(printf '%s\n' "$@") called
}

# refused TEXT: the last run failed with such a sentence, and the tool was not called.
refused() {
	# shellcheck disable=SC2154 # set by run
	if [ "$status" != 2 ] || [[ $output != *"$1"* ]] || [ -e called ]; then
		printf 'status %s, expected 2 and "%s":\n%s\n' "$status" "$1" "$output"
		return 1
	fi
}

# Times of everything built, to see that nothing was built again.
built() {
	find _output -type f -printf '%p %T@\n' | sort
}
