#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Finding the program of a test: what is remembered of programs, and until when.

load ../helpers/helpers

# build NAME [FLAG...]: a program that leaves a line in $BATS_TEST_TMPDIR/asked whenever it is started.
build() {
	cc "-DMARK=\"$BATS_TEST_TMPDIR/asked\"" "${@:2}" -o "$1.new" -x c - -lcmocka <<-'END'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <cmocka.h>
		#ifndef SECOND
		#define SECOND test_second
		#endif
		#define TEXT_(name) #name
		#define TEXT(name) TEXT_(name)
		static void test_first(void **state) { (void)state; free(malloc(10)); }
		static void test_second(void **state) { (void)state; free(malloc(20)); }
		#ifdef IN_LIBRARY
		extern const struct CMUnitTest library_tests[];
		#endif
		int main(int argc, char **argv)
		{
			const struct CMUnitTest tests[] = {{.name = "test_first", .test_func = test_first},
							   {.name = TEXT(SECOND), .test_func = test_second}};
			FILE *mark = fopen(MARK, "a");
			fprintf(mark, "%s %d\n", argv[0], argc);
			fclose(mark);
		#ifdef IN_LIBRARY
			(void)tests;
			return _cmocka_run_group_tests("library", library_tests, 2, NULL, NULL);
		#else
			return cmocka_run_group_tests(tests, NULL, NULL);
		#endif
		}
	END
	mv "$1.new" "$1"
}

asked() {
	if [ -e "$BATS_TEST_TMPDIR/asked" ]; then wc -l <"$BATS_TEST_TMPDIR/asked"; else echo 0; fi
}

# list WORD...: names of the tests, in $output.
list() {
	run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" list --out "$out" "$@"
	equal 'exit status' "$status" 0
	output=$(printf '%s\n' "$output" | awk 'NR > 1 { print $1 }')
}

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir "$out"
}

@test "a program is asked once, until it changes" {
	build one_test
	list one_test
	equal tests "$output" "$(printf '%s\n' test_first test_second)"
	equal 'times asked' "$(asked)" 1
	list one_test
	equal 'times asked when it is remembered' "$(asked)" 1
	build one_test -DSECOND=test_other
	list one_test
	equal 'tests of another build' "$output" "$(printf '%s\n' test_first test_other)"
	equal 'times asked after another build' "$(asked)" 2
	cp -p one_test copy_test
	list one_test copy_test
	equal 'tests of a copy' "$(printf '%s\n' "$output" | xargs)" \
		'one_test.test_first one_test.test_other copy_test.test_first copy_test.test_other'
	equal 'times asked when a copy is there' "$(asked)" 3
	touch -d '1 day ago' one_test
	list one_test
	equal 'times asked after a change of its time' "$(asked)" 4
}

@test "a program is asked for each way to run it" {
	build one_test
	list one_test
	list one_test -- argument
	equal 'times asked with an argument' "$(asked)" 2
	mkdir elsewhere
	(cd elsewhere && list ../one_test)
	equal 'times asked in another folder' "$(asked)" 3
	list one_test
	list one_test -- argument
	equal 'times asked when all is remembered' "$(asked)" 3
}

@test "only the program of the wanted test is asked and run" {
	local i
	for i in 1 2 3 4 5; do
		build "p${i}_test" "-DSECOND=test_$i"
	done
	list p?_test
	rm asked
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test p?_test --func test_3 --kinds mem --out "$out"
	equal 'exit status' "$status" 0
	equal bytes "$(sum "$out/test_3.mem.pb.gz" 2)" 20
	equal 'programs started' "$(awk '{ print $1 }' asked | sort -u)" "$PWD/p3_test"
	# Nothing of that name: perhaps one has changed without its file, so all are asked before it is said.
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test p?_test --func test_6 --kinds mem --out "$out"
	equal 'exit status of a wrong name' "$status" 2
	has "$stderr" 'did you mean'
	equal 'programs started for a wrong name' "$(awk '{ print $1 }' asked | sort -u | wc -l)" 5
}

