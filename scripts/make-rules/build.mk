# SPDX-License-Identifier: MIT
# Builds the tool and the runtime of this repository into $(BUILD).
#
#   BUILD      where products go                      _output/build
#   CC         compiler                               cc
#   BUILD_OPT  optimisation and debug flags           -O2 -g
#   SAN        sanitizers for tool and unit tests     (none), e.g. address,undefined
#   RUNTIME_OPT  where the runtime has another optimisation than BUILD_OPT's   (none)
#
# Products: $(BUILD)/bin/pprofmk, $(BUILD)/lib/libpprofmk.so, $(BUILD)/lib/libpprofmk-sync.so,
#           $(BUILD)/lib/libpprofmk-trace.so, $(BUILD)/lib/libpprofmk-live.so, $(BUILD)/lib/libpprofmk-http.so

BUILD ?= _output/build
BUILD_OPT ?= -O2 -g
SAN ?=

include scripts/make-rules/explicit.mk

BUILD_WARN := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wvla -Werror
BUILD_CFLAGS := -std=c11 -D_GNU_SOURCE $(BUILD_OPT) $(BUILD_WARN) -Iinternal -Iinclude -I$(BUILD)/gen -MMD -MP
BUILD_SAN := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer)

# The runtime: hidden visibility, position independent; unwinding of its own frames must work too.
RUNTIME_CFLAGS := -fPIC -fvisibility=hidden -fasynchronous-unwind-tables -fno-plt
# -z now: no symbol is resolved inside a signal handler or an allocator hook.
RUNTIME_LDFLAGS := -shared -Wl,-z,now,-z,relro,-z,defs,-z,nodelete -pthread -ldl

TOOL_LDLIBS := -ldw -lelf -lprotobuf-c -lz -lzstd -ljansson -lmicrohttpd -lcurl -lm -pthread

