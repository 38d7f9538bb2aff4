# SPDX-License-Identifier: MIT
# pprof.mk itself: build it, try it, test it. To use it in a project, include scripts/make-rules/pprof.mk there.

.DEFAULT_GOAL := build

include scripts/make-rules/build.mk
include scripts/make-rules/checks.mk
include scripts/make-rules/install.mk

# Itself, as its users have it: make pprof.ci Time=50ms. Of the unit tests, those of which a run is short and like another.
PPROF_PACKAGES := none
PPROF_UNIT := $(foreach t,bench_stats bench_text flame graph_dot leaks names options sym_ranges,$(wildcard test/unit/$(t)_test.c))
PPROF_PROGRAMS := $(PPROF_UNIT:test/unit/%.c=_output/build/unit/%)
PPROF_BUILD := $(MAKE) -s -f scripts/make-rules/unit.mk BUILD=_output/build $(PPROF_PROGRAMS)
include scripts/make-rules/pprof.mk

.PHONY: help clean
## help: list these targets
help:
	@scripts/help.sh . Makefile scripts/make-rules/build.mk scripts/make-rules/checks.mk \
		scripts/make-rules/install.mk

## clean: remove everything generated
clean:
	rm -rf _output examples/*/_output
