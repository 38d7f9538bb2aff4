#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# scripts/deps.sh with package managers that only note how they were called, in a PATH with nothing else of ours.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export DEPS_ROOT=$PWD/root BIN=$PWD/bin LOG=$PWD/log TABLE=$SCRIPTS/deps-table.sh
	mkdir -p bin root/etc/apt/sources.list.d root/usr/include
	for tool in sh bash awk sed sort tr cat tee dirname env grep ls mkdir touch chmod rm; do
		ln -s "$(command -v "$tool")" "bin/$tool"
	done
	new_fake id 'echo 0'
	new_fake pkg-config '[ -e "$DEPS_ROOT/installed" ]'
	rm bin/pkg-config
}

# new_fake NAME TEXT: a program of that text.
new_fake() {
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}

# new_manager NAME: installs everything that the table knows, whatever it is asked for.
new_manager() {
	new_fake "$1" '
		echo "${0##*/} $*" >>"$LOG"
		case " $* " in *" install "* | *" add "* | *" -Sy "*) ;; *) exit 0 ;; esac
		touch "$DEPS_ROOT/installed" "$DEPS_ROOT/usr/include/stdlib.h"
		. "$TABLE"
		for name in pprof $(deps_table | sed -n "s/.* cmd=\([^| ]*\).*/\1/p"); do
			printf "#!/bin/sh\n" >"$BIN/$name"
			chmod +x "$BIN/$name"
		done
		mkdir -p "$DEPS_ROOT/clang/lib/linux"
		touch "$DEPS_ROOT/clang/lib/linux/libclang_rt.asan-x86_64.a"
		printf "#!/bin/sh\necho \$DEPS_ROOT/clang\n" >"$BIN/clang"
		printf "#!/bin/sh\n[ -e \$DEPS_ROOT/installed ]\n" >"$BIN/pkg-config"'
}

debian() {
	new_manager apt-get
	printf 'VERSION_CODENAME=%s\n' "$1" >root/etc/os-release
}

# deps ARGUMENT...
deps() {
	PATH=$BIN run "$SCRIPTS/deps.sh" "$@"
}

@test "says what it will install before it does, then does nothing" {
	debian trixie
	deps run
	[ "$status" = 0 ]
	[[ ${lines[0]} == *'apt will install: '*gcc*libdw-dev* ]]
	grep -E '^apt-get .*install -y --no-install-recommends .*libcmocka-dev' log
	rm log
	deps run
	[ "$status" = 0 ]
	[ "$output" = '' ]
	[ ! -e log ]
}

@test "the table's names for each manager" {
	for manager in apt-get:libgoogle-perftools-dev dnf:gperftools-devel pacman:gperftools zypper:gperftools-devel \
		apk:gperftools-dev; do
		new_manager "${manager%:*}"
		deps run
		[ "$status" = 0 ]
		grep -E "^${manager%:*} .* ${manager#*:}( |$)" log
		rm -r root log
		mkdir -p root/etc/apt/sources.list.d root/usr/include
		rm -f bin/apt-get bin/dnf bin/pacman bin/zypper bin/apk
		# shellcheck source=scripts/deps-table.sh
		. "$TABLE"
		for name in pkg-config pprof $(deps_table | sed -n 's/.* cmd=\([^| ]*\).*/\1/p'); do
			rm -f "bin/$name"
		done
	done
}

@test "what a system has no package of is not asked of its manager" {
	new_manager dnf
	deps test
	[[ ${lines[0]} == *'dnf will install: '*lintian* ]]
	rm -r root bin/dnf
	new_manager pacman
	rm -f bin/lintian bin/bats
	deps check test
	[[ $output == *'missing: '*bats* ]]
	[[ " ${output#*missing:}" != *' - '* ]]
	[[ $output != *lintian* ]]
}

@test "every row names a package for every manager" {
	# shellcheck source=scripts/deps-table.sh
	. "$TABLE"
	deps_table | awk 'NF != 7 { print; bad = 1 } END { exit bad }'
}

@test "run, test and fresh are sets of their own" {
	debian trixie
	deps test
	[[ ${lines[0]} == *shellcheck* ]]
	[[ ${lines[0]} != *libdw-dev* ]]
	rm -r root/usr bin/debootstrap
	deps check fresh
	[ "$output" = "deps.sh: missing: debootstrap; \`$SCRIPTS/deps.sh fresh\` installs them" ]
}

@test "neither root nor sudo: names the missing packages and stops" {
	debian trixie
	new_fake id 'echo 1000'
	deps run
	[ "$status" = 1 ]
	[[ $output == *'cannot install'*'missing: '*gcc* ]]
	[ ! -e log ]
}

@test "sudo where there is one" {
	debian trixie
	new_fake id 'echo 1000'
	new_fake sudo 'echo "sudo $*" >>"$LOG"; [ "$1" != -n ] || shift; [ "$1" = true ] || exec "$@"'
	deps run
	[ "$status" = 0 ]
	grep '^sudo env DEBIAN_FRONTEND=noninteractive apt-get .*install' log
}

