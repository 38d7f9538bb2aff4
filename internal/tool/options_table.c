/* SPDX-License-Identifier: MIT */
/* The subcommands and their options. */
#include "format/recording.h"
#include "tool/cmd/cmd.h"
#include "tool/live/live_kinds.h"
#include "tool/options.h"
#include "tool/profile/kinds.h"
#include "tool/tool.h"

#define SECOND	  UINT64_C(1000000000)
#define MAX_COUNT UINT64_C(1000000000)
/* More lines than any screen; a bound only so that a slip of the finger is noticed. */
#define MAX_ROWS 1000000

#define OUT                                                                   \
	{                                                                     \
		.name = "out", .metavar = "DIR", .fallback = "_output/pprof", \
		.help = "folder of the profiles", .required = true            \
	}
#define FUNC                                                                            \
	{                                                                               \
		.name = "func", .metavar = "F", .help = "the test whose profile it is", \
		.required = true                                                        \
	}
#define KIND                                                                                    \
	{                                                                                       \
		.name = "kind", .metavar = "K", .help = "which profile", .type = OPTION_CHOICE, \
		.choices = KINDS_NAMES, .required = true                                        \
	}
/* Of the subcommands that serve pages. */
#define HOST                                                             \
	{                                                                \
		.name = "host", .metavar = "H", .fallback = "localhost", \
		.help = "address to listen on", .required = true         \
	}
#define PORT                                                                                      \
	{                                                                                         \
		.name = "port", .metavar = "N", .fallback = "8001",                               \
		.help = "port to listen on; 0: any free one", .type = OPTION_NUMBER, .max = 65535 \
	}
/* Which of them there are is the file's to say, so that no choice is refused here. */
#define SAMPLE_TYPE                                                                    \
	{                                                                              \
		.name = "type", .metavar = "T",                                        \
		.help = "sample type; that which the kind's views open with when not " \
			"given",                                                       \
		.choices = KINDS_TYPES_NAMES                                           \
	}
/* Of the subcommands that draw. */
#define WIDTH                                                                                    \
	{                                                                                        \
		.name = "width", .metavar = "N", .fallback = "1200",                             \
		.help = "pixels across where no script runs", .type = OPTION_NUMBER, .min = 400, \
		.max = 10000                                                                     \
	}
#define NUMBER(text)                                                              \
	{                                                                         \
		.name = "number", .metavar = "N", .fallback = "10", .help = text, \
		.type = OPTION_NUMBER, .min = 1, .max = MAX_ROWS                  \
	}
#define BIN(text)                                                                      \
	{                                                                              \
		.name = "bin", .metavar = "PROGRAM...", .help = text, .several = true, \
		.operand = true                                                        \
	}
/* Of the subcommands that find tests. */
#define SUITE(kind, text)                                    \
	{                                                    \
		.name = kind, .metavar = "DIR", .help = text \
	}
#define CONFIG                                                                         \
	{                                                                              \
		.name = "config", .metavar = "C",                                      \
		.help = "configuration, where the build folder of --ctest has several" \
	}
#define SUITES                                                                                    \
	SUITE("ctest", "CMake's build folder: programs as ctest runs them"),                      \
		SUITE("meson", "Meson's build folder: programs as meson test runs them"),         \
		SUITE("automake", "build folder of Autotools: programs as make check runs them"), \
		CONFIG
/* Of those that compare with an older build. */
#define BASE_PROGRAMS                                                                             \
	{.name = "base-bin",                                                                      \
	 .metavar = "PROGRAM...",                                                                 \
	 .help = "the old programs, paths or globs, from --base-dir",                             \
	 .several = true},                                                                        \
		SUITE("base-ctest", "CMake's build folder of the old programs, from --base-dir"), \
		SUITE("base-meson", "Meson's"), SUITE("base-automake", "that of Autotools"),      \
	{                                                                                         \
		.name = "base-dir", .metavar = "DIR",                                             \
		.help = "folder that the old programs run in"                                     \
	}
/* Of the subcommands that run tests. */
#define FUNC_SELECTED(without)                                                            \
	{                                                                                 \
		.name = "func", .metavar = "F",                                           \
		.help = "test name, exact or a glob with *?[; " without " when not given" \
	}
#define PACKAGE                                                                               \
	{                                                                                     \
		.name = "package", .metavar = "P", .help = "package of the --bin that follow" \
	}
