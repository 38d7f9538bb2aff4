# SPDX-License-Identifier: MIT
# The demonstration and the tests of this repository. Each runner is a script below test/ that also runs by hand.
#
# MAKEFLAGS is emptied for them: they start makes of their own, with options of their own.

.PHONY: demo deps deps.test test test.lint test.unit test.fuzz test.rules test.e2e test.truth test.browser \
	test.projects test.install test.cross test.ci test.fresh bench

## demo: install what is missing, build, profile the example's test_send_code
demo:
	@MAKEFLAGS= scripts/demo.sh

## deps: install what is needed to use pprof.mk
deps:
	@scripts/deps.sh run

deps.test: deps
	@scripts/deps.sh test

## test: install what is missing, build, run every test
test: deps.test
	@MAKEFLAGS= test/run.sh

## test.lint: formatting, static analysis, warnings of gcc and clang
## test.unit: unit tests under gcc, clang, address, undefined and thread sanitizers
## test.fuzz: the fuzz targets over their kept inputs
## test.rules: the rules in scratch projects
test.lint test.unit test.fuzz test.rules: test.%: deps.test
	@MAKEFLAGS= test/$*/run.sh

## test.e2e: the tool and the runtime on programs that end in every way
## test.truth: profiles known by construction
## test.browser: the pprof web UI on our profiles
## test.projects: test suites that nobody here wrote
## test.install: what make install and the Debian package install, and completion in bash and zsh
## test.cross: everything built for AArch64, and run under qemu-user
## test.ci: workflows that are there to be copied, and the steps of the action
test.e2e test.truth test.browser test.projects test.install test.cross test.ci: test.%: deps.test build
	@MAKEFLAGS= test/$*/run.sh

## test.fresh: make demo and make test in a bare Debian 12 (FRESH=TARGET: only that one)
test.fresh:
	@MAKEFLAGS= test/fresh/run.sh $(FRESH)

## bench: our figures beside those of peers
bench: deps.test build
	@MAKEFLAGS= test/bench/run.sh