@test "a manager that fails: names the missing packages and stops" {
	debian trixie
	new_fake apt-get 'exit 100'
	deps run
	[ "$status" = 1 ]
	[[ $output == *'could not install; missing: '*gcc* ]]
}

@test "a manager that installs the wrong thing is noticed" {
	debian trixie
	new_fake apt-get 'exit 0'
	deps run
	[ "$status" = 1 ]
	[[ $output == *'still not found: '*gcc* ]]
}

@test "no manager that it knows" {
	deps run
	[ "$status" = 1 ]
	[[ $output == *'none of this machine'*'missing: '* ]]
}

@test "Debian 12: pprof from its backports, on the machine's mirror, with its key" {
	debian bookworm
	cat >root/etc/apt/sources.list.d/debian.sources <<-'EOF_SOURCES'
		Types: deb
		URIs: http://security.example/debian-security
		Suites: bookworm-security
		Components: main
		Signed-By: /wrong.gpg

		# A comment
		Types: deb deb-src
		URIs: http://mirror.example/debian
		Suites: bookworm bookworm-updates
		Components: main contrib
		Signed-By: /usr/share/keyrings/archive.gpg
	EOF_SOURCES
	deps run
	[ "$status" = 0 ]
	[[ $output == *'adding '*'pprofmk-backports.sources, for golang-1.23-go'* ]]
	diff - root/etc/apt/sources.list.d/pprofmk-backports.sources <<-'EOF_EXPECTED'
		Types: deb
		URIs: http://mirror.example/debian
		Suites: bookworm-backports
		Components: main
		Signed-By: /usr/share/keyrings/archive.gpg
	EOF_EXPECTED
	grep 'install .* golang-1.23-go' log
}

@test "Debian 12: a key written out in the sources is kept" {
	debian bookworm
	printf '%s\n' 'Types: deb' 'URIs: http://mirror.example/debian' 'Suites: bookworm' 'Components: main' \
		'Signed-By:' ' -----BEGIN PGP PUBLIC KEY BLOCK-----' ' .' ' mQ' >root/etc/apt/sources.list.d/a.sources
	deps run
	tail -n 4 root/etc/apt/sources.list.d/pprofmk-backports.sources |
		diff - <(printf '%s\n' 'Signed-By:' ' -----BEGIN PGP PUBLIC KEY BLOCK-----' ' .' ' mQ')
}

@test "Debian 12: one-line sources, their options kept" {
	debian bookworm
	cat >root/etc/apt/sources.list <<-'EOF_SOURCES'
		# deb http://commented.example/debian bookworm main
		deb cdrom:[Debian]/ bookworm main
		deb-src http://source.example/debian bookworm main
		deb [arch=amd64 signed-by=/a.gpg] http://mirror.example/debian bookworm contrib main
	EOF_SOURCES
	deps run
	[ "$(cat root/etc/apt/sources.list.d/pprofmk-backports.list)" = \
		'deb [arch=amd64 signed-by=/a.gpg] http://mirror.example/debian bookworm-backports main' ]
	deps mirror bookworm
	[ "$output" = http://mirror.example/debian ]
}

@test "Debian 12: nothing is added when the backports are there, and a second time changes nothing" {
	debian bookworm
	echo 'deb http://mirror.example/debian bookworm-backports main' >root/etc/apt/sources.list
	deps run
	[ "$status" = 0 ]
	[ "$(ls root/etc/apt/sources.list.d)" = '' ]
}

@test "Debian 12: a source that is off is not taken" {
	debian bookworm
	printf '%s\n' 'Enabled: no' 'Types: deb' 'URIs: http://off.example/debian' 'Suites: bookworm' \
		'Components: main' >root/etc/apt/sources.list.d/a.sources
	deps run
	[ "$status" = 1 ]
	[[ $output == *'no apt source names bookworm'* ]]
}

@test "a Go that is new enough, or a pprof program, is taken" {
	debian trixie
	deps run
	rm bin/pprof
	deps check run
	[[ $output == *golang-go* ]]
	new_fake go 'echo go version go1.21.9 linux/amd64'
	deps check run
	[ "$status" = 1 ]
	new_fake go 'echo go version go1.22.0 linux/amd64'
	deps check run
	[ "$status" = 0 ]
	rm bin/go
	mkdir -p root/usr/lib/go-1.23/bin
	new_fake ../root/usr/lib/go-1.23/bin/go 'echo go version go1.23.5 linux/amd64'
	deps check run
	[ "$status" = 0 ]
}

@test "wrong usage" {
	deps nonsense
	[ "$status" = 2 ]
}

@test "nothing to do takes no time" {
	[ "$(DEPS_ROOT='' "$SCRIPTS/deps.sh" check run 2>&1)" = '' ] || skip 'something is missing on this machine'
	# 0.3 s is what is promised. Seconds of a processor are counted: what it waits for one is not its own.
	TIMEFORMAT='%U %S'
	{ time for _ in 1 2 3 4 5 6 7 8 9 10; do
		DEPS_ROOT='' "$SCRIPTS/deps.sh" run
	done; } 2>took
	awk '$1 + $2 >= 10 * 0.3 { print "ten times: " $0; exit 1 }' took
}
