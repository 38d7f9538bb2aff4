/* SPDX-License-Identifier: MIT */
/* A finished trace in memory and on disk: what readers (stat, dump, the viewer, exports) and the one writer share.
 *
 * All times are nanoseconds since the trace began. Numbers of threads, objects, stacks, frames and strings count from 0,
 * without gaps; string 0 is "", stack 0 is none.
 *
 * The file is a head, sections that hold all names and the index, and then chunks of items, each compressed and with a sum of
 * its own: one that was cut off while it was copied still opens, up to where it ends. docs/trace-format.md has it byte by
 * byte.
 *
 * A *stream* is a sequence of items in the order of time. Each thread has one of states and one of events, each CPU one of
 * who ran on it, and the heap one of its size. Over each stream stands a tree of sums, so that what a picture of any width
 * shows of any range is read without the items. */
#ifndef PPROFMK_FORMAT_TRACE_FILE_H
#define PPROFMK_FORMAT_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/trace_events.h"

#define TRACE_FILE_VERSION 1
#define TRACE_NO_CPU	   UINT32_MAX
#define TRACE_NO_OBJECT	   UINT32_MAX
#define TRACE_NO_THREAD	   UINT32_MAX

/* What the trace is of. Strings are owned by whoever made the struct; a reader's live as long as it does. */
struct trace_info {
	const char *program, *test, *outcome; /* "passed", "killed by SIGSEGV", ... */
	const char *source; /* what says who ran when: "perf_event", or why there is nothing */
	const char *note;   /* what a reader has to know: what was off, "" where all is well */
	int64_t start_realtime_ns; /* Unix time of 0 */
	uint64_t span_ns;
	uint64_t event_count;	/* events of all threads, switches included */
	uint64_t lost_events;	/* dropped by the recorder */
	uint64_t lost_switches; /* dropped by the kernel */
	uint64_t cut_bytes; /* reader: of the file that are missing or damaged, 0: it is whole */
	uint32_t cpu_count;
	uint32_t page_bytes;
	uint32_t fault_count; /* page faults, UINT32_MAX: that or more */
};

struct trace_thread {
	uint32_t tid;
	uint32_t creator;  /* TRACE_NO_THREAD: not known */
	uint32_t name;	   /* string: its last name */
	uint32_t function; /* string: what it was started with; "main" of the first, "" not known */
	uint64_t start_ns, end_ns; /* end: of its life, or of the trace */
	bool is_alive;		   /* it had not ended when the trace did */
	uint64_t lost_events;
	uint64_t event_count, state_count;
	uint32_t region_depth;		      /* how deep its regions are nested, 0: it has none */
	uint64_t state_ns[TRACE_STATE_COUNT]; /* adds up to end_ns - start_ns */
};

struct trace_object {
	uint64_t address;
	uint32_t kind; /* enum rec_wait_kind */
};

struct trace_frame {
	uint64_t address;  /* in the file of the module, as linked; calls, not return addresses */
	uint32_t function; /* strings */
	uint32_t file;
	uint32_t module;
	uint32_t line;
	bool is_inlined; /* into the frame that follows */
};

/* A stretch of a thread's life. */
struct trace_state_item {
	uint64_t start_ns, end_ns;
	enum trace_state state;
	uint32_t cpu;	 /* running, syscall: where; TRACE_NO_CPU not known */
	uint32_t object; /* what it waits for, TRACE_NO_OBJECT */
	uint32_t stack;	 /* where it waits, 0 */
	uint32_t
		waker; /* who ended this wait: of a blocked or runnable thread; TRACE_NO_THREAD not known */
	uint32_t waker_stack; /* where that one was, 0 */
	bool is_preempted;    /* runnable: it was taken off its CPU */
	uint32_t call;	      /* enum trace_call + 1 of the system call that it is in, 0: none */
};

struct trace_event {
	uint64_t start_ns, end_ns; /* equal where the type has no duration */
	enum trace_event_type type;
	uint32_t stack;
	uint32_t waker, waker_stack;		/* of a wait: who ended it */
	uint64_t arguments[TRACE_ARGUMENT_MAX]; /* SIGNED ones as zigzag: varint_unzigzag() */
};

struct trace_cpu_item {
	uint64_t start_ns, end_ns;
	uint32_t thread;
	bool was_preempted; /* why it left; false: it blocked, or ended */
};

struct trace_heap_item {
	uint64_t ns;
	int64_t bytes; /* in use from then on */
};

/* ---- Reading */

struct trace;

/* Open a finished trace. NULL with a sentence in error[error_size] ("x.trace: not a trace"). Sections are read and checked,
 * chunks when they are asked for. */
struct trace *trace_open(const char *path, char *error, size_t error_size);
void trace_close(struct trace *trace);

/* What these return is the trace's, and stays until trace_close(). */
const struct trace_info *trace_info(const struct trace *trace);
size_t trace_thread_count(const struct trace *trace);
const struct trace_thread *trace_thread(const struct trace *trace,
					uint32_t thread); /* NULL: none */
size_t trace_object_count(const struct trace *trace);
const struct trace_object *trace_object(const struct trace *trace,
					uint32_t object); /* NULL: none */
size_t trace_string_count(const struct trace *trace);
const char *trace_string(const struct trace *trace,
			 uint64_t string); /* "" for a number that is none */
