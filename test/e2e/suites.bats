#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Programs as CMake, Meson and Autotools know them: found, and run with their arguments, folder and environment. The
# projects of test/fixtures/suites are built by the real tools. Their places_test passes only where it is run as they say.

load ../helpers/helpers

# project NAME: a copy of the project in $BATS_FILE_TMPDIR/NAME.
project() {
	local folder=$BATS_FILE_TMPDIR/$1
	[ ! -d "$folder" ] || return 0
	cp -R "$ROOT/test/fixtures/suites/$1" "$folder"
	mkdir "$folder/data"
	touch "$folder/data/here.txt"
}

# needs TOOL...
needs() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

# built_by_cmake GENERATOR FOLDER [OPTION...]: once for each folder, which is $build then.
built_by_cmake() {
	needs cmake ctest
	project cmake
	build=$BATS_FILE_TMPDIR/cmake/$2
	[ ! -d "$build" ] || return 0
	cp "$ROOT"/test/fixtures/suites/*.c "$BATS_FILE_TMPDIR/cmake"
	cmake -S "$BATS_FILE_TMPDIR/cmake" -B "$build" -G "$1" "${@:3}" >/dev/null
	cmake --build "$build" >/dev/null
}

# The same project with our targets, not yet built.
with_targets() {
	built_by_cmake "$1" "targets of ${1##* }" -DPPROFMK=ON "-Dpprofmk_DIR=$ROOT/cmake" "-DPPROFMK_TOOL=$PPROFMK"
	out=$build/pprof
	rm -rf "$out"
}

built_by_meson() {
	needs meson ninja
	project meson
	build=$BATS_FILE_TMPDIR/meson/build
	[ ! -d "$build" ] || return 0
	cp "$ROOT"/test/fixtures/suites/*.c "$BATS_FILE_TMPDIR/meson"
	meson setup "$build" "$BATS_FILE_TMPDIR/meson" >/dev/null
	ninja -C "$build" places_test plain >/dev/null
}

# Built beside the sources, not in them: srcdir is another folder.
built_by_automake() {
	needs autoreconf automake libtoolize
	project automake
	build=$BATS_FILE_TMPDIR/automake/build
	[ ! -d "$build" ] || return 0
	cp "$ROOT"/test/fixtures/suites/*_test.c "$ROOT/test/fixtures/suites/plain.c" "$BATS_FILE_TMPDIR/automake/tests"
	cp "$ROOT/test/fixtures/suites/library.c" "$BATS_FILE_TMPDIR/automake/lib"
	(cd "$BATS_FILE_TMPDIR/automake" && autoreconf -i >/dev/null 2>&1)
	mkdir "$build"
	(cd "$build" && ../configure -q -C CFLAGS='-O2 -g' && make -s && make -s -C tests places_test plain) >/dev/null 2>&1
	touch "$build/tests/here.txt"
	[ -x "$build/tests/.libs/places_test" ]
}

setup() {
	setup_out
	cd "$BATS_TEST_TMPDIR" || return 1
}

# suite COMMAND OPTION...
suite() {
	run --separate-stderr plainly timeout "$LIMIT" env SUITE_GONE=1 "$PPROFMK" "$@" --out "$out"
	echo "$output"
	echo "$stderr" >&2
}

# tests_listed: test and name in the suite, one a line.
tests_listed() {
	printf '%s\n' "$output" | sed 1d | awk '{ print $1, $3 }'
}

# three_ways: what the projects of CMake and Meson have.
three_ways() {
	printf '%s\n' {large,launched,small}.test_{directory,environment,size}
}

# check_runs OPTION...: each way of running places_test passes, and the size that its argument says is in the profile.
check_runs() {
	local run
	for run in small:100 large:10000 launched:1000; do
		suite test "$@" --func "${run%:*}.test_size" --kinds mem
		equal "exit status of $run" "$status" 0
		equal "bytes of $run" "$(sum "$out/${run%:*}.test_size.mem.pb.gz" 2)" "${run#*:}"
	done
	for run in test_directory test_environment; do
		suite test "$@" --func "$run" --kinds cpu,mem,block --count 1
		equal "exit status of $run" "$status" 0
		equal "profiles of $run" "$(find "$out" -name "*.$run.mem.pb.gz" | wc -l)" 3
	done
	# Where pprofmk was called, and nowhere else.
	equal 'manifest' "$(json "$out/large.test_size.json" '(.arguments | join(",")) + " " + .suite_test')" '10000 large'
	equal 'new files' "$(find "$build" -name '*.pb.gz' -o -name .catalog)" ''
	whole_files "$out"
}

@test "ctest: every way to run a program, and what is left out" {
	built_by_cmake 'Unix Makefiles' build
	suite list --ctest "$build"
	equal 'exit status' "$status" 0
	equal tests "$(tests_listed | awk '{ print $1 }' | sort)" "$(three_ways)"
	equal 'names in the suite' "$(tests_listed | awk '{ print $2 }' | sort -u | xargs)" 'large launched small'
	has "$output" CTEST
	has "$stderr" '1 of its 6 tests have no cmocka tests'
	has "$stderr" '1 of its 6 tests are disabled'
	has "$stderr" "1 of its 6 tests are not built; build them with \`cmake --build $build\`"
	[ ! -e "$build/plain-has-run" ]
}

@test "ctest: arguments, working directory, ENVIRONMENT and ENVIRONMENT_MODIFICATION" {
	built_by_cmake 'Unix Makefiles' build
	check_runs --ctest "$build"
}

@test "ctest: what is not built is not needed for another test, and missed when all are asked for" {
	built_by_cmake 'Unix Makefiles' build
	suite test --ctest "$build" --func small.test_size --kinds mem
	equal 'exit status' "$status" 0
	lacks "$stderr" 'not built'
	suite test --ctest "$build" --kinds mem
	equal 'exit status of all' "$status" 1
	has "$stderr" 'not built'
	equal 'merged under the name of the project' "$(sum "$out/suite_of_cmake.mem.pb.gz" 2)" $((100 + 10000 + 1000))
	suite test --ctest "$build" --func test_late --kinds mem
	equal 'exit status of what is not built' "$status" 2
	has "$stderr" "\`cmake --build $build\`"
	cmake --build "$build" --target late_test >/dev/null
	suite test --ctest "$build" --func test_late --kinds mem
	rm "$build/late_test"
	equal 'exit status when it is' "$status" 0
}

verdict_test() {
	[ -x "$BATS_FILE_TMPDIR/verdict_test" ] ||
		cc -g -o "$BATS_FILE_TMPDIR/verdict_test" "$ROOT/test/fixtures/suites/verdict_test.c" -lcmocka
}

# same_verdict ARGUMENT PROPERTIES STATUS TEXT: ctest and we, on the program run with the argument.
same_verdict() {
	rm -rf suite "$out"
	mkdir suite
	printf '%s\n' "add_test(one \"$BATS_FILE_TMPDIR/verdict_test\" $1)" "set_tests_properties(one PROPERTIES $2)" \
		>suite/CTestTestfile.cmake
	run ctest --test-dir suite
	equal "ctest fails at $1 $2" $((status != 0)) "$3"
	suite test --ctest suite --kinds mem
	equal "exit status at $1 $2" "$status" "$3"
	has "$output$stderr" "$4"
}

@test "ctest: WILL_FAIL and PASS_REGULAR_EXPRESSION: what fails as it should is no failure" {
	needs ctest
	verdict_test
	same_verdict fail 'LABELS none' 1 '1 run, failed'
	same_verdict fail 'WILL_FAIL TRUE' 0 '1 run, failed, as its program is to (WILL_FAIL)'
	equal outcomes "$(json "$out/test_ends.json" '.kinds[0].outcome') $(json "$out/test_passes.json" '.kinds[0].outcome')" \
		'failed as expected passed'
	same_verdict pass 'WILL_FAIL TRUE' 1 'one: it is to fail (WILL_FAIL), and nothing of it did'
	same_verdict exit 'WILL_FAIL TRUE' 0 'run 1, as its program is to (WILL_FAIL)'
	same_verdict kill 'WILL_FAIL TRUE' 1 'killed by signal 9'
	same_verdict fail 'PASS_REGULAR_EXPRESSION test_ends' 0 'its suite does not go by that (PASS_REGULAR_EXPRESSION)'
	same_verdict pass 'PASS_REGULAR_EXPRESSION test_ends' 0 'profiles are in'
	# In one run of the program, too, and of one test that may pass.
	same_verdict pass 'WILL_FAIL TRUE' 1 'nothing of it did'
	suite test --ctest suite --kinds cpu --count 1
	equal 'exit status together' "$status" 1
	suite test --ctest suite --func test_passes --kinds mem
	equal 'exit status of one test' "$status" 0
	# What is looked for is its failure.
	same_verdict fail 'WILL_FAIL TRUE' 0 'as its program is to'
	suite test --ctest suite --func test_ends --until fail --count 3
	equal 'exit status until it fails' "$status" 1
}

@test "ctest: a test that fails without its fixture: what sets that up is said, and works" {
	needs ctest
	verdict_test
	mkdir suite
	printf '%s\n' "add_test(up sh -c \"touch up\")" "add_test(\"also up\" true)" "add_test(down rm up)" \
		"add_test(two \"$BATS_FILE_TMPDIR/verdict_test\" fail)" \
		'set_tests_properties(up "also up" PROPERTIES FIXTURES_SETUP "other;file")' \
		'set_tests_properties(down PROPERTIES FIXTURES_CLEANUP file)' \
		'set_tests_properties(two PROPERTIES FIXTURES_REQUIRED file)' >suite/CTestTestfile.cmake
	local command="(cd $PWD/suite && ctest -R '^(up|also up)\$' -FC .)"
	suite test --ctest suite --func two.test_ends --kinds mem
	equal 'exit status' "$status" 1
	has "$output" "ctest sets up a fixture before it (FIXTURES_REQUIRED), which we do not: \`$command\`"
	suite test --ctest suite --func two.test_passes --kinds mem
	equal 'exit status of one that passes' "$status" 0
	lacks "$output" FIXTURES
	suite bench --ctest suite --func two.test_ends --kinds mem --benchtime 1x
	has "$output" '(FIXTURES_REQUIRED)'
	(eval "$command") >/dev/null
	[ -e suite/up ]
}

@test "a program built without -g is told to be, once, where its functions are shown" {
	cc -o plain_test "$ROOT/test/fixtures/suites/places_test.c" -lcmocka
	suite test plain_test --func test_size --kinds mem,cpu --count 1
	equal 'exit status' "$status" 0
	equal lines "$(grep -c '^plain_test has no debug information' <<<"$output")" 1
	cc -g -o plain_test "$ROOT/test/fixtures/suites/places_test.c" -lcmocka
	suite test plain_test --func test_size --kinds mem,cpu --count 1
	lacks "$output" 'no debug information'
}

@test "what skips itself by its exit status is not missed: SKIP_RETURN_CODE, and 77 of Meson and automake" {
	verdict_test
	mkdir meson-info
	printf '[{"name": "one", "cmd": ["%s", "skip"], "env": {}, "protocol": "exitcode"}, {"name": "two", "cmd": ["%s"], "env": {}}]' \
		"$BATS_FILE_TMPDIR/verdict_test" "$BATS_FILE_TMPDIR/verdict_test" >meson-info/intro-tests.json
	suite test --meson . --kinds mem
	equal 'exit status' "$status" 0
	has "$stderr" 'one: it skips itself (exit status 77)'
	lacks "$stderr" 'ran no group of tests'
	command -v ctest >/dev/null || return 0
	same_verdict exit 'SKIP_RETURN_CODE 3' 0 'which is how it skips itself (exit status 3)'
	mkdir some
	printf 'add_test(%s "%s" %s)\n' skips "$BATS_FILE_TMPDIR/verdict_test" skip passes "$BATS_FILE_TMPDIR/verdict_test" pass \
		>some/CTestTestfile.cmake
	suite test --ctest some --kinds mem
	equal 'exit status without a word of it' "$status" 1
	echo 'set_tests_properties(skips PROPERTIES SKIP_RETURN_CODE 77)' >>some/CTestTestfile.cmake
	suite test --ctest some --kinds mem
	equal 'exit status' "$status" 0
	has "$stderr" 'skips: it skips itself (exit status 77)'
}

@test "automake: what XFAIL_TESTS names is to fail" {
	verdict_test
	cp "$BATS_FILE_TMPDIR/verdict_test" fails
	printf '%s\n' '# Makefile.in generated by automake' 'TESTS = fails' 'XFAIL_TESTS = other fails' \
		"AM_TESTS_ENVIRONMENT = WORD=1; export WORD;" >Makefile
	suite list --automake .
	equal 'exit status of the list' "$status" 0
	suite test --automake . --kinds mem
	equal 'exit status where it passes' "$status" 1
	has "$stderr" 'fails: it is to fail (XFAIL_TESTS), and nothing of it did'
	suite test --automake . --kinds mem -- fail
	equal 'exit status where it fails' "$status" 0
	has "$output" 'failed, as its program is to (XFAIL_TESTS)'
}

@test "ctest: a build of several configurations, in a folder with a space" {
	needs cmake ctest ninja
	cmake --help | grep -q 'Ninja Multi-Config' || skip 'a CMake before 3.17'
	built_by_cmake 'Ninja Multi-Config' 'several configurations'
	suite list --ctest "$build"
	equal 'exit status without --config' "$status" 1
	has "$stderr" 'give --config (PPROF_CONFIG in a Makefile), one of Debug Release RelWithDebInfo'
	suite list --ctest "$build" --config Debug
	equal tests "$(tests_listed | wc -l)" 9
	lacks "$stderr" 'give --config'
	suite list --ctest "$build" --config Release
	has "$stderr" "5 of its 6 tests are not built; build them with \`cmake --build '$build' --config Release\`"
	printf '%s\n' "PPROF_TOOL := $PPROFMK" "PPROF_CTEST := $build" 'PPROF_CONFIG := Debug' \
		"include $ROOT/scripts/make-rules/pprof.mk" >Makefile
	run --separate-stderr make --no-print-directory pprof.list
	equal 'tests, from a Makefile' "$(tests_listed | wc -l)" 9
}

@test "doctor: the programs of a suite, each once, and what is left out" {
	built_by_cmake 'Unix Makefiles' build
	run --separate-stderr "$PPROFMK" doctor --ctest "$build"
	echo "$output$stderr"
	equal programs "$(printf '%s\n' "$output" | grep -c "^$build/")" 1
	has "$output" "$build/places_test"
	has "$stderr" '1 of its 6 tests have no cmocka tests'
	has "$stderr" 'are not built; build them with'
	run --separate-stderr "$PPROFMK" doctor --ctest nowhere
	equal 'exit status' "$status" 1
	has "$stderr" '--ctest nowhere: '
}

@test "ctest: a benchmark" {
	built_by_cmake 'Unix Makefiles' build
	suite bench --ctest "$build" --func large.test_size --benchtime 100x
	equal 'exit status' "$status" 0
	has "$output" 'B/op'
}

# check_targets: what each target does, values in the environment.
check_targets() {
	rm -f "$build/places_test"
	run --separate-stderr env Func=large.test_size Kinds=mem SUITE_GONE=1 cmake --build "$build" --target pprof.test
	equal 'exit status' "$status" 0
	[ -x "$build/places_test" ]
	equal bytes "$(sum "$out/large.test_size.mem.pb.gz" 2)" 10000
	# For a prompt in any folder.
	has "$output" "profiles are in $out"
	has "$output" "next: Func='large.test_size' cmake --build '$build' --target pprof.mem"
	(cd / && export Kind=mem && eval "$(sed -n 's/^next: \(.*\)pprof.mem$/\1pprof.top/p' <<<"$output") >/dev/null")
	run --separate-stderr cmake --build "$build" --target pprof.list
	equal 'exit status of the list' "$status" 0
	equal tests "$(printf '%s\n' "$output" | grep -c '^[a-z]*[.]test_')" 9
	run --separate-stderr env Func=large.test_size Kind=mem cmake --build "$build" --target pprof.top
	equal 'exit status of top' "$status" 0
	has "$output" test_size
	run env Func=small.test_size Benchtime=100x cmake --build "$build" --target pprof.bench
	equal 'exit status of a benchmark' "$status" 0
	[ -s "$out/small.test_size.bench.txt" ]
	run cmake --build "$build" --target pprof.test
	[ "$status" != 0 ]
	has "$output" 'say what to profile'
	run env Func=test_size Time=never cmake --build "$build" --target pprof.test
	[ "$status" != 0 ]
	has "$output" 'Time=never'
	run env Func='$(touch canary) `touch canary`; touch canary' cmake --build "$build" --target pprof.test
	[ "$status" != 0 ]
	[ ! -e canary ] && [ ! -e "$build/canary" ]
	run cmake --build "$build" --target pprof.help
	has "$output" 'target pprof.cpu'
	# As many as the rules have; their help is a target too.
	sed -n 's/^## \(pprof[.][a-z.]*\):.*/\1/p' "$ROOT"/scripts/make-rules/*.mk | sort >targets
	equal targets "$(cmake --build "$build" --target help | grep -o 'pprof[.][a-z.]*[a-z]' | sort -u)" "$(cat targets)"
	run env Bin="$build/plain" Func=whole Kinds=mem cmake --build "$build" --target pprof.run
	equal 'exit status of a whole program' "$status" 0
	[ -s "$out/whole.mem.pb.gz" ]
	run env Func=whole Kind=mem Base="$out" cmake --build "$build" --target pprof.flame.diff
	equal 'exit status of a comparison' "$status" 0
	[ -s "$out/whole.mem.flame.diff.svg" ]
	cmake --build "$build" --target pprof.clean >/dev/null
	[ ! -e "$out" ]
}

