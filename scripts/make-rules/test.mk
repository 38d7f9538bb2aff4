# SPDX-License-Identifier: MIT
# Run tests, or a whole program, and profile them; name tests.

PPROF_TARGETS += pprof.test pprof.run pprof.list

## pprof.test: build, run and profile the tests Func of Package
pprof.test: pprof.asked pprof.programs
	$(call pprof.run,pprof.sh,test)

## pprof.run: run and profile the program Bin as a whole, whatever it is
pprof.run: pprof.tool
	$(call pprof.run,pprof.sh,run)

## pprof.list: name every test with its program and package, run none
pprof.list: pprof.programs
	$(call pprof.run,pprof.sh,list)
