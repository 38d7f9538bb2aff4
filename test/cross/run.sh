#!/bin/bash
# SPDX-License-Identifier: MIT
# Build everything for AArch64 with Debian's cross compiler, and run it under qemu-user: the unit tests, and profiles that
# are known by construction, of programs with our runtime in them. What an emulator can't do is in skipped.txt.
#
# Usage: test/cross/run.sh [JOB...]    names of unit tests' programs, and bats files (all)
# Needs apt-get, and root the first time for g++-aarch64-linux-gnu and qemu-user. AArch64's libraries are downloaded once
# into _output/cross (25 MB, 101 unpacked). Without them (no apt, no network, no rights) it says so in a line and succeeds.
# V=1 shows the output of every job.
# Example: test/cross/run.sh stack_test flow.bats
# shellcheck disable=SC2317 # functions are called by name
set -euo pipefail

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/tally.sh
. test/tally.sh

# Longer than any of them takes on a busy machine; one that hangs has failed.
limit_s=180
work=$PWD/_output/cross
build=$work/build
# Long ones first, so that none is alone at the end.
first='flow.bats mem.bats stack_test sym_test profile_damage_test bench_stats_test'

give_up() {
	printf 'cross: not run: %s\n' "$1"
	printf '0 passed, 0 failed\n'
	exit 0
}

# step WORDS COMMAND...: or give up, with the last line of what it said.
step() {
	local what=$1 log=$work/setup.log
	shift
	"$@" >"$log" 2>&1 || give_up "$what: $(grep -v '^ *$' "$log" | tail -n 1) (see $log)"
}

prepare() {
	[ "$(uname -m)" != aarch64 ] || give_up 'this machine is AArch64: the other tests run on it'
	command -v apt-get >/dev/null || give_up "no apt-get here to get Debian's AArch64 libraries with"
	mkdir -p -- "$work"
	step 'no cross compiler or emulator' scripts/deps.sh cross
	step 'no libraries for AArch64' test/cross/sysroot.sh "$work/sysroot"
	step 'no tools' test/cross/toolchain.sh "$work/bin" "$work/sysroot"
}

# for_arm MAKE_ARGUMENT...: CC is that of PATH. Warnings are errors, as in every build.
for_arm() {
	nice -n 5 make -s -j"$(nproc)" CC=cc CXX=c++ TEST_LDFLAGS=-fuse-ld=lld "$@"
}

# emulated NAME: a program of AArch64 as a command, for those that start it: the kernel would not.
emulated() {
	printf '#!/bin/sh\nexec qemu-aarch64 %s "$@"\n' "'$2'" >"$1.tmp"
	chmod +x "$1.tmp"
	mv -- "$1.tmp" "$1"
}

# What is profiled: programs in fixtures/aarch64, the commands that start them in fixtures.
build_fixtures() {
	local name programs=(mem_counts mem_counts.gperftools mem_leaks mem_peak stack_shapes throws waits window bench_truth)
	local fixtures=$work/fixtures
	mkdir -p -- "$fixtures/aarch64"
	for_arm -C test/fixtures OUT="$fixtures/aarch64" "${programs[@]/#/$fixtures/aarch64/}" "$fixtures/aarch64/stack_plugin.so"
	for name in "${programs[@]}"; do
		emulated "$fixtures/$name" "$fixtures/aarch64/$name"
	done
	ln -sf aarch64/stack_plugin.so "$fixtures/stack_plugin.so"
	emulated "$work/pprofmk" "$build/bin/pprofmk"
}

# built WHAT COMMAND...: counts as a test.
built() {
	local what=$1
	shift
	if "$@" >"$work/build.log" 2>&1; then
		printf 'ok %s\n' "$what" >>"$work/results/build"
	else
		printf 'not ok %s\n' "$what" >>"$work/results/build"
		printf '%s for AArch64:\n' "$what"
		cat -- "$work/build.log"
	fi
}

