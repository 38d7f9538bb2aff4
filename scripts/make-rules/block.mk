# SPDX-License-Identifier: MIT
# Look at the waits: who waited, and who let them wait.

PPROF_TARGETS += pprof.block pprof.mutex

## pprof.block: show where Func's threads wait
pprof.block: pprof.tool
	$(call pprof.run,pprof.sh,web block)

## pprof.mutex: show who holds the locks that others wait for
pprof.mutex: pprof.tool
	$(call pprof.run,pprof.sh,web mutex)