#define ALONE                                                                      \
	{                                                                          \
		.name = "alone", .metavar = "yes|no", .fallback = "yes",           \
		.help = "no: run all tests of the program, record the wanted one", \
		.type = OPTION_CHOICE, .choices = "yes|no"                         \
	}
#define HZ                                                                                        \
	{                                                                                         \
		.name = "hz", .metavar = "N", .fallback = "1000", .help = "cpu samples a second", \
		.type = OPTION_NUMBER, .min = 1, .max = 10000                                     \
	}
#define KINDS_RECORDED(what)                                                                   \
	{                                                                                      \
		.name = "kinds", .metavar = "LIST", .fallback = "cpu,mem,block", .help = what, \
		.type = OPTION_LIST, .choices = "cpu|mem|block"                                \
	}
#define TIMEOUT(what)                                                               \
	{                                                                           \
		.name = "timeout", .metavar = "T", .fallback = "10m", .help = what, \
		.type = OPTION_DURATION, .min = 1, .max = 30 * 24 * 3600 * SECOND   \
	}
/* Of those that run benchmarks. */
#define BENCHTIME BENCHTIME_OF("1s")
#define BENCHTIME_OF(time)                                                            \
	{                                                                             \
		.name = "benchtime", .metavar = "T|Nx", .fallback = time,             \
		.help = "time to fill with iterations, or their exact number (100x)", \
		.type = OPTION_GOAL                                                   \
	}
#define BENCH_COUNT(runs)                                                                  \
	{                                                                                  \
		.name = "bench-count", .metavar = "N", .fallback = runs,                   \
		.help = "runs of each benchmark: a result of each", .type = OPTION_NUMBER, \
		.min = 1, .max = 1000000                                                   \
	}
#define CPU                                                                             \
	{                                                                               \
		.name = "cpu", .metavar = "LIST",                                       \
		.help = "numbers of processors to run on, one after the other (1,2,4)", \
		.type = OPTION_NUMBERS, .min = 1, .max = 4096                           \
	}
/* Of those that compare. */
#define ALPHA(chance)                                                                           \
	{                                                                                       \
		.name = "alpha", .metavar = "P", .fallback = chance,                            \
		.help = "what differs by chance with less than this probability is shown as a " \
			"change",                                                               \
		.type = OPTION_CHANCE                                                           \
	}
#define NORMALIZE                                                                   \
	{                                                                           \
		.name = "normalize", .metavar = "A", .fallback = "no",              \
		.help = "compare shares of the totals instead of runs of the test", \
		.type = OPTION_CHOICE, .choices = "yes|no"                          \
	}
#define COUNTERS_NAME(name, text, unit) "|" text
#define COUNTERS                                                                          \
	{                                                                                 \
		.name = "counters", .metavar = "LIST", .fallback = "instructions,cycles", \
		.help = "events to count for each operation", .type = OPTION_LIST,        \
		.choices = &("" REC_COUNTERS(COUNTERS_NAME))[1]                           \
	}

/* Of the subcommands that read a trace. */
#define TRACE_FUNC                                                                    \
	{                                                                             \
		.name = "func", .metavar = "F", .help = "the test whose trace it is", \
		.required = true                                                      \
	}
#define TRACE_OUT                                                             \
	{                                                                     \
		.name = "out", .metavar = "DIR", .fallback = "_output/pprof", \
		.help = "folder of the traces", .required = true              \
	}
#define MOMENT(which, text)                                                           \
	{                                                                             \
		.name = which, .metavar = "T", .help = text, .type = OPTION_DURATION, \
		.max = 30 * 24 * 3600 * SECOND                                        \
	}
#define RANGE                                                        \
	MOMENT("from", "begin so long after the trace's beginning"), \
		MOMENT("to", "end so long after the trace's beginning")
#define FORMAT(formats)                                                                            \
	{                                                                                          \
		.name = "format", .metavar = formats, .fallback = "text", .help = "what to print", \
		.type = OPTION_CHOICE, .choices = formats                                          \
	}

/* Of the subcommands that ask a running program. */
#define ADDR                                                                             \
	{                                                                                \
		.name = "addr", .metavar = "A",                                          \
		.help = "where it listens, as 127.0.0.1:6060; the token is that in the " \
			"environment, PPROF_HTTP_TOKEN",                                 \
		.required = true                                                         \
	}
