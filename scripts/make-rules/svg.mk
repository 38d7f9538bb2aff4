# SPDX-License-Identifier: MIT
# Pictures of a profile as files.

PPROF_TARGETS += pprof.svg pprof.flame.diff

## pprof.svg: draw Func's profile of Kind (cpu): pictures that need nothing else
pprof.svg: pprof.tool
	$(call pprof.run,pprof.sh,svg)

## pprof.flame.diff: draw what has changed in Func's profile of Kind (cpu) since Base: a profile, or a folder that has it
pprof.flame.diff: pprof.tool
	$(call pprof.run,pprof.sh,flame-diff)
