# SPDX-License-Identifier: MIT
# Look at a trace: in the terminal, and as data.

PPROF_TARGETS += pprof.trace.stat pprof.trace.locks pprof.trace.path

## pprof.trace.stat: print what Func's threads did, and how long they waited for what
pprof.trace.stat: pprof.tool
	$(call pprof.run,pprof.sh,trace-stat)

## pprof.trace.locks: print who waited for Func's locks, and who held them
pprof.trace.locks: pprof.tool
	$(call pprof.run,pprof.sh,trace-locks)

## pprof.trace.path: print the chain of running and waking that decided how long Func took
pprof.trace.path: pprof.tool
	$(call pprof.run,pprof.sh,trace-path)