#define LIVE_KIND(text, kinds)                                                               \
	{                                                                                    \
		.name = "kind", .metavar = "K", .fallback = text, .help = "what to ask for", \
		.type = OPTION_CHOICE, .choices = kinds                                      \
	}
#define SECONDS(text)                                                                             \
	{                                                                                         \
		.name = "seconds", .metavar = "N", .help = text, .type = OPTION_NUMBER, .min = 1, \
		.max = LIVE_SECONDS_MAX                                                           \
	}
#define PATIENCE PATIENCE_OF("how long to wait for an answer, beyond --seconds")
#define PATIENCE_OF(what)                                                           \
	{                                                                           \
		.name = "timeout", .metavar = "T", .fallback = "30s", .help = what, \
		.type = OPTION_DURATION, .min = 1000000, .max = 24 * 3600 * SECOND  \
	}
#define LIVE_KINDS_AND_TRACE (&("" LIVE_KINDS(LIVE_KINDS_NAME) "|" LIVE_TRACE)[1])
#define TRACESIZE(text)                                                                  \
	{                                                                                \
		.name = "tracesize", .metavar = "SIZE", .fallback = "1GB", .help = text, \
		.type = OPTION_SIZE, .min = 1 << 20, .max = UINT64_C(1) << 50            \
	}

static const struct option test_options[] = {
	FUNC_SELECTED("every test"),
	PACKAGE,
	BIN("test programs, paths or globs"),
	SUITES,
	OUT,
	{.name = "time",
	 .metavar = "T",
	 .fallback = "1s",
	 .help = "CPU time wanted for the cpu kind; a short test is repeated",
	 .type = OPTION_DURATION,
	 .min = 1,
	 .max = 24 * 3600 * SECOND},
	{.name = "count",
	 .metavar = "N",
	 .help = "exact number of runs, instead of --time",
	 .type = OPTION_NUMBER,
	 .min = 1,
	 .max = MAX_COUNT},
	{.name = "until",
	 .metavar = "fail",
	 .help = "stop at the first run that fails, of at most --count, and keep its trace; "
		 "profiles only if "
		 "--kinds is given",
	 .type = OPTION_CHOICE,
	 .choices = "fail"},
	{.name = "flight",
	 .metavar = "T|SIZE",
	 .help = "write a trace of the last 5s or 64MB, if the test fails; --until fail: 5s",
	 .type = OPTION_FLIGHT},
	ALONE,
	HZ,
	KINDS_RECORDED("what to record; block brings mutex"),
	TIMEOUT("limit for one run of the program"),
	{.name = "print",
	 .metavar = "P",
	 .fallback = "full",
	 .help = "short: a line for each test, and what one that fails has printed",
	 .type = OPTION_CHOICE,
	 .choices = "full|short"},
	{0},
};

static const struct option bench_options[] = {
	FUNC_SELECTED("those that begin with bench_ or benchmark_"),
	PACKAGE,
	BIN("test programs, paths or globs"),
	SUITES,
	OUT,
	{.name = "needed",
	 .metavar = "yes|no",
	 .fallback = "yes",
	 .help = "no: that there are no benchmarks is no mistake",
	 .type = OPTION_CHOICE,
	 .choices = "yes|no"},
	BENCHTIME,
	BENCH_COUNT("1"),
	CPU,
	COUNTERS,
	KINDS_RECORDED("profiles to make after the figures; block brings mutex"),
	TIMEOUT("limit for a benchmark that gets nowhere"),
	HZ,
	ALONE,
	{0},
};

static const struct option bench_diff_options[] = {
	FUNC_SELECTED("those that begin with bench_ or benchmark_"),
	{.name = "base",
	 .metavar = "FILE|DIR",
	 .help = "the old text: compared with that of --func in --out, nothing is run"},
	PACKAGE,
	BIN("the new programs, to be measured by turns with the old ones"),
	SUITES,
	BASE_PROGRAMS,
	OUT,
	BENCHTIME,
	BENCH_COUNT("20"),
	CPU,
	ALPHA("0.01"),
	TIMEOUT("limit for a benchmark that gets nowhere"),
	HZ,
	ALONE,
	{0},
};

