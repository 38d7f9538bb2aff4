# SPDX-License-Identifier: MIT
# What has to be there before a test can be run: the tool, and the test programs.

PPROF_TARGETS += pprof.values pprof.asked pprof.tool pprof.external pprof.programs

# Before anything is built.
pprof.values:
	$(call pprof.run,check-values.sh)

pprof.asked:
	$(call pprof.run,check-values.sh,asked)

# `+`: make below us shares our job slots.
pprof.tool: pprof.values
	+$(call pprof.run,build-tool.sh)

# Programs that some other build makes, wanted only where no package and no program is named.
pprof.external: pprof.values
	+$(call pprof.run,build-external.sh)

pprof.programs: pprof.tool pprof.external
	+$(call pprof.run,build-packages.sh)