# Both write "ok NAME", "not ok NAME" or "skipped NAME" for each test. A program that ends otherwise than its tests say, or
# says nothing of any, has broken: "not ok PROGRAM (exit status)".
run_unit() {
	local status=0 log=$work/logs/$1
	EMULATED=1 timeout "$limit_s" qemu-aarch64 "$build/unit/$1" </dev/null >"$log" 2>&1 || status=$?
	sed -n -e 's/^\[       OK \] /ok /p' -e 's/^\[  SKIPPED \] \(test_[^ ]*\)$/skipped \1/p' \
		-e 's/^\[  FAILED  \] \(test_[^ ]*\)$/not ok \1/p' "$log" | sort -u >"$work/results/$1"
	[ "$status" = 0 ] || grep -q '^not ok ' "$work/results/$1" || printf 'not ok %s (%s)\n' "$1" "$status" >>"$work/results/$1"
}

run_bats() {
	local file=test/truth/$1
	[ -e "$file" ] || file=test/cross/$1
	PATH=${PATH#"$work/bin:"} BUILD=$build PPROFMK=$work/pprofmk FIXTURES=$work/fixtures timeout "$limit_s" bats --tap \
		--setup-suite-file test/cross/setup_suite.bash "$file" </dev/null >"$work/logs/$1" 2>&1 || :
	sed -n -e 's/^ok [0-9]* \(.*\) # skip.*/skipped \1/p' -e '/# skip/!s/^\(ok\|not ok\) [0-9]* /\1 /p' "$work/logs/$1" >>"$work/results/$1"
}

run_job() {
	case $1 in
	*.bats) run_bats "$1" ;;
	*) run_unit "$1" ;;
	esac
	[ -s "$work/results/$1" ] || printf 'not ok %s\n' "$1" >"$work/results/$1"
}

# show JOB: what failed and is not known to, with its output; what was not counted, and why.
show() {
	awk -v job="$1" '
		FNR == NR { tab = index($0, "\t"); why[substr($0, 1, tab - 1)] = substr($0, tab + 1); next }
		/^ok / { good++; next }
		{ name = $0; sub(/^(not ok|skipped) /, "", name) }
		name in why { print "cross: skipped " name ": " why[name]; next }
		/^skipped / { print "cross: skipped " name; next }
		{ bad++; print "cross: " job ": not ok " name }
		END { print good + 0, bad + 0 >"/dev/fd/3" }' test/cross/skipped.txt "$work/results/$1" 3>"$work/counts"
	local good bad
	read -r good bad <"$work/counts"
	tally "$good" "$bad"
	[ "$bad" = 0 ] && [ -z "${V-}" ] || [ ! -e "$work/logs/$1" ] || cat -- "$work/logs/$1"
}

if [ "${1-}" = --job ]; then
	run_job "$2"
	exit
fi
prepare
export PATH=$work/bin:$PATH
rm -rf -- "$work/results" "$work/logs"
mkdir -p -- "$work/results" "$work/logs"
# What enters a process as its users have it. The rest at -O1, which compiles in two thirds of the time: it has no other code for a processor.
built runtime for_arm BUILD="$build" "$build"/lib/libpprofmk{,-sync,-trace,-live,-http}.so
built tool for_arm build BUILD="$build" BUILD_OPT='-O1 -g1'
built 'unit tests' for_arm -k -f scripts/make-rules/unit.mk BUILD="$build" BUILD_OPT='-O1 -g1' RUNTIME_OPT=-O2
built 'fixtures' build_fixtures
if [ $# = 0 ]; then
	# shellcheck disable=SC2046,SC2086 # words
	set -- $first $(basename -s .c test/unit/*_test.c | grep -vxF "$(printf '%s\n' $first)")
fi
printf '%s\n' "$@" | nice -n 5 xargs -P "$(nproc)" -n 1 test/cross/run.sh --job || :
for job in build "$@"; do
	show "$job"
done
tally_end
