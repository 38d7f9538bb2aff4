#!/bin/sh
# SPDX-License-Identifier: MIT
# Our figures beside those of peers, in one run and one table: each row_*.sh measures its subjects in turns. Nothing
# passes or fails.
#
# Usage: test/bench/run.sh [NAME...]    rows: bench malloc lock cpu test naming traces show events record idle live answer (all of these); ab, gate and
#                                       server, only when named: they take ten, ten and six minutes; or programs of details:
#                                       stack_bench sync_bench
#   BUILD    where `make build` put us (_output/build)
# Needs what `scripts/deps.sh test` installs, and `make build`. Installs what to compare with where it can.
# All rows take about seven minutes on 2 cores; the first time two more, for the program of the row naming.
# Example: test/bench/run.sh malloc lock
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh
export BUILD BENCH_OUT

say() {
	printf 'bench: %s\n' "$*" >&2
}

# Peers, and no more: the lines of those that cannot be had are left out.
install_peers() {
	sh scripts/deps.sh bench || say 'without them: their lines are left out'
}

load() {
	cut -d ' ' -f 1-3 /proc/loadavg
}

machine() {
	printf '%s, pprof.mk %s, Linux %s, %s x %s\n' "$(date -u '+%Y-%m-%d %H:%M UTC')" \
		"$(git describe --always --dirty 2>/dev/null || echo '(no git)')" "$(uname -r)" "$(nproc)" \
		"$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
}

# rows ROW...: the table.
rows() {
	[ -x "$tool" ] || die "$tool is not there: run \`make build\` first"
	build malloc_bench lock_bench cpu_bench ours_bench
	load_before=$(load)
	for row; do
		say "measuring: $row"
		# What one peer or one row lacks on this machine costs its own lines only.
		sh "test/bench/row_$row.sh" >"$BENCH_OUT/$row.lines" ||
			printf 'title\t%s: not measured, row_%s.sh failed as said above\n' "$row" "$row" >"$BENCH_OUT/$row.lines"
	done
	machine
	printf 'load average before: %s, after: %s\n\n' "$load_before" "$(load)"
	for row; do
		cat -- "$BENCH_OUT/$row.lines"
	done | awk -f test/bench/table.awk
}

mkdir -p -- "$BENCH_OUT"
install_peers
[ $# -gt 0 ] || set -- bench malloc lock cpu test naming traces show events record idle live answer
wanted=
for name; do
	if [ -e "test/bench/row_$name.sh" ]; then
		wanted="$wanted $name"
	elif [ -e "test/bench/$name.c" ]; then
		build "$name"
		"$BENCH_OUT/bench/$name"
	else
		die "there is no row and no program $name"
	fi
done
# shellcheck disable=SC2086 # names without spaces
[ -z "$wanted" ] || rows $wanted
