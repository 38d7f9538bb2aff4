#!/bin/sh
# SPDX-License-Identifier: MIT
# Naming the addresses of a profile, on a program with 60 MB of debug information: pprofmk against google/pprof with
# binutils' addr2line, and against `go tool pprof`, which reads DWARF itself and finds no inlined calls. Prints a table
# with ratios, and at how many addresses both found the same.
#
# Usage: test/bench/naming.sh [ADDRESSES]   distinct ones, 2000 unless told
#   GO       the go command, 1.22 or later (go, or the newest in /usr/lib)
#   BUILD    where `make build` put our objects (_output/build)
#   CC       compiler (cc)
# Needs cc, make, GNU time, binutils, Go with its own sources. The first time some two minutes on 2 cores, then one.
# Example: test/bench/naming.sh 500
set -eu

cd -- "$(dirname -- "$0")/../.."
addresses=${1:-2000}
build=${BUILD:-_output/build}
out=_output/bench/naming
turns=9

die() {
	echo "naming: $*" >&2
	exit 1
}

find_go() {
	for go in ${GO:-} /usr/lib/go-*/bin/go /usr/local/go/bin/go go; do
		root=$("$go" env GOROOT 2>/dev/null) || continue
		[ ! -d "$root/src/cmd/vendor/github.com/google/pprof" ] || newest=$go
	done
	[ -n "${newest-}" ] || die "no Go with its sources: install golang-1.23-go and golang-1.23-src, or set GO"
	printf '%s\n' "$newest"
}

# build_pprof GO: google/pprof with its own object tools, from the sources that Go has of it.
build_pprof() {
	vendor=$("$1" env GOROOT)/src/cmd/vendor/github.com
	mkdir -p -- "$out/go/src/github.com" "$out/go/src/naming_pprof"
	ln -sfn -- "$vendor/google" "$out/go/src/github.com/google"
	ln -sfn -- "$vendor/ianlancetaylor" "$out/go/src/github.com/ianlancetaylor"
	cp -- test/bench/naming_pprof.go "$out/go/src/naming_pprof/main.go"
	(
		top=$PWD/$out
		cd -- "$out/go/src/naming_pprof"
		GO111MODULE=off GOFLAGS='' GOPATH="$top/go" GOCACHE="$top/go/cache" "$1" build -o "$top/pprof-addr2line" .
	)
}

# pprof takes llvm-symbolizer where there is one: it sees a PATH with binutils only.
only_binutils() {
	mkdir -p -- "$out/bin"
	for tool in addr2line nm objdump; do
		ln -sf -- "$(command -v "$tool")" "$out/bin/$tool"
	done
}

# measure NAME COMMAND...: one more line in $out/NAME.runs: seconds, and MB of the largest process (maximum resident set).
measure() {
	name=$1
	shift
	begin_ns=$(date +%s%N)
	/usr/bin/time -q -o "$out/$name.memory" -f '%M' -- "$@" >"$out/$name.log" 2>&1 ||
		die "$name failed: $(cat -- "$out/$name.log")"
	awk -v ns="$(($(date +%s%N) - begin_ns))" '{ print ns / 1e9, $1 / 1024 }' "$out/$name.memory" >>"$out/$name.runs"
}

# middle NAME FIELD: the median of all runs.
middle() {
	cut -d ' ' -f "$2" -- "$out/$1.runs" | sort -g | awk -f test/bench/median.awk | cut -d ' ' -f 1
}

# One line an address of either profile: address, then each frame's function, file without folder, and line; without
# the linker's names of clones (f.part.0, f.constprop.0).
frames() {
	"$pprof" -symbolize=none -raw "$1" 2>/dev/null | awk '
		/^Locations/ { on = 1; next }
		/^Mappings/ { on = 0 }
		!on { next }
		$1 ~ /^[0-9]+:$/ { printf "%s%s", n++ ? "\n" : "", $2 }
		{
			function_ = $(NF - 2); place = $(NF - 1)
			sub(/\.(part|constprop|isra|cold).*/, "", function_)
			sub(/.*\//, "", place)
			printf " %s %s", function_, place
		}
		END { print "" }' | LC_ALL=C sort
}

mkdir -p -- "$out"
go=$(find_go)
sh test/bench/naming_program.sh "$out"
make -s -f scripts/make-rules/unit.mk BUILD="$build" "$build/bench/naming"
build_pprof "$go"
only_binutils
"$build/bench/naming" input "$out/program" "$addresses" "$out/input.prof"

# name_with NAME PPROF
name_with() {
	measure "$1" env PATH="$PWD/$out/bin" PPROF_TMPDIR="$out" "$2" -symbolize=local -proto \
		-output "$out/$1.pb.gz" "$out/program" "$out/input.prof"
}

pprof=$out/pprof-addr2line
rm -f -- "$out"/*.runs
turn=0
while [ "$turn" -lt "$turns" ]; do
	measure pprofmk "$build/bench/naming" name "$out/input.prof" "$out/pprofmk.pb.gz"
	name_with addr2line "$pprof"
	turn=$((turn + 1))
done
# Half a minute: once.
name_with gotool "$("$go" tool -n pprof)"

debug=$(size -A "$out/program" | awk '/^\.z?debug/ { n += $2 } END { printf "%d", n / 1e6 }')
echo "naming $addresses addresses of a program with $debug MB of debug information (medians)"
our_s=$(middle pprofmk 1) our_mb=$(middle pprofmk 2)
printf '%-28s %9s %8s %9s %8s\n' '' seconds ratio 'RSS MB' ratio
for peer in pprofmk addr2line gotool; do
	case $peer in
	addr2line) title='google/pprof with addr2line' ;;
	gotool) title='go tool pprof' ;;
	*) title=$peer ;;
	esac
	awk -v title="$title" -v s="$(middle "$peer" 1)" -v a="$our_s" -v mb="$(middle "$peer" 2)" -v b="$our_mb" 'BEGIN {
		printf "%-28s %9.3f %8.1f %9.0f %8.1f\n", title, s, s / a, mb, mb / b }'
done
for peer in pprofmk addr2line; do
	frames "$out/$peer.pb.gz" >"$out/$peer.txt"
done
LC_ALL=C comm -12 "$out/pprofmk.txt" "$out/addr2line.txt" >"$out/same.txt"
echo "addresses named: $(wc -l <"$out/pprofmk.txt"); as google/pprof does, every frame and line: $(wc -l <"$out/same.txt")"
