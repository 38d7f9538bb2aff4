/* SPDX-License-Identifier: MIT */
/* The recording: memory shared by the runtime (in the test's process) and the tool.
 *
 * The tool makes it (a memfd, so that no disk can be full and nothing is left behind), writes the
 * configuration, and starts the test program with REC_ENV naming it. The runtime maps it, and from then on
 * every recorder only stores to it. However the program ends, what was stored is there for the tool.
 *
 * Layout: struct rec_header, then the tables of REC_TABLES, each at header.table[i].offset. Items are only
 * appended: `len` is bumped with an atomic add first and the item filled in after, so a reader of a program
 * that was killed may meet one half-filled item a thread; fields that tell (see each item) are stored last.
 * When a table is full the item is dropped and `lost` counts it.
 *
 * Both sides come from one build: sizes are checked through REC_VERSION and header.header_size only. */
#ifndef PPROFMK_FORMAT_RECORDING_H
#define PPROFMK_FORMAT_RECORDING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "format/trace_spool.h"

#define REC_MAGIC   UINT64_C(0x3163657266727070) /* "pprfrec1" */
#define REC_VERSION 5
/* Value: a path that opens the recording, e.g. /proc/1234/fd/5. */
#define REC_ENV "PPROFMK_RECORDING"
/* Value: what LD_PRELOAD was before the tool prepended to it; put back by the runtime. */
#define REC_ENV_PRELOAD "PPROFMK_PRELOAD"

/* What one process records. Each kind has a process of its own, so that no recorder disturbs another. */
enum rec_kind {
	REC_KIND_LIST,	/* note the tests of every group, run none */
	REC_KIND_CPU,	/* samples */
	REC_KIND_MEM,	/* sites */
	REC_KIND_BLOCK, /* waits, for the block and the mutex profile */
	REC_KIND_TIME,	/* nothing but a benchmark's times, and counters where they are asked for */
	REC_KIND_TRACE, /* events, in chunks */
	REC_KIND_LIVE, /* a program that is looked at while it runs (runtime/live/live.h): waits, sites, and what is asked for */
};

/* Where the program is. Kept up to date by the hook, so that the tool can say where it ended. */
enum rec_phase {
	REC_PHASE_NONE,	    /* runtime not attached */
	REC_PHASE_ATTACHED, /* before the group that is wanted */
	REC_PHASE_GROUP,    /* in the group, outside the wanted test: group fixture, other tests */
	REC_PHASE_SETUP,    /* in the wanted test's set-up */
	REC_PHASE_BODY,	    /* in its body: the window */
	REC_PHASE_TEARDOWN, /* in its tear-down */
	REC_PHASE_AFTER,    /* the wanted test has ended, the group has not */
	REC_PHASE_DONE,	 /* the group has returned for the last time; a whole program: it exits */
	REC_PHASE_WHOLE, /* in a program that is recorded as a whole */
};

/* Functions of cmocka's that run tests, where the hook is: the last three are of before cmocka 1.0, and were in it up to
 * 1.1.x. */
#define REC_ENTRIES(X)                      \
	X(GROUP, "_cmocka_run_group_tests") \
	X(OLD, "_run_tests")                \
	X(OLD_GROUP, "_run_group_tests")    \
	X(OLD_TEST, "_run_test")

enum rec_entry {
#define X(name, symbol) REC_ENTRY_##name,
	REC_ENTRIES(X)
#undef X
		REC_ENTRY_COUNT
};

/* Is any of these there? Addresses, 0 for one that is not. */
static inline bool rec_has_entry(const uint64_t entry[REC_ENTRY_COUNT])
{
	for (unsigned i = 0; i < REC_ENTRY_COUNT; i++)
		if (entry[i] != 0)
			return true;
	return false;
}

/* Of a function in the program itself, less has no room for the runtime's jump: it is a jump itself, to a copy under another
 * name. */
enum { REC_ENTRY_LEAST_BYTES = 32 };

/* An environment variable that cmocka reads, from 0.4.1 to 2.0: a program without its name has not cmocka's code, even if it
 * has functions of these names. */
#define REC_CMOCKA_MARK "CMOCKA_TEST_ABORT"

/* Which process of those that the tool has started is recorded: the first that is so. */
enum rec_attach {
	REC_ATTACH_TESTS, /* has one of REC_ENTRIES, from a library or in config.file */
	REC_ATTACH_FILE,  /* runs config.file; it is recorded as a whole */
	REC_ATTACH_CHILD, /* child of the tool itself that is no shell (base/shell.h); as a whole */
};

