# SPDX-License-Identifier: MIT
# pprof.mk itself: build it, try it, test it. To use it in a project, include scripts/make-rules/pprof.mk there.

.DEFAULT_GOAL := build

include scripts/make-rules/build.mk
include scripts/make-rules/checks.mk
include scripts/make-rules/install.mk

.PHONY: help clean
## help: list these targets
help:
	@scripts/help.sh . Makefile scripts/make-rules/build.mk scripts/make-rules/checks.mk \
		scripts/make-rules/install.mk

## clean: remove everything generated
clean:
	rm -rf _output examples/*/_output