static const struct option run_options[] = {
	OUT,
	{.name = "name",
	 .metavar = "NAME",
	 .help = "what the profiles are called; the program's name when not given"},
	HZ,
	KINDS_RECORDED("what to record, each in a run of its own; block brings mutex"),
	TIMEOUT("limit for one run of the program"),
	{0},
};

static const struct option trace_options[] = {
	FUNC_SELECTED("every test"),
	PACKAGE,
	BIN("test programs, paths or globs"),
	SUITES,
	OUT,
	TRACESIZE("what may be recorded; from there on events are dropped and counted"),
	ALONE,
	TIMEOUT("limit for the run of the program"),
	{0},
};

static const struct option trace_finish_options[] = {
	{.name = "raw",
	 .metavar = "FILE",
	 .help = "what a program recorded with pprof_trace_start()",
	 .required = true},
	{.name = "out",
	 .metavar = "FILE",
	 .help = "the finished trace; without it it takes the place of the raw file"},
	{0},
};

static const struct option list_options[] = {
	PACKAGE, BIN("test programs, paths or globs"), SUITES, OUT, {0},
};

static const struct option web_options[] = {
	FUNC, KIND, OUT, HOST, PORT, {0},
};

static const struct option trace_show_options[] = {
	{.name = "func",
	 .metavar = "F",
	 .help = "the test whose trace it is, or what was saved of a running program; the newest "
		 "one "
		 "when not given"},
	OUT,
	HOST,
	PORT,
	{0},
};

static const struct option live_options[] = {
	ADDR,
	LIVE_KIND("cpu", LIVE_KINDS_AND_TRACE),
	SECONDS("of a cpu profile or a trace, 30 when not given; of the others: what comes in "
		"these, "
		"not all since the program began"),
	OUT,
	{.name = "name",
	 .metavar = "NAME",
	 .help = "what is saved is called; host, port and time when not given"},
	{.name = "show",
	 .metavar = "A",
	 .fallback = "yes",
	 .help = "no: save it only",
	 .type = OPTION_CHOICE,
	 .choices = "yes|no"},
	TRACESIZE("what a trace may have; a larger one is not kept"),
	PATIENCE,
	HOST,
	PORT,
	{0},
};

static const struct option watch_options[] = {
	ADDR,
	LIVE_KIND("heap", LIVE_KINDS_NAMES),
	{.name = "every",
	 .metavar = "T",
	 .fallback = "60s",
	 .help = "time from sample to sample",
	 .type = OPTION_DURATION,
	 .min = SECOND,
	 .max = 7 * 24 * 3600 * SECOND},
	SECONDS("of each cpu profile; 10, or --every where that is less, when not given"),
	{.name = "keep",
	 .metavar = "N|SIZE",
	 .fallback = "1000",
	 .help = "samples that are kept of the address and kind, or their size; the oldest go",
	 .required = true},
	{.name = "count",
	 .metavar = "N",
	 .help = "end after so many; with Ctrl-C when not given",
	 .type = OPTION_NUMBER,
	 .min = 1,
	 .max = MAX_COUNT},
	NUMBER("functions to show of each"),
	OUT,
	PATIENCE,
	{0},
};

static const struct option watch_diff_options[] = {
	ADDR,
	LIVE_KIND("heap", LIVE_KINDS_NAMES),
	{.name = "old",
	 .metavar = "SAMPLE",
	 .fallback = "-2",
	 .help = "its number, -1 the last, -2 the one before, or a time: 18:15",
	 .required = true},
	{.name = "new",
	 .metavar = "SAMPLE",
	 .fallback = "-1",
	 .help = "likewise",
	 .required = true},
	SAMPLE_TYPE,
	NORMALIZE,
	{.name = "format",
	 .metavar = "F",
	 .fallback = "text",
	 .help = "as a table, or in pprof's pages",
	 .type = OPTION_CHOICE,
	 .choices = "text|web"},
	ALPHA("0.01"),
	NUMBER("functions to show"),
	OUT,
	HOST,
	PORT,
	{0},
};

static const struct option top_options[] = {
	FUNC, KIND, SAMPLE_TYPE, OUT, NUMBER("functions to show"), {0},
};

static const struct option svg_options[] = {
	FUNC, KIND, SAMPLE_TYPE, OUT, WIDTH, {0},
};

