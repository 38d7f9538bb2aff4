#!/bin/bash
# SPDX-License-Identifier: MIT
# Make docs/projects.md: what pprof.mk finds in the suites here, and what it costs to profile them whole.
#
# Usage: table.sh [FILE]    (docs/projects.md); called by run.sh --table, which builds the suites first
# Needs the tool, node, and what the suites are run with. Takes two minutes; times are of this machine, best left alone.
# Example: test/projects/run.sh --table
set -euo pipefail

here=$(cd "$(dirname -- "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
PPROFMK=${PPROFMK:-$root/_output/build/bin/pprofmk}
# shellcheck source=test/projects/facts.bash
. "$here/facts.bash"

runs=${RUNS:-9}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

version() {
	dpkg-parsechangelog -l "$PROJECTS/$1/debian/changelog" -S Version
}

build_of() {
	case $1 in
	libyang2) echo CMake ;;
	netplan.io) echo Meson ;;
	mtd-utils) echo Autotools ;;
	esac
}

# bare PROJECT: the suite's cmocka programs one after the other, as its runner starts them but without the runner.
bare() {
	sh "$work/$1.sh" || :
}

# profiled NUMBER: the same by us, into a new folder that has the list of tests already.
profiled() {
	local folder=$work/$1.cost
	mkdir -p "$folder"
	cp "$work/list.catalog" "$folder/.catalog" 2>/dev/null || :
	"$PPROFMK" test "${suite[@]}" --out "$folder" --count 1 --kinds cpu >/dev/null 2>&1 </dev/null || :
}

# seconds COMMAND...: of the wall clock, and of all processors.
seconds() {
	local TIMEFORMAT='%R %U %S'
	{ time "$@" >&2; } 2>&1 | tail -n 1 | awk '{ print $1, $2 + $3 }'
}

# medians FILE: of both columns.
medians() {
	local column
	for column in 1 2; do
		cut -d ' ' -f "$column" "$1" | sort -n | awk '{ value[NR] = $1 }
			END { printf "%s ", (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
	done
}

# cost_row PROJECT: of runs that took turns.
cost_row() {
	local i
	node "$here/commands.js" "$work/$1.all" >"$work/$1.sh"
	cp "$work/$1.all/.catalog" "$work/list.catalog"
	profiled "$1.first"
	for ((i = 0; i < runs; i++)); do
		seconds by_runner "$1" >>"$work/$1.runner"
		seconds bare "$1" >>"$work/$1.without"
		seconds profiled "$1.$i" >>"$work/$1.with"
	done
	printf '%s %s %s\n' "$(medians "$work/$1.runner")" "$(medians "$work/$1.without")" "$(medians "$work/$1.with")" |
		awk -v project="$1" '{
			printf "| %s | %.2f | %.2f | %+.0f %% | %.2f | %+.0f %% | %.2f | %+.0f %% |\n", project,
				$5, $1, 100 * ($5 / $1 - 1), $3, 100 * ($5 / $3 - 1), $6, 100 * ($6 / $4 - 1) }'
}

found_row() {
	local own=$work/$1.own ours=$work/$1.ours list=$work/$1.list all=$work/$1.all programs tests differ
	own_verdicts "$1" >"$own"
	"$PPROFMK" test "${suite[@]}" --out "$all" --count 1 >/dev/null 2>&1 </dev/null || :
	our_verdicts "$all" >"$ours"
	our_list "$all" >"$list"
	programs=$(cut -d ' ' -f 1 "$list" | uniq | wc -l)
	tests=$(wc -l <"$list")
	differ=$(unequal "$own" "$ours" | wc -l)
	printf '| %s | %s | %s | %d of %d | %d of %d | %d | %d of %d | %d |\n' "$1" "$(version "$1")" "$(build_of "$1")" \
		"$programs" "$(cut -d ' ' -f 1 "$own" | uniq | wc -l)" "$tests" "$(wc -l <"$own")" \
		"$(awk '$3 == "failed"' "$own" | wc -l)" $(($(wc -l <"$ours") - differ)) "$(wc -l <"$ours")" \
		"$(with_reason "$1" | wc -l)"
}

longest_rows() {
	local title
	for title in $(longest "$work/$1.all"); do
		"$PPROFMK" test "${suite[@]}" --func "$title" --out "$work/$1.longest" --time 1s >/dev/null 2>&1 </dev/null || :
	done
	node "$here/manifests.js" "$work/$1.longest" | awk -v project="$1" '
		!seen[$1]++ { order[++count] = $1 }
		{ samples[$1, $4] = $7 }
		END {
			for (i = 1; i <= count; i++)
				printf "| %s | `%s` | %d | %d | %d |\n", project, order[i], samples[order[i], "cpu"],
					samples[order[i], "mem"], samples[order[i], "block"]
		}'
}

# rows FUNCTION: of each project.
rows() {
	local project
	for project in libyang2 netplan.io mtd-utils; do
		suite_of "$project"
		"$1" "$project"
	done
}

page() {
	cat <<'E_PAGE'
# On test suites that nobody here wrote

Debian's sources, built by their own build, unchanged. This page is made by `test/projects/run.sh --table`; `make
test.projects` checks what it says of tests and verdicts.

The suite's own numbers are those of `ctest`, `meson test` and `make check`: the tests that cmocka announced in their output, and
its verdicts. Ours are those of `pprofmk list` and `pprofmk test --count 1` with `--ctest`, `--meson` or `--automake`, in
each of the three kinds. A verdict that differs needs a reason in `test/projects/reasons.txt`.

| project | version | build | programs found | tests found | fail by themselves | verdicts equal | with a reason |
| --- | --- | --- | --- | --- | --- | --- | --- |
E_PAGE
	rows found_row
	cat <<'E_PAGE'

The tests of netplan.io that fail want `ovs-vsctl`, which is not installed there.

## The longest tests

`--time 1s`: a test is repeated until it has used a second of CPU time, where it can be repeated. Allocations and waits are those
of one run.

| project | test | cpu samples | allocations | waits |
| --- | --- | --- | --- | --- |
E_PAGE
	rows longest_rows
	cat <<E_PAGE

## What a whole suite costs

Every test, cpu only, once: \`pprofmk test --count 1 --kinds cpu\`, against the suite by its own runner (\`ctest\`, \`meson test\`, \`make
check\`), and against its bare programs: the same one after the other, in their folders and environment, without us and without
a runner. Seconds of the wall clock, then of CPU time: medians of $runs runs in turn, on $(nproc) processors, ours each into a new
folder. Of netplan.io, tests fail, and so those of one program are run one by one; a program of mtd-utils ends in milliseconds, so
that against the bare programs the start of the tool is measured.

| project | with us | its runner | more | bare programs | more | CPU with us | more than bare |
| --- | --- | --- | --- | --- | --- | --- | --- |
E_PAGE
	rows cost_row
}

out=${1:-$root/docs/projects.md}
page >"$work/page"
mv -- "$work/page" "$out"
