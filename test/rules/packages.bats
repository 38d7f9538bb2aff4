#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Test programs are built by convention, with no line of Makefile from the user.

load helpers

setup() {
	new_project "$BATS_TEST_TMPDIR/project"
	PROGRAM=_output/pprof/build/internal/store/store_test
}

@test "a test below test/ is built and linked with its package" {
	make pprof.test Package=internal/store
	called_with test --out=_output/pprof --package=internal/store "--bin=$PROGRAM"
	run "$PROGRAM"
	[ "$status" = 0 ]
	[[ $output == *'1 test(s) run'* ]]
}

@test "gperftools is in the program" {
	make pprof.test Package=internal/store
	run readelf -d "$PROGRAM"
	[[ $output == *libtcmalloc_minimal.so* ]]
	[[ $output == *libprofiler.so* ]]
}

@test "a package can be named by its tests' folder, by dots and slashes, by its full path" {
	for name in internal/store test/internal/store ./internal//store/ internal/./store "$PWD/internal/store"; do
		make pprof.test Package="$name"
		grep -x -- --package=internal/store called
	done
}

@test "a test beside its sources is built, and every test of a package" {
	new_test internal/store/other_test.c store
	make pprof.test Package=internal/store
	[ "$(grep -c '^--bin=' called)" = 2 ]
	_output/pprof/build/internal/store/other_test
}

@test "the project's own folder is a package" {
	printf 'int root(void);\nint root(void)\n{\n\treturn 1;\n}\n' >root.c
	new_test root_test.c root
	make pprof.test Package=.
	called_with test --out=_output/pprof --package=. --bin=_output/pprof/build/root_test
	_output/pprof/build/root_test
}

@test "a second run builds nothing" {
	make pprof.test Package=internal/store
	built >before
	later
	make pprof.test Package=internal/store
	diff before <(built)
}

@test "a changed source, header or flag is built again, and only what needs it" {
	new_package internal/user user
	printf '#include "store.h"\n' >>internal/store/store.c
	touch internal/store/store.h
	make pprof.list
	user=$(stat -c %y _output/pprof/build/internal/user/user_test)
	for change in 'touch internal/store/store.c' 'touch internal/store/store.h' \
		'echo PPROF_CFLAGS.internal/store=-O1 >>Makefile' 'echo PPROF_LDLIBS.internal/store=-lm >>Makefile'; do
		before=$(stat -c %y "$PROGRAM")
		later
		eval "$change"
		make pprof.list
		[ "$before" != "$(stat -c %y "$PROGRAM")" ] || { echo "not built again: $change"; false; }
	done
	[ "$user" = "$(stat -c %y _output/pprof/build/internal/user/user_test)" ]
}

@test "a source that is gone is no longer linked" {
	printf 'int extra(void);\nint extra(void)\n{\n\treturn 1;\n}\n' >internal/store/extra.c
	make pprof.test Package=internal/store
	nm "$PROGRAM" | grep -w extra
	object=$(stat -c %y _output/pprof/build/.obj/internal/store/store.o)
	rm internal/store/extra.c
	make pprof.test Package=internal/store
	run bash -c "nm '$PROGRAM' | grep -w extra"
	[ "$status" = 1 ]
	# What is still there is not compiled again for that.
	[ "$object" = "$(stat -c %y _output/pprof/build/.obj/internal/store/store.o)" ]
}

@test "a program of the package's own is left out" {
	printf 'int store(void);\nint main(void)\n{\n\treturn store();\n}\n' >internal/store/tool.c
	make pprof.test Package=internal/store
	"$PROGRAM"
}

@test "a test may include its source" {
	sed -i 's/^int store(void);$/#include "internal\/store\/store.c"/' test/internal/store/store_test.c
	make pprof.test Package=internal/store
	"$PROGRAM"
}

@test "helpers beside the tests are linked" {
	printf 'int helper(void);\nint helper(void)\n{\n\treturn 1;\n}\n' >test/internal/store/helper.c
	new_test test/internal/store/more_test.c helper
	make pprof.test Package=internal/store
	_output/pprof/build/internal/store/more_test
}

@test "a package is linked with those that it uses, and theirs" {
	new_package internal/user user
	printf 'int user(void);\nint user(void)\n{\n\treturn 1;\n}\n' >internal/user/user.c
	printf 'int store(void);\nint user(void);\nint user(void)\n{\n\treturn store();\n}\n' >internal/user/user.c
	new_package internal/web web
	printf 'int user(void);\nint web(void);\nint web(void)\n{\n\treturn user();\n}\n' >internal/web/web.c
	# Both ways, with the slash that completion leaves, and round in a circle.
	printf 'PPROF_DEPS.internal/web = ./internal/user/\nPPROF_DEPS.internal/user = internal/store\n' >>Makefile
	printf 'PPROF_DEPS.internal/store = internal/user\n' >>Makefile
	make pprof.test Package=internal/web
	_output/pprof/build/internal/web/web_test
}

@test "a package used that is none is said" {
	echo 'PPROF_DEPS.internal/store = internal/nowhere' >>Makefile
	run make pprof.test Package=internal/store
	refused 'PPROF_DEPS names internal/nowhere'
}

@test "flags: of all packages and of one, with quotes and dollars" {
	cat >>Makefile <<-'EOF_FLAGS'
		PPROF_CFLAGS = -DONE='"a $$b \#c"'
		PPROF_CFLAGS.internal/store = -DTWO=2
		PPROF_LDLIBS.internal/store = -Wl,--defsym=three=3
	EOF_FLAGS
	printf 'const char *one = ONE;\nint two = TWO;\n' >>internal/store/store.c
	make pprof.test Package=internal/store
	strings -a "$PROGRAM" | grep -xF 'a $b #c'
	nm "$PROGRAM" | grep -w three
}