size_t trace_stack_count(const struct trace *trace);

/* The frames of a stack, leaf first. *count may be 0. Valid as long as the trace. */
const uint32_t *trace_stack(const struct trace *trace, uint32_t stack, size_t *count);
size_t trace_frame_count(const struct trace *trace);
const struct trace_frame *trace_frame(const struct trace *trace, uint32_t frame); /* NULL: none */

enum trace_stream { TRACE_STREAM_STATES, TRACE_STREAM_EVENTS, TRACE_STREAM_CPU, TRACE_STREAM_HEAP };

/* Walks a stream. One chunk of it is unpacked at a time: a cursor costs some 100 kB. */
struct trace_cursor;

/* Items that are not over before from_ns and begin before to_ns, in order. (In a stream of events, which is in the order
 * of ends: those that end at from_ns or later, up to the last that begins before to_ns.) `owner` is a thread or a CPU, 0 of
 * the heap. Never NULL; without items where there is no such stream. */
struct trace_cursor *trace_cursor_new(const struct trace *trace, enum trace_stream stream,
				      uint32_t owner, uint64_t from_ns, uint64_t to_ns);
void trace_cursor_free(struct trace_cursor *cursor);

/* Of a cursor of events: those of other types are passed over; chunks without any are not even read.
 *
 * types  set of 1 << enum trace_event_type. */
void trace_cursor_only(struct trace_cursor *cursor, uint32_t types);

/* Of regions only those that took so long at least: what is too short to be seen is not even read. */
void trace_cursor_regions(struct trace_cursor *cursor, uint64_t shortest_ns);

/* The next item of a cursor of that stream; false after the last. A damaged chunk is passed over: trace_damaged_chunks()
 * counts them. */
bool trace_state_next(struct trace_cursor *cursor, struct trace_state_item *item);
bool trace_event_next(struct trace_cursor *cursor, struct trace_event *event);
bool trace_cpu_next(struct trace_cursor *cursor, struct trace_cpu_item *item);
bool trace_heap_next(struct trace_cursor *cursor, struct trace_heap_item *item);

/* Chunks that cursors have found damaged so far, or missing at the end of a file that is cut off, each once. */
uint32_t trace_damaged_chunks(const struct trace *trace);

/* Sums over a part of a stream. What lies in several parts counts in each with its share. */
struct trace_sum {
	double ns
		[TRACE_STATE_COUNT]; /* states: by state. cpu: [TRACE_STATE_RUNNING] busy. events: see count */
	double count;		     /* items */
	uint32_t top;		     /* cpu: the thread that ran longest, TRACE_NO_THREAD: none */
	double top_ns;
	int64_t low, high; /* heap: lowest and highest bytes; low > high: nothing */
};

/* Divide from_ns..to_ns into `count` equal parts and sum up what the stream has in each. Exact where a part is as long as
 * some 64 items or longer than the whole; otherwise a run of items that straddles a boundary is shared between both sides
 * in proportion. Costs some count * log(items), whatever the range. */
void trace_sums(const struct trace *trace, enum trace_stream stream, uint32_t owner,
		uint64_t from_ns, uint64_t to_ns, struct trace_sum *sums, size_t count);

/* The same for the states of all threads together: ns[s] / length of the part is how many threads were in s. Of more than 512
 * threads, parts that are finer than those summed up when the trace was written (its 65,536th) share these out. */
void trace_load(const struct trace *trace, uint64_t from_ns, uint64_t to_ns, struct trace_sum *sums,
		size_t count);

/* ---- Writing */

struct trace_writer;

/* Write `path` by rename, when it is finished. Items go to temporary files beside it until then. NULL with errno set. Out of
 * memory ends the process: the tool's. */
struct trace_writer *trace_writer_new(const char *path);

/* Things get their numbers in the order of adding; equal strings, stacks, frames are one. Threads and objects are the
 * caller's to number: they are written as they are when the writer ends. */
uint32_t trace_writer_string(struct trace_writer *writer, const char *text);
uint32_t trace_writer_frame(struct trace_writer *writer, const struct trace_frame *frame);
uint32_t trace_writer_stack(struct trace_writer *writer, const uint32_t *frames, size_t count);

/* Add an item to the stream of a thread or CPU, which begins with the first. Items of a stream come in order; a state
 * begins where the one before it ended. */
void trace_writer_state(struct trace_writer *writer, uint32_t thread,
			const struct trace_state_item *item);
void trace_writer_event(struct trace_writer *writer, uint32_t thread,
			const struct trace_event *event);
void trace_writer_cpu(struct trace_writer *writer, uint32_t cpu, const struct trace_cpu_item *item);
void trace_writer_heap(struct trace_writer *writer, const struct trace_heap_item *item);

/* Write everything and rename. event_count, state_count, region_depth and state_ns of the threads are filled in from what was
 * added. 0 or -errno of the first thing that went wrong, and then nothing is left; the writer is gone either way. */
int trace_writer_end(struct trace_writer *writer, const struct trace_info *info,
		     struct trace_thread *threads, size_t thread_count,
		     const struct trace_object *objects, size_t object_count);

/* Give it up: nothing is left. */
void trace_writer_cancel(struct trace_writer *writer);

#endif
