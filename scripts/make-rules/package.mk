# SPDX-License-Identifier: MIT
# Builds the test programs of packages by convention. A make of its own, started by build-packages.sh in the project's
# folder, so that none of this is seen by the user's Makefile; pprof.mk says what the convention is.
#
#   packages    names, as scripts/packages.sh makes them
#   build       where products go: $(build)/<package>/<name>_test
#   scripts     folder of our scripts, beside that of our header
#   Q           empty: show the commands
#   PPROF_ARG_FLAGS (environment)    lines: PPROF_CFLAGS[.<package>] PPROF_LDLIBS[.<package>] PPROF_DEPS.<package>

$(eval $(value PPROF_ARG_FLAGS))

objects := $(build)/.obj
include $(scripts)/make-rules/explicit.mk
.DELETE_ON_ERROR:
.SECONDARY:

# $(call sources,PACKAGE) of the package itself, helpers and tests of its tests. "." has no prefix.
prefix = $(filter-out ./,$(1)/)
files = $(wildcard $(prefix)*.c test/$(prefix)*.c)
tests = $(filter %_test.c,$(files)) $(benchmarks.$(1))
sources = $(filter-out %_test.c $(benchmarks.$(1)),$(wildcard $(prefix)*.c))
helpers = $(filter-out %_test.c $(benchmarks.$(1)),$(wildcard test/$(prefix)*.c))
find_benchmarks = $(if $(filter %_bench.c,$(1)),$(shell . $(scripts)/packages.sh && benchmarks $(filter %_bench.c,$(1))))
optional = $(if $(filter-out undefined,$(origin $(1))),$($(1)))
object = $(patsubst %.c,$(objects)/%.o,$(1))
program = $(build)/$(prefix)$(basename $(notdir $(2)))

# $(call closure,SEEN,TODO): the packages TODO and all that they use.
uses = $(patsubst %/,%,$(patsubst ./%,%,$(call optional,PPROF_DEPS.$(1))))
rest = $(wordlist 2,$(words $(1)),$(1))
next = $(if $(filter $(2),$(1)),$(call closure,$(1),$(3)),$(call closure,$(1) $(2),$(3) $(call uses,$(2))))
closure = $(if $(strip $(2)),$(call next,$(1),$(firstword $(2)),$(call rest,$(2))),$(strip $(1)))
deps = $(filter-out $(1),$(call closure,,$(1)))

archive = $(objects)/$(prefix).package.a
includes = -I. $(addprefix -I,$(wildcard include)) $(foreach p,$(1) $(deps),$(addprefix -I,$(wildcard $(p) test/$(p)))) \
	-I$(scripts)/../include
cflags = -g -O2 $(includes) $(call optional,PPROF_CFLAGS) $(call optional,PPROF_CFLAGS.$(1))
# gperftools by force: compilers that drop libraries nobody names yet would drop these.
gperftools := -Wl,--push-state,--no-as-needed -ltcmalloc_minimal -lprofiler -Wl,--pop-state
ldlibs = -Wl,--start-group $(foreach p,$(deps),$(archive.$(p))) -Wl,--end-group \
	$(call optional,PPROF_LDLIBS) $(call optional,PPROF_LDLIBS.$(1)) $(gperftools) -lcmocka -pthread

known := $(call closure,,$(packages))
$(foreach p,$(known),$(eval benchmarks.$(p) := $(call find_benchmarks,$(call files,$(p)))))

quote = '$(subst ','\'',$(1))'

.PHONY: all FORCE
all: $(foreach p,$(packages),$(foreach t,$(call tests,$(p)),$(call program,$(p),$(t))))

# The files .flags and .link say what is compiled and linked with: when they change, that is done again.
define package.rules
archive.$(1) := $(call archive,$(1))
cflags.$(1) := $$(call cflags,$(1))

$(objects)/$(call prefix,$(1)).flags: FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' $$(call quote,$(CC) $$(cflags.$(1))) | $(scripts)/replace-if-changed.sh $$@

$(objects)/$(call prefix,$(1)).link: FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' $$(call quote,$(CC) $$(call ldlibs,$(1)) $(call sources,$(1)) $(call helpers,$(1))) | \
		$(scripts)/replace-if-changed.sh $$@

$(call object,$(call sources,$(1)) $(call helpers,$(1)) $(call tests,$(1))): $(objects)/%.o: %.c \
		$(objects)/$(call prefix,$(1)).flags
	@mkdir -p $$(@D)
	$$(Q)$(CC) $$(cflags.$(1)) -MMD -MP -c -o $$@ $$<

$(call archive,$(1)): $(call object,$(call sources,$(1)))
	@rm -f $$@.tmp
	$$(Q)$(AR) rcs $$@.tmp $$^
	@mv $$@.tmp $$@
endef

# $(call program.rules,PACKAGE,TEST)
define program.rules
$(call program,$(1),$(2)): $(call object,$(2) $(call helpers,$(1)) $(call sources,$(1))) \
		$(foreach p,$(call deps,$(1)),$(call archive,$(p))) $(objects)/$(call prefix,$(1)).link
	@mkdir -p $$(@D)
	$$(Q)objects=$$$$($(scripts)/linkable.sh $(objects) $$(filter %.o,$$^)) && $(CC) $$(cflags.$(1)) -o $$@.tmp \
		$$< $$$$objects $$(call ldlibs,$(1)) && mv $$@.tmp $$@
endef

$(foreach p,$(filter-out $(packages),$(known)),$(if $(call sources,$(p)),,$(error \
	pprof.mk: PPROF_DEPS names $(p), which has no C sources: give folders, from the project's own)))
$(foreach p,$(known),$(eval $(call package.rules,$(p))))
$(foreach p,$(packages),$(foreach t,$(call tests,$(p)),$(eval $(call program.rules,$(p),$(t)))))

-include $(patsubst %.c,$(objects)/%.d,$(foreach p,$(known),$(call sources,$(p)) $(call helpers,$(p)) $(call tests,$(p))))
