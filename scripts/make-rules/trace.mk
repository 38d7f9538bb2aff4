# SPDX-License-Identifier: MIT
# Record what every thread of a test does.

PPROF_TARGETS += pprof.trace

## pprof.trace: build and run the tests Func of Package once, and write what every thread did, when
pprof.trace: pprof.asked pprof.programs
	$(call pprof.run,pprof.sh,trace)