static const struct option flame_diff_options[] = {
	FUNC,
	KIND,
	SAMPLE_TYPE,
	{.name = "base",
	 .metavar = "FILE|DIR",
	 .help = "the old profile, or a folder that has it",
	 .required = true},
	{.name = "normalize",
	 .metavar = "A",
	 .fallback = "yes",
	 .help = "compare shares where the totals differ",
	 .type = OPTION_CHOICE,
	 .choices = "yes|no"},
	OUT,
	WIDTH,
	{0},
};

#define BASE_FOLDER                                                      \
	{                                                                \
		.name = "base", .metavar = "DIR",                        \
		.help = "such a folder of earlier code, to compare with" \
	}

static const struct option report_options[] = {
	OUT,
	BASE_FOLDER,
	{.name = "since",
	 .metavar = "SECONDS",
	 .help = "leave out tests of earlier runs: made before this second since 1970",
	 .type = OPTION_NUMBER,
	 .max = UINT32_MAX},
	{0},
};

static const struct option push_options[] = {
	{.name = "pyroscope",
	 .metavar = "URL",
	 .help = "the server, as http://pyroscope.example:4040; PPROF_PUSH_TOKEN, or "
		 "PPROF_PUSH_USER and "
		 "PPROF_PUSH_PASSWORD, and PPROF_PUSH_TENANT are taken from the environment",
	 .required = true},
	OUT,
	{.name = "app",
	 .metavar = "NAME",
	 .help = "what the application is called; the repository's name when not given"},
	{.name = "label",
	 .metavar = "K=V...",
	 .help = "labels besides commit, branch and test, or in their place",
	 .several = true},
	PATIENCE_OF("how long one profile may take"),
	{0},
};

static const struct option merge_options[] = {
	{.name = "from",
	 .metavar = "DIR...",
	 .help = "folders that jobs have left",
	 .required = true,
	 .several = true,
	 .operand = true},
	OUT,
	BASE_FOLDER,
	{0},
};

static const struct option trace_stat_options[] = {
	TRACE_FUNC, TRACE_OUT, FORMAT("text|csv|json"), RANGE, {0},
};

static const struct option trace_locks_options[] = {
	TRACE_FUNC, TRACE_OUT, FORMAT("text|json"), NUMBER("locks to show"), RANGE, {0},
};

static const struct option trace_dump_options[] = {
	TRACE_FUNC,
	TRACE_OUT,
	RANGE,
	{0},
};

static const struct option trace_perfetto_options[] = {
	TRACE_FUNC,
	TRACE_OUT,
	{0},
};

static const struct option trace_path_options[] = {
	TRACE_FUNC, TRACE_OUT, FORMAT("text|json"), NUMBER("rows of each table"), RANGE, {0},
};

static const struct option diff_options[] = {
	FUNC,
	KIND,
	SAMPLE_TYPE,
	{.name = "base",
	 .metavar = "FILE|DIR",
	 .help = "the old profile; or a folder that has it, or subfolders of several runs with it",
	 .required = true},
	NORMALIZE,
	{.name = "format",
	 .metavar = "F",
	 .fallback = "web",
	 .help = "in pprof's pages, or as a table",
	 .type = OPTION_CHOICE,
	 .choices = "web|text"},
	OUT,
	ALPHA("0.01"),
	{.name = "number",
	 .metavar = "N",
	 .fallback = "20",
	 .help = "functions to show",
	 .type = OPTION_NUMBER,
	 .min = 1,
	 .max = MAX_ROWS},
	HOST,
	PORT,
	{0},
};

static const struct option trace_profile_options[] = {
	TRACE_FUNC,
	TRACE_OUT,
	{.name = "of",
	 .metavar = "LIST",
	 .fallback = "net,sync,syscall,sched,cpu",
	 .help = "which profiles",
	 .type = OPTION_LIST,
	 .choices = "net|sync|syscall|sched|cpu"},
	{.name = "group",
	 .metavar = "FUNCTION",
	 .help = "only threads that were started with it; all when not given"},
	RANGE,
	{0},
};