/* What paces cpu samples. */
enum rec_clock { REC_CLOCK_NONE, REC_CLOCK_PERF, REC_CLOCK_GPERFTOOLS, REC_CLOCK_TIMER };

/* Verdict of one run of the wanted test. */
enum rec_verdict { REC_VERDICT_NONE, REC_VERDICT_PASSED, REC_VERDICT_FAILED, REC_VERDICT_SKIPPED };

/* Chunks of a trace that are in memory at once: 64 MiB. What a thread writes at full speed in 50 us fills one; whoever
 * takes the full ones away has 200 ms for it. */
#define REC_TRACE_CHUNK_COUNT (1u << 12)
#define REC_TRACE_CHUNK_BYTES (16u << 10)

/* Nodes, and entries of their index: tables of 2, 4, 8 ... times 2^13 entries, one after the other, for as many nodes as half of
 * them. Eleven tables hold 2047 * 2^13 nodes, in 2047 * 2^14 entries. */
#define REC_NODE_COUNT (2047u << 13)

/* name, item type, items (virtual room: pages are only used when written) */
#define REC_TABLES(X)                                                  \
	X(STRINGS, char, 64u << 20)                                    \
	X(TESTS, struct rec_test, 1u << 18)                            \
	X(MAPPINGS, struct rec_mapping, 1u << 14)                      \
	X(THREADS, struct rec_thread, 1u << 14)                        \
	X(NODES, struct rec_node, REC_NODE_COUNT)                      \
	X(NODE_INDEX, uint32_t, 1u << 25)                              \
	X(SAMPLES, struct rec_sample, 1u << 24)                        \
	X(SITES, struct rec_site, 1u << 22)                            \
	X(WAITS, struct rec_wait, 1u << 20)                            \
	X(BENCHES, struct rec_bench, 1u << 16)                         \
	X(BATCHES, struct rec_batch, 1u << 21)                         \
	X(METRICS, struct rec_metric, 1u << 18)                        \
	X(TRACE_THREADS, struct rec_trace_thread, 1u << 18)            \
	X(TRACE_SYNCS, struct rec_trace_sync, 1u << 16)                \
	X(TRACE_CHUNK_STATES, _Atomic uint32_t, REC_TRACE_CHUNK_COUNT) \
	X(TRACE_CHUNKS, struct rec_trace_chunk, REC_TRACE_CHUNK_COUNT)

enum rec_table_id {
#define X(name, type, items) REC_##name,
	REC_TABLES(X)
#undef X
		REC_TABLE_COUNT
};

struct rec_table {
	uint64_t offset; /* of item 0, from the start of the recording */
	uint32_t cap;	 /* items */
	uint32_t item_size;
	_Atomic uint32_t len;  /* may pass cap; readers take the smaller */
	_Atomic uint32_t lost; /* items dropped because the table was full */
};

/* Counters of perf_event that a benchmark can have, and the unit of each in its result. */
#define REC_COUNTERS(X)                                    \
	X(INSTRUCTIONS, "instructions", "instructions/op") \
	X(CYCLES, "cycles", "cycles/op")                   \
	X(TASK_CLOCK, "task-clock", "cpu-ns/op")           \
	X(PAGE_FAULTS, "page-faults", "page-faults/op")    \
	X(SWITCHES, "context-switches", "context-switches/op")

enum rec_counter {
#define X(name, text, unit) REC_COUNTER_##name,
	REC_COUNTERS(X)
#undef X
		REC_COUNTER_COUNT
};

/* How the wanted test is run as a benchmark. All zero: it is run as a test, and its loops once. */
struct rec_bench_config {
	uint32_t is_on;
	uint32_t cpus;		/* threads of a parallel loop that does not say how many */
	uint64_t goal_ns;	/* time to fill with iterations */
	uint64_t count;		/* exact number of iterations instead, 0: none */
	uint64_t warm_limit_ns; /* an iteration as long as this is no warm-up, but measured */
	uint32_t
		warms_up; /* 1: iterations before the measured ones, to settle caches and find their number */
	uint32_t counters; /* set of 1 << enum rec_counter */
};

