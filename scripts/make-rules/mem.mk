# SPDX-License-Identifier: MIT
# Look at the memory profile, from three sides.

PPROF_TARGETS += pprof.mem pprof.heap pprof.allocs

## pprof.mem: show what Func allocates
pprof.mem: pprof.tool
	$(call pprof.run,pprof.sh,web mem)

## pprof.heap: show what Func holds at its end
pprof.heap: pprof.tool
	$(call pprof.run,pprof.sh,web heap)

## pprof.allocs: show what Func allocates (as go tool pprof names it)
pprof.allocs: pprof.tool
	$(call pprof.run,pprof.sh,web allocs)
