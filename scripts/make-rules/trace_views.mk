# SPDX-License-Identifier: MIT
# Look at a trace: in the terminal, as data, and through profiles that are made from it.

PPROF_TARGETS += pprof.trace.show pprof.trace.stat pprof.trace.locks pprof.trace.path pprof.trace.profile pprof.trace.dump pprof.trace.perfetto \
	pprof.net pprof.sync pprof.syscall pprof.sched

## pprof.trace.show: serve Func's trace on Port: timelines by CPU and by thread, thread analysis, locks, critical path
pprof.trace.show: pprof.tool
	$(call pprof.run,pprof.sh,trace-show)

## pprof.trace.stat: print what Func's threads did, and how long they waited for what
pprof.trace.stat: pprof.tool
	$(call pprof.run,pprof.sh,trace-stat)

## pprof.trace.locks: print who waited for Func's locks, and who held them
pprof.trace.locks: pprof.tool
	$(call pprof.run,pprof.sh,trace-locks)

## pprof.trace.path: print the chain of running and waking that decided how long Func took
pprof.trace.path: pprof.tool
	$(call pprof.run,pprof.sh,trace-path)

## pprof.trace.profile: write profiles made from Func's trace: Of=net,sync,syscall,sched,cpu, of one Group, From To
pprof.trace.profile: pprof.tool
	$(call pprof.run,pprof.sh,trace-profile)

## pprof.net: show where Func's threads waited for the network, from its trace
pprof.net: pprof.tool
	$(call pprof.run,pprof.sh,web net)

## pprof.sync: show where Func's threads waited for each other, from its trace
pprof.sync: pprof.tool
	$(call pprof.run,pprof.sh,web sync)

## pprof.syscall: show where Func's threads were in other system calls, from its trace
pprof.syscall: pprof.tool
	$(call pprof.run,pprof.sh,web syscall)

## pprof.sched: show where Func's threads waited for a CPU, from its trace
pprof.sched: pprof.tool
	$(call pprof.run,pprof.sh,web sched)

## pprof.trace.dump: print Func's trace, one event a line
pprof.trace.dump: pprof.tool
	$(call pprof.run,pprof.sh,trace-dump)

## pprof.trace.perfetto: write Func's trace as F.pftrace, for https://ui.perfetto.dev
pprof.trace.perfetto: pprof.tool
	$(call pprof.run,pprof.sh,trace-perfetto)