/* What a tick of a trace's times is. */
enum rec_ticks {
	REC_TICKS_NS,	   /* a nanosecond of CLOCK_MONOTONIC */
	REC_TICKS_COUNTER, /* the processor's own counter (base/ticks.h); see struct rec_trace_sync */
};

/* How a trace is recorded. */
struct rec_trace_config {
	uint32_t ticks;	    /* enum rec_ticks */
	uint32_t is_flight; /* 1: of what was recorded only the end is kept; see struct spool_cut */
};

/* A program file that is known before it runs. All zero: none is. */
struct rec_file {
	uint64_t device, inode; /* as stat(2) has them */
	uint64_t
		entry[REC_ENTRY_COUNT]; /* where it has these functions itself, as linked; 0: not */
};

/* Written by the tool before the program starts, only read afterwards. */
struct rec_config {
	uint32_t kind;	 /* enum rec_kind */
	uint32_t attach; /* enum rec_attach */
	uint32_t tool;	 /* pid */
	uint32_t
		alone; /* 1: run the wanted test only; 0: run the whole group, record the wanted one */
	uint32_t
		together; /* cpu: 1: run the program as it is, and record every test; see struct rec_body */
	uint32_t group_index;	/* which call of _cmocka_run_group_tests, from 0 */
	uint32_t test_index;	/* which entry of that group's array */
	uint64_t period_ns;	/* CPU time between two cpu samples */
	uint64_t runs;		/* exact number of runs; 0: until cpu_goal_ns */
	uint64_t cpu_goal_ns;	/* CPU time in the window to reach by repeating */
	uint64_t wall_limit_ns; /* stop repeating after so much time all the same */
	uint32_t
		until_failure; /* 1: at most `runs`, up to the first that fails: that is how the test ended */
	uint32_t
		output_fd; /* of the tool: what runs behind the first print, emptied before each; 0: it goes nowhere */
	struct rec_bench_config bench;
	struct rec_trace_config trace;
	struct rec_file file;
};

/* Written by the runtime. Counters are sums over all runs. */
struct rec_state {
	_Atomic uint32_t phase;	 /* enum rec_phase */
	_Atomic uint32_t pid;	 /* process that attached, 0: none */
	_Atomic uint32_t groups; /* calls of the hook so far */
	_Atomic uint32_t epoch;	 /* bumped by each dlclose; see struct rec_mapping */
	uint32_t clock;		 /* enum rec_clock */
	uint32_t first_verdict;	 /* enum rec_verdict of run 1 */
	uint32_t failed_verdict; /* that of failed_run */
	uint32_t failures;	 /* together: what the groups returned, added up */
	_Atomic uint64_t runs;	 /* runs of the wanted test that ended, whatever their verdict */
	_Atomic uint64_t
		failed_run; /* number of the first run that failed after run 1 passed, 0: none */
	uint32_t samples_passed; /* items of SAMPLES when the last run that passed had ended */
	uint64_t
		window_wall_start_ns; /* CLOCK_MONOTONIC when the window opened, 0 while it is closed */
	uint64_t window_cpu_start_ns; /* CPU time of the process then */
	uint64_t taken_ns;	      /* live: CLOCK_REALTIME when the snapshot was taken */
	uint64_t wall_ns; /* in the window, all runs; of a live cpu profile: its duration */
	uint64_t cpu_ns;  /* CPU time of the process in the window, all runs */
	uint64_t user_ns, system_ns; /* CPU time of the process over all runs, fixtures included */
	_Atomic uint64_t
		events_dropped; /* samples or allocations due but not taken, e.g. no slot left */
	_Atomic uint64_t clockless; /* live: threads that got no clock in the last cpu profile */
	_Atomic uint64_t stacks_truncated; /* stacks whose root was not reached */
	_Atomic uint64_t peak_epoch;	   /* mem: number of new peaks, see struct rec_site */
	_Atomic uint64_t peak_bytes;	   /* mem: highest bytes in use seen */
	uint64_t
		heap_rate_bytes; /* live: mean distance of sampled allocations, 1: every one, 0: none */
	char message[512];	 /* why a recorder is off or less than asked; "" when all is well */
	char allocator[256];	 /* mem: the object malloc comes from */
	_Atomic uint32_t
		trace_is_full; /* set by whoever takes the chunks away: no more room; events are lost */
	_Atomic uint64_t trace_first; /* flight: in a program's own file, where the spool begins */
	struct spool_cut trace_cut;   /* flight: what of it was dropped, without end_ns */
	_Atomic int64_t trace_heap_bytes; /* in use, by the events that are written */
	uint32_t counters;		  /* set of 1 << enum rec_counter that the kernel gave us */
	int32_t counter_error[REC_COUNTER_COUNT]; /* -errno where it did not */
};

