# SPDX-License-Identifier: MIT
# Record what every thread does: of a test, or of a program that runs.

PPROF_TARGETS += pprof.trace

## pprof.trace: build and run the tests Func of Package once, and write what every thread did, when; or fetch that from the program at Addr
pprof.trace: $(if $(strip $(value Addr)),pprof.tool,pprof.asked pprof.programs)
	$(call pprof.run,pprof.sh,trace)