@test "cmake: targets, with ninja" {
	needs ninja
	with_targets Ninja
	check_targets
}

@test "cmake: targets, with makefiles, which take values behind make too" {
	with_targets 'Unix Makefiles'
	check_targets
	run --separate-stderr env SUITE_GONE=1 make -C "$build" pprof.test Func=small.test_size Kinds=mem
	equal 'exit status' "$status" 0
	equal bytes "$(sum "$out/small.test_size.mem.pb.gz" 2)" 100
}

@test "cmake: called in a folder below, before the executables are known" {
	needs cmake ctest
	cmake --help-command cmake_language | grep -q DEFER || skip 'a CMake before 3.19'
	mkdir -p below
	cp "$ROOT"/test/fixtures/suites/{plain,late_test}.c .
	printf '%s\n' 'cmake_minimum_required(VERSION 3.14)' 'project(below C)' 'enable_testing()' \
		'add_subdirectory(below)' 'add_executable(late_test late_test.c)' \
		'target_link_libraries(late_test cmocka)' 'add_test(late late_test)' >CMakeLists.txt
	# A project below that has a call of its own, and one above.
	echo 'pprofmk_add_targets()' >>CMakeLists.txt
	printf '%s\n' 'find_package(pprofmk REQUIRED)' 'pprofmk_add_targets(OUT profiles)' >below/CMakeLists.txt
	cmake -S . -B build "-Dpprofmk_DIR=$ROOT/cmake" "-DPPROFMK_TOOL=$PPROFMK" >/dev/null
	run env Func=test_late Kinds=mem cmake --build build --target pprof.test
	echo "$output"
	equal 'exit status' "$status" 0
	[ -s build/profiles/test_late.mem.pb.gz ]
}

