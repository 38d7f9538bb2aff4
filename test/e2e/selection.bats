#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which tests a name selects, how the others are found, and what the files are called.

load ../helpers/helpers

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
}

# files: what is in the output folder but for the memory of programs, one name a line.
files() {
	(cd "$out" && printf '%s\n' * .[!.]*) | grep -vxF -e '.[!.]*' -e .catalog | LC_ALL=C sort
}

@test "list names every test of the program, in order, without running any" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" list --package some/where --bin "$FIXTURES/ending"
	equal 'exit status' "$status" 0
	equal tests "$(printf '%s\n' "$output" | awk '$1 ~ /^test_/ { print $1 }')" \
		"$(sed -n 's/^\t\tcmocka_unit_test[a-z_]*(\(test_[a-z0-9_]*\).*/\1/p' "$ROOT/test/fixtures/ending.c")"
	equal 'lines without package or program' "$(printf '%s\n' "$output" | grep test_ | grep -cv 'ending *some/where$')" 0
	lacks "$output$stderr" 'RUN'
}

@test "list: 5,000 tests" {
	run --separate-stderr timeout 20 "$PPROFMK" list --bin "$FIXTURES/many_tests"
	equal 'exit status' "$status" 0
	equal tests "$(printf '%s\n' "$output" | grep -c '^test_0[0-9]* ')" 5000
}

@test "list: several programs, packages and globs" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" list --package one --bin "$FIXTURES/order" \
		--package two --bin "$FIXTURES/wind*" "$FIXTURES/groups"
	equal 'exit status' "$status" 0
	equal 'of one' "$(printf '%s\n' "$output" | grep -c 'order *one$')" 3
	equal 'of two' "$(printf '%s\n' "$output" | grep -c ' two$')" $((2 + 5))
}

@test "list: one line a test, whatever its name; NULL entries are none" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" list --bin "$FIXTURES/names"
	equal 'exit status' "$status" 0
	equal lines "$(printf '%s\n' "$output" | wc -l)" $((1 + 22))
	has "$output" 'test_twice#2'
	has "$output" 'test_twice#3'
	lacks "$output" "$(printf '\033')"
}

@test "an exact name selects one test" {
	profile cpu_split test_cpu_split --time 50ms
	equal 'exit status' "$status" 0
	equal files "$(files)" "$(printf '%s\n' test_cpu_split.{block.pb.gz,cpu.pb.gz,json,mem.pb.gz,mutex.pb.gz})"
}

@test "a glob selects several" {
	profile cpu_split 'test_*_t[i]ny' --time 50ms --kinds mem
	equal 'exit status' "$status" 0
	equal files "$(files)" "$(printf '%s\n' test_cpu_split_tiny.{json,mem.pb.gz})"
	profile cpu_split 'test_cpu_split*' --time 50ms --kinds mem
	equal 'number of profiles' "$(files | grep -c 'mem.pb.gz')" 3
}

@test "no name: every test with its own files, and a merged set named after the package" {
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --package lib/order --bin "$FIXTURES/window" \
		--kinds cpu,mem --time 50ms --out "$out"
	equal 'exit status' "$status" 0
	equal files "$(files)" "$(printf '%s\n' lib%2Forder.{cpu.pb.gz,json,mem.pb.gz} \
		test_neighbour.{cpu.pb.gz,json,mem.pb.gz} test_window.{cpu.pb.gz,json,mem.pb.gz})"
	equal 'merged bytes' "$(sum "$out/lib%2Forder.mem.pb.gz" 2)" $((500 + 24))
	equal 'tests in its manifest' "$(json "$out/lib%2Forder.json" '[.tests[].test] | join(",")')" test_neighbour,test_window
	has "$(fold "$out/lib%2Forder.mem.pb.gz")" 'test:[test_neighbour]'
}

