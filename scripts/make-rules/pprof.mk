# SPDX-License-Identifier: MIT
#
# pprof.mk: profiles of C unit tests (cmocka), from make.
#
# Include it anywhere in your Makefile:
#
#     include path/to/scripts/make-rules/pprof.mk
#
# or, where it is installed:
#
#     include $(shell pkg-config --variable=rules pprofmk)
#
# It is a guest there: it adds targets pprof.*, variables PPROF_* and pprof.*, and nothing else; your default
# goal stays yours, and reading it compiles nothing and makes no folder. `make pprof.help` lists the targets.
#
# Asked on the command line (any of them may also be set in your Makefile):
#
#   Func      test name, exact; with *?[ a glob         empty: every test of Package. pprof.run: what the profiles are called
#   Package   folder of C sources, or of their tests    empty, with Func: every test program known
#   Bin       test program that exists already          empty; a list, globs too. Nothing is built. pprof.run: any program, one
#   Args      arguments for the test program            empty; split at spaces (at newlines if there are any)
#   Time      CPU time wanted of the cpu kind           1s (units ns us ms s m h)
#   Count     exact number of runs instead of Time      1..1000000000
#   Until     fail: stop at the first run that fails, of Count at most, and keep its trace    empty; profiles only with Kinds=
#   Flight    pprof.test: write a trace of the last 5s or 64MB, if the test fails     empty: none; Until=fail: 5s
#   Alone     no: run all tests, record only Func       yes
#   Hz        cpu samples a second                      1000 (1..10000)
#   Kinds     which of cpu,mem,block                    all; block brings mutex
#   Kind      for pprof.top, pprof.svg, pprof.flame.diff and pprof.diff: cpu mem heap allocs block mutex threads, or of a trace: net sync syscall sched running   cpu
#   Type      for pprof.top, pprof.svg, pprof.flame.diff and pprof.diff: sample type, as alloc_objects    empty: that which Kind opens with
#   Normalize compare shares of the totals              pprof.flame.diff: yes; pprof.diff: no
#   Timeout   for one run                               10m (units as Time)
#   Print     pprof.test, pprof.ci: short, a line for each test; full, tables too    full; pprof.ci: short, full with V=1
#   Port      of the web UI                             8001 (1..65535)
#   Host      the web UI listens on                     localhost
#   V         1: show the commands                      empty; the same as PPROF_V=1
#
# Of benchmarks:
#
#   Benchtime    time to fill with iterations, or Nx: exactly N     1s (units as Time)
#   Bench_count  how often each is run                  1 (1..1000000); pprof.bench.diff: 20
#   Cpu          threads, and processors, of parallel ones; a list  empty: the processors it may use
#   Counters     which of instructions,cycles,task-clock,page-faults,context-switches   instructions,cycles
#   Base         what to compare with: a file or folder of texts kept, or a git revision; for pprof.flame.diff and pprof.diff: a profile, or a folder; for pprof.ci: the folder of another one
#   Alpha        how improbable a difference by chance has to be    0.01; pprof.gate: 0.001
#
# Of pprof.gate, besides Base, Bench_count (20), Benchtime (20ms) and Alpha:
#
#   Budget       file of what figures may be                pprof.budget, where there is one
#   Timed        tests whose time is compared: all benchmarks none          all
#   Effect       percent that a test may take longer                        5
#
# Of traces:
#
#   Trace        for pprof.ci: tests to trace too, a name or a glob      empty: none
#   Tracesize    what may be recorded; from there on events are dropped    1GB (units B kB MB GB TB)
#   From, To     the part of it that is looked at, since its beginning    empty: all of it (units as Time)
#   Format       text, csv or json, where a target prints               text; pprof.diff: web; pprof.gate also knows markdown
#   Of           which of net,sync,syscall,sched,cpu pprof.trace.profile writes    all
#   Group        only threads that were started with this function      empty: all threads
#
# Of programs that run, besides Kind (cpu heap allocs block mutex threads), Func (what is saved is called), Tracesize, Port and Host:
#
#   Addr         where the program answers, as 127.0.0.1:6060       empty
#   Seconds      of cpu and traces: how long is recorded (1..3600); of other kinds: what comes meanwhile     30; of other kinds empty: all since its beginning
#   Show         no: pprof.live only saves                          yes
#   Timeout      how long to wait for an answer beyond Seconds      30s
#   Every        for pprof.watch: from sample to sample             60s (1s at least, units as Time)
#   Keep         samples that pprof.watch keeps, or their size; the oldest go    1000
#   Count        for pprof.watch: end after so many                 empty: Ctrl-C ends it
#   Old, New     for pprof.watch.diff: number of a sample, -1 the last, or a time like 18:15    -2, -1
#   PPROF_HTTP_TOKEN    in the environment: the token that the program demands
#
# Of pprof.push:
#
#   Url          the Pyroscope server, as http://pyroscope.example:4040
#   App          what the application is called                     the repository's name
#   Labels       labels besides commit, branch and test: name=value, split at spaces (at newlines if there are any)    empty
#   PPROF_PUSH_TOKEN, PPROF_PUSH_USER, PPROF_PUSH_PASSWORD, PPROF_PUSH_TENANT    in the environment: who we are there
#
# Set in your Makefile, before the include:
#
#   PPROF_OUT             where everything goes         _output/pprof
#   PPROF_CFLAGS          flags after -g -O2            empty; also when linking
#   PPROF_LDLIBS          libraries and linker flags    empty
#   PPROF_CFLAGS.<package>, PPROF_LDLIBS.<package>      the same, for one package
#   PPROF_DEPS.<package>  packages that it uses: folders whose objects are linked too, and theirs
#   PPROF_PACKAGES        packages looked at without Package    every folder that has *_test.c; none: no folder
#   PPROF_PROGRAMS        test programs that some other build makes; a list, globs too
#   PPROF_CTEST, PPROF_MESON, PPROF_AUTOMAKE    a build folder: its tests, run as ctest, meson test or make check do;
#                         PPROF_PACKAGES is none then
#   PPROF_CONFIG          which configuration of PPROF_CTEST, where it has several    empty
#   PPROF_BUILD           the command that makes these programs
#   PPROF_TOOL            pprofmk to use                empty: the one installed with this file, or built from this repository
#
# A package is a folder's *.c. Each *_test.c beside them, or in the same path under test/, makes one test
# program, $(PPROF_OUT)/build/<package>/<name>_test, with the other *.c of both folders. So does each *_bench.c
# that includes cmocka.h or pprofmk.h; pprof.test runs those only by name. Files with a main() of their own, and
# those that the test includes itself, are left out. Include path: the project's root, include/, the package's
# folders, the folders of PPROF_DEPS.<package>, and that of our pprofmk.h.
#
# On the command line a `$` in one of the first table's values is a dollar: nothing in them is ever expanded or
# run. Bad values end with a sentence and status 2, as does, being make, everything else that fails.

