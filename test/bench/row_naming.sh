#!/bin/sh
# SPDX-License-Identifier: MIT
# Naming the addresses of a profile of a large program, as naming.sh measures it: us and google/pprof in turns.
#
# Usage: test/bench/row_naming.sh      lines for table.awk; test/bench/run.sh naming shows them as a table
# Needs what run.sh prepares and what naming.sh says.
# Example: test/bench/run.sh naming
set -eu

cd -- "$(dirname -- "$0")/../.."
# shellcheck source=test/bench/measure.sh
. test/bench/measure.sh

begin naming
sh test/bench/naming.sh >"$BENCH_OUT/output"
for name in pprofmk addr2line gotool; do
	cut -d ' ' -f 1 "_output/bench/naming/$name.runs" >"$values/$name.s"
	cut -d ' ' -f 2 "_output/bench/naming/$name.runs" >"$values/$name.mb"
done
for unit in s mb; do
	note_pairs "share.$unit" 'a / b' "pprofmk.$unit" "addr2line.$unit"
done

title "$(sed -n 's/^naming \(.*\) (medians)$/naming \1 (ratio: to pprof.mk)/p' "$BENCH_OUT/output")"
line pprofmk.s pprof.mk s 3 pprofmk.s '>= 10 x faster' 0.1 share.s
line addr2line.s 'google/pprof with addr2line' s 3 pprofmk.s
line gotool.s 'go tool pprof' s 3 pprofmk.s
line pprofmk.mb 'memory: pprof.mk' MB 0 pprofmk.mb 'less' 1 share.mb
line addr2line.mb 'memory: google/pprof with addr2line' MB 0 pprofmk.mb
line gotool.mb 'memory: go tool pprof' MB 0 pprofmk.mb
remark "$(tail -n 1 -- "$BENCH_OUT/output")"