@test "make: PPROF_CTEST, PPROF_MESON and PPROF_AUTOMAKE name a build folder" {
	built_by_cmake 'Unix Makefiles' build
	mkdir other
	echo 'this is not C' >other/other_test.c
	printf '%s\n' "PPROF_TOOL := $PPROFMK" "PPROF_CTEST := $build" 'PPROF_BUILD := cmake --build $(PPROF_CTEST)' \
		"include $ROOT/scripts/make-rules/pprof.mk" >Makefile
	run --separate-stderr env SUITE_GONE=1 make --no-print-directory pprof.test Func=launched.test_size Kinds=mem
	echo "$output$stderr"
	equal 'exit status' "$status" 0
	equal bytes "$(sum _output/pprof/launched.test_size.mem.pb.gz 2)" 1000
	run --separate-stderr make --no-print-directory pprof.list
	equal tests "$(tests_listed | wc -l)" 9
	make pprof.clean
	[ ! -e _output/pprof ]
	if command -v meson >/dev/null; then
		built_by_meson
		run --separate-stderr make --no-print-directory pprof.list PPROF_CTEST= "PPROF_MESON=$build" PPROF_BUILD=
		equal 'tests of meson' "$(tests_listed | wc -l)" 9
	fi
}

@test "meson: every way to run a program, and what is left out" {
	built_by_meson
	suite list --meson "$build"
	equal 'exit status' "$status" 0
	equal tests "$(tests_listed | awk '{ print $1 }' | sort)" "$(three_ways)"
	has "$output" MESON
	has "$stderr" '1 of its 5 tests have no cmocka tests'
	has "$stderr" "1 of its 5 tests are not built; build them with \`meson compile -C $build\`"
}

