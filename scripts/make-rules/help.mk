# SPDX-License-Identifier: MIT
# What there is, whether this machine can do it, and getting rid of it.

PPROF_TARGETS += pprof.doctor pprof.help pprof.clean pprof.complete

## pprof.doctor: check this machine, and the programs of Package or Bin; name the cures
pprof.doctor:
	+$(call pprof.run,doctor.sh)

# In the order in which they are included: what one begins with is first.

## pprof.help: list these targets
pprof.help:
	$(call pprof.run,help.sh,'^pprof[.]' $(filter $(PPROF_RULES)/%.mk,$(MAKEFILE_LIST)))

## pprof.clean: remove the profiles and what was built for them
pprof.clean:
	$(call pprof.run,clean.sh)

# For completion: what a shell may offer for $$PPROF_COMPLETE.
pprof.complete:
	$(call pprof.run,complete.sh,make $(PPROF_TYPED))
