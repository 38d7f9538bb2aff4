# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Installations to look at, and projects that use them: those of the tests of the rules.

load ../rules/helpers

ROOT=${SCRIPTS%/scripts}
unset PKG_CONFIG_LIBDIR PREFIX DESTDIR STRIP

# install_into PREFIX [VARIABLE=VALUE...]
install_into() {
	make -s -C "$ROOT" install ${BUILD:+"BUILD=$BUILD"} PREFIX="$1" "${@:2}"
}

# uninstall_from PREFIX [VARIABLE=VALUE...]
uninstall_from() {
	make -s -C "$ROOT" uninstall PREFIX="$1" "${@:2}"
}

# use PREFIX: what is installed there, and nothing else of ours.
use() {
	export PKG_CONFIG_PATH=$1/share/pkgconfig PATH=$1/bin:$PATH
}

# contents FOLDER: all that is in it, with what files hold.
contents() (
	cd -- "$1" || return
	find . ! -type f -printf '%p %y %l\n'
	find . -type f -exec md5sum {} +
)

# including_project FOLDER: with a Makefile of its own that finds the rules by pkg-config, as a user has it; it becomes
# the current folder.
including_project() {
	new_project "$1"
	rm pprofmk
	sed -i -e '/^PPROF_TOOL/d' -e 's,^include .*,include $(shell pkg-config --variable=rules pprofmk),' Makefile
}

# profiles_there PREFIX: a project profiles a test and a benchmark with what is installed there, from where it is.
profiles_there() {
	local kind before
	before=$(contents "$1")
	use "$1"
	including_project "$BATS_TEST_TMPDIR/a project"
	run timeout 100 make pprof.test Func=test_store Count=1 V=1
	printf '%s\n' "$output"
	[ "$status" = 0 ]
	[[ $output == *"'$1/"*"/bin/pprofmk' 'test'"* ]]
	for kind in cpu mem block mutex; do
		[ -s "_output/pprof/test_store.$kind.pb.gz" ]
	done
	run timeout 100 make pprof.bench Func=test_store Benchtime=10x Kinds=mem
	printf '%s\n' "$output"
	[ "$status" = 0 ]
	grep -qE '^BenchmarkTestStore(-[0-9]+)?[[:space:]]+10[[:space:]].* ns/op' _output/pprof/test_store.bench.txt
	run make pprof.doctor
	[[ $output == *"$1/lib/pprofmk/libpprofmk.so"* ]]
	# Nothing was built there, nothing else left behind.
	diff <(printf '%s\n' "$before") <(contents "$1")
}

# knows_no TEXT FOLDER: no file there has it inside, names of files and ends of links neither.
knows_no() {
	run grep -raF -c -- "$1" "$2"
	printf '%s\n' "$output" | grep -v ':0$' && return 1
	[ "${#lines[@]}" -gt 20 ]
	! find "$2" -printf '%P %l\n' | grep -F -- "$1"
}