@test "meson: arguments, workdir and environment" {
	built_by_meson
	unset SUITE_GONE
	# Meson can't unset a variable.
	suite() {
		run --separate-stderr plainly timeout "$LIMIT" "$PPROFMK" "$@" --out "$out"
	}
	check_runs --meson "$build"
}

@test "meson: programs of benchmark() are benchmarks, and no tests" {
	needs meson ninja
	cp "$ROOT"/test/fixtures/suites/{late_test,plain}.c .
	printf '%s\n' "project('fast', 'c')" "late = executable('late_test', 'late_test.c', dependencies: dependency('cmocka'))" \
		"never = executable('never', 'late_test.c', dependencies: dependency('cmocka'), build_by_default: false)" \
		"test('late', late)" "benchmark('speed', late, args: ['500'])" "benchmark('unbuilt', never)" \
		"benchmark('other', executable('plain', 'plain.c'))" >meson.build
	meson setup build >/dev/null
	ninja -C build late_test >/dev/null
	suite list --meson build
	equal tests "$(tests_listed)" "$(printf '%s\n' 'late.test_late late' 'speed.test_late speed')"
	has "$stderr" "the programs of 2 benchmarks are not built; build them with \`meson compile -C $PWD/build\`"
	ninja -C build plain >/dev/null
	suite bench --meson build --benchtime 10x --kinds mem
	equal 'exit status of benchmarks' "$status" 0
	equal benchmarks "$(printf '%s\n' "$output" | grep -c '^Benchmark')" 1
	equal arguments "$(json "$out/test_late.json" '.arguments | join(",")')" 500
	rm -r "$out"
	suite test --meson build --kinds mem
	equal 'exit status of tests' "$status" 0
	equal manifests "$(cd "$out" && echo *.json)" 'fast.json test_late.json'
	suite test --meson build --kinds mem --func speed.test_late
	equal 'exit status of a benchmark that is named' "$status" 0
	sed -i '/^test(/d' meson.build
	meson setup --reconfigure build >/dev/null
	suite trace --meson build
	equal 'exit status without a test' "$status" 2
	has "$stderr" 'there are only benchmarks'
}

