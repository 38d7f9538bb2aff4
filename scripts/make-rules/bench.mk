# SPDX-License-Identifier: MIT
# Benchmarks: their figures, and what has changed in them.

PPROF_TARGETS += pprof.bench pprof.bench.diff

## pprof.bench: build, run and profile the benchmarks Func of Package
pprof.bench: pprof.asked pprof.programs
	$(call pprof.run,pprof.sh,bench)

## pprof.bench.diff: compare Func's figures with those of Base: text kept, or a git revision
pprof.bench.diff: pprof.tool
	+$(call pprof.run,bench-diff.sh)
