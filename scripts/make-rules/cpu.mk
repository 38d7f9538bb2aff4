# SPDX-License-Identifier: MIT
# Look at the CPU profile; the ten first functions of any kind.

PPROF_TARGETS += pprof.cpu pprof.top

## pprof.cpu: show Func's CPU time in the pprof web UI
pprof.cpu: pprof.tool
	$(call pprof.run,pprof.sh,web cpu)

## pprof.top: print the first functions of Func's profile of Kind (cpu)
pprof.top: pprof.tool
	$(call pprof.run,pprof.sh,top)