@test "automake: TESTS and check_PROGRAMS of all folders, without running a recipe or a test" {
	built_by_automake
	suite list --automake "$build"
	equal 'exit status' "$status" 0
	equal tests "$(tests_listed)" "$(printf '%s tests/places_test\n' test_{directory,environment,size})"
	has "$output" AUTOMAKE
	has "$stderr" '2 of its 4 tests have no cmocka tests'
	has "$stderr" "1 of its 4 tests are not built; build them with \`make -C $build check TESTS=\`"
	equal marks "$(find "$build" "$BATS_FILE_TMPDIR/automake" -name '*-has-run' -o -name '*.log' | grep -v config.log)" ''
	# A makefile that is older than what it is made from would be made again by make.
	touch "$BATS_FILE_TMPDIR/automake/tests/Makefile.am" "$BATS_FILE_TMPDIR/automake/configure.ac"
	stat -c %Y.%i "$build/Makefile" "$build/tests/Makefile" "$build/config.status" >before
	rm -rf "$out"
	suite list --automake "$build"
	equal 'tests again' "$(tests_listed | wc -l)" 3
	stat -c %Y.%i "$build/Makefile" "$build/tests/Makefile" "$build/config.status" | diff before -
	touch -d '1 hour ago' "$BATS_FILE_TMPDIR/automake/tests/Makefile.am" "$BATS_FILE_TMPDIR/automake/configure.ac"
}

