# SPDX-License-Identifier: MIT
# How values reach the scripts: through the environment, as PPROF_ARG_<name>. Never through a recipe's line, where
# a newline would begin a command of its own.

# Those that people type. Their text is hostile until the scripts have looked at it.
PPROF_TYPED := Func Package Bin Args Time Count Alone Hz Kinds Kind Timeout Port Host V \
	Trace Benchtime Bench_count Cpu Counters Base Alpha Type Normalize From To Format Of Group Tracesize \
	Budget Timed Effect Addr Seconds Show Every Keep Old New Until Flight Url App Labels Print
# Those of Makefiles.
PPROF_SETTINGS := PACKAGES PROGRAMS CTEST CONFIG MESON AUTOMAKE BUILD TOOL

# make expands a variable of its command line whenever it is used, and when it is exported to any recipe at all:
# $(shell ...) in a test's name would run. Those with a dollar become plain text here, exported as before.
pprof.typed = $(and $(findstring $$,$(value $(1))),$(filter command,$(firstword $(origin $(1)))))
$(foreach v,$(PPROF_TYPED),$(if $(call pprof.typed,$(v)),$(eval override $(v) := $$(value $(v)))$(eval export $(v))))

$(foreach v,$(PPROF_TYPED),$(eval $(PPROF_TARGETS): export PPROF_ARG_$(v) = $$(call pprof.text,$(v))))
$(foreach v,$(PPROF_SETTINGS),$(eval $(PPROF_TARGETS): export PPROF_ARG_$(v) = $$(call pprof.text,PPROF_$(v))))
$(PPROF_TARGETS): export PPROF_ARG_OUT = $(PPROF_FOLDER)
$(PPROF_TARGETS): export PPROF_ARG_V = $(filter 1,$(PPROF_V) $(call pprof.text,V))
$(PPROF_TARGETS): export PPROF_ARG_CC = $(call pprof.text,CC)
$(PPROF_TARGETS): export PPROF_ARG_AR = $(call pprof.text,AR)
# Names only, for slips in them.
$(PPROF_TARGETS): export PPROF_ARG_GIVEN = $(foreach v,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(v)))),$(v)))
$(PPROF_TARGETS): export PPROF_ARG_KNOWN = $(PPROF_TYPED) $(addprefix PPROF_,OUT CFLAGS LDLIBS V $(PPROF_SETTINGS))
$(PPROF_TARGETS): export PPROF_ARG_MAKE = $(MAKE)

# Flags for package.mk, as lines of make: names with dots and slashes cannot pass through a shell's environment.
define PPROF_NEWLINE


endef
# Outside of every call, where all versions of make want the backslash.
PPROF_HASH := \#
pprof.quoted = $(subst $(PPROF_HASH),\$(PPROF_HASH),$(subst $$,$$$$,$(subst $(PPROF_NEWLINE), ,$(1))))
pprof.line = $(1) := $(call pprof.quoted,$($(1)))$(PPROF_NEWLINE)
pprof.flags = $(filter PPROF_CFLAGS PPROF_LDLIBS PPROF_CFLAGS.% PPROF_LDLIBS.% PPROF_DEPS.%,$(.VARIABLES))
$(PPROF_TARGETS): export PPROF_ARG_FLAGS = $(foreach v,$(pprof.flags),$(call pprof.line,$(v)))

.PHONY: $(PPROF_TARGETS)
