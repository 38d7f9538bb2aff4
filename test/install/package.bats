#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The Debian package, built in a copy of the tree.

load helpers

setup_file() {
	command -v dpkg-buildpackage >/dev/null || skip 'no dpkg here'
	mkdir "$BATS_FILE_TMPDIR/tree"
	git -C "$ROOT" ls-files -co --exclude-standard -z |
		tar -C "$ROOT" --null --ignore-failed-read -cf - -T - 2>/dev/null | tar -C "$BATS_FILE_TMPDIR/tree" -xf -
	cd "$BATS_FILE_TMPDIR/tree" || return
	# -d: what scripts/deps.sh installs is enough, without the package build-essential. Nothing is asked here of how fast the code
	# is, or how small: that is half of the compiler's time. The runtime is made to be optimised.
	export DEB_CFLAGS_APPEND='-O0 -g1' RUNTIME_OPT=-O1 DPKG_DEB_COMPRESSOR_LEVEL=1
	dpkg-buildpackage -us -uc -b -d -j"$(nproc)" >"$BATS_FILE_TMPDIR/log" 2>&1 || {
		tail -n 40 "$BATS_FILE_TMPDIR/log"
		return 1
	}
	dpkg -x "$BATS_FILE_TMPDIR"/pprofmk_*.deb "$BATS_FILE_TMPDIR/root"
}

setup() {
	[ -z "$BATS_FILE_TMPDIR" ] || cd "$BATS_FILE_TMPDIR" || return
}

@test "lintian has nothing to say" {
	# Its status would count what is overridden too.
	run lintian --fail-on none --allow-root --tag-display-limit 0 --show-overrides pprofmk_*.changes
	printf '%s\n' "$output"
	[ "$status" = 0 ]
	[[ $'\n'$output != *$'\n'[EW]:* ]]
	# That it has looked at all.
	[[ $output == *package-installs-into-obsolete-dir* ]]
}

@test "what it says that building needs is here" {
	cd tree
	run dpkg-checkbuilddeps
	left=${output#*: Unmet build dependencies:}
	left=${left//build-essential:native/}
	[ -z "${left// /}" ] || { printf '%s\n' "$output"; false; }
}

@test "its version is the tool's" {
	[ "pprofmk $(dpkg-deb -f pprofmk_*.deb Version)" = "$(root/usr/bin/pprofmk version)" ]
}

@test "it needs what its programs are linked with, and what the rules link with" {
	run dpkg-deb -f pprofmk_*.deb Depends
	[[ $output == *libdw1* ]]
	[[ $output == *libgoogle-perftools-dev* ]]
}

@test "no file of it knows where it was built" {
	knows_no "$BATS_FILE_TMPDIR" root
}

@test "make's completion and zsh's are where Debian looks for those of packages" {
	[ -f root/etc/bash_completion.d/pprofmk ]
	[ -f root/usr/share/zsh/vendor-completions/_pprofmk ]
	[ ! -e root/usr/share/bash-completion/completions/make ]
}

@test "a project profiles with it where it was unpacked" {
	profiles_there "$BATS_FILE_TMPDIR/root/usr"
}

# Where dpkg puts it, and with nothing else of ours: no PATH, no PKG_CONFIG_PATH.
@test "dpkg installs it, a project profiles by pkg-config, dpkg takes it away" {
	mkdir given
	cp pprofmk_*.deb given
	cp "$BATS_TEST_DIRNAME/../fixtures/suites/late_test.c" given
	cat >given/go.sh <<-'END'
		set -e
		dpkg --no-triggers -i pprofmk_*.deb
		mkdir project
		cd project
		mkdir tests
		mv ../late_test.c tests
		printf '%s\n' 'all:; @echo theirs' 'include $(shell pkg-config --variable=rules pprofmk)' >Makefile
		make
		make pprof.test Func=test_late Kinds=mem
		dpkg --no-triggers -r pprofmk
		! command -v pprofmk
		dpkg --no-triggers -P pprofmk
		find /usr /etc/bash_completion.d -name '*pprofmk*'
		echo end
	END
	run timeout 200 "$BATS_TEST_DIRNAME/on_a_copy.sh" given sh go.sh
	printf '%s\n' "$output"
	[ "$status" != 77 ] || skip 'no overlay of this machine can be made here'
	[ "$status" = 0 ]
	[[ $output == *$'\ntheirs\n'* ]]
	[[ $output == *'profiles are in _output/pprof'* ]]
	[[ $output == *'Purging configuration files for pprofmk'*$'\nend' ]]
	[[ ${output##*Purging} != */* ]]
}
