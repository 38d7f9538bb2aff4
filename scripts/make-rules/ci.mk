# SPDX-License-Identifier: MIT
# What a job of continuous integration runs, and keeps.

PPROF_TARGETS += pprof.ci

## pprof.ci: run tests and benchmarks of Package, or all, and make PPROF_OUT a report to keep: index.html, summary.md, junit.xml
pprof.ci: pprof.programs
	$(call pprof.run,ci.sh)
