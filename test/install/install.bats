#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# make install and make uninstall.

load helpers

setup() {
	prefix=$BATS_TEST_TMPDIR/usr
}

@test "a project includes the rules by pkg-config and profiles, with an installation that was moved" {
	install_into "$prefix"
	mv "$prefix" "$BATS_TEST_TMPDIR/elsewhere"
	profiles_there "$BATS_TEST_TMPDIR/elsewhere"
}

@test "no installed file knows where it was built or installed" {
	install_into "$prefix"
	knows_no "$ROOT" "$prefix"
	knows_no "$BATS_TEST_TMPDIR" "$prefix"
	run readelf -S "$prefix/bin/pprofmk" "$prefix"/lib/pprofmk/*.so
	[[ $output == *.dynsym* ]]
	[[ $output != *.debug_info* ]]
}

@test "find_package finds the installation, its header and its targets" {
	command -v cmake >/dev/null || skip 'no cmake'
	install_into "$prefix"
	cd "$BATS_TEST_TMPDIR"
	printf '#include <pprofmk.h>\nint main(void) { PPROF_BENCH_LOOP() { } return 0; }\n' >one.c
	printf '%s\n' 'cmake_minimum_required(VERSION 3.14)' 'project(one C)' 'enable_testing()' \
		'find_package(pprofmk REQUIRED)' 'add_executable(one one.c)' \
		'target_link_libraries(one pprofmk::pprofmk)' 'pprofmk_add_targets()' >CMakeLists.txt
	cmake -S . -B build "-DCMAKE_PREFIX_PATH=$prefix"
	cmake --build build
	run cmake --build build --target pprof.clean
	[ "$status" = 0 ]
	run cmake --build build --target pprof.list
	[ "$status" != 0 ]
	[[ $output == *'no cmocka program is known'* ]]
}

@test "doctor names the script that is installed, for what is missing" {
	install_into "$prefix"
	mkdir "$BATS_TEST_TMPDIR/nothing"
	run env PATH="$BATS_TEST_TMPDIR/nothing" "$prefix/bin/pprofmk" doctor
	[[ $output == *"needs graphviz: \`$prefix/share/pprofmk/scripts/deps.sh\` installs it"* ]]
	[ -z "${BUILD-}" ] || return 0
	run env PATH="$BATS_TEST_TMPDIR/nothing" "$ROOT/_output/build/bin/pprofmk" doctor
	[[ $output == *"needs graphviz: \`$ROOT/scripts/deps.sh\` installs it"* ]]
}

# versions_wanted OPTION...: find_package accepts what it should, each version asked for as find_package has it.
versions_wanted() {
	local wanted version
	while read -r wanted version; do
		printf '%s\n' 'cmake_minimum_required(VERSION 3.14)' 'project(versions NONE)' \
			"find_package(pprofmk $version QUIET)" 'message(STATUS "found=${pprofmk_FOUND} ${pprofmk_VERSION}")' >CMakeLists.txt
		rm -rf build
		run cmake -S . -B build "$@"
		[[ $output == *"found=$wanted "* ]] || { echo "$version: $output"; return 1; }
	done <<-END
		1 ${own%.*}
		1 $own
		1 $own EXACT
		1 ${own%%.*}.0...<$((${own%%.*} + 1))
		1 ${own%%.*}.0...$own
		0 ${own%%.*}.999
		0 $((${own%%.*} + 1)).0
		0 ${own%.*}.999 EXACT
		0 ${own%%.*}.0...<$own
		0 ${own%%.*}.999...${own%%.*}.9999
	END
}

@test "find_package with a version: of an installation, and of the repository" {
	command -v cmake >/dev/null || skip 'no cmake'
	cmake --version | awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || v[2] >= 19) }' || skip 'a CMake before 3.19 knows no ranges'
	local own
	install_into "$prefix"
	own=$(PKG_CONFIG_PATH=$prefix/share/pkgconfig pkg-config --modversion pprofmk)
	cd "$BATS_TEST_TMPDIR"
	versions_wanted "-DCMAKE_PREFIX_PATH=$prefix"
	versions_wanted "-Dpprofmk_DIR=$ROOT/cmake"
}

@test "pkg-config answers: version, header, rules, tool" {
	install_into "$prefix"
	use "$prefix"
	[ "pprofmk $(pkg-config --modversion pprofmk)" = "$(pprofmk version)" ]
	[ -f "$(pkg-config --variable=rules pprofmk)" ]
	[ -x "$(pkg-config --variable=tool pprofmk)" ]
	printf '#include <pprofmk.h>\nint main(void) { PPROF_BENCH_LOOP() { } return 0; }\n' >"$BATS_TEST_TMPDIR/one.c"
	# shellcheck disable=SC2046 # flags
	cc $(pkg-config --cflags pprofmk) -o "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/one.c"
	"$BATS_TEST_TMPDIR/one"
}

@test "a program that pkg-config says how to link records itself" {
	install_into "$prefix"
	use "$prefix"
	# shellcheck disable=SC2046 # flags
	cc $(pkg-config --cflags pprofmk) -o "$BATS_TEST_TMPDIR/own" "$BATS_TEST_DIRNAME/../fixtures/records_itself.c" \
		$(pkg-config --variable=trace_libs pprofmk) -pthread
	[ "$("$BATS_TEST_TMPDIR/own" "$BATS_TEST_TMPDIR/raw" stop)" = "$(printf 'start: Success\nstop: Success')" ]
	pprofmk trace-finish --raw "$BATS_TEST_TMPDIR/raw" --out "$BATS_TEST_TMPDIR/own.trace"
	[ "$(pprofmk trace-dump --func own --out "$BATS_TEST_TMPDIR" | grep -c 'wait .*for=mutex.*ended-by=')" -ge 1 ]
}

@test "uninstall removes what was installed, and nothing else" {
	mkdir -p "$prefix/share/man/man1" "$prefix/share/pkgconfig" "$prefix/bin"
	echo theirs >"$prefix/share/man/man1/theirs.1"
	before=$(contents "$prefix")
	install_into "$prefix"
	[ -x "$prefix/bin/pprofmk" ]
	uninstall_from "$prefix"
	diff <(printf '%s\n' "$before") <(contents "$prefix")
	install_into "$prefix"
	echo mine >"$prefix/share/pprofmk/mine"
	uninstall_from "$prefix"
	rm "$prefix/share/pprofmk/mine"
	rmdir "$prefix/share/pprofmk"
	diff <(printf '%s\n' "$before") <(contents "$prefix")
}

@test "uninstall where nothing was there before leaves nothing" {
	install_into "$prefix"
	uninstall_from "$prefix"
	[ ! -e "$prefix" ]
}

@test "uninstall twice, and where nothing is installed, says so" {
	run uninstall_from "$prefix"
	[ "$status" = 2 ]
	[[ $output == *"nothing is installed in $prefix"* ]]
}

@test "uninstall follows no list out of its folder" {
	install_into "$prefix"
	echo precious >"$BATS_TEST_TMPDIR/precious"
	echo ../precious >>"$prefix/share/pprofmk/installed"
	run uninstall_from "$prefix"
	[ "$status" = 2 ]
	[ -e "$BATS_TEST_TMPDIR/precious" ]
}

@test "installing again is the same, and removes what an older version had" {
	install_into "$prefix"
	before=$(contents "$prefix")
	mkdir "$prefix/share/pprofmk/old"
	touch "$prefix/share/pprofmk/old/old.mk"
	printf '%s\n' share/pprofmk/old/ share/pprofmk/old/old.mk >>"$prefix/share/pprofmk/installed"
	install_into "$prefix"
	diff <(printf '%s\n' "$before") <(contents "$prefix")
	uninstall_from "$prefix"
	[ ! -e "$prefix" ]
}

@test "DESTDIR comes before PREFIX and is written nowhere" {
	install_into /opt/tools DESTDIR="$BATS_TEST_TMPDIR/stage"
	[ "$(ls "$BATS_TEST_TMPDIR/stage")" = opt ]
	knows_no "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/stage/opt/tools"
	"$BATS_TEST_TMPDIR/stage/opt/tools/bin/pprofmk" version
	uninstall_from /opt/tools DESTDIR="$BATS_TEST_TMPDIR/stage"
	[ ! -e "$BATS_TEST_TMPDIR/stage/opt/tools" ]
}

@test "a completion of make that somebody else has put there stays" {
	mkdir -p "$prefix/share/bash-completion/completions"
	echo theirs >"$prefix/share/bash-completion/completions/make"
	run install_into "$prefix"
	[ "$status" = 0 ]
	[[ $output == *'somebody else'* ]]
	uninstall_from "$prefix"
	[ "$(cat "$prefix/share/bash-completion/completions/make")" = theirs ]
}

@test "a relative PREFIX is refused" {
	run install_into somewhere
	[ "$status" = 2 ]
	[[ $output == *'absolute path'* ]]
	[ ! -e "$ROOT/somewhere" ]
}

@test "the manual pages name every command, option and target" {
	install_into "$prefix"
	use "$prefix"
	page=$(sed 's/\\-/-/g' "$prefix/share/man/man1/pprofmk.1")
	for command in $(pprofmk help | awk '/^  [a-z]/ { print $1 }'); do
		[[ $page == *$'\n'*" $command"$'\n'* ]]
		for option in $(pprofmk help "$command" 2>/dev/null | grep -o '^  --[a-z-]*'); do
			[[ $page == *".B $option "* ]] || { echo "$command: no $option"; false; }
		done
	done
	page=$(sed 's/\\-/-/g' "$prefix/share/man/man7/pprof.mk.7")
	for target in $(make -s -f "$RULES/pprof.mk" pprof.help | awk '{ print $2 }'); do
		[[ $page == *".B $target"$'\n'* ]]
	done
	[[ $page == *PPROF_LDLIBS* ]]
	[[ $page != *PPROF_MK* ]]
}

@test "the rules that are installed are a guest in the user's Makefile as well" {
	install_into "$prefix"
	use "$prefix"
	run env RULES="$prefix/share/pprofmk/scripts/make-rules" INCLUDED='$(shell pkg-config --variable=rules pprofmk)' \
		bats "$ROOT/test/rules/guest.bats"
	printf '%s\n' "$output"
	[ "$status" = 0 ]
	[ "${#lines[@]}" -gt 10 ]
}