@test "no name, several packages: the merged set is of all of them, and called so" {
	# By hand: below make the next command would be make's.
	run --separate-stderr env -u MAKELEVEL timeout "$LIMIT" "$PPROFMK" test --package one --bin "$FIXTURES/window" --package two --bin "$FIXTURES/order" \
		--kinds mem --out "$out"
	has "$output" "--kind mem --func 'all'"
	[ -e "$out/all.mem.pb.gz" ]
	[ ! -e "$out/one.json" ] && [ ! -e "$out/two.json" ]
	equal 'tests of both' "$(jq '.tests | length' "$out/all.json")" $((2 + 3))
}

@test "no match: 2, the nearest names, how to list, nothing written" {
	profile cpu_split test_cpu_splti
	equal 'exit status' "$status" 2
	has "$stderr" test_cpu_splti
	has "$stderr" 'test_cpu_split'
	has "$stderr" pprof.list
	[ ! -e "$out" ] || equal files "$(files)" ''
}

@test "a glob that matches nothing: 2" {
	profile cpu_split 'nothing_*'
	equal 'exit status' "$status" 2
}

@test "a repeated name: NAME is the first, NAME#2 the second" {
	local title work
	for title in test_twice:first test_twice#2:second test_twice#3:third; do
		work=${title#*:}_work
		title=${title%:*}
		profile names "$title" --kinds mem
		equal "exit status of $title" "$status" 0
		equal "blocks of $work in $title" "$(sum "$out/$title.mem.pb.gz" 1 "$work") of $(sum "$out/$title.mem.pb.gz" 1)" '1 of 1'
	done
	profile names 'test_twice#4' --kinds mem
	equal 'exit status' "$status" 2
	# A test that is really called so comes first.
	profile names 'test_hash#2' --kinds mem
	equal 'exit status' "$status" 0
}

@test "names that are no file names: the files are escaped and stay in the folder" {
	local name
	while IFS=$'\t' read -r name file; do
		profile names "$(printf '%b' "$name")" --kinds mem
		equal "exit status of $name" "$status" 0
		[ -f "$out/$file.mem.pb.gz" ] && [ -f "$out/$file.json" ]
	done <<-'END'
		name with spaces	name%20with%20spaces
		name/with/slashes	name%2Fwith%2Fslashes
		../../escapes	%2E.%2F..%2Fescapes
		.hidden	%2Ehidden
		quote'and"double	quote%27and%22double
		dollar $(touch canary) `touch canary`; touch canary	dollar%20%24%28touch%20canary%29%20%60touch%20canary%60%3B%20touch%20canary
		per%20cent	per%2520cent
		n\0303\0244m\0303\0251 \0342\0234\0223	n%C3%A4m%C3%A9%20%E2%9C%93
		bytes \0377\0376	bytes%20%FF%FE
		line\nfeed	line%0Afeed
		tab\tand\033[31mcolour	tab%09and%1B%5B31mcolour
		-dash	-dash
	END
	[ ! -e canary ]
	equal 'files beside the folder' "$(find "$BATS_TEST_TMPDIR" -newer "$FIXTURES/names" -type f -not -path "$out/*" -name '*escapes*')" ''
	whole_files "$out"
}

@test "a name that is a glob itself means itself first" {
	profile names 'star*[a-z]?' --kinds mem
	equal 'exit status' "$status" 0
	equal 'manifests' "$(files | grep -c 'json$')" 1
	equal name "$(json "$out"/*.json .name)" 'star*[a-z]?'
}

@test "names of 300 bytes that differ in the last one have files of their own" {
	profile names 'a_name_that_goes_on*' --kinds mem
	equal 'exit status' "$status" 0
	equal 'profiles' "$(files | grep -c 'mem.pb.gz$')" 2
}

@test "a name without characters: every test is meant, this one among them" {
	# Func='' cannot ask for it alone. It must not be in the way of the others nor make files that begin with a dot.
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/names" --kinds mem --out "$out"
	equal 'exit status' "$status" 0
	equal 'hidden files' "$(files | grep -c '^\.')" 0
	equal 'profiles of the 22 tests and the merged one' "$(files | grep -c 'mem.pb.gz$')" 23
	whole_files "$out"
}

@test "two groups that have the same name: both can be had" {
	profile groups test_in_both --kinds cpu --time 50ms
	equal 'exit status' "$status" 0
	within 'first group' "$(sum "$out/test_in_both.cpu.pb.gz" 1 work_of_first_group)" 1 100000
	equal 'second group' "$(sum "$out/test_in_both.cpu.pb.gz" 1 work_of_second_group)" 0
	profile groups 'test_in_both#2' --kinds cpu --time 50ms
	equal 'exit status' "$status" 0
	within 'second group' "$(sum "$out/test_in_both#2.cpu.pb.gz" 1 work_of_second_group)" 1 100000
	equal 'first group' "$(sum "$out/test_in_both#2.cpu.pb.gz" 1 work_of_first_group)" 0
}

@test "a test of a later group is found" {
	profile groups test_only_second --kinds cpu --time 50ms
	equal 'exit status' "$status" 0
	within 'second group' "$(sum "$out/test_only_second.cpu.pb.gz" 1 work_of_second_group)" 1 100000
}

@test "the same name in two programs: both are profiled, each with its own files" {
	cp "$FIXTURES/window" other_program
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --bin "$FIXTURES/window" ./other_program \
		--func test_window --kinds mem --out "$out"
	equal 'exit status' "$status" 0
	equal files "$(files)" "$(printf '%s\n' other_program.test_window.{json,mem.pb.gz} window.test_window.{json,mem.pb.gz})"
}

@test "a test that needs an earlier one fails alone and passes with Alone=no, recorded alone" {
	profile order test_uses --kinds cpu,mem --time 50ms
	equal 'exit status' "$status" 1
	profile order test_uses --kinds cpu,mem --time 50ms --alone no
	equal 'exit status' "$status" 0
	equal 'of other tests' "$(sum "$out/test_uses.cpu.pb.gz" 1 'work_of_(maker|last)')" 0
	within 'of its own' "$(sum "$out/test_uses.cpu.pb.gz" 1 work_of_user)" 1 100000
	equal 'bytes of one run' "$(sum "$out/test_uses.mem.pb.gz" 2)" 10
}

@test "Alone=no: a group that fails elsewhere does not fail the wanted test, and is not hidden" {
	profile ending test_passes --kinds mem --alone no --timeout 5s
	# The group has tests that crash after it: the program ends there, the profile is there all the same.
	equal bytes "$(sum "$out/test_passes.mem.pb.gz" 2 before_the_end)" 640
}

@test "a wrapper script runs the program: the script's own tools are not profiled" {
	cat >wrapper <<-END
		#!/bin/bash
		ls / | sed 's/x/y/' >/dev/null
		exec '$FIXTURES/window' "\$@"
	END
	chmod +x wrapper
	run --separate-stderr timeout "$LIMIT" "$PPROFMK" test --bin ./wrapper --func test_window --kinds mem --out "$out"
	equal 'exit status' "$status" 0
	equal bytes "$(sum "$out/test_window.mem.pb.gz" 2)" 24
}

@test "arguments after -- are the program's" {
	profile stack_shapes test_plugin --kinds cpu --time 50ms -- "$FIXTURES/stack_plugin.so"
	equal 'exit status' "$status" 0
	profile stack_shapes test_plugin --kinds cpu --time 50ms -- "$BATS_TEST_TMPDIR/no such.so"
	equal 'exit status' "$status" 1
}

@test "a program is run in the folder where pprofmk is run" {
	profile surroundings test_loads_and_unloads --kinds mem
	equal 'exit status without ./stack_plugin.so' "$status" 1
	cp "$FIXTURES/stack_plugin.so" .
	profile surroundings test_loads_and_unloads --kinds mem
	equal 'exit status with it' "$status" 0
}