static const struct option gate_options[] = {
	FUNC_SELECTED("every test"),
	PACKAGE,
	BIN("the new programs"),
	SUITES,
	{.name = "base",
	 .metavar = "DIR",
	 .help = "folder that an earlier run has left: allocations are compared with its tests'; "
		 "with those in --out where no program is given"},
	BASE_PROGRAMS,
	{.name = "base-name",
	 .metavar = "TEXT",
	 .help = "what the base is called in what is printed"},
	{.name = "budget",
	 .metavar = "FILE",
	 .help = "what figures may be; pprof.budget when there is one"},
	OUT,
	{.name = "format",
	 .metavar = "F",
	 .fallback = "text",
	 .help = "what to print",
	 .type = OPTION_CHOICE,
	 .choices = "text|markdown"},
	{.name = "timed",
	 .metavar = "T",
	 .fallback = "all",
	 .help = "tests whose time is compared",
	 .type = OPTION_CHOICE,
	 .choices = "all|benchmarks|none"},
	{.name = "effect",
	 .metavar = "N",
	 .fallback = "5",
	 .help = "percent that a test may take longer",
	 .type = OPTION_NUMBER,
	 .min = 1,
	 .max = 1000},
	ALPHA("0.001"),
	BENCHTIME_OF("20ms"),
	BENCH_COUNT("20"),
	TIMEOUT("limit for one run of a test"),
	HZ,
	ALONE,
	{0},
};

static const struct option doctor_options[] = {
	BIN("test programs to look at, paths or globs"),
	SUITES,
	{0},
};

const struct command commands[] = {
	{"test", cmd_test, "run tests, write their profiles, show a summary", "ARGS", test_options},
	{"bench", cmd_bench, "run benchmarks, print their figures as Go does, write their profiles",
	 "ARGS", bench_options},
	{"bench-diff", cmd_bench_diff, "compare benchmarks: texts kept, or two builds by turns",
	 "ARGS", bench_diff_options},
	{"run", cmd_run, "run any program, write its profiles, show a summary", "PROGRAM ARGS",
	 run_options},
	{"trace", cmd_trace, "run tests once, and write what every thread did, when", "ARGS",
	 trace_options},
	{"trace-finish", cmd_trace_finish, "make a trace of what a program recorded for itself",
	 NULL, trace_finish_options},
	{"list", cmd_list, "name the tests of programs, without running any", "ARGS", list_options},
	{"web", cmd_web, "serve pprof's web pages for a profile", NULL, web_options},
	{"trace-show", cmd_trace_show, "serve the pages of a trace: timelines, waits, locks", NULL,
	 trace_show_options},
	{"top", cmd_top, "print the functions of a profile", NULL, top_options},
	{"svg", cmd_svg, "draw a profile: pictures that need nothing else", NULL, svg_options},
	{"flame-diff", cmd_flame_diff, "draw a flame graph coloured by what has changed", NULL,
	 flame_diff_options},
	{"report", cmd_report,
	 "make a folder of profiles a report: index.html, summary.md, junit.xml, index.json", NULL,
	 report_options},
	{"merge", cmd_merge, "join the folders of several jobs, and make a report of them", NULL,
	 merge_options},
	{"push", cmd_push, "send a folder's profiles to a Pyroscope server", NULL, push_options},
	{"trace-stat", cmd_trace_stat, "print what the threads of a trace did, and how long", NULL,
	 trace_stat_options},
	{"trace-locks", cmd_trace_locks,
	 "print who waited for the locks of a trace, and who held them", NULL, trace_locks_options},
	{"trace-dump", cmd_trace_dump, "print a trace, one event a line", NULL, trace_dump_options},
	{"trace-perfetto", cmd_trace_perfetto, "write a trace as a file of Perfetto's", NULL,
	 trace_perfetto_options},
	{"trace-path", cmd_trace_path,
	 "print the chain of running and waking that decided how long a test took", NULL,
	 trace_path_options},
	{"diff", cmd_diff, "show what has changed in a profile, told apart from noise", NULL,
	 diff_options},
	{"trace-profile", cmd_trace_profile, "write profiles for pprof, made from a trace", NULL,
	 trace_profile_options},
	{"live", cmd_live, "fetch a profile or a trace of a running program, save and show it",
	 NULL, live_options},
	{"watch", cmd_watch, "take profiles of a running program at an interval, say what changes",
	 NULL, watch_options},
	{"watch-diff", cmd_watch_diff, "compare two of these", NULL, watch_diff_options},
	{"gate", cmd_gate, "end with 1 when tests allocate more, or take longer, than they did",
	 "ARGS", gate_options},
	{"doctor", cmd_doctor, "check what profiling needs, and say what is missing", NULL,
	 doctor_options},
	{0},
};
