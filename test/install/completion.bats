#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Completion, typed into real shells. Both load what is installed by themselves, as from /usr/local.

load helpers

setup_file() {
	command -v zsh >/dev/null || skip 'needs zsh, for its terminals'
	install_into "$BATS_FILE_TMPDIR/usr"
	(
		use "$BATS_FILE_TMPDIR/usr"
		including_project "$BATS_FILE_TMPDIR/project"
		timeout 100 make -s pprof.list
	)
}

setup() {
	prefix=$BATS_FILE_TMPDIR/usr
	use "$prefix"
	export XDG_DATA_DIRS=$prefix/share:/usr/share
	setup_bash='source /usr/share/bash-completion/bash_completion'
	setup_zsh="PS1=; fpath=($prefix/share/zsh/site-functions \$fpath); autoload -U compinit; compinit -u -D"
	cd "$BATS_FILE_TMPDIR/project" || return
}

# typed KEYS LINE: in both shells.
typed() {
	local shell setup
	for shell in bash zsh; do
		setup=setup_$shell
		run timeout 30 "$BATS_TEST_DIRNAME/type.zsh" "$shell" "${!setup}" "$1"
		if [ "$output" != "$2" ]; then
			printf '%s: %s\nexpected: %s\n' "$shell" "$output" "$2"
			return 1
		fi
	done
}

@test "make: targets and names of tests" {
	typed 'make pprof.te\tFunc=test_s\t' 'make pprof.test Func=test_store'
	typed 'make pprof.bench.\t' 'make pprof.bench.diff'
}

@test "make: names of variables, their choices, packages" {
	typed 'make Kind=he\tBenchti\t' 'make Kind=heap Benchtime='
	typed 'make Type=inuse_o\t' 'make Type=inuse_objects'
	typed 'make Kinds=cpu,bl\t' 'make Kinds=cpu,block'
	typed 'make pprof.test Package=in\t' 'make pprof.test Package=internal/store'
}

@test "make: names in sources that are not built yet" {
	new_package lib/parts parts
	typed 'make Func=test_p\t' 'make Func=test_parts'
	rm -r lib test/lib
}

@test "make: a project in another folder" {
	cd /
	typed "make -C '$BATS_FILE_TMPDIR/project' pprof.to\\tFunc=test_s\\t" \
		"make -C $BATS_FILE_TMPDIR/project pprof.top Func=test_store"
}

@test "make: the user's own targets as before, and files" {
	typed 'make cle\t' 'make clean'
	mkdir -p "$BATS_TEST_TMPDIR/plain"
	cd "$BATS_TEST_TMPDIR/plain"
	printf 'something: ; @touch ran\n' >Makefile
	typed 'make some\t' 'make something'
	typed 'make Func=te\t' 'make Func=te'
	[ "$(ls)" = Makefile ]
}

@test "a space in a name, escaped and in quotes" {
	cat >spaced.c <<-'END'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <cmocka.h>
		static void test(void **state) { (void)state; }
		int main(void)
		{
			const struct CMUnitTest tests[] = {{"adds one more", test, 0, 0, 0}, {"adds two: a b", test, 0, 0, 0}};
			return cmocka_run_group_tests(tests, 0, 0);
		}
	END
	cc -o spaced spaced.c -lcmocka
	typed 'pprofmk test --bin spaced --func adds\\ o\t' 'pprofmk test --bin spaced --func adds one more'
	typed 'pprofmk test --bin spaced --func=adds\\ two:\\ \t' 'pprofmk test --bin spaced --func=adds two: a b'
	typed "pprofmk test --bin spaced --func 'adds o\\t" 'pprofmk test --bin spaced --func adds one more'
	typed 'make Bin=spaced Func=adds\\ o\t' 'make Bin=spaced Func=adds one more'
	typed 'make Bin=spaced Func="adds o\t' 'make Bin=spaced Func=adds one more'
	rm spaced spaced.c
}

@test "nothing in a line is run by completing it" {
	typed "make Package='\$(shell >canary)' Func=test_s\\t" 'make Package=$(shell >canary) Func=test_store'
	typed "make Package='\$(>canary)' Bin='\`>canary\`' Func=test_s\\t" \
		'make Package=$(>canary) Bin=`>canary` Func=test_store'
	[ ! -e canary ]
}

@test "pprofmk: commands, options, choices, tests of a program" {
	typed 'pprofmk do\t' 'pprofmk doctor'
	typed 'pprofmk test --alo\tn\t' 'pprofmk test --alone no'
	typed 'pprofmk top --kind=mu\t' 'pprofmk top --kind=mutex'
	typed 'pprofmk top --type=peak_s\t' 'pprofmk top --type=peak_space'
	typed 'pprofmk test --kinds cpu,m\t' 'pprofmk test --kinds cpu,mem'
	typed 'pprofmk test --bin _output/pprof/build/internal/store/store_test --func t\t' \
		'pprofmk test --bin _output/pprof/build/internal/store/store_test --func test_store'
	typed 'pprofmk test --kinds mem _output/pprof/build/internal/store/store_test --func=t\t' \
		'pprofmk test --kinds mem _output/pprof/build/internal/store/store_test --func=test_store'
	command -v ctest >/dev/null || skip 'no ctest; the rest was tested'
	mkdir suite
	printf 'add_test(store "%s/_output/pprof/build/internal/store/store_test")\n' "$PWD" >suite/CTestTestfile.cmake
	typed 'pprofmk test --ctest suite --func t\t' 'pprofmk test --ctest suite --func test_store'
}