struct rec_header {
	uint64_t magic;
	uint32_t version;
	uint32_t header_size;
	uint64_t size_bytes; /* of the whole recording */
	struct rec_table table[REC_TABLE_COUNT];
	struct rec_config config;
	struct rec_state state;
};

/* What a test's body did, where all of a program's tests are recorded in one run. Zero in other recordings. */
struct rec_body {
	uint64_t wall_ns, cpu_ns, user_ns, system_ns; /* as in struct rec_state */
	uint64_t dropped, truncated;		      /* events and stacks, likewise */
	uint32_t samples_from, samples_to;	      /* its items of SAMPLES */
	_Atomic uint32_t
		is_done; /* stored last: it has returned, and was not left by a failure or skip() */
};

/* A test as the program's array has it. `name` is stored last of what is known before it runs. */
struct rec_test {
	uint32_t group_name; /* offsets into STRINGS; offset 0 is "" and stands for NULL */
	uint32_t name;
	uint32_t group_index;
	uint32_t test_index;
	uint64_t function; /* its address, for finding the source line */
	struct rec_body body;
};

/* An executable segment of a loaded object. `limit` is stored last. Addresses recorded in epoch e belong to
 * the mapping with epoch_from <= e < epoch_to. */
struct rec_mapping {
	uint64_t start, limit; /* addresses */
	uint64_t offset;       /* of `start` in the file */
	uint32_t path;	       /* STRINGS; absolute, "[vdso]" for the kernel's */
	uint32_t epoch_from;
	_Atomic uint32_t epoch_to; /* UINT32_MAX while it is loaded */
	uint32_t build_id_len;
	uint8_t build_id[32];
};

/* A thread, or several after one another that had the same name. */
struct rec_thread {
	uint32_t tid;
	char name[16]; /* zero-terminated, as in /proc/self/task/TID/comm */
};

/* A call stack is a path in a tree: node 0 is the root, a stack is named by its leaf's number. */
struct rec_node {
	uint64_t
		ip; /* to be looked up as it is: return addresses have been moved onto their call (-1) */
	uint32_t parent;
	uint32_t epoch;
};

/* One cpu sample, worth config.period_ns. */
struct rec_sample {
	uint32_t thread; /* index in THREADS */
	uint32_t node;	 /* stored last; never 0 in a complete item */
};

/* Allocations of one thread at one stack. Sums over the items of a stack are the stack's figures.
 *
 * In use now: alloc - free - remote_free. In use when the process was at its highest: peak_* if peak_epoch
 * equals state.peak_epoch, else what is in use now, because nothing changed here since (see internal/runtime/mem/mem.c). */
struct rec_site {
	_Alignas(128) uint32_t node; /* two lines of their own: threads write to neighbours */
	uint32_t thread;
	uint64_t alloc_count, alloc_bytes;
	uint64_t free_count, free_bytes; /* of these blocks, freed by the allocating thread */
	_Atomic uint64_t remote_free_count, remote_free_bytes; /* freed by other threads */
	uint64_t peak_count, peak_bytes;
	uint64_t peak_epoch;
};

/* What was waited for or held. Names are for labels and docs. */
#define REC_WAIT_KINDS(X)     \
	X(MUTEX, "mutex")     \
	X(RWLOCK, "rwlock")   \
	X(COND, "cond")       \
	X(SEM, "semaphore")   \
	X(BARRIER, "barrier") \
	X(JOIN, "join")       \
	X(ONCE, "once")       \
	X(SLEEP, "sleep")     \
	X(POLL, "poll")       \
	X(SPIN, "spinlock")

enum rec_wait_kind {
#define X(name, text) REC_WAIT_##name,
	REC_WAIT_KINDS(X)
#undef X
		REC_WAIT_KIND_COUNT
};

enum rec_wait_side {
	REC_SIDE_WAITER, /* block profile: the waiter's stack */
	REC_SIDE_HOLDER, /* mutex profile: the unlocker's stack, delay summed over those who waited */
	REC_SIDE_CREATOR, /* no wait, but counted alike: threads that were started there; no kind and no delay */
};