BUILD_BASE := $(wildcard internal/base/*.c)
BUILD_FORMAT := $(wildcard internal/format/*.c)
BUILD_TOOL := $(wildcard internal/tool/*.c internal/tool/*/*.c)
# sync/ has the wrappers of libpprofmk-sync.so and libpprofmk-trace.so, trace/ what only the latter has.
BUILD_SYNC := $(wildcard internal/runtime/sync/*.c)
BUILD_TRACE := $(wildcard internal/runtime/trace/*.c) internal/format/recording_layout.c internal/format/perf_ring.c internal/format/flight_ring.c internal/format/spool_fold.c \
	internal/format/sched_runs.c internal/base/crc32.c internal/base/ticks.c
# live/ looks at a program while it runs, heap/ samples its memory: libpprofmk-live.so has all of the runtime.
BUILD_LIVE := $(wildcard internal/runtime/live/*.c internal/runtime/heap/*.c)
BUILD_RUNTIME := $(filter-out $(BUILD_SYNC) $(BUILD_TRACE) $(BUILD_LIVE),$(wildcard internal/runtime/*.c internal/runtime/*/*.c))
# What libpprofmk-live.so loads when a program is to answer on HTTP.
BUILD_HTTP := $(wildcard internal/endpoint/*.c) internal/base/http_host.c

BUILD_PROTO := $(BUILD)/gen/profile.pb-c.c $(BUILD)/gen/perfetto.pb-c.c
# What goes into pages and pictures.
BUILD_WEB := $(wildcard internal/web/*.css internal/web/*.js internal/web/*.html)

build.objects = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))

TOOL_OBJECTS := $(call build.objects,obj,$(BUILD_BASE) $(BUILD_FORMAT) $(BUILD_TOOL)) \
	$(BUILD_PROTO:$(BUILD)/gen/%.c=$(BUILD)/obj/gen/%.o) $(BUILD)/obj/gen/web.o
RUNTIME_OBJECTS := $(call build.objects,pic,$(BUILD_RUNTIME))
SYNC_OBJECTS := $(call build.objects,pic,$(BUILD_SYNC))
TRACE_OBJECTS := $(call build.objects,pic,$(BUILD_TRACE))
LIVE_OBJECTS := $(call build.objects,pic,$(BUILD_LIVE))
HTTP_OBJECTS := $(call build.objects,pic,$(BUILD_HTTP))
BUILD_LIBRARIES := $(BUILD)/lib/libpprofmk.so $(BUILD)/lib/libpprofmk-sync.so $(BUILD)/lib/libpprofmk-trace.so \
	$(BUILD)/lib/libpprofmk-live.so $(if $(BUILD_HTTP),$(BUILD)/lib/libpprofmk-http.so)

.PHONY: build
## build: the tool and the runtime, into _output/build
build: $(BUILD)/bin/pprofmk $(BUILD_LIBRARIES)

$(BUILD)/bin/pprofmk: $(TOOL_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(BUILD_SAN) $(LDFLAGS) -o $@.tmp $^ $(TOOL_LDLIBS)
	@mv $@.tmp $@

$(BUILD)/lib/libpprofmk.so: $(RUNTIME_OBJECTS)
$(BUILD)/lib/libpprofmk-sync.so: $(RUNTIME_OBJECTS) $(SYNC_OBJECTS)
$(BUILD)/lib/libpprofmk-trace.so: $(RUNTIME_OBJECTS) $(SYNC_OBJECTS) $(TRACE_OBJECTS)
$(BUILD)/lib/libpprofmk-live.so: $(RUNTIME_OBJECTS) $(SYNC_OBJECTS) $(TRACE_OBJECTS) $(LIVE_OBJECTS)
$(BUILD)/lib/libpprofmk-http.so: $(HTTP_OBJECTS)
$(BUILD)/lib/libpprofmk-http.so: LIBRARY_LDLIBS := -lmicrohttpd

$(BUILD_LIBRARIES):
	@mkdir -p $(@D)
	$(CC) -o $@.tmp $^ $(RUNTIME_LDFLAGS) -Wl,-soname,$(@F) $(LIBRARY_LDLIBS)
	@mv $@.tmp $@

$(BUILD)/obj/%.o: %.c | $(BUILD_PROTO)
	@mkdir -p $(@D)
	$(CC) $(BUILD_CFLAGS) $(BUILD_SAN) -c -o $@ $<

$(BUILD)/obj/internal/runtime/%.o: BUILD_CFLAGS += $(RUNTIME_OPT)
$(BUILD)/pic/%.o: BUILD_CFLAGS += $(RUNTIME_OPT)

$(BUILD)/pic/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BUILD_CFLAGS) $(RUNTIME_CFLAGS) -c -o $@ $<

$(BUILD_PROTO): $(BUILD)/gen/%.pb-c.c: internal/format/%.proto
	@mkdir -p $(@D)
	protoc-c --c_out=$(@D) --proto_path=$(<D) $<

$(BUILD_PROTO:$(BUILD)/gen/%.c=$(BUILD)/obj/gen/%.o): $(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(BUILD_OPT) $(BUILD_SAN) -c -o $@ $<

$(BUILD)/gen/web.c: scripts/embed.sh $(BUILD_WEB)
	@mkdir -p $(@D)
	scripts/embed.sh web/assets.h $(BUILD_WEB) >$@.tmp
	@mv $@.tmp $@

$(BUILD)/obj/gen/web.o: $(BUILD)/gen/web.c
	@mkdir -p $(@D)
	$(CC) $(BUILD_CFLAGS) $(BUILD_SAN) -c -o $@ $<

-include $(TOOL_OBJECTS:.o=.d) $(RUNTIME_OBJECTS:.o=.d) $(SYNC_OBJECTS:.o=.d) $(TRACE_OBJECTS:.o=.d) $(LIVE_OBJECTS:.o=.d) $(HTTP_OBJECTS:.o=.d)
