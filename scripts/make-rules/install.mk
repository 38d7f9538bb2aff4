# SPDX-License-Identifier: MIT
# Installs the tool, the runtime and the rules.
#
#   PREFIX     where to                                                        /usr/local
#   DESTDIR    put before PREFIX: a folder to make a package of                empty
#   STRIP      what takes names and debug information out; empty: they stay    strip --strip-unneeded
#   HELP_TOOL  a pprofmk that runs here, whose help becomes the manual page    the one built; another when it is for
#              another machine
#
# Nothing that is installed knows PREFIX: the tree works wherever it is moved to.

PREFIX ?= /usr/local
DESTDIR ?=
STRIP ?= strip --strip-unneeded
HELP_TOOL ?= $(BUILD)/bin/pprofmk

# From the one place that has it.
VERSION = $(shell sed -n 's/^.define TOOL_VERSION "\(.*\)"/\1/p' internal/tool/tool.h)

INSTALL_PAGES := $(BUILD)/man/pprofmk.1 $(BUILD)/man/pprof.mk.7
INSTALL_MADE := $(INSTALL_PAGES) $(BUILD)/pprofmk.pc

.PHONY: install uninstall
## install: tool, runtime, header, rules, man pages and completions, into PREFIX (/usr/local)
install: build $(INSTALL_MADE)
## uninstall: remove what was installed into PREFIX
install uninstall: export PREFIX := $(PREFIX)
install uninstall: export DESTDIR := $(DESTDIR)
install uninstall: export STRIP := $(STRIP)
install uninstall:
	@scripts/install.sh $@ $(BUILD)

$(BUILD)/pprofmk.pc: packaging/pprofmk.pc.in internal/tool/tool.h
	@mkdir -p $(@D)
	sed 's/@VERSION@/$(VERSION)/' $< >$@.tmp && mv $@.tmp $@

$(BUILD)/man/pprofmk.1: packaging/man/tool.sh packaging/man/roff.awk $(HELP_TOOL)
	@mkdir -p $(@D)
	$< $(HELP_TOOL) >$@.tmp && mv $@.tmp $@

$(BUILD)/man/pprof.mk.7: packaging/man/rules.sh packaging/man/roff.awk $(wildcard scripts/make-rules/*.mk)
	@mkdir -p $(@D)
	$< '$(VERSION)' >$@.tmp && mv $@.tmp $@