@test "automake: libtool's wrapper script, AM_TESTS_ENVIRONMENT and the folder of the tests" {
	built_by_automake
	has "$(head -n 5 "$build/tests/places_test")" wrapper
	local name
	for name in test_directory test_environment test_size; do
		suite test --automake "$build" --func "$name" --kinds cpu,mem,block --count 1
		equal "exit status of $name" "$status" 0
	done
	equal bytes "$(sum "$out/test_size.mem.pb.gz" 2 test_size)" 16
	equal program "$(json "$out/test_size.json" .program)" "$build/tests/places_test"
}

@test "automake: called by make, its options and goals are not ours" {
	built_by_automake
	printf 'all:\n\t@"%s" list --automake "%s" --out "%s"\n' "$PPROFMK" "$build" "$out" >Makefile
	run --separate-stderr make -j2 --no-print-directory all TESTS=nothing
	equal tests "$(tests_listed | wc -l)" 3
}

# check_turns SUITE BUILD BASE_DIR TEST BYTES: two builds of a suite, of which the base asks for twice as much as the other.
check_turns() {
	suite bench-diff "--$1" "$2" --base-dir "$3" "--base-$1" build --func "$4" --bench-count 1 --benchtime 1x
	equal 'exit status' "$status" 0
	has "$(printf '%s\n' "$output" | grep -A 1 '^B/op' | tail -n 1)" "$5-50.00% better  exact "
	equal texts "$(find "$out" -name '*.bench.txt' | wc -l)" 2
	equal 'files in the builds' "$(find "$2" "$3" -name '*.bench.txt')" ''
}