/* Waits of one thread at one stack. */
struct rec_wait {
	uint32_t node;
	uint32_t thread;
	uint32_t kind; /* enum rec_wait_kind */
	uint32_t side; /* enum rec_wait_side */
	uint64_t count;
	uint64_t delay_ns;
};

/* One benchmark of the test: the test itself or a sub-benchmark of it. Figures are of the measured iterations only. */
struct rec_bench {
	uint32_t name;	   /* STRINGS: "size=64/fast" of a sub-benchmark, "" for the test itself */
	uint32_t threads;  /* that ran its loop at once */
	uint32_t is_body;  /* 1: there was no loop, the operation is the test's body */
	uint32_t was_left; /* 1: the loop was left by break, return, or a failed assertion */
	uint64_t count;	   /* iterations */
	uint64_t wall_ns;  /* timer running */
	uint64_t warm_count, warm_ns;	   /* iterations before the measured ones */
	uint64_t op_bytes;		   /* pprof_bench_bytes, 0: not told */
	uint64_t alloc_count, alloc_bytes; /* mem: in the measured iterations */
	uint64_t counters[REC_COUNTER_COUNT];
	uint32_t is_each_timed;	      /* of a body: each call by itself, between its fixtures */
	_Atomic uint32_t is_complete; /* stored last: 1 when the loop has ended */
};

/* A stretch of a benchmark's measured iterations, in the order of time. */
struct rec_batch {
	_Atomic uint32_t bench; /* index in BENCHES, plus 1; stored last */
	uint32_t unused;
	uint64_t count;
	uint64_t wall_ns;
};

/* A thread of a trace: one life, however often its number is used again. Times are ticks. */
struct rec_trace_thread {
	_Alignas(128) uint32_t tid; /* lines of its own: threads write to neighbours */
	uint32_t creator;	    /* item of TRACE_THREADS + 1, 0: not known */
	uint64_t function;	    /* that it was started with, 0: not known (the main thread) */
	uint64_t start_ticks;	    /* when it began, or was met first */
	_Atomic uint64_t end_ticks; /* 0 while it lives */
	_Atomic uint32_t name;	    /* STRINGS, the last one known */
	uint32_t lost;		    /* events dropped since the last one that was kept */
	uint64_t lost_from_ticks;   /* when the first of these would have been */
	uint64_t handle;	    /* pthread_self(): the object of a join */
	/* What it is doing, for the case that the end of it is never written: TRACE_WAIT or TRACE_SYSCALL of
	 * format/trace_events.h, stored last and cleared first; 0: nothing. */
	_Atomic uint32_t now_type;
	uint32_t now_node;
	uint64_t now_ticks;
	uint64_t now_arguments[2]; /* the event's first two */
	_Atomic uint64_t lost_all; /* events dropped from beginning to end */
};

/* The same moment on both clocks. Taken when the trace starts, stops, and every 100 ms or so in between; what lies
 * between two is interpolated. */
struct rec_trace_sync {
	uint64_t ticks;
	_Atomic uint64_t ns; /* of CLOCK_MONOTONIC; stored last */
};

/* A chunk's state in TRACE_CHUNK_STATES. A thread takes a free one by compare and exchange, and says when it is full;
 * whoever takes it away makes it free again. Chunks of a killed program are left owned, and good up to used_bytes. */
enum rec_chunk_state { REC_CHUNK_FREE, REC_CHUNK_OWNED, REC_CHUNK_FULL };

/* Events of one thread. An event is a byte with its type (enum trace_event_type), then varints (base/varint.h): ticks
 * since the event before it in the chunk (zigzag: clocks of processors may differ a little), its duration in ticks where
 * the type has one, its node of NODES where it has a stack, its arguments. */
struct rec_trace_chunk {
	uint32_t thread;   /* item of TRACE_THREADS */
	uint32_t sequence; /* of this thread's chunks, from 0 */
	uint64_t base_ticks;
	_Atomic uint32_t used_bytes; /* of events; stored when an event is complete */
	uint32_t event_count;
	uint8_t events[REC_TRACE_CHUNK_BYTES - 24];
};

/* A figure of the benchmark's own (pprof_bench_metric); a later one of the same unit replaces it. */
struct rec_metric {
	_Atomic uint32_t bench; /* index in BENCHES, plus 1; stored last */
	uint32_t unit;		/* STRINGS */
	double value;
};

#endif
