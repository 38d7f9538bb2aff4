# SPDX-License-Identifier: MIT
# Run tests and profile them; name them.

PPROF_TARGETS += pprof.test pprof.list

## pprof.test: build, run and profile the tests Func of Package
pprof.test: pprof.asked pprof.programs
	$(call pprof.run,pprof.sh,test)

## pprof.list: name every test with its program and package, run none
pprof.list: pprof.programs
	$(call pprof.run,pprof.sh,list)