# From the environment of a make above us the guard means nothing.
ifneq ($(origin PPROF_MK),file)
PPROF_MK := 1

PPROF_RULES := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# Ends up split at its spaces in MAKEFILE_LIST, and then this names no file.
ifeq ($(wildcard $(PPROF_RULES)/package.mk),)
$(error pprof.mk: its own folder's path has a space, which make cannot handle: include it by a path without)
endif
PPROF_SCRIPTS := $(PPROF_RULES)/..
PPROF_GOAL := $(.DEFAULT_GOAL)
PPROF_TARGETS :=
# Our recipes begin with a tab, whatever the user's do.
PPROF_PREFIX := $(value .RECIPEPREFIX)
ifdef PPROF_PREFIX
.RECIPEPREFIX :=
endif

include $(PPROF_RULES)/options.mk
include $(PPROF_RULES)/programs.mk
include $(PPROF_RULES)/test.mk
include $(PPROF_RULES)/bench.mk
include $(PPROF_RULES)/cpu.mk
include $(PPROF_RULES)/mem.mk
include $(PPROF_RULES)/block.mk
include $(PPROF_RULES)/svg.mk
include $(PPROF_RULES)/trace.mk
include $(PPROF_RULES)/trace_views.mk
include $(PPROF_RULES)/live.mk
include $(PPROF_RULES)/ci.mk
include $(PPROF_RULES)/diff.mk
include $(PPROF_RULES)/gate.mk
include $(PPROF_RULES)/help.mk
# Last: gives the values to every target that the others named.
include $(PPROF_RULES)/values.mk

ifdef PPROF_PREFIX
.RECIPEPREFIX := $(PPROF_PREFIX)
endif
.DEFAULT_GOAL := $(PPROF_GOAL)
endif