@test "meson: a benchmark of two builds, each as its suite runs it" {
	built_by_meson
	local base=$BATS_FILE_TMPDIR/old_meson
	mkdir "$base"
	cp -R "$BATS_FILE_TMPDIR"/meson/{*.c,data,meson.build} "$base"
	sed -i "s/'100'/'200'/" "$base/meson.build"
	meson setup "$base/build" "$base" >/dev/null
	ninja -C "$base/build" places_test >/dev/null
	check_turns meson "$build" "$base" small.test_size ' 200  100  '
}

@test "automake: a benchmark of two builds, each as its suite runs it" {
	built_by_automake
	local base=$BATS_FILE_TMPDIR/old_automake
	cp -R "$BATS_FILE_TMPDIR/automake" "$base"
	rm -rf "$base/build"
	mkdir "$base/build"
	# What it has found out about the machine is the same.
	cp "$build/config.cache" "$base/build"
	sed -i 's/: 16;/: 32;/' "$base/tests/places_test.c"
	(cd "$base/build" && ../configure -q -C CFLAGS='-O2 -g' && make -s && make -s -C tests places_test) >/dev/null 2>&1
	touch "$base/build/tests/here.txt"
	check_turns automake "$build" "$base" test_size ' 32   16  '
}

@test "folders that are no build folders: which one is wanted is said" {
	local kind
	for kind in ctest meson automake; do
		suite list "--$kind" .
		equal "exit status of $kind" "$status" 1
		has "$stderr" "give "
		suite test "--$kind" ./nowhere --func test_size
		equal "exit status of $kind" "$status" 1
		has "$stderr" 'No such file'
	done
	mkdir meson-info
	printf '{"tests": 1' >meson-info/intro-tests.json
	suite list --meson .
	equal 'exit status of damaged JSON' "$status" 1
}

@test "a program without an option" {
	suite list test_window
	equal 'exit status of what is no program' "$status" 1
	has "$stderr" 'test_window is not there or not an executable program; build it first; a test is named with --func'
	suite test "$FIXTURES/window" --func test_window --kinds mem
	equal 'exit status' "$status" 0
	equal bytes "$(sum "$out/test_window.mem.pb.gz" 2)" 24
	suite list "$FIXTURES/window" "$FIXTURES/order"
	equal tests "$(tests_listed | wc -l)" 5
}