@test "include paths: the project's folder, include/ and the package" {
	mkdir include
	touch include/a.h internal/store/b.h
	printf '#include <a.h>\n#include "b.h"\n#include "internal/store/b.h"\n' >>test/internal/store/store_test.c
	make pprof.test Package=internal/store
}

@test "-j works" {
	new_package internal/user user
	run make -j4 pprof.list
	[ "$status" = 0 ]
	[[ $output != *jobserver* ]]
	[ "$(grep -c '^--bin=' called)" = 2 ]
}

@test "the user's compiler is used" {
	run make pprof.test Package=internal/store CC=clang V=1
	[ "$status" = 0 ]
	[[ $output == *$'\nclang -g -O2'* ]]
}

@test "two runs at once build once" {
	make pprof.test Package=internal/store V=1 2>first &
	make pprof.test Package=internal/store V=1 2>second
	wait $!
	[ "$(cat first second | grep -c -- '-c -o')" = 2 ]
}

@test "without Package every package is known, and PPROF_PROGRAMS" {
	new_package internal/user user
	mkdir -p .hidden _output/x node_modules/y
	for folder in .hidden _output/x node_modules/y; do
		cp test/internal/store/store_test.c "$folder/not_test.c"
	done
	printf 'PPROF_PROGRAMS = build/*_test\nPPROF_BUILD = mkdir -p build && echo made >build/log\n' >>Makefile
	make pprof.test Func=test_user
	called_with test --func=test_user --out=_output/pprof '--bin=build/*_test' \
		--package=internal/store "--bin=$PROGRAM" \
		--package=internal/user --bin=_output/pprof/build/internal/user/user_test
	[ -e build/log ]
}

@test "PPROF_PACKAGES limits what is known" {
	new_package internal/user user
	make pprof.list PPROF_PACKAGES=internal/user
	called_with list --package=internal/user --bin=_output/pprof/build/internal/user/user_test
}

@test "PPROF_PACKAGES=none: what another build makes, and nothing by convention" {
	printf 'PPROF_PACKAGES = none\nPPROF_PROGRAMS = build/*_test\n' >>Makefile
	make pprof.list
	called_with list '--bin=build/*_test'
	[ ! -e _output/pprof/build/internal ]
	make pprof.list Package=internal/store
	called_with list --package=internal/store "--bin=$PROGRAM"
}

@test "PPROF_BUILD is not run for a package or a program" {
	printf 'PPROF_BUILD = touch built-it\n' >>Makefile
	make pprof.test Package=internal/store
	make pprof.test Bin=x
	[ ! -e built-it ]
}

@test "a PPROF_BUILD that fails stops" {
	printf 'PPROF_PROGRAMS = x\nPPROF_BUILD = exit 3\n' >>Makefile
	run make pprof.test Func=x
	refused 'PPROF_BUILD failed'
}

@test "a package that does not build does not keep the others from being looked at" {
	new_package internal/user user
	make pprof.list
	echo 'int broken(' >>internal/user/user.c
	run make pprof.list
	[ "$status" = 0 ]
	[[ $output == *'internal/user/user_test could not be built'* ]]
	# Not the program of before the change either.
	[ ! -e _output/pprof/build/internal/user/user_test ]
	grep -x -- "--bin=$PROGRAM" called
}

@test "the package asked for must build" {
	echo 'int broken(' >>internal/store/store.c
	run make pprof.test Package=internal/store
	refused 'could not be built'
}

@test "a file name that make cannot handle is refused" {
	touch 'internal/store/my file.c'
	run make pprof.test Package=internal/store
	refused 'my file.c'
}

@test "a folder that make cannot handle is passed over, and said" {
	mkdir 'odd folder'
	cp test/internal/store/store_test.c 'odd folder/odd_test.c'
	run make pprof.list
	[ "$status" = 0 ]
	[[ $output == *'odd folder: passed over'* ]]
}

@test "an output folder that cannot be written is said" {
	touch file
	run make pprof.test Package=internal/store PPROF_OUT=file/out
	refused 'cannot make file/out/build'
}

@test "that the tool is built is said, the first time" {
	mkdir ours
	cp -r -- "$SCRIPTS" ours/scripts
	printf 'build:\n\tmkdir -p $(BUILD)/bin\n\tprintf "#!/bin/sh\\n" >$(BUILD)/bin/pprofmk\n\tchmod +x $(BUILD)/bin/pprofmk\n' >ours/Makefile
	run ours/scripts/build-tool.sh
	[ "$status" = 0 ]
	[[ $output == "pprof.mk: building pprofmk in $PWD/ours, once; that takes a minute"* ]]
	run ours/scripts/build-tool.sh
	[ "$status" = 0 ]
	[[ $output != *building* ]]
}

@test "a copy of ours that cannot be written: what to do is said, and nothing to install is named" {
	mkdir ours
	cp -r -- "$SCRIPTS" ours/scripts
	touch ours/_output
	printf 'include ours/scripts/make-rules/pprof.mk\n' >Makefile
	run make pprof.list
	refused 'pprofmk is not built yet'
	[[ $output == *PPROF_TOOL=* ]]
	[[ $output != *deps.sh* ]]
}

@test "pprof.doctor looks at the programs that are there" {
	make pprof.doctor
	called_with doctor
	make pprof.test Package=internal/store
	make pprof.doctor
	called_with doctor "--bin=$PROGRAM"
	make pprof.doctor Bin='a b'
	called_with doctor --bin=a --bin=b
}
