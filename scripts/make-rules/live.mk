# SPDX-License-Identifier: MIT
# Look at programs while they run, by the address of their endpoint; send profiles to where those of many are kept.

PPROF_TARGETS += pprof.live pprof.watch pprof.watch.diff pprof.push

## pprof.live: fetch a profile of Kind (cpu) from the running program at Addr, save it, show it in the pprof web UI
pprof.live: pprof.tool
	$(call pprof.run,pprof.sh,live)

## pprof.watch: take profiles of Kind (heap) from the program at Addr, Every 60s, and print what changes
pprof.watch: pprof.tool
	$(call pprof.run,pprof.sh,watch)

## pprof.watch.diff: show what has changed between two of these, Old (-2) and New (-1)
pprof.watch.diff: pprof.tool
	$(call pprof.run,pprof.sh,watch-diff)

## pprof.push: send the profiles in PPROF_OUT to the Pyroscope server at Url, with labels commit, branch, test, and more by Labels
pprof.push: pprof.tool
	$(call pprof.run,pprof.sh,push)
