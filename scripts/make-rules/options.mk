# SPDX-License-Identifier: MIT
# Variables of pprof.mk with their defaults, and the helpers that the other files use.

PPROF_OUT ?= _output/pprof
PPROF_CFLAGS ?=
PPROF_LDLIBS ?=
PPROF_PACKAGES ?=
PPROF_PROGRAMS ?=
PPROF_CTEST ?=
PPROF_CONFIG ?=
PPROF_MESON ?=
PPROF_AUTOMAKE ?=
PPROF_BUILD ?=
PPROF_TOOL ?=
PPROF_V ?=

# $(call pprof.q,TEXT): TEXT as one word of the shell.
pprof.q = '$(subst ','\'',$(1))'

# $(call pprof.text,NAME): the value of variable NAME. What a Makefile says is expanded, as always; what came from
# outside is taken as it is. What nobody says is nothing, and no warning of a make that has some for undefined variables.
pprof.text = $(if $(filter environment%,$(origin $(1))),$(value $(1)),$(if $(filter-out undefined,$(origin $(1))),$($(1))))

# $(call pprof.run,SCRIPT,ARGUMENTS): a recipe line. The scripts show the commands that matter when V=1.
pprof.run = @$(call pprof.q,$(PPROF_SCRIPTS)/$(1)) $(if $(filter-out undefined,$(origin 2)),$(2))

# Its own folder written out in front, as in PPROF_OUT=$PWD/x, is harmless even with a space in it.
PPROF_FOLDER := $(subst $(CURDIR)/,,$(call pprof.text,PPROF_OUT))
ifeq ($(strip $(PPROF_FOLDER)),)
$(error pprof.mk: PPROF_OUT is empty: give a folder, or leave it unset for _output/pprof)
endif
ifneq ($(words x$(PPROF_FOLDER)x),1)
$(error pprof.mk: PPROF_OUT has a space, which make cannot handle: give a folder without, e.g. _output/pprof)
endif
