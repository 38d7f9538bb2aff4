# SPDX-License-Identifier: MIT
# Pictures of a profile as files.

PPROF_TARGETS += pprof.svg

## pprof.svg: draw Func's profile of Kind (cpu): pictures that need nothing else
pprof.svg: pprof.tool
	$(call pprof.run,pprof.sh,svg)