@test "tests in a library that has changed: the wanted one is found and recorded" {
	library() {
		cc -shared -fPIC -o liblibrary.so -x c - -lcmocka <<-END
			#include <setjmp.h>
			#include <stdarg.h>
			#include <stddef.h>
			#include <stdint.h>
			#include <stdlib.h>
			#include <cmocka.h>
			static void test_1(void **state) { (void)state; free(malloc(100)); }
			static void test_2(void **state) { (void)state; free(malloc(200)); }
			const struct CMUnitTest library_tests[] = {{.name = "test_$1", .test_func = test_$1},
								   {.name = "$3", .test_func = test_$2}};
		END
	}
	library 1 2 test_2
	build one_test -DIN_LIBRARY -L. -llibrary '-Wl,-rpath,$ORIGIN' -Wl,--no-as-needed -llibrary
	list one_test
	equal tests "$(printf '%s\n' "$output" | xargs)" 'test_1 test_2'
	# Each in the other's place.
	library 2 1 test_1
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test one_test --func test_1 --kinds mem --out "$out"
	equal 'exit status' "$status" 0
	equal bytes "$(sum "$out/test_1.mem.pb.gz" 2)" 100
	library 2 1 test_new
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test one_test --func test_new --kinds mem --out "$out"
	equal 'exit status of a new one' "$status" 0
}

@test "a file that is damaged or somebody else's is made anew" {
	build one_test
	list one_test
	local good size cut
	good=$(cat -v "$out/.catalog")
	size=$(stat -c %s "$out/.catalog")
	cp "$out/.catalog" whole
	for cut in 0 1 20 100 $((size / 2)) $((size - 1)); do
		head -c "$cut" whole >"$out/.catalog"
		list one_test
		equal "tests after a cut at $cut" "$(printf '%s\n' "$output" | xargs)" 'test_first test_second'
		equal "file after a cut at $cut" "$(cat -v "$out/.catalog")" "$good"
	done
	sed 's/test_first/test_worst/' whole >"$out/.catalog"
	list one_test
	equal 'tests after a change' "$(printf '%s\n' "$output" | xargs)" 'test_first test_second'
	echo 'this is mine' >"$out/.catalog"
	list one_test
	equal 'file after another' "$(cat -v "$out/.catalog")" "$good"
	rm "$out/.catalog"
	mkdir "$out/.catalog"
	list one_test
	equal 'tests beside a folder' "$(printf '%s\n' "$output" | xargs)" 'test_first test_second'
	equal 'files left over' "$(ls -A "$out")" .catalog
}

@test "many at once: each has all tests, and the file is whole" {
	local i
	for i in 1 2 3 4 5 6; do
		build "p${i}_test" "-DSECOND=test_$i"
	done
	for i in 1 2 3 4 5 6; do
		plainly timeout "$LIMIT" "$PPROFMK" list p[1-6]_test --out "$out" >"list.$i" &
	done
	wait
	for i in 1 2 3 4 5 6; do
		equal "tests of $i" "$(sed 1d "list.$i" | wc -l)" 12
	done
	rm asked
	list p[1-6]_test
	equal 'times asked then' "$(asked)" 0
	equal 'files left over' "$(ls -A "$out")" .catalog
}

@test "programs that are gone are forgotten, others are kept" {
	build one_test
	build two_test
	list one_test two_test
	rm one_test
	build three_test
	list three_test
	lacks "$(cat -v "$out/.catalog")" one_test
	rm asked
	list two_test three_test
	equal 'times asked' "$(asked)" 0
}

@test "no folder of profiles: nothing is remembered and none is made" {
	build one_test
	rmdir "$out"
	list one_test
	[ ! -e "$out" ]
	equal tests "$(printf '%s\n' "$output" | xargs)" 'test_first test_second'
}
