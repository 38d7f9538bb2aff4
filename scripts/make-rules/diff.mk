# SPDX-License-Identifier: MIT
# What has changed in a profile.

PPROF_TARGETS += pprof.diff

## pprof.diff: show what has changed in Func's profile of Kind (cpu) since Base, told apart from noise
pprof.diff: pprof.tool
	$(call pprof.run,pprof.sh,diff)
