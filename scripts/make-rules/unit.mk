# SPDX-License-Identifier: MIT
# Builds the unit tests, the fuzz targets or the benchmarks, with one compiler and one set of sanitizers, into
# $(BUILD)/unit, $(BUILD)/fuzz and $(BUILD)/bench. BUILD, CC, SAN and BUILD_OPT are those of build.mk.
# TEST_LDFLAGS: for linking these programs only.
#
# Each of them says near its top, in a comment, which of our files it is linked with:
#
#     /* links: internal/base/text.c internal/format/varint.c */
#
# Patterns may be used; `tool` stands for all of base, format and tool but main.c.

.DEFAULT_GOAL := unit
include scripts/make-rules/build.mk

TEST_TOOL := $(filter-out internal/tool/main.c,$(BUILD_BASE) $(BUILD_FORMAT) $(BUILD_TOOL))
TEST_LDLIBS := -lcmocka $(TOOL_LDLIBS) -ldl -lm

UNIT := $(wildcard test/unit/*_test.c)
FUZZ := $(wildcard test/fuzz/*_fuzz.c)
BENCH := $(wildcard test/bench/*_bench.c) test/bench/naming.c test/bench/trace_make.c
# Write what the browser tests look at.
BROWSER := $(wildcard test/browser/*.c)
# What end-to-end tests read results with that only our own code can read.
READERS := test/helpers/live_profile_make.c
TESTS := $(UNIT) $(FUZZ) $(BENCH) $(BROWSER) $(READERS)

# All that they name, FILE:NAME, by one awk.
TEST_NAMES := $(shell awk 'FNR == 1 { on = 0 } /links:/ && !done[FILENAME] { on = 1; sub(/.*links:/, "") } \
	on { last = /\*\//; sub(/\*\/.*/, ""); for (i = 1; i <= NF; i++) if ($$i != "*") print FILENAME ":" $$i; if (last) { on = 0; done[FILENAME] = 1 } }' \
	$(TESTS))
# $(call test.links,FILE): its files.
test.links = $(foreach w,$(patsubst $(1):%,%,$(filter $(1):%,$(TEST_NAMES))),$(if $(filter tool,$(w)),$(TEST_TOOL),$(wildcard $(w))))

.PHONY: unit fuzz bench browser readers
unit: $(patsubst test/unit/%.c,$(BUILD)/unit/%,$(UNIT))
fuzz: $(patsubst test/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ))
bench: $(patsubst test/bench/%.c,$(BUILD)/bench/%,$(BENCH))
browser: $(patsubst test/browser/%.c,$(BUILD)/browser/%,$(BROWSER))
readers: $(patsubst test/%.c,$(BUILD)/%,$(READERS))

# The generated code in an archive: only tests that use it are linked with it.
$(BUILD)/generated.a: $(BUILD_PROTO:$(BUILD)/gen/%.c=$(BUILD)/obj/gen/%.o) $(BUILD)/obj/gen/web.o
	@rm -f $@
	$(AR) rcs $@ $^

# $(call test.program,FILE,FILES IT IS LINKED WITH,LINK FLAGS)
define test.program
TEST_SOURCES += $(1) $(2)
$(patsubst test/%.c,$(BUILD)/%,$(1)): $(call build.objects,obj,$(1) $(2)) $(BUILD)/generated.a
	@mkdir -p $$(@D)
	$(CC) $(3) $(LDFLAGS) $(TEST_LDFLAGS) -o $$@ $$^ $(TEST_LDLIBS)
endef

$(foreach t,$(UNIT) $(BENCH) $(BROWSER) $(READERS),$(eval $(call test.program,$(t),$(call test.links,$(t)),$(BUILD_SAN))))
$(foreach t,$(FUZZ),$(eval $(call test.program,$(t),$(call test.links,$(t)),-fsanitize=fuzzer $(BUILD_SAN))))
# What is tested is as optimised as it is; what asks it compiles in a third of the time without.
$(BUILD)/obj/test/unit/%.o: BUILD_CFLAGS += -O0

# Once each, however many are linked with it; those of the tool build.mk has.
-include $(filter-out $(TOOL_OBJECTS:.o=.d),$(patsubst %.c,$(BUILD)/obj/%.d,$(sort $(TEST_SOURCES))))

# Google Benchmark's program, with the object that ours is linked with. Of C++, and only where that library is.
$(BUILD)/bench/peer_bench: test/bench/peer_bench.cc $(call build.objects,obj,test/bench/bench_ops.c)
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(BUILD_OPT) -Wall -Wextra -Werror -o $@ $^ -lbenchmark -pthread
