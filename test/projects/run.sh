#!/bin/bash
# SPDX-License-Identifier: MIT
# Run pprof.mk on test suites that nobody here wrote: Debian's sources of libyang2 (CMake), netplan.io (Meson), mtd-utils
# (Autotools) and cmocka itself, built by their own build, unchanged.
#
# Usage: run.sh [BATS_OPTION...]
#        run.sh --table    make docs/projects.md instead, which takes two minutes, and builds the suites anew where they are not as Debian has them
# Needs apt-get, and root the first time for what the suites need to build. Sources and builds are kept in
# _output/projects. Without them (no apt, no network, no rights) it says so in a line and succeeds.
# Example: test/projects/run.sh --filter libyang
set -euo pipefail

here=$(cd "$(dirname -- "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${PROJECTS:-$root/_output/projects}
apt=$work/apt
# What is tested does not depend on it, and -O0 takes a third of the compiler's time; what is measured is as Debian has it.
optimisation=0
[ "${1-}" != --table ] || optimisation=2
# shellcheck source=test/apt-private.sh
. "$here/../apt-private.sh"

# Sources that can't be had are no failure of ours, but nobody shall take them for a success either. Sources that are
# there and don't build are one.
give_up() {
	printf 'projects: not run: %s\n' "$2"
	printf '0 passed, %d failed\n' "$1"
	exit "$1"
}

# install_build_needs PACKAGE...: those that are missing.
install_build_needs() {
	local -a missing
	mapfile -t missing < <(dpkg-query -W -f '${Package} ${Status}\n' "$@" 2>/dev/null |
		sed -n 's/ install ok installed$//p' | grep -vxFf - <(printf '%s\n' "$@"))
	[ "${#missing[@]}" -gt 0 ] || return 0
	printf 'installing %s\n' "${missing[*]}"
	DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
		"${missing[@]}"
}

# get SOURCE: its unpacked folder as $work/SOURCE.
get() {
	local source=$1 unpacked
	[ -e "$work/$source" ] && return
	apt_private_sources deb-src
	apt_private_update
	rm -rf "$work/unpacking"
	mkdir -p "$work/unpacking"
	(cd "$work/unpacking" && apt_private source "$source") || return
	unpacked=$(find "$work/unpacking" -mindepth 1 -maxdepth 1 -type d)
	mv "$unpacked" "$work/$source"
	rm -rf "$work/unpacking"
}

# marker FOLDER: the file that is in it when it has been built so.
marker() {
	printf '%s/built-O%s\n' "$work/$1" "$optimisation"
}

# are_built FOLDER...
are_built() {
	local folder
	for folder; do
		[ -e "$(marker "$folder")" ] || return
	done
}

# done_with FOLDER: it is built, and not as before.
done_with() {
	rm -f "$work/$1"/built*
	touch "$(marker "$1")"
}

# As CMake's users do, with debug information. Its tests, and what they need: they have the library's objects in them.
build_libyang2() {
	are_built libyang2-build && return
	cmake -S "$work/libyang2" -B "$work/libyang2-build" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
		-DCMAKE_C_FLAGS_RELWITHDEBINFO="-O$optimisation -g -DNDEBUG" -DENABLE_TESTS=ON -DENABLE_VALGRIND_TESTS=OFF &&
		nice -n 10 make -C "$work/libyang2-build/tests" -j"$(nproc)" && done_with libyang2-build
}

# It wants more of Debian than its tests in C need: it looks for all that its other tests run.
build_netplan() {
	are_built netplan.io-build && return
	rm -rf "$work/netplan.io-build"
	meson setup --buildtype=debugoptimized -Doptimization="$optimisation" "$work/netplan.io-build" "$work/netplan.io" &&
		nice -n 10 ninja -C "$work/netplan.io-build" && done_with netplan.io-build
}

# Without the programs that have no unit tests. The tests count on the descriptors that they get.
build_mtd_utils() {
	are_built mtd-utils && return
	(cd "$work/mtd-utils" && { [ ! -e Makefile ] || make clean; } && autoreconf -fi &&
		./configure CFLAGS="-g -O$optimisation" --enable-unit-tests --disable-tests --disable-lsmtd --without-jffs --without-ubifs &&
		nice -n 10 make -j"$(nproc)" all check 3>&- 4>&- 5>&-) && done_with mtd-utils
}

# With its suite, which it builds its static library for, too. Always with -O2: with -O1 gcc leaves out the access that one of its tests
# is to crash by.
build_cmocka() {
	[ -e "$work/cmocka-build/built" ] && return
	cmake -S "$work/cmocka" -B "$work/cmocka-build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DUNIT_TESTING=ON &&
		nice -n 10 make -C "$work/cmocka-build" -j"$(nproc)" && touch "$work/cmocka-build/built"
}

# step STATUS WORDS COMMAND...: run it with its output in a log; give up in one line, with the log's last one.
step() {
	local status=$1 what=$2 log=$work/$3.log
	shift 2
	"$@" >"$log" 2>&1 || give_up "$status" "$what: $(grep -v '^ *$' "$log" | tail -n 1) (see $log)"
}

mkdir -p "$work"
command -v apt-get >/dev/null || give_up 0 'no apt-get here to get Debian sources with'
command -v bats >/dev/null || give_up 0 'no bats'
if ! are_built libyang2-build netplan.io-build mtd-utils || [ ! -e "$work/cmocka-build/built" ]; then
	printf 'projects: getting and building libyang2, netplan.io, mtd-utils and cmocka, once, into %s\n' "$work"
	step 0 'build needs can not be installed' install_build_needs dpkg-dev cmake make gcc pkg-config libcmocka-dev libpcre2-dev \
		autoconf automake libtool zlib1g-dev libacl1-dev liblzo2-dev uuid-dev libzstd-dev libiniparser-dev libssl-dev \
		meson ninja-build libyaml-dev libglib2.0-dev libsystemd-dev systemd bash-completion python3-pytest \
		python3-coverage pyflakes3 pycodestyle
	step 0 'no source of libyang2' get libyang2
	step 1 'libyang2 does not build' build_libyang2
	step 0 'no source of netplan.io' get netplan.io
	step 1 'netplan.io does not build' build_netplan
	step 0 'no source of mtd-utils' get mtd-utils
	step 1 'mtd-utils does not build' build_mtd_utils
	step 0 'no source of cmocka' get cmocka
	step 1 'cmocka does not build' build_cmocka
fi
export PROJECTS=$work
if [ "${1-}" = --table ]; then
	exec "$here/table.sh"
fi
exec "$root/test/run-bats.sh" "$here" "$@"
