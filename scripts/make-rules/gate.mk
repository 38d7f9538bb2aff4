# SPDX-License-Identifier: MIT
# Has something got worse?

PPROF_TARGETS += pprof.gate

## pprof.gate: fail when tests allocate more, leak more or take longer than those of Base: an earlier run's folder, or a git revision
pprof.gate: pprof.tool
	+$(call pprof.run,gate.sh)
